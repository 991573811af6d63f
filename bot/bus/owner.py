"""Who owns a conversation: the bot, the queue for a human, or a member of staff.

Key ``owner:{N}:<conversation>`` (N is its shard) is a hash: ``owner``, ``epoch``, ``agent``, ``token``.
Without it the owner is the bot at epoch 0. Every change raises the epoch by one, so whoever saw an
epoch can tell later whether anything has changed. SQL in the desk is the truth; this is its copy for
gateway and worker. A change may carry its event: both are written, or neither.
"""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from typing import Any, Literal, cast

import msgspec

from bot.bus.connection import Client, bus_errors
from bot.bus.events import MAX_LENGTH, Event, stream_of
from bot.bus.script import Script
from bot.bus.shards import SHARDS, shard_of

Who = Literal["bot", "queue", "agent"]

_set, _heal = Script("owner_set"), Script("owner_heal")


class Owner(msgspec.Struct, frozen=True):
    """Who owns a conversation. ``agent`` is the desk's id of the member of staff, else empty."""

    owner: Who = "bot"
    epoch: int = 0
    agent: str = ""


def prefix(shard: int) -> str:
    """What the owner keys of a shard begin with."""
    return f"owner:{{{shard}}}:"


def key_of(conversation: str) -> str:
    """The key of a conversation's owner, for a transaction to watch."""
    return prefix(shard_of(conversation)) + conversation


def owner_of(fields: Any) -> Owner:
    """The owner by the values of ``owner``, ``epoch`` and ``agent``; each may be missing."""
    who, epoch, agent = fields
    return Owner(cast(Who, (who or b"bot").decode()), int(epoch or 0), (agent or b"").decode())


async def get(redis: Client, conversation: str) -> Owner:
    """Who owns the conversation now. Raises `BusError`."""
    with bus_errors():
        return await read(redis, conversation)


async def read(pipe: Any, conversation: str) -> Owner:
    """The same by a client, or by a pipeline that watches; raises what Redis raises."""
    return owner_of(await pipe.hmget(key_of(conversation), ["owner", "epoch", "agent"]))


async def unchanged(redis: Client, conversation: str, epoch: int | None) -> bool:
    """Whether what the bot said at ``epoch`` may still be sent; None may always. Raises `BusError`."""
    if epoch is None:
        return True
    now = await get(redis, conversation)
    return now.epoch == epoch and now.owner != "agent"


def put(pipe: Any, conversation: str, now: Owner) -> None:
    """Write an owner within a transaction that watches the key and found the epoch before."""
    pipe.hset(key_of(conversation), mapping={"owner": now.owner, "epoch": now.epoch, "agent": now.agent})
    pipe.hdel(key_of(conversation), "token")


async def set(
    redis: Client,
    conversation: str,
    expected_epoch: int,
    owner: Who,
    agent: str = "",
    event: Event | None = None,
) -> Owner | None:
    """Change the owner if the epoch is still ``expected_epoch``.

    Args:
        event: told on the conversation's stream in the same step; only if the change was made. The epoch
            after the change is ``expected_epoch + 1``.

    Returns:
        The owner after the change, or None when somebody else changed it first: then `get` says who.

    Raises:
        BusError: Redis failed; whether the change was made isn't known.
    """
    told = msgspec.json.encode(event) if event is not None else b""
    args = (conversation, expected_epoch, owner, agent, secrets.token_hex(8))
    with bus_errors():
        won, *now = await _set(
            redis, prefix(shard_of(conversation)), *args, stream_of(conversation), told, MAX_LENGTH
        )
    return owner_of(now) if won else None


async def heal(redis: Client, conversation: str, truth: Owner) -> Owner:
    """Put the truth from SQL in place, unless Redis knows a later epoch; returns what stands there now.

    Raises:
        BusError: Redis failed. Saying it again does no harm.
    """
    with bus_errors():
        args = (conversation, truth.owner, truth.epoch, truth.agent)
        _, *now = await _heal(redis, prefix(shard_of(conversation)), *args)
    return owner_of(now)


async def known(redis: Client) -> AsyncIterator[tuple[str, Owner]]:
    """Every conversation that isn't the bot's according to Redis, in no order. Raises `BusError`."""
    for shard in range(SHARDS):
        start = prefix(shard)
        with bus_errors():
            keys = [key async for key in redis.scan_iter(match=f"owner:{{{shard}}}:*", count=500)]
        for key in keys:
            with bus_errors():
                owner = owner_of(await redis.hmget(key, ["owner", "epoch", "agent"]))
            if owner.owner != "bot":
                yield key.decode()[len(start) :], owner
