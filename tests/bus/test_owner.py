"""Ownership in Redis: one winner an epoch, the event told with it, and SQL's truth put back."""

from __future__ import annotations

import asyncio
import time

import pytest

from bot.bus import events, owner
from bot.bus.connection import Client, connect
from bot.bus.events import Event
from bot.bus.owner import Owner
from bot.errors import BusError

C = "wechat:gh_1:o-1"


def _event(id: str) -> Event:
    return Event(id=id, kind="handoff", conversation=C, at=time.time(), data={"owner": "queue", "epoch": 1})


async def _told(redis: Client) -> list[str]:
    entries = await redis.xrange(events.stream_of(C))
    return [events.decode(fields).id for _, fields in entries]


async def test_nobody_said_anything_means_the_bot(redis: Client) -> None:
    assert await owner.get(redis, C) == Owner("bot", 0, "")


async def test_each_change_raises_the_epoch(redis: Client) -> None:
    assert await owner.set(redis, C, 0, "queue") == Owner("queue", 1, "")
    assert await owner.set(redis, C, 1, "agent", "7") == Owner("agent", 2, "7")
    assert await owner.set(redis, C, 2, "bot") == Owner("bot", 3, "")
    assert await owner.get(redis, C) == Owner("bot", 3, "")


async def test_a_stale_epoch_loses_and_changes_nothing(redis: Client) -> None:
    await owner.set(redis, C, 0, "agent", "7")
    assert await owner.set(redis, C, 0, "agent", "8", _event("late")) is None
    assert await owner.get(redis, C) == Owner("agent", 1, "7")
    assert await _told(redis) == []


async def test_fifty_at_once_have_one_winner_and_one_event(redis: Client) -> None:
    for round in range(20):
        calls = [owner.set(redis, C, round, "agent", str(n), _event(f"{round}-{n}")) for n in range(50)]
        won = [result for result in await asyncio.gather(*calls) if result is not None]
        assert len(won) == 1
        assert await owner.get(redis, C) == won[0]
    assert len(await _told(redis)) == 20


async def test_heal_writes_the_truth_unless_redis_is_ahead(redis: Client) -> None:
    truth = Owner("agent", 5, "7")
    assert await owner.heal(redis, C, truth) == truth
    assert await owner.heal(redis, C, Owner("bot", 4)) == truth
    assert await owner.heal(redis, C, Owner("bot", 5)) == Owner("bot", 5)
    assert await owner.get(redis, C) == Owner("bot", 5)


async def test_known_lists_what_is_not_the_bots(redis: Client) -> None:
    expected = {}
    for number in range(40):
        who: owner.Who = "queue" if number % 2 else "bot"
        truth = Owner(who, 3)
        await owner.heal(redis, f"wechat:gh_1:o-{number}", truth)
        if who == "queue":
            expected[f"wechat:gh_1:o-{number}"] = truth
    assert {name: found async for name, found in owner.known(redis)} == expected


async def test_a_redis_that_is_away_is_a_bus_error() -> None:
    nowhere = connect("redis://127.0.0.1:9/0")
    with pytest.raises(BusError):
        await owner.get(nowhere, C)
    with pytest.raises(BusError):
        await owner.set(nowhere, C, 0, "queue")
