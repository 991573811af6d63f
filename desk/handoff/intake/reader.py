"""The Redis side of the consumer: one process reads at a time, and what wasn't acknowledged comes again."""

from __future__ import annotations

import secrets
from typing import Any

from redis.exceptions import ResponseError

from bot.bus.connection import Client, bus_errors
from bot.bus.events import GROUP, streams
from desk.handoff.intake.write import Entry

LEASE = "desk:consumer"
LEASE_MS = 5_000
NAME = "desk"
"""One name for all processes: so a successor finds what its forerunner read and didn't acknowledge."""
COUNT = 50
BLOCK_MS = 800


class Reader:
    """Reads the streams for one process. Every method raises `BusError`."""

    def __init__(self) -> None:
        self._token = secrets.token_hex(8)
        self._backlog: dict[str, str] = {}
        self._ready = False

    def start_over(self) -> None:
        """After anything went wrong: make sure of the groups, and read what is pending first."""
        self._ready = False

    async def lead(self, redis: Client) -> bool:
        """Be the one who reads, for the next 5 s; False when another process is."""
        with bus_errors():
            if await redis.set(LEASE, self._token, nx=True, px=LEASE_MS):
                self._ready = False  # a forerunner may have left something
                return True
            if await redis.get(LEASE) != self._token.encode():
                return False
            return bool(await redis.pexpire(LEASE, LEASE_MS))

    async def leave(self, redis: Client) -> None:
        """Stop being the one, so that a successor needn't wait."""
        with bus_errors():
            if await redis.get(LEASE) == self._token.encode():
                await redis.delete(LEASE)

    async def read(self, redis: Client) -> list[Entry]:
        """The next entries: those read before and never acknowledged, then new ones, waited for a moment."""
        with bus_errors():
            if not self._ready:
                await _make_groups(redis)
                self._backlog, self._ready = dict.fromkeys(streams(), "0"), True
            try:
                if self._backlog:
                    return await self._read_backlog(redis)
                found = await redis.xreadgroup(
                    GROUP, NAME, dict.fromkeys(streams(), ">"), count=COUNT, block=BLOCK_MS
                )
            except ResponseError as error:
                if "NOGROUP" not in str(error):
                    raise
                self._ready = False  # another server, or an emptied one
                return []
        return _entries(found)

    async def _read_backlog(self, redis: Client) -> list[Entry]:
        found = await redis.xreadgroup(GROUP, NAME, self._backlog, count=COUNT)
        entries = _entries(found)
        last = {entry.stream: entry.id for entry in entries}
        self._backlog = last
        # An entry that was cut off the stream comes without fields: there is nothing to write.
        return [entry for entry in entries if entry.fields] if entries else []

    async def acknowledge(self, redis: Client, entries: list[Entry]) -> None:
        """These are in SQL."""
        by_stream: dict[str, list[str]] = {}
        for entry in entries:
            by_stream.setdefault(entry.stream, []).append(entry.id)
        with bus_errors():
            pipe = redis.pipeline(transaction=False)
            for stream, ids in by_stream.items():
                pipe.xack(stream, GROUP, *ids)
            await pipe.execute()


async def _make_groups(redis: Client) -> None:
    for stream in streams():
        try:
            await redis.xgroup_create(stream, GROUP, id="0", mkstream=True)
        except ResponseError as error:
            if "BUSYGROUP" not in str(error):
                raise


def _entries(found: Any) -> list[Entry]:
    return [
        Entry(stream.decode(), id.decode(), fields or {})
        for stream, entries in found
        for id, fields in entries
    ]
