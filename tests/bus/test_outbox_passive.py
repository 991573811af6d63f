"""What waits in the outbox, sent with the answer to the user's next message; and replies that are late."""

from __future__ import annotations

import asyncio

from bot.bus.connection import Client
from bot.bus.dispatch import Dispatch
from bot.bus.mailbox import shard_of
from bot.bus.messages import Inbound, Part, Reply
from bot.bus.outbox import Outbox, push_late
from tests.bus.outboxes import HELD, SENT, C, item, state, states, taken


async def test_a_late_reply_is_one_item_a_message(
    outbox: Outbox, senders: tuple[Dispatch, Dispatch], redis: Client
) -> None:
    inbound = Inbound(key="k|1", channel="wechat", account="gh_1", user="o-1", kind="text", text="问")
    reply = Reply((Part("答"),))
    ids = await asyncio.gather(*[push_late(redis, inbound, reply) for _ in range(5)])
    assert set(ids) == {"late/k|1"}
    lease = await taken(senders[0])
    assert (lease.item.conversation, lease.item.reply, lease.item.author) == (C, reply, "bot")
    await senders[0].settle(lease, SENT)
    await push_late(redis, inbound, reply)
    assert await senders[0].take(0.1) is None


async def test_what_is_held_goes_with_the_answer_to_the_next_message(
    outbox: Outbox, senders: tuple[Dispatch, Dispatch], redis: Client
) -> None:
    for id in "abc":
        await outbox.queue(item(id))
    await senders[0].settle(await taken(senders[0]), HELD)
    assert await outbox.take_passive(C, "m1", 2) == [item("a"), item("b")]
    assert await senders[0].take(0.1) is None
    # The answer didn't arrive, so the platform delivers the message again: the same items.
    assert await outbox.take_passive(C, "m1", 2) == [item("a"), item("b")]
    # Another message meanwhile gets none of them.
    assert await outbox.take_passive(C, "m2", 2) == []
    assert await outbox.answered(C, "m1", 1) == 1
    assert await outbox.answered(C, "m1", 1) == 1
    assert await outbox.take_passive(C, "m1", 2) == [item("a")]
    assert await states(redis, "a") == ["queued", "held", "sending", "sent"]
    assert await states(redis, "b") == ["queued", "sending", "queued"]
    assert [one.item.id for one in await outbox.waiting(C)] == ["b", "c"]
    assert (await taken(senders[0])).item.id == "b"


async def test_a_gateway_that_dies_with_items_leaves_them_unknown(
    outbox: Outbox, senders: tuple[Dispatch, Dispatch], redis: Client
) -> None:
    for id in "abc":
        await outbox.queue(item(id))
    await outbox.take_passive(C, "m1", 2)
    await redis.zadd(f"outbox:{{{shard_of(C)}}}:leases", {C: 1})
    senders[0]._missed()
    assert (await taken(senders[0])).item.id == "c"
    assert [await state(outbox, id) for id in "ab"] == ["unknown", "unknown"]
    # The redelivery carries them after all.
    assert await outbox.take_passive(C, "m1", 2) == [item("a"), item("b")]
    assert await outbox.answered(C, "m1", 2) == 2
    assert [await state(outbox, id) for id in "ab"] == ["sent", "sent"]


async def test_what_a_sender_has_in_hand_is_not_given_to_an_answer(
    outbox: Outbox, senders: tuple[Dispatch, Dispatch]
) -> None:
    await outbox.queue(item("a"))
    lease = await taken(senders[0])
    assert await outbox.take_passive(C, "m1") == []
    assert await senders[0].settle(lease, SENT)
    assert await outbox.take_passive(C, "m1") == []
    assert await outbox.waiting(C) == []
