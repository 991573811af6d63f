"""The last callback of each channel that was refused, and why: most often a setting that isn't right.

Key ``refused`` is a hash by channel: JSON of a `Refused`. Kept for a day after the last.
"""

from __future__ import annotations

import time

import msgspec

from bot.bus.connection import Client, bus_errors

_KEY, _SECONDS = "refused", 86_400


class Refused(msgspec.Struct, frozen=True):
    """Why, and when in seconds since 1970."""

    reason: str
    at: float


async def note(redis: Client, channel: str, reason: str) -> None:
    """A callback was refused. Raises `BusError`."""
    with bus_errors():
        await redis.hset(_KEY, channel, msgspec.json.encode(Refused(reason, time.time())))
        await redis.expire(_KEY, _SECONDS)


async def last(redis: Client, channel: str) -> Refused | None:
    """The last refusal of a channel. Raises `BusError`."""
    with bus_errors():
        found = await redis.hget(_KEY, channel)
    return msgspec.json.decode(found, type=Refused) if found else None
