"""A person takes a conversation during a slow turn: after that the bot says nothing.

Real gateway, worker, model and Redis; only the turn is made slow. ``make claims`` is the long form.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import msgspec
import pytest

from bot.bus import events, owner, passage
from bot.bus.connection import Client
from bot.bus.events import Event
from bot.bus.shards import shard_of
from bot.dialogue.loop import Worker
from bot.gateway import conversation as gateway_module
from bot.gateway import create_app
from bot.settings import Settings
from tests import wechat
from tests.dialogue.conftest import Applicant

TRIES = int(os.environ.get("CLAIMS", "40"))
ROUND = 20
"""After so many tries the length of a turn is measured anew: the machine's speed changes."""
AT_ONCE = 4
TURN = 0.12
"""Seconds that a turn takes at least."""


class Times:
    """When each reply was about to leave, by the event loop's clock."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.left: dict[str, float] = {}
        leaves = passage.leaves

        async def watched(redis: Client, conversation: str, key: str, epoch: int | None) -> bool:
            self.left[conversation] = asyncio.get_running_loop().time()
            return await leaves(redis, conversation, key, epoch)

        monkeypatch.setattr(gateway_module, "leaves", watched)


def slow(runtime: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make each turn wait before and after the model is asked."""
    handle: Callable[..., Awaitable[Any]] = runtime._processor.handle_message

    async def slowly(message: Any) -> Any:
        await asyncio.sleep(TURN / 2)
        result = await handle(message)
        await asyncio.sleep(TURN / 2)
        return result

    monkeypatch.setattr(runtime._processor, "handle_message", slowly)


@contextlib.asynccontextmanager
async def assistant(runtime: Any, redis: Client, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """A gateway, and workers that share the loaded model."""
    workers = [Worker(redis, runtime) for _ in range(AT_ONCE)]
    running = [asyncio.create_task(worker.run()) for worker in workers]
    app = create_app(settings, redis)
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://gateway") as client,
    ):
        yield client
    for worker in workers:
        worker.stop()
    await asyncio.gather(*running)


async def post(client: httpx.AsyncClient, settings: Settings, user: str, text: str, number: int) -> str:
    """A message of a user's; the answer, empty for none."""
    xml = wechat.message(user=user, Content=text, MsgId=str(number), created=1_700_000_000)
    request = wechat.callback(xml, settings.wechat)
    answer = await client.post("/wechat", params=request.params, content=request.body)
    assert answer.status_code == 200
    return "" if answer.text == "success" else wechat.opened(answer.content, settings.wechat)["Content"]


async def told(redis: Client, conversation: str) -> list[Event]:
    entries = await redis.xrange(events.stream_of(conversation))
    found = [events.decode(fields) for _, fields in entries]
    return [event for event in found if event.conversation == conversation]


async def turn_seconds(client: httpx.AsyncClient, settings: Settings, start: int) -> float:
    """How long an answer takes on this machine, as it is just now."""
    clock, seconds = asyncio.get_running_loop().time, 0.0
    for round in ("first", "then"):
        users = [f"o-{round}-{start + n}" for n in range(AT_ONCE)]
        started = clock()
        await asyncio.gather(*(post(client, settings, user, "你好", 1000) for user in users))
        seconds = clock() - started
    return seconds


async def claim(redis: Client, conversation: str, after: float) -> float:
    """Take the conversation after so many seconds; when that was done."""
    await asyncio.sleep(after)
    assert await owner.set(redis, conversation, 0, "agent", "7") is not None
    return asyncio.get_running_loop().time()


async def test_after_a_claim_the_bot_says_nothing(
    applicant: Callable[[], Applicant],
    redis: Client,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    runtime = applicant().runtime
    slow(runtime, monkeypatch)
    times, room, ends = Times(monkeypatch), asyncio.Semaphore(AT_ONCE), Counter[str]()

    async def one(client: httpx.AsyncClient, number: int, usual: float) -> None:
        user = f"o-claim-{number}"
        conversation = f"wechat:gh_1:{user}"
        async with room:
            # From before the turn begins to after the answer is out; each moment of it is met.
            after = (number % ROUND + random.random()) / ROUND * usual * 1.5
            answer, claimed = await asyncio.gather(
                post(client, settings, user, "能不能报研究项目", number), claim(redis, conversation, after)
            )
        kinds = Counter(event.kind for event in await told(redis, conversation))
        assert kinds["message_in"] == 1, "staff see what was said, once"
        if answer:
            assert times.left[conversation] < claimed, "said after a person had taken over"
            ends["answered before"] += 1
        elif kinds["message_out"]:
            assert kinds["delivery"] >= 1, "the desk isn't told that it was dropped"
            ends["dropped on the way out"] += 1
        else:
            snapshot = await redis.get(f"dialogue:{{{shard_of(conversation)}}}:snapshot:{conversation}")
            kept = msgspec.json.decode(snapshot) if snapshot else {}
            assert not kept.get("tail"), "the turn left a trace in the dialogue"
            ends["the turn never was"] += 1

    async with assistant(runtime, redis, settings) as client:
        for start in range(0, TRIES, ROUND):
            usual = await turn_seconds(client, settings, start)
            await asyncio.gather(*(one(client, start + n, usual) for n in range(ROUND)))
    print(dict(ends))
    assert sum(ends.values()) == TRIES
    assert ends["answered before"] >= TRIES // 20
    assert ends["the turn never was"] >= TRIES // 5


async def test_who_is_with_a_person_gets_success_and_nothing_else(
    applicant: Callable[[], Applicant],
    redis: Client,
    settings: Settings,
) -> None:
    runtime = applicant().runtime
    user, conversation = "o-silent", "wechat:gh_1:o-silent"
    async with assistant(runtime, redis, settings) as client:
        assert await post(client, settings, user, "研究项目要什么条件", 1)
        await owner.set(redis, conversation, 0, "agent", "7")
        before = len(await told(redis, conversation))
        for number, text in enumerate(("/restart", "继续", "人工", "能报吗"), 2):
            for _ in range(3):
                assert await post(client, settings, user, text, number) == ""
    new = (await told(redis, conversation))[before:]
    assert [event.data["text"] for event in new] == ["/restart", "继续", "人工", "能报吗"]
