"""How fast messages may go to one user: so many in so many seconds, in any process.

Key ``pace:{N}:<conversation>`` (N is its shard) is a sorted set of the latest messages by when they were sent
(ms, Redis's clock). It runs out with the longest window.
"""

from __future__ import annotations

import secrets

from bot.bus.connection import Client, bus_errors
from bot.bus.mailbox import shard_of
from bot.bus.script import Script

Windows = tuple[tuple[int, int], ...]
"""(how many, in how many seconds) each."""

_take = Script("pace_take")


class Pace:
    """The pace of one channel. Every method raises `BusError`."""

    def __init__(self, redis: Client, windows: Windows) -> None:
        self._redis = redis
        self._args = [number for count, seconds in windows for number in (count, seconds * 1000)]

    def _key(self, conversation: str) -> str:
        return f"pace:{{{shard_of(conversation)}}}:{conversation}"

    async def take(self, conversation: str) -> tuple[str, float]:
        """Room for one message: its name and 0, or "" and the seconds until there is some."""
        name = secrets.token_hex(8)
        with bus_errors():
            wait = int(await _take(self._redis, self._key(conversation), name, *self._args))
        return ("", wait / 1000) if wait else (name, 0.0)

    async def give_back(self, conversation: str, name: str) -> None:
        """The message that the room was taken for wasn't sent."""
        with bus_errors():
            await self._redis.zrem(self._key(conversation), name)
