"""How it goes, read from Redis in one round: what waits, how turns ended, what is in the outbox."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import msgspec

from bot.bus.connection import Client, bus_errors
from bot.bus.shards import SHARDS

ROLES = ("worker", "sender")
FINAL = ("sent", "failed", "unknown")


class Figures(msgspec.Struct, frozen=True):
    """Figures of all processes on one Redis.

    Attributes:
        waiting: messages without a reply.
        oldest: seconds that the oldest of them has waited; 0 when none waits.
        turns: fields of `bot.bus.turns`, summed over the shards.
        outbox: how many items are, or came to an end, in each state.
        fetches: access tokens fetched, by account.
        alive: whether a process of each role beats.
    """

    waiting: int
    oldest: float
    turns: dict[str, int]
    outbox: dict[str, int]
    fetches: dict[str, int]
    alive: dict[str, bool]


async def read(redis: Client, accounts: Sequence[str] = ()) -> Figures:
    """Read all of it. Raises `BusError`.

    Args:
        accounts: names of access tokens, as given to `bot.bus.tokens.Tokens`.
    """
    pipe = redis.pipeline(transaction=False)
    pipe.time()
    for role in ROLES:
        pipe.exists(f"heartbeat:{role}")
    for account in accounts:
        pipe.hget(f"token:{{{account}}}:state", "fetches")
    for shard in range(SHARDS):
        pipe.zcard(f"mailbox:{{{shard}}}:waiting")
        pipe.zrange(f"mailbox:{{{shard}}}:waiting", 0, 0, withscores=True)
        pipe.hgetall(f"mailbox:{{{shard}}}:turns")
        pipe.hgetall(f"outbox:{{{shard}}}:states")
    with bus_errors():
        (seconds, micros), *found = await pipe.execute()
    alive, found = found[: len(ROLES)], found[len(ROLES) :]
    fetches, shards = found[: len(accounts)], found[len(accounts) :]
    first = [score for rows in shards[1::4] for _, score in rows]
    now = seconds * 1000 + micros / 1000
    return Figures(
        waiting=sum(shards[0::4]),
        oldest=max((now - min(first)) / 1000, 0.0) if first else 0.0,
        turns=_summed(shards[2::4]),
        outbox=_summed(shards[3::4]),
        fetches={account: int(count or 0) for account, count in zip(accounts, fetches, strict=True)},
        alive={role: bool(beats) for role, beats in zip(ROLES, alive, strict=True)},
    )


def _summed(hashes: Sequence[dict[bytes, Any]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for fields in hashes:
        total.update({name.decode(): int(count) for name, count in fields.items()})
    return dict(total)
