"""What waits in the outbox, sent with the answer to the user's next message; and replies that are late."""

from __future__ import annotations

from collections.abc import AsyncIterator

import msgspec
import pytest_asyncio

from bot.bus.connection import Client
from bot.bus.dispatch import Dispatch
from bot.bus.mailbox import Mailbox, shard_of
from bot.bus.messages import Inbound, Option, Part, Reply
from bot.bus.outbox import Outbox
from tests.bus.outboxes import HELD, SENT, C, item, state, states, taken

LATE = Inbound(key="k|1", channel="wechat", account="gh_1", user="o-1", kind="text", text="问")
ANSWER = Reply((Part("答"), Part("再选", (Option("human", "转人工"),))))


@pytest_asyncio.fixture
async def box(redis: Client) -> AsyncIterator[Mailbox]:
    mailbox = Mailbox(redis)
    await mailbox.put(LATE)
    yield mailbox
    await mailbox.close()


async def finish(box: Mailbox, reply: Reply) -> None:
    lease = await box.take(2)
    assert lease is not None
    assert await box.done(lease, reply)


async def test_a_reply_promised_before_it_is_there_is_queued_with_it(
    outbox: Outbox, senders: tuple[Dispatch, Dispatch], box: Mailbox
) -> None:
    assert not await box.owed("k|1")
    for _ in range(3):
        assert await box.owe(LATE) is None
    assert await box.owed("k|1")
    assert await outbox.waiting(C) == []
    await finish(box, ANSWER)
    lease = await taken(senders[0])
    assert (lease.item.id, lease.item.conversation) == ("late/k|1", C)
    assert (lease.item.reply, lease.item.author) == (ANSWER, "bot")
    await senders[0].settle(lease, SENT)
    assert await box.owe(LATE, always=True) is None
    assert await senders[0].take(0.1) is None


async def test_a_reply_that_is_there_is_not_promised_unless_it_must(outbox: Outbox, box: Mailbox) -> None:
    await finish(box, ANSWER)
    assert await box.owe(LATE) == ANSWER
    assert not await box.owed("k|1")
    for _ in range(2):
        assert await box.owe(LATE, always=True) is None
    assert [one.item.reply for one in await outbox.waiting(C)] == [ANSWER]


async def test_nothing_is_promised_of_a_message_that_was_never_put(redis: Client, box: Mailbox) -> None:
    other = msgspec.structs.replace(LATE, key="k|2")
    assert await box.owe(other, always=True) is None
    assert await box.deliveries("k|2") == 0


async def test_an_owed_reply_that_says_nothing_is_not_queued(outbox: Outbox, box: Mailbox) -> None:
    await box.owe(LATE)
    await finish(box, Reply())
    assert await outbox.waiting(C) == []


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
