"""Live updates for the page: numbered events, kept for a while, streamed as server-sent events.

An id is ``<run>-<number>``. A page that comes back with an id of this run gets what it missed; with
any other it is told to ``reload``.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import deque
from collections.abc import AsyncIterator

import msgspec

KEPT = 2000
PING_SECONDS = 15.0


class Hub:
    """One stream of events, any number of readers. For one event loop."""

    def __init__(self) -> None:
        self._run = secrets.token_hex(4)
        self._number = 0
        self._events: deque[tuple[int, bytes]] = deque(maxlen=KEPT)
        self._readers: set[asyncio.Event] = set()
        self._closed = False

    @property
    def cursor(self) -> str:
        """Id of the last event: a reader that starts here misses nothing."""
        return f"{self._run}-{self._number}"

    def publish(self, kind: str, data: object) -> None:
        """Send ``data`` as JSON to all readers."""
        self._number += 1
        self._events.append((self._number, _frame(kind, self.cursor, data)))
        self._wake()

    def close(self) -> None:
        """End all streams: a server can't stop while one is open."""
        self._closed = True
        self._wake()

    def _wake(self) -> None:
        for reader in self._readers:
            reader.set()

    def _position(self, after: str) -> int | None:
        """The number in an id, or None when events since then may be missing."""
        run, _, number = after.partition("-")
        if run != self._run or not number.isdigit() or int(number) > self._number:
            return None
        oldest = self._events[0][0] if self._events else 1
        return int(number) if int(number) >= oldest - 1 else None

    async def stream(self, after: str) -> AsyncIterator[bytes]:
        """Frames of all events behind the id ``after``; a comment when nothing happens for a while."""
        news = asyncio.Event()
        self._readers.add(news)
        position = self._position(after)
        try:
            if position is None:
                position = self._number
                yield _frame("reload", self.cursor, {})
            else:
                yield b": open\n\n"
            while not self._closed:
                news.clear()
                for number, frame in [item for item in self._events if item[0] > position]:
                    position = number
                    yield frame
                try:
                    await asyncio.wait_for(news.wait(), PING_SECONDS)
                except asyncio.TimeoutError:
                    yield b": ping\n\n"
        finally:
            self._readers.discard(news)


def _frame(kind: str, event_id: str, data: object) -> bytes:
    return f"id: {event_id}\nevent: {kind}\ndata: ".encode() + msgspec.json.encode(data) + b"\n\n"
