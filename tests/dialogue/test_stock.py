"""The store as Rasa's own commands load it from endpoints.yml: what ``rasa shell`` and ``rasa run`` do."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio
from rasa.core.tracker_store import TrackerStore
from rasa.core.utils import AvailableEndpoints
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet, UserUttered
from rasa.shared.exceptions import ConnectionException

from bot.bus.connection import Client, disconnect
from bot.dialogue.stock import RedisConversations
from bot.settings import ROOT
from tests.conftest import free_port


@pytest.fixture
def at_root(monkeypatch: pytest.MonkeyPatch, redis_url: str, tmp_path: Path) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("REDIS_URL", redis_url)
    monkeypatch.setenv("VAR_DIR", str(tmp_path))


@pytest_asyncio.fixture
async def stores(at_root: None, redis: Client) -> AsyncIterator[Callable[[], TrackerStore]]:
    """Makes the store anew, as another process would."""
    made: list[TrackerStore] = []

    def make() -> TrackerStore:
        made.append(created())
        return made[-1]

    yield make
    for store in made:
        await disconnect(store.redis)


def created() -> TrackerStore:
    found = AvailableEndpoints.read_endpoints("endpoints.yml").tracker_store
    domain = Domain.load("domain.yml")
    store: TrackerStore = TrackerStore.create(found, domain=domain)
    return store


async def test_rasa_makes_our_store_and_another_process_finds_the_conversation(
    stores: Callable[[], TrackerStore],
) -> None:
    store = stores()
    assert isinstance(store, RedisConversations)
    tracker = await store.get_or_create_tracker("me")
    tracker.update_with_events([UserUttered("你好"), SlotSet("project", "research")], store.domain)
    await store.save(tracker)
    found = await stores().retrieve("me")
    assert found is not None
    assert found.get_slot("project") == "research"
    assert "me" in await store.keys()


async def test_conversations_expire_by_the_setting(
    stores: Callable[[], TrackerStore], monkeypatch: pytest.MonkeyPatch, redis: Client
) -> None:
    monkeypatch.setenv("CONVERSATION_DAYS", "3")
    store = stores()
    tracker = await store.get_or_create_tracker("me")
    tracker.update(UserUttered("你好"))
    await store.save(tracker)
    kept = [await redis.ttl(key) async for key in redis.scan_iter("dialogue:*")]
    assert len(kept) == 2
    assert all(2 * 86_400 < seconds <= 3 * 86_400 for seconds in kept)


@pytest.mark.parametrize("embedded", [True, False])
@pytest.mark.usefixtures("at_root")
def test_without_redis_a_sentence_says_what_to_do(monkeypatch: pytest.MonkeyPatch, embedded: bool) -> None:
    port = free_port()
    if embedded:
        monkeypatch.delenv("REDIS_URL")
        monkeypatch.setenv("REDIS_PORT", str(port))
    else:
        monkeypatch.setenv("REDIS_URL", f"redis://127.0.0.1:{port}/0")
    with pytest.raises(ConnectionException) as refused:
        created()
    assert ("make run" in str(refused.value)) is embedded
    assert "连不上" in str(refused.value)
