"""Following what happens, each event at least once, in whichever process: a consumer group of one's own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress

import msgspec
from redis.exceptions import ResponseError

from bot.bus import events
from bot.bus.connection import Client, bus_errors
from bot.bus.events import Event

AT_ONCE = 100


class Follower:
    """Reads all streams of events for one group, from when the group was made."""

    def __init__(self, redis: Client, group: str) -> None:
        self._redis, self._group = redis, group
        self._made = False
        # First what a dead process took and didn't finish, then what is new.
        self._since = "0"

    async def step(self, handle: Callable[[Event], Awaitable[None]]) -> int:
        """Handle what is there now; returns how many. Raises `BusError`, and what ``handle`` raises."""
        with bus_errors():
            await self._make()
            pipe = self._redis.pipeline(transaction=False)
            for stream in events.streams():
                pipe.xreadgroup(self._group, "one", {stream: self._since}, count=AT_ONCE)
            found = [entry for answer in await pipe.execute() for entry in answer or []]
        self._since = ">"
        count = 0
        try:
            for stream, entries in found:
                for id, fields in entries:
                    with suppress(msgspec.DecodeError, KeyError):
                        await handle(events.decode(fields))
                    with bus_errors():
                        await self._redis.xack(stream, self._group, id)  # type: ignore[no-untyped-call]
                    count += 1
        except BaseException:
            # What was taken and isn't finished comes again.
            self._since = "0"
            raise
        return count

    async def _make(self) -> None:
        if self._made:
            return
        for stream in events.streams():
            with suppress(ResponseError):  # it is there already
                await self._redis.xgroup_create(stream, self._group, id="$", mkstream=True)
        self._made = True
