"""The worker when a turn fails: the applicant gets a sentence and a person, staff hear of it, and the
conversation goes on."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import pytest_asyncio
from structlog.testing import capture_logs

from bot.bus import events
from bot.bus.connection import Client
from bot.bus.mailbox import Mailbox
from bot.bus.messages import Inbound, Reply
from bot.bus.shards import shard_of
from bot.bus.tasks import end
from bot.dialogue import loop
from bot.dialogue.loop import Worker
from bot.logs import hashed
from bot.settings import ROOT
from tests.dialogue.conftest import Applicant

USER = "loop"
C = f"wechat:gh:{USER}"


def tap(number: int, tap: str = "ask:research") -> Inbound:
    return Inbound(key=f"k{number}", channel="wechat", account="gh", user=USER, kind="tap", tap=tap)


class Desk:
    """One worker, and a gateway's view of its mailbox."""

    def __init__(self, redis: Client, runtime: Any) -> None:
        self.redis, self.runtime = redis, runtime
        self.box = Mailbox(redis)
        self.worker = Worker(redis, runtime)
        self.running: asyncio.Task[None] | None = None

    def start(self) -> None:
        self.running = asyncio.create_task(self.worker.run())

    async def hear(self, inbound: Inbound) -> Reply:
        await self.box.put(inbound)
        reply = await self.box.reply(inbound.key, 20)
        assert reply is not None
        return reply

    async def outcomes(self) -> list[str]:
        found = [events.decode(fields) for _, fields in await self.redis.xrange(events.stream_of(C))]
        return [event.data["outcome"] for event in found if event.kind == "turn"]


@pytest_asyncio.fixture
async def desk(applicant: Callable[[], Applicant], redis: Client) -> AsyncIterator[Desk]:
    made = Desk(redis, applicant().runtime)
    yield made
    made.worker.stop()
    if made.running is not None:
        await end(made.running)
    await made.box.close()


def failed(reply: Reply) -> bool:
    """Whether a person is offered, and no question asked."""
    return [option.tap for option in reply.options] == ["human"]


async def test_an_action_that_raises_costs_one_answer(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: Any) -> None:
        raise ValueError("a mistake of ours")

    desk.start()
    first = await desk.hear(tap(1))
    with monkeypatch.context() as patch, capture_logs() as logs:
        patch.setitem(desk.runtime._endpoint._executor.actions, "validate_screening_form", broken)
        assert failed(await desk.hear(tap(2, "ask:research:foundation:yes")))
    (line,) = [line for line in logs if line["event"] == "turn failed"]
    assert line["key"] == hashed("k2")
    # As if it had not been said: the question stands, and the answer to it is taken now.
    second = await desk.hear(tap(3, "ask:research:foundation:yes"))
    assert not failed(second)
    assert second.text != first.text
    assert await desk.outcomes() == ["screening", "failed", "screening"]


async def test_a_turn_without_a_word_is_a_failure(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    async def silent(_: Any) -> None:
        return None

    desk.start()
    with monkeypatch.context() as patch:
        patch.setattr(desk.runtime._processor, "handle_message", silent)
        assert failed(await desk.hear(tap(1)))
    assert not failed(await desk.hear(tap(2)))


async def test_a_turn_that_hangs_ends_its_worker_after_a_sentence(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    hanging = asyncio.Event()

    async def hang(_: Any) -> None:
        await hanging.wait()

    monkeypatch.setattr(loop, "_TURN_LIMIT", 0.3)
    monkeypatch.setattr(desk.runtime._processor, "handle_message", hang)
    desk.start()
    assert failed(await desk.hear(tap(1)))
    assert desk.running is not None
    await asyncio.wait_for(desk.running, 10)
    assert desk.worker.hung
    # What the hung turn would still write, should it come back, is written by nobody.
    before = await desk.redis.get(f"dialogue:{{{shard_of(C)}}}:snapshot:{C}")
    hanging.set()
    await asyncio.sleep(0.2)
    assert await desk.redis.get(f"dialogue:{{{shard_of(C)}}}:snapshot:{C}") == before
    assert await desk.outcomes() == ["failed"]


async def test_a_message_that_cost_two_workers_is_set_aside_and_the_next_is_answered(desk: Desk) -> None:
    await desk.box.put(tap(1))
    await desk.box.put(tap(2))
    for _ in range(2):
        assert await desk.box.take(5) is not None  # and its worker dies
        await desk.redis.zadd(f"mailbox:{{{shard_of(C)}}}:leases", {C: 1})
        desk.box._missed()
    desk.start()
    poisoned, after = await desk.box.reply("k1", 20), await desk.box.reply("k2", 20)
    assert poisoned is not None
    assert failed(poisoned)
    assert after is not None
    assert not failed(after)
    assert await desk.outcomes() == ["poisoned", "screening"]


def test_a_worker_whose_loop_stands_still_is_ended_by_the_kernel() -> None:
    """An endless regular expression holds the loop and all threads: no time-out inside could end it."""
    code = (
        "import asyncio, re\n"
        "from bot import worker\n"
        "worker.STALL_SECONDS = 1.0\n"
        "async def main():\n"
        "    asyncio.create_task(worker._be_killed_when_stalled())\n"
        "    await asyncio.sleep(0.1)\n"
        "    re.match('(a|aa)+$', 'a' * 60 + 'b')\n"
        "asyncio.run(main())\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, timeout=60, check=False)
    assert done.returncode == -signal.SIGALRM
