"""The mailbox against a real server: order, leases, crashes, replies, and no lost wake-up."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.bus.connection import Client, connect, disconnect
from bot.bus.mailbox import SHARDS, Lease, Mailbox, shard_of
from bot.bus.messages import Inbound, Option, Part, Reply
from bot.errors import BusError
from tests.conftest import free_port

ANSWER = Reply((Part("可以申请。", (Option("topic:conditions", "看条件"),)),))


def message(user: str, number: int = 0) -> Inbound:
    return Inbound(
        key=f"{user}/{number}", channel="wechat", account="gh", user=user, kind="text", text=str(number)
    )


@pytest_asyncio.fixture
async def boxes(redis: Client, redis_url: str) -> AsyncIterator[tuple[Mailbox, Mailbox]]:
    """Two processes' mailboxes: each with its own client. Leases last 0.6 s."""
    other = connect(redis_url)
    pair = (Mailbox(redis, lease=0.6), Mailbox(other, lease=0.6))
    yield pair
    for box in pair:
        await box.close()
    await disconnect(other)


async def taken(box: Mailbox, timeout: float = 2.0) -> Lease:
    lease = await box.take(timeout)
    assert lease is not None
    return lease


async def test_a_message_goes_in_and_its_reply_comes_out(boxes: tuple[Mailbox, Mailbox]) -> None:
    gateway, worker = boxes
    assert await gateway.put(message("a"))
    lease = await taken(worker)
    assert (lease.inbound, lease.attempt) == (message("a"), 1)
    assert await worker.done(lease, ANSWER)
    assert await gateway.reply("a/0", 1) == ANSWER


async def test_a_known_key_is_refused_before_during_and_after_the_work(
    boxes: tuple[Mailbox, Mailbox],
) -> None:
    gateway, worker = boxes
    assert await gateway.put(message("a"))
    assert not await gateway.put(message("a"))
    lease = await taken(worker)
    assert not await gateway.put(message("a"))
    assert await worker.done(lease, ANSWER)
    assert not await worker.put(message("a"))
    assert await worker.take(0.1) is None
    assert await worker.reply("a/0", 0) == ANSWER
    assert await gateway.deliveries("a/0") == 4


async def test_every_waiter_in_every_process_gets_the_reply(boxes: tuple[Mailbox, Mailbox]) -> None:
    gateway, other = boxes
    await gateway.put(message("a"))
    waiting = [asyncio.create_task(box.reply("a/0", 3)) for box in (gateway, other) for _ in range(5)]
    await asyncio.sleep(0.1)
    await other.done(await taken(other), ANSWER)
    assert await asyncio.gather(*waiting) == [ANSWER] * 10


async def test_waiting_ends_with_nothing_when_the_time_is_up(boxes: tuple[Mailbox, Mailbox]) -> None:
    started = time.monotonic()
    assert await boxes[0].reply("nobody", 0.3) is None
    assert await boxes[0].take(0.3) is None
    assert 0.55 < time.monotonic() - started < 1.2


async def test_one_conversation_is_worked_on_in_order_and_one_at_a_time(
    boxes: tuple[Mailbox, Mailbox],
) -> None:
    for number in range(3):
        await boxes[0].put(message("a", number))
    first = await taken(boxes[0])
    assert await boxes[1].take(0.1) is None
    await boxes[0].done(first, ANSWER)
    second = await taken(boxes[1])
    await boxes[1].done(second, ANSWER)
    third = await taken(boxes[0])
    assert [lease.inbound.text for lease in (first, second, third)] == ["0", "1", "2"]


async def test_other_conversations_go_on_meanwhile(boxes: tuple[Mailbox, Mailbox]) -> None:
    await boxes[0].put(message("a"))
    await boxes[0].put(message("b"))
    assert {(await taken(boxes[0])).inbound.user, (await taken(boxes[1])).inbound.user} == {"a", "b"}


async def test_a_lost_lease_is_taken_up_and_its_first_holder_changes_nothing(
    boxes: tuple[Mailbox, Mailbox],
) -> None:
    gateway, worker = boxes
    await gateway.put(message("a", 0))
    await gateway.put(message("a", 1))
    lost = await taken(gateway)
    started = time.monotonic()
    again = await taken(worker, 3)
    assert time.monotonic() - started < 1.0
    assert (again.inbound, again.attempt) == (lost.inbound, 2)
    assert not await gateway.extend(lost)
    assert not await gateway.done(lost, Reply((Part("晚了"),)))
    assert await gateway.reply("a/0", 0) is None
    assert await worker.done(again, ANSWER)
    assert not await gateway.done(lost, Reply((Part("更晚了"),)))
    assert await gateway.reply("a/0", 0) == ANSWER
    assert (await taken(worker)).inbound == message("a", 1)


async def test_a_lease_that_is_extended_stays(boxes: tuple[Mailbox, Mailbox]) -> None:
    await boxes[0].put(message("a"))
    lease = await taken(boxes[0])
    other = asyncio.create_task(boxes[1].take(1.5))
    for _ in range(5):
        await asyncio.sleep(0.25)
        assert await boxes[0].extend(lease)
    assert await boxes[0].done(lease, ANSWER)
    assert await other is None


async def test_done_said_twice_by_its_holder_is_done(boxes: tuple[Mailbox, Mailbox]) -> None:
    await boxes[0].put(message("a"))
    lease = await taken(boxes[0])
    assert await boxes[0].done(lease, ANSWER)
    assert await boxes[0].done(lease, ANSWER)


async def test_a_burst_of_20_by_two_workers_is_in_order_and_none_lost(boxes: tuple[Mailbox, Mailbox]) -> None:
    order: list[str] = []

    async def work(box: Mailbox) -> None:
        while (lease := await box.take(0.5)) is not None:
            order.append(lease.inbound.text)
            await asyncio.sleep(0.005)
            assert await box.done(lease, Reply((Part(lease.inbound.text),)))

    workers = [asyncio.create_task(work(box)) for box in boxes]
    for number in range(20):
        await boxes[number % 2].put(message("a", number))
    await asyncio.gather(*workers)
    assert order == [str(number) for number in range(20)]


async def test_many_conversations_shuffled_and_redelivered(boxes: tuple[Mailbox, Mailbox]) -> None:
    turns: Counter[str] = Counter()
    order: dict[str, list[int]] = {}

    async def work(box: Mailbox) -> None:
        while (lease := await box.take(0.5)) is not None:
            turns[lease.inbound.key] += 1
            order.setdefault(lease.inbound.user, []).append(int(lease.inbound.text))
            assert await box.done(lease, ANSWER)

    workers = [asyncio.create_task(work(box)) for box in boxes for _ in range(2)]
    for number in range(5):
        puts = [boxes[copy % 2].put(message(f"u{user}", number)) for user in range(40) for copy in range(4)]
        assert sum(await asyncio.gather(*puts)) == 40
    await asyncio.gather(*workers)
    assert len(turns) == 200
    assert set(turns.values()) == {1}
    assert all(numbers == [0, 1, 2, 3, 4] for numbers in order.values())


async def test_500_waiters_share_a_few_connections(boxes: tuple[Mailbox, Mailbox], redis: Client) -> None:
    gateway, worker = boxes
    waiting = []
    for number in range(500):
        await gateway.put(message(f"u{number}"))
        waiting.append(asyncio.create_task(gateway.reply(f"u{number}/0", 10)))
    await asyncio.sleep(0.3)
    assert len(await redis.client_list()) < 2 * 64 + 4
    for _ in range(500):
        await worker.done(await taken(worker), ANSWER)
    assert await asyncio.gather(*waiting) == [ANSWER] * 500
    assert len(await redis.client_list()) < 2 * 64 + 4
    assert len(gateway._bells) == 0


async def asked(redis: Client) -> int:
    stats = await redis.info("commandstats")
    return sum(int(stats.get(f"cmdstat_{name}", {"calls": 0})["calls"]) for name in ("eval", "evalsha"))


async def test_an_idle_worker_hardly_asks(boxes: tuple[Mailbox, Mailbox], redis: Client) -> None:
    """16 shards looked through once in 2 s, and once more when the subscription comes up."""
    before = await asked(redis)
    assert await boxes[0].take(3.0) is None
    assert await asked(redis) - before <= 3 * SHARDS


async def test_a_waiting_worker_is_woken_at_once(boxes: tuple[Mailbox, Mailbox]) -> None:
    taking = asyncio.create_task(boxes[1].take(5))
    await asyncio.sleep(0.3)
    started = time.monotonic()
    await boxes[0].put(message("a"))
    assert await taking is not None
    assert time.monotonic() - started < 0.2


async def test_a_reply_is_found_although_its_signal_was_lost(
    boxes: tuple[Mailbox, Mailbox], redis: Client
) -> None:
    await boxes[0].put(message("a"))
    waiting = asyncio.create_task(boxes[0].reply("a/0", 5))
    await asyncio.sleep(0.2)
    await redis.client_kill_filter(_type="pubsub")
    await boxes[1].done(await taken(boxes[1]), ANSWER)
    started = time.monotonic()
    assert await waiting == ANSWER
    assert time.monotonic() - started < 1.5


async def test_a_message_nobody_can_read_does_not_block_its_conversation(
    boxes: tuple[Mailbox, Mailbox], redis: Client
) -> None:
    await boxes[0].put(message("a", 0))
    await boxes[0].put(message("a", 1))
    record = f"mailbox:{{{shard_of('wechat:gh:a')}}}:message:a/0"
    await redis.hset(record, "inbound", b"{}")
    assert (await taken(boxes[0])).inbound == message("a", 1)
    assert await boxes[0].reply("a/0", 0) == Reply()


async def test_replies_and_keys_are_kept_a_day_once_done(
    boxes: tuple[Mailbox, Mailbox], redis: Client
) -> None:
    await boxes[0].put(message("a"))
    record = f"mailbox:{{{shard_of('wechat:gh:a')}}}:message:a/0"
    assert await redis.ttl(record) == -1
    await boxes[0].done(await taken(boxes[0]), ANSWER)
    assert 86_000 < await redis.ttl(record) <= 86_400


async def test_after_all_work_only_the_replies_and_counts_are_left(
    boxes: tuple[Mailbox, Mailbox], redis: Client
) -> None:
    for user in range(20):
        await boxes[0].put(message(f"u{user}"))
    for _ in range(20):
        await boxes[0].done(await taken(boxes[0]), ANSWER)
    left = [key.decode() for key in await redis.keys("*")]
    assert sum(":message:" in key for key in left) == 20
    assert all(":message:" in key or key.endswith(":turns") for key in left)


def test_conversations_spread_over_the_shards() -> None:
    used = Counter(shard_of(f"wechat:gh:user{number}") for number in range(1600))
    assert len(used) == SHARDS
    assert min(used.values()) > 50


async def test_no_redis_is_a_bus_error_and_takes_no_time() -> None:
    client = connect(f"redis://127.0.0.1:{free_port()}/0")
    box = Mailbox(client)
    started = time.monotonic()
    with pytest.raises(BusError):
        await box.put(message("a"))
    with pytest.raises(BusError):
        await box.take(1)
    with pytest.raises(BusError):
        await box.reply("a/0", 1)
    assert time.monotonic() - started < 2
    await box.close()
    await disconnect(client)
