"""A channel is a folder and a line: one of under 60 lines answers, pushes, and keeps its own conversation."""

from __future__ import annotations

import asyncio
import importlib.util
import sys
import types
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import httpx
import pytest

from bot.bus.connection import Client
from bot.bus.mailbox import Mailbox
from bot.bus.messages import Option, Part, Reply
from bot.bus.tasks import end
from bot.bus.tokens import Tokens
from bot.channels import registry
from bot.channels.room import Room
from bot.gateway import create_app
from bot.sender.lane import Lane
from bot.settings import ROOT, Settings
from tests.work import running, until

FILE = Path(__file__).with_name("toy_channel.py")


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch) -> Iterator[types.ModuleType]:
    """The folder (here a module in its place) and the line."""
    spec = importlib.util.spec_from_file_location("bot.channels.toy.room", FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setitem(sys.modules, "bot.channels.toy", types.ModuleType("bot.channels.toy"))
    monkeypatch.setitem(sys.modules, "bot.channels.toy.room", module)
    monkeypatch.setattr(registry, "NAMES", [*registry.NAMES, "toy"])
    yield module
    module.SENT.clear()


def test_it_takes_under_60_lines() -> None:
    assert len(FILE.read_text(encoding="utf-8").splitlines()) < 60


async def _work(redis: Client) -> None:
    box = Mailbox(redis)
    while True:
        lease = await box.take(1)
        if lease is not None:
            text = lease.inbound.text * (1 if lease.inbound.text == "短" else 150)
            await box.done(lease, Reply((Part(text, (Option("human", "人工"),)),)))


async def test_a_toy_channel_answers_and_pushes(
    settings: Settings, redis: Client, redis_url: str, toy: types.ModuleType
) -> None:
    found = next(room for room in registry.rooms(settings) if room.name == "toy")
    working = asyncio.create_task(_work(redis))
    app = create_app(settings, redis)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway") as http,
        running(redis_url, partial(_lane, found)),
    ):
        body = {"user": "ann", "id": 1, "text": "短"}
        answer = await http.post("/toy", params={"secret": "toy"}, json=body)
        assert answer.json() == {"say": "短\n1. 人工"}
        assert (await http.post("/toy", params={"secret": "guess"}, json=body)).status_code == 403
        long = await http.post("/toy", params={"secret": "toy"}, json={**body, "id": 2, "text": "长"})
        assert long.text == ""
        await until(lambda: len(toy.SENT) == 3)
    await end(working)
    assert {user for user, _ in toy.SENT} == {"ann"}
    assert all(len(text.encode()) <= 200 for _, text in toy.SENT)


def _lane(room: Room, redis: Client) -> Lane:
    return Lane(redis, room, room.pusher(partial(Tokens, redis)))


def test_the_page_quotes_the_channel_that_is_tested() -> None:
    page = (ROOT / "docs" / "add-a-channel.md").read_text(encoding="utf-8")
    source = FILE.read_text(encoding="utf-8")
    quoted = page.split("```python\n", 1)[1].split("```", 1)[0]
    assert quoted == source
