"""What may pass while owners change: messages go past the bot to staff, and the bot's replies stay behind.

Both questions are asked and answered in one step on the conversation's slot, so no change of owner comes in
between. The keys are those of `bot.bus.owner`, `bot.bus.mailbox` and `bot.bus.events`.
"""

from __future__ import annotations

import time

import msgspec

from bot.bus.connection import Client, bus_errors
from bot.bus.events import MAX_LENGTH, Event, heard
from bot.bus.messages import Inbound, Reply, encode
from bot.bus.owner import Owner, owner_of, prefix
from bot.bus.script import Script
from bot.bus.shards import shard_of

KEEP_SECONDS = 86_400
"""How long a message that went to staff is known, as one that took a turn is."""

TAKEN = "人工已接管，自动助手的这条答复没有发出。"
"""Why a reply of the bot's stayed behind, for the desk."""

_divert, _leave = Script("divert"), Script("leave")


class Passage(msgspec.Struct, frozen=True):
    """Where a message went. ``known``: it was delivered before, so nothing was told."""

    owner: Owner
    to_staff: bool
    known: bool


async def divert(redis: Client, inbound: Inbound) -> Passage:
    """Tell the desk of a message, past the bot, if staff have its conversation; else do nothing.

    Told once, however often the platform delivers it; its reply is stored as an empty one. Raises `BusError`.
    """
    told = msgspec.json.encode(heard(inbound))
    args = (inbound.conversation, inbound.key, told, MAX_LENGTH, encode(Reply()), KEEP_SECONDS)
    with bus_errors():
        went, *now = await _divert(redis, prefix(shard_of(inbound.conversation)), *args)
    return Passage(owner_of(now), went > 0, went == 2)


async def leaves(redis: Client, conversation: str, key: str, epoch: int | None) -> bool:
    """Whether the bot's reply to the message ``key`` may leave; if not, the desk is told that it didn't.

    Args:
        epoch: what the reply saw; None for what may always leave.

    Raises:
        BusError: Redis failed, so nobody knows.
    """
    if epoch is None:
        return True
    # By the name that late replies have in the outbox: the desk looks for the reply's bubble by it.
    data = {"id": f"late/{key}", "state": "failed", "reason": TAKEN}
    event = Event(id=f"{key}:dropped", kind="delivery", conversation=conversation, at=time.time(), data=data)
    args = (conversation, epoch, msgspec.json.encode(event), MAX_LENGTH)
    with bus_errors():
        return bool(await _leave(redis, prefix(shard_of(conversation)), *args))
