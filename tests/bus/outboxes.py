"""What the tests of the outbox share."""

from __future__ import annotations

from bot.bus import events
from bot.bus.connection import Client
from bot.bus.dispatch import Dispatch, Lease, Result
from bot.bus.events import Event
from bot.bus.messages import Part, Reply
from bot.bus.outbox import Item, Outbox, State

C = "wechat:gh_1:o-1"
SENT = Result(state="sent")
HELD = Result(state="held", reason="等对方来消息")
ONE, TWO = {"text": "一"}, {"text": "二"}


def item(id: str, conversation: str = C) -> Item:
    return Item(id=id, conversation=conversation, reply=Reply((Part(id),)), author="agent", agent="7", at=1.5)


async def taken(sender: Dispatch, timeout: float = 2.0) -> Lease:
    lease = await sender.take(timeout)
    assert lease is not None
    return lease


async def told(redis: Client, conversation: str = C) -> list[Event]:
    """The events of a conversation's shard, in order."""
    return [events.decode(fields) for _, fields in await redis.xrange(events.stream_of(conversation))]


async def states(redis: Client, id: str) -> list[str]:
    return [event.data["state"] for event in await told(redis) if event.data.get("id") == id]


async def state(outbox: Outbox, id: str) -> State:
    status = await outbox.status(id)
    assert status is not None
    return status.state
