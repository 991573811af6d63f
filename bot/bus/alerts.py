"""What staff should hear of: a list that any process may add to, and who waits for a person.

Key ``alerts:{all}:list`` is a list of texts in Chinese, ``alerts:{all}:said:<what>`` keeps the same from
being said again for a while, ``alerts:{all}:waiting`` is a sorted set of conversations that wait for a
person, by since when (s), and ``alerts:{all}:told`` a set of those of them that staff were told of.
"""

from __future__ import annotations

from bot.bus.connection import Client, bus_errors

QUIET_SECONDS = 3_600
MOST = 200
_LIST, _WAITING, _TOLD = "alerts:{all}:list", "alerts:{all}:waiting", "alerts:{all}:told"


async def add(redis: Client, text: str, what: str = "", quiet: int = QUIET_SECONDS) -> bool:
    """Say something to staff; ``what`` names it, and for ``quiet`` seconds the same isn't said again.

    Returns:
        False when it was said lately.

    Raises:
        BusError: Redis failed.
    """
    with bus_errors():
        if what and not await redis.set(f"alerts:{{all}}:said:{what}", b"1", ex=quiet, nx=True):
            return False
        await redis.rpush(_LIST, text)
        await redis.ltrim(_LIST, -MOST, -1)
    return True


async def listed(redis: Client, most: int) -> list[str]:
    """The oldest texts that weren't said yet. Raises `BusError`."""
    with bus_errors():
        return [text.decode() for text in await redis.lrange(_LIST, 0, most - 1)]


async def said(redis: Client, count: int) -> None:
    """The oldest ``count`` of them are said. Raises `BusError`."""
    with bus_errors():
        await redis.ltrim(_LIST, count, -1)


async def wait(redis: Client, conversation: str, since: float) -> None:
    """A conversation waits for a person. Raises `BusError`."""
    with bus_errors():
        await redis.zadd(_WAITING, {conversation: since}, nx=True)


async def served(redis: Client, conversation: str) -> None:
    """It doesn't any more. Raises `BusError`."""
    with bus_errors():
        await redis.zrem(_WAITING, conversation)
        await redis.srem(_TOLD, conversation)


async def overdue(redis: Client, before: float) -> list[tuple[str, float]]:
    """Conversations that have waited since before ``before``, each told once. Raises `BusError`."""
    with bus_errors():
        found = await redis.zrangebyscore(_WAITING, "-inf", before, withscores=True)
        return [(name.decode(), since) for name, since in found if await redis.sadd(_TOLD, name)]
