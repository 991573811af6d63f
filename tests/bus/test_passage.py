"""What passes while owners change: messages go past the bot once, and the bot's replies stay behind."""

from __future__ import annotations

import asyncio

import pytest

from bot.bus import events, owner
from bot.bus.connection import Client
from bot.bus.events import Event
from bot.bus.mailbox import Mailbox
from bot.bus.messages import Inbound, Part, Reply
from bot.bus.owner import Owner
from bot.bus.passage import TAKEN, divert, leaves

C = "wechat:gh:o-1"
HELLO = Inbound(key="k1", channel="wechat", account="gh", user="o-1", kind="text", text="在吗")


async def told(redis: Client) -> list[Event]:
    entries = await redis.xrange(events.stream_of(C))
    return [events.decode(fields) for _, fields in entries]


@pytest.mark.parametrize("who", ["bot", "queue"])
async def test_what_isnt_with_staff_goes_on_to_the_mailbox(redis: Client, who: owner.Who) -> None:
    await owner.heal(redis, C, Owner(who, 3))
    found = await divert(redis, HELLO)
    assert (found.owner, found.to_staff) == (Owner(who, 3), False)
    assert await told(redis) == []
    mailbox = Mailbox(redis)
    assert await mailbox.put(HELLO)
    await mailbox.close()


async def test_a_message_to_staff_is_told_once_however_often_it_is_delivered(redis: Client) -> None:
    await owner.heal(redis, C, Owner("agent", 3, "7"))
    found = await asyncio.gather(*(divert(redis, HELLO) for _ in range(20)))
    assert all(each.to_staff for each in found)
    assert [each.known for each in found].count(False) == 1
    (event,) = await told(redis)
    assert (event.id, event.kind, event.data["text"]) == ("k1:message_in", "message_in", "在吗")
    # Delivered once more when the bot has it again: it was meant for staff, and is never a turn.
    await owner.heal(redis, C, Owner("bot", 4))
    mailbox = Mailbox(redis)
    assert not (await divert(redis, HELLO)).to_staff
    assert not await mailbox.put(HELLO)
    assert await mailbox.reply("k1", 0) == Reply()
    assert await mailbox.take(0.1) is None
    await mailbox.close()


async def test_what_waits_in_the_mailbox_already_is_not_told_twice(redis: Client) -> None:
    mailbox = Mailbox(redis)
    await mailbox.put(HELLO)
    await owner.heal(redis, C, Owner("agent", 1, "7"))
    found = await divert(redis, HELLO)
    assert (found.to_staff, found.known) == (True, True)
    assert await told(redis) == [], "the worker tells it when it comes to it"
    lease = await mailbox.take(1)
    assert lease is not None
    assert await mailbox.done(lease, Reply((Part("x"),)))
    await mailbox.close()


@pytest.mark.parametrize(
    ("now", "epoch", "may"),
    [
        (Owner(), 0, True),
        (Owner("bot", 4), 4, True),
        (Owner("queue", 4), 4, True),
        (Owner("bot", 6), 4, False),
        (Owner("agent", 5, "7"), 4, False),
        # At the same epoch the desk's truth took the place of what was written here.
        (Owner("agent", 4, "7"), 4, False),
        (Owner("agent", 4, "7"), None, True),
    ],
)
async def test_a_reply_leaves_only_while_nobody_took_the_conversation(
    redis: Client, now: Owner, epoch: int | None, may: bool
) -> None:
    await owner.heal(redis, C, now)
    assert await leaves(redis, C, "k1", epoch) is may
    assert await owner.unchanged(redis, C, epoch) is may
    dropped = [(event.id, event.kind, event.data) for event in await told(redis)]
    data = {"id": "late/k1", "state": "failed", "reason": TAKEN}
    assert dropped == ([] if may else [("k1:dropped", "delivery", data)])
