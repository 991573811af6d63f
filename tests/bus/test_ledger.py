"""The ledger against a real server: who may still be sent how much, until when."""

from __future__ import annotations

import asyncio
import time

import pytest

from bot.bus.connection import Client
from bot.bus.ledger import Allowance, Ledger
from bot.bus.mailbox import shard_of
from bot.bus.messages import Kind

C = "wechat:gh_1:o-1"
HOUR = 3600.0


@pytest.fixture
def ledger(redis: Client) -> Ledger:
    return Ledger(redis)


async def spent(ledger: Ledger) -> int:
    return sum(await asyncio.gather(*[ledger.spend(C) for _ in range(20)]))


@pytest.mark.parametrize("kind", ["text", "voice", "image", "media", "location", "link"])
async def test_a_message_gives_five_in_48_hours(ledger: Ledger, kind: Kind) -> None:
    now = time.time()
    assert await ledger.heard(C, kind, now)
    left = await ledger.left(C)
    assert left.count == 5
    assert left.until == pytest.approx(now + 48 * HOUR, abs=0.01)
    assert await spent(ledger) == 5
    assert (await ledger.left(C)).count == 0


@pytest.mark.parametrize("kind", ["tap", "follow", "scan"])
async def test_an_event_gives_three_in_a_minute(ledger: Ledger, kind: Kind) -> None:
    now = time.time()
    assert await ledger.heard(C, kind, now)
    assert (await ledger.left(C)).until == pytest.approx(now + 60, abs=0.01)
    assert await spent(ledger) == 3


async def test_nobody_heard_means_nothing_is_left(ledger: Ledger) -> None:
    assert await ledger.left(C) == Allowance(0, 0.0)
    assert not await ledger.spend(C)


async def test_rights_end_in_time(ledger: Ledger, redis: Client) -> None:
    await ledger.heard(C, "text", time.time() - 48 * HOUR + 0.3)
    await ledger.heard(C, "tap", time.time() - 60 + 0.3)
    assert (await ledger.left(C)).count == 8
    await asyncio.sleep(0.5)
    assert await ledger.left(C) == Allowance(0, 0.0)
    assert not await ledger.spend(C)
    assert await redis.keys("*") == []


async def test_the_shorter_right_is_used_first(ledger: Ledger) -> None:
    now = time.time()
    await ledger.heard(C, "text", now - 2)
    await ledger.heard(C, "tap", now - 59.7)
    assert (await ledger.left(C)).count == 5
    await ledger.heard(C, "tap", now - 1)
    for left in (7, 6, 5):
        assert await ledger.spend(C)
        assert (await ledger.left(C)).count == left
    assert (await ledger.left(C)).until == pytest.approx(now - 2 + 48 * HOUR, abs=0.01)


async def test_a_redelivery_renews_nothing_and_a_new_message_does(ledger: Ledger) -> None:
    now = time.time()
    await ledger.heard(C, "text", now - 10, "m1")
    assert await ledger.spend(C)
    assert not await ledger.heard(C, "text", now - 10, "m1")
    assert (await ledger.left(C)).count == 4
    assert await ledger.heard(C, "text", now - 10, "m2")
    assert await ledger.spend(C)
    # Late, and older than what was heard since.
    assert not await ledger.heard(C, "text", now - 11, "m0")
    assert (await ledger.left(C)).count == 4


async def test_what_was_not_sent_is_given_back_once(ledger: Ledger) -> None:
    await ledger.heard(C, "text")
    await ledger.spend(C)
    await ledger.spend(C)
    await ledger.refund(C)
    await ledger.refund(C)
    assert (await ledger.left(C)).count == 4
    await ledger.spend(C)
    await ledger.heard(C, "text", key="next")
    await ledger.refund(C)
    assert (await ledger.left(C)).count == 5


async def test_the_platform_knows_better(ledger: Ledger) -> None:
    now = time.time()
    await ledger.heard(C, "text", now)
    await ledger.drain(C)
    left = await ledger.left(C)
    assert left.count == 0
    assert left.until == pytest.approx(now + 48 * HOUR, abs=0.01)


async def test_unfollowing_ends_all_rights(ledger: Ledger, redis: Client) -> None:
    await ledger.heard(C, "text")
    await ledger.heard(C, "unfollow")
    assert await ledger.left(C) == Allowance(0, 0.0)
    assert await redis.keys("*") == []


async def test_a_clock_ahead_of_ours_gives_no_longer_right(ledger: Ledger) -> None:
    now = time.time()
    await ledger.heard(C, "text", now + 240)
    assert (await ledger.left(C)).until == pytest.approx(now + 48 * HOUR, abs=0.5)


async def test_it_shares_the_slot_of_its_conversation(ledger: Ledger, redis: Client) -> None:
    await ledger.heard(C, "text")
    assert await redis.keys("*") == [f"ledger:{{{shard_of(C)}}}:{C}".encode()]
