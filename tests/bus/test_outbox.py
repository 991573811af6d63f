"""The outbox against a real server: once, in order, and every change told."""

from __future__ import annotations

import asyncio
import time

import pytest

from bot.bus import events
from bot.bus.connection import Client, connect, disconnect
from bot.bus.dispatch import Dispatch, Result
from bot.bus.events import Event
from bot.bus.mailbox import shard_of
from bot.bus.outbox import Outbox, State, Status, Waiting
from bot.errors import BusError
from tests.bus.outboxes import HELD, ONE, SENT, TWO, C, item, state, states, taken, told
from tests.conftest import free_port


async def test_an_item_goes_out_and_each_change_is_told(
    outbox: Outbox, senders: tuple[Dispatch, Dispatch], redis: Client
) -> None:
    before = time.time()
    assert await outbox.queue(item("a/1")) == "a/1"
    lease = await taken(senders[0])
    assert (lease.item, lease.rest, lease.tries) == (item("a/1"), None, 1)
    assert await senders[0].begin(lease, (ONE,))
    assert await state(outbox, "a/1") == "sending"
    assert await senders[0].settle(lease, SENT)
    assert await outbox.status("a/1") == Status(C, "sent", "")
    story = await told(redis)
    assert [event.data for event in story] == [
        {"id": "a/1", "state": state, "reason": ""} for state in ("queued", "sending", "sent")
    ]
    assert len({event.id for event in story}) == 3
    assert {(event.kind, event.conversation) for event in story} == {("delivery", C)}
    assert all(before - 1 < event.at < time.time() + 1 for event in story)


async def test_a_known_id_is_one_item_for_good(
    outbox: Outbox, senders: tuple[Dispatch, Dispatch], redis: Client
) -> None:
    said = Event(id="said", kind="message_out", conversation=C, at=1.0, data={"text": "一"})
    for _ in range(2):
        await asyncio.gather(*[outbox.queue(item("a"), said) for _ in range(10)])
        lease = await taken(senders[0])
        await outbox.queue(item("a"), said)
        assert await senders[1].take(0.1) is None
        await senders[0].settle(lease, SENT)
        await outbox.queue(item("a"), said)
        assert await senders[0].take(0.1) is None
        await redis.flushdb()
    await outbox.queue(item("a"), said)
    await outbox.queue(item("a"), said)
    assert [event.id for event in await told(redis)] == ["said", "a/1"]


async def test_one_conversation_goes_in_order_and_one_at_a_time(
    outbox: Outbox, senders: tuple[Dispatch, Dispatch]
) -> None:
    for id in "abc":
        await outbox.queue(item(id))
    order = []
    for number in range(3):
        lease = await taken(senders[number % 2])
        assert await senders[1 - number % 2].take(0.1) is None
        order.append(lease.item.id)
        await senders[number % 2].settle(lease, SENT)
    assert order == ["a", "b", "c"]


async def test_order_is_kept_when_one_fails_and_one_is_unknown(
    outbox: Outbox, senders: tuple[Dispatch, Dispatch]
) -> None:
    for id in "abc":
        await outbox.queue(item(id))
    await senders[0].settle(await taken(senders[0]), Result(state="failed", reason="超过 48 小时"))
    await senders[0].settle(await taken(senders[0]), Result(state="unknown", reason="没有答复"))
    assert (await taken(senders[0])).item.id == "c"
    assert await outbox.status("a") == Status(C, "failed", "超过 48 小时")
    assert await state(outbox, "b") == "unknown"


async def test_what_is_put_off_goes_first_and_not_too_early(
    outbox: Outbox, senders: tuple[Dispatch, Dispatch], redis: Client
) -> None:
    for id in "ab":
        await outbox.queue(item(id))
    lease = await taken(senders[0])
    put_off = Result(state="queued", reason="微信繁忙", delay=0.5, tries=lease.tries, rest=(TWO,))
    started = time.monotonic()
    await senders[0].settle(lease, put_off)
    again = await taken(senders[1])
    assert 0.4 < time.monotonic() - started < 1.2
    assert (again.item.id, again.tries, again.rest) == ("a", 2, (TWO,))
    assert [event.data["reason"] for event in await told(redis)] == ["", "", "微信繁忙"]


async def test_held_waits_for_the_user_and_keeps_the_order(
    outbox: Outbox, senders: tuple[Dispatch, Dispatch]
) -> None:
    await outbox.queue(item("a"))
    await senders[0].settle(await taken(senders[0]), HELD)
    await outbox.queue(item("b"))
    assert await senders[0].take(0.2) is None
    assert await outbox.waiting(C) == [
        Waiting(item("a"), "held", "等对方来消息"),
        Waiting(item("b"), "queued", ""),
    ]
    assert await outbox.release(C)
    assert not await outbox.release(C)
    first = await taken(senders[0])
    assert (first.item.id, first.tries) == ("a", 1)
    await senders[0].settle(first, SENT)
    assert (await taken(senders[0])).item.id == "b"


async def test_a_user_who_writes_while_it_is_refused_is_not_kept_waiting(
    outbox: Outbox, senders: tuple[Dispatch, Dispatch]
) -> None:
    await outbox.queue(item("a"))
    lease = await taken(senders[0])
    assert not await outbox.release(C)
    await senders[0].settle(lease, HELD)
    again = await taken(senders[0])
    await senders[0].settle(again, HELD)
    assert await senders[0].take(0.2) is None
    assert await state(outbox, "a") == "held"


async def test_who_dies_before_anything_went_out_loses_nothing(
    outbox: Outbox, senders: tuple[Dispatch, Dispatch], redis: Client
) -> None:
    for id in "ab":
        await outbox.queue(item(id))
    lost = await taken(senders[0])
    started = time.monotonic()
    again = await taken(senders[1])
    assert time.monotonic() - started < 1.5
    assert (again.item, again.tries) == (item("a"), 2)
    assert not await senders[0].begin(lost, (ONE,))
    assert not await senders[0].settle(lost, SENT)
    assert await states(redis, "a") == ["queued"]


async def test_who_dies_while_a_request_is_out_leaves_it_unknown_and_nobody_sends_it_again(
    outbox: Outbox, senders: tuple[Dispatch, Dispatch], redis: Client
) -> None:
    for id in "ab":
        await outbox.queue(item(id))
    await senders[0].begin(await taken(senders[0]), (ONE,))
    assert (await taken(senders[1])).item.id == "b"
    assert await states(redis, "a") == ["queued", "sending", "unknown"]
    status = await outbox.status("a")
    assert status is not None
    assert "不知道" in status.reason


async def test_a_holder_who_comes_back_late_says_what_came_of_it(
    outbox: Outbox, senders: tuple[Dispatch, Dispatch], redis: Client
) -> None:
    await outbox.queue(item("a"))
    late = await taken(senders[0])
    await senders[0].begin(late, (ONE,))
    assert await senders[1].take(1.2) is None
    assert await state(outbox, "a") == "unknown"
    # That it may be sent again comes too late: somebody may have decided otherwise.
    assert not await senders[0].settle(late, Result(state="queued"))
    assert await senders[0].settle(late, SENT)
    assert await senders[0].settle(late, SENT)
    assert await states(redis, "a") == ["queued", "sending", "unknown", "sent"]
    assert await senders[1].take(0.1) is None


async def test_a_lease_that_is_held_stays(outbox: Outbox, senders: tuple[Dispatch, Dispatch]) -> None:
    await outbox.queue(item("a"))
    lease = await taken(senders[0])
    async with senders[0].holding(lease):
        assert await senders[1].take(1.5) is None
    assert await senders[0].settle(lease, SENT)


@pytest.mark.parametrize("end", ["failed", "unknown"])
async def test_a_new_attempt_is_made_on_purpose_only(
    outbox: Outbox, senders: tuple[Dispatch, Dispatch], redis: Client, end: State
) -> None:
    for id in "ab":
        await outbox.queue(item(id))
    old = await taken(senders[0])
    await senders[0].begin(old, (ONE, TWO))
    await senders[0].settle(old, Result(state=end, reason="原因", rest=(TWO,)))
    assert not await outbox.retry("b")
    assert await outbox.retry("a")
    assert not await outbox.retry("a")
    # Whoever held the first attempt can't end the second.
    assert not await senders[0].settle(old, SENT)
    await senders[0].settle(await taken(senders[0]), SENT)
    again = await taken(senders[0])
    assert (again.item, again.rest, again.tries) == (item("a"), (TWO,), 1)
    await senders[0].settle(again, SENT)
    assert await states(redis, "a") == ["queued", "sending", end, "queued", "sent"]
    assert not await outbox.retry("a")
    assert not await outbox.retry("nobody")


async def test_only_conversations_of_the_channel_are_taken(
    outbox: Outbox, senders: tuple[Dispatch, Dispatch], redis: Client
) -> None:
    await outbox.queue(item("a", "kf:wk:o-1"))
    assert await senders[0].take(0.2) is None
    other = Dispatch(redis, "kf")
    assert (await taken(other)).item.id == "a"
    await other.close()


async def test_a_waiting_sender_is_woken_at_once(outbox: Outbox, senders: tuple[Dispatch, Dispatch]) -> None:
    taking = asyncio.create_task(senders[0].take(5))
    await asyncio.sleep(0.3)
    started = time.monotonic()
    await outbox.queue(item("a"))
    assert await taking is not None
    assert time.monotonic() - started < 0.2


async def test_an_idle_sender_hardly_asks(senders: tuple[Dispatch, Dispatch], redis: Client) -> None:
    assert await senders[0].take(0.5) is None
    before = (await redis.info("stats"))["total_commands_processed"]
    assert await senders[0].take(2.0) is None
    # What scripts do counts too: one look at 16 shards, 9 commands each.
    assert (await redis.info("stats"))["total_commands_processed"] - before < 160


async def test_40_conversations_and_two_senders(outbox: Outbox, senders: tuple[Dispatch, Dispatch]) -> None:
    order: dict[str, list[str]] = {}

    async def work(sender: Dispatch) -> None:
        while (lease := await sender.take(0.5)) is not None:
            order.setdefault(lease.item.conversation, []).append(lease.item.id)
            assert await sender.begin(lease, (ONE,))
            assert await sender.settle(lease, SENT)

    for number in range(5):
        queued = [outbox.queue(item(f"{user}-{number}", f"wechat:gh:u{user}")) for user in range(40)]
        await asyncio.gather(*queued)
    await asyncio.gather(*[work(sender) for sender in senders for _ in range(2)])
    assert order == {f"wechat:gh:u{user}": [f"{user}-{number}" for number in range(5)] for user in range(40)}
    assert (await outbox.counts())["sent"] == 200


async def test_states_are_counted(outbox: Outbox, senders: tuple[Dispatch, Dispatch]) -> None:
    for number, end in enumerate((SENT, HELD, Result(state="failed"), Result(state="unknown"), None)):
        await outbox.queue(item(f"{number}", f"wechat:gh:u{number}"))
        lease = await taken(senders[0])
        await senders[0].begin(lease, (ONE,))
        if end is not None:
            await senders[0].settle(lease, end)
    await outbox.queue(item("last"))
    expected = dict.fromkeys(("queued", "sending", "sent", "held", "failed", "unknown"), 1)
    assert await outbox.counts() == expected
    await outbox.retry("2")
    assert await outbox.counts() == expected | {"queued": 2, "failed": 0}


async def test_what_nobody_can_read_fails_and_blocks_nothing(
    outbox: Outbox, senders: tuple[Dispatch, Dispatch], redis: Client
) -> None:
    for id in "ab":
        await outbox.queue(item(id))
    await redis.hset(f"outbox:{{{shard_of(C)}}}:item:a", "item", b"{}")
    assert (await taken(senders[0])).item.id == "b"
    assert await state(outbox, "a") == "failed"


async def test_nothing_of_what_was_sent_is_kept_but_that_it_was(
    outbox: Outbox, senders: tuple[Dispatch, Dispatch], redis: Client
) -> None:
    await outbox.queue(item("a"))
    lease = await taken(senders[0])
    await senders[0].begin(lease, (ONE,))
    await senders[0].settle(lease, SENT)
    prefix = f"outbox:{{{shard_of(C)}}}:"
    left = {key.decode() for key in await redis.keys("*")}
    assert left == {f"{prefix}item:a", f"{prefix}states", events.stream_of(C)}
    assert not {b"item", b"rest", b"wire"} & set(await redis.hgetall(f"{prefix}item:a"))
    assert 0 < await redis.ttl(f"{prefix}item:a") <= 3 * 86_400


async def test_a_clock_set_back_holds_nothing(
    outbox: Outbox, senders: tuple[Dispatch, Dispatch], redis: Client
) -> None:
    await outbox.queue(item("a"))
    await taken(senders[0])
    await redis.zadd(f"outbox:{{{shard_of(C)}}}:leases", {C: (time.time() + 3600) * 1000})
    senders[1]._missed()
    started = time.monotonic()
    assert (await taken(senders[1], 5)).tries == 2
    assert time.monotonic() - started < 3.5


async def test_each_step_stays_in_one_slot_of_a_cluster(cluster: Client) -> None:
    """A cluster of one node refuses a script that touches two slots, as a larger one would."""
    outbox, sender = Outbox(cluster), Dispatch(cluster, "wechat", lease=0.3)
    for id in "abcd":
        await outbox.queue(item(id))
    await taken(sender)
    lease = await taken(sender)
    assert await sender.begin(lease, (ONE,))
    assert await sender.settle(lease, Result(state="failed"))
    await sender.settle(await taken(sender), HELD)
    assert await outbox.release(C)
    assert await outbox.retry("a")
    assert len(await outbox.take_passive(C, "m", 1)) == 1
    assert await outbox.answered(C, "m", 1) == 1
    assert len(await outbox.waiting(C)) == 3
    assert (await outbox.counts())["sent"] == 1
    await sender.close()


async def test_no_redis_is_a_bus_error_and_takes_no_time() -> None:
    client = connect(f"redis://127.0.0.1:{free_port()}/0")
    outbox, sender = Outbox(client), Dispatch(client, "wechat")
    started = time.monotonic()
    for call in (
        outbox.queue(item("a")),
        outbox.waiting(C),
        outbox.retry("a"),
        outbox.counts(),
        sender.take(1),
    ):
        with pytest.raises(BusError):
            await call
    assert time.monotonic() - started < 3
    await sender.close()
    await disconnect(client)
