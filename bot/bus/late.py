"""A reply whose message was answered with nothing, because it came too late: handed to the sender."""

from __future__ import annotations

from bot.bus import rest
from bot.bus.connection import Client
from bot.bus.messages import Inbound, Reply
from bot.bus.outbox import push_late


async def hand_over(redis: Client, inbound: Inbound, reply: Reply) -> bool:
    """Queue the reply for the sender if a gateway has promised it; say it once the reply is stored.

    Only for accounts that may push. Any number of times: it is one item a message. A worker that dies
    between storing and this leaves the promise, and the applicant's next message fetches the reply.
    Raises `BusError`.
    """
    if not await rest.settle(redis, inbound.conversation, inbound.key):
        return False
    await push_late(redis, inbound, reply)
    return True
