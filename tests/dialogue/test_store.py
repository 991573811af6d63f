"""The conversation store: flat, exactly once, and nothing of a failed turn stays."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.bus.connection import Client
from bot.bus.messages import Inbound
from bot.dialogue.store import _key
from bot.errors import TurnError
from tests.dialogue.conftest import Applicant

TAPS = ["ask:research", "ask:research:foundation:yes", "topic:duration", "ask:research:team:yes"]


def _tap(key: str, tap: str) -> Inbound:
    return Inbound(key=key, channel="wechat", account="gh", user="store", kind="tap", tap=tap)


async def _everything(redis: Client) -> dict[bytes, object]:
    found: dict[bytes, object] = {}
    async for key in redis.scan_iter("*"):
        if key.startswith(b"events:"):
            found[key] = await redis.xrange(key)
        elif b":snapshot:" in key:
            found[key] = await redis.get(key)
        elif key.startswith(b"dialogue:"):
            found[key] = await redis.lrange(key, 0, -1)
    return found


async def test_a_turn_run_again_gives_the_stored_reply_and_leaves_no_trace(
    applicant: Callable[[], Applicant], redis: Client
) -> None:
    runtime = applicant().runtime
    await runtime.turn(_tap("k1", "ask:research"))
    first = await runtime.turn(_tap("k2", "ask:research:foundation:yes"))
    before = await _everything(redis)
    again = await runtime.turn(_tap("k2", "ask:research:foundation:yes"))
    assert again == first
    assert await _everything(redis) == before


async def test_what_a_turn_reads_stays_small_and_the_answers_stay(
    applicant: Callable[[], Applicant], redis: Client
) -> None:
    who = applicant()
    await who.tap("ask:demonstration")
    await who.tap("ask:demonstration:applicant:county")
    sizes = []
    for _ in range(30):
        await who.tap("topic:duration")
        sizes.append(len(await redis.get(_key(f"wechat:gh:{who._user}", "snapshot")) or b""))
    assert max(sizes) < 20_000
    assert abs(sizes[-1] - sizes[5]) < 200
    assert ":pilot:" in str(who.taps)


async def test_a_failed_turn_leaves_the_conversation_as_it_was(
    applicant: Callable[[], Applicant], redis: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from actions.screening import Ask

    who = applicant()
    await who.tap("ask:demonstration")
    before = await _everything(redis)

    def broken(*_: object) -> None:
        raise RuntimeError("broken on purpose")

    with monkeypatch.context() as patch:
        patch.setattr(Ask, "speak", broken)
        with pytest.raises(TurnError, match="broken on purpose"):
            await who.tap("ask:demonstration:applicant:city")
    assert await _everything(redis) == before
    await who.tap("ask:demonstration:applicant:city")
    assert ":pilot:" in str(who.taps)


def test_a_missing_model_is_refused_and_no_other_is_taken(tmp_path: Path) -> None:
    from redis.asyncio import Redis

    from bot.dialogue.runtime import Runtime
    from bot.errors import ModelError

    (tmp_path / "other.tar.gz").write_bytes(b"")
    with pytest.raises(ModelError, match="missing"):
        Runtime(tmp_path / "missing.tar.gz", Redis())
