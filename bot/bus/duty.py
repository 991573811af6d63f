"""What gateway and worker may tell applicants of the help desk: the desk puts it up, and it runs out.

Key ``desk:duty``, JSON, for 60 s. Without it nobody knows whether people are there, and nobody says so.
"""

from __future__ import annotations

import msgspec

from bot.bus.connection import Client, bus_errors

KEY = "desk:duty"
SECONDS = 60


class Duty(msgspec.Struct, frozen=True):
    """How the help desk stands.

    Attributes:
        open: whether it is within working hours now.
        hours: the working hours in words.
        opening: when it opens next, in words; for when it isn't open.
        waiting: how many applicants wait for a person.
        order: the conversations of the first of them, in the order of the queue.
    """

    open: bool
    hours: str
    opening: str
    waiting: int
    order: tuple[str, ...] = ()


def ahead(count: int) -> str:
    """How many wait before somebody, in words that follow 您前面."""
    return f"还有{count}位在等" if count else "没有人在等"


async def put(redis: Client, duty: Duty) -> None:
    """Put it up for a minute. Raises `BusError`."""
    with bus_errors():
        await redis.set(KEY, msgspec.json.encode(duty), ex=SECONDS)


async def get(redis: Client) -> Duty | None:
    """What was put up last; None when that was long ago. Raises `BusError`."""
    with bus_errors():
        found = await redis.get(KEY)
    try:
        return msgspec.json.decode(found, type=Duty) if found else None
    except msgspec.DecodeError:
        return None  # of another version: as good as none
