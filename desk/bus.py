"""Redis for code that waits: one thread a process with an event loop of its own, and one client on it.

Every call has a limit in time; a Redis that is away costs `BusError` and nothing else.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import threading
from collections.abc import Awaitable, Callable
from typing import TypeVar

from django.conf import settings

from bot.bus.connection import Client, bus_errors, connect, disconnect
from bot.errors import BusError

T = TypeVar("T")
WAKE = "desk:wake"
"""The channel on which processes tell one another that something was written to SQL."""


class Bus:
    """The thread, started when first needed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._client: Client | None = None
        self._thread: threading.Thread | None = None

    def _start(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(target=self._loop.run_forever, name="desk bus", daemon=True)
                self._thread.start()
            return self._loop

    async def _run(self, action: Callable[[Client], Awaitable[T]]) -> T:
        if self._client is None:
            self._client = connect(settings.BOT.redis_url, connections=16)
        return await action(self._client)

    def call(self, action: Callable[[Client], Awaitable[T]], seconds: float = 3.0) -> T:
        """Run ``action`` with the client and wait for it.

        Raises:
            BusError: Redis failed, or took longer than ``seconds``. What was done then isn't known.
        """
        future = asyncio.run_coroutine_threadsafe(self._run(action), self._start())
        try:
            return future.result(seconds)
        except concurrent.futures.TimeoutError as error:
            future.cancel()
            raise BusError(f"no answer within {seconds} s") from error

    def close(self) -> None:
        """End the thread and its connections; the next call starts anew."""
        with self._lock:
            loop, client = self._loop, self._client
            self._loop = self._client = None
        if loop is None:
            return
        if client is not None:
            asyncio.run_coroutine_threadsafe(disconnect(client), loop).result(5)
        loop.call_soon_threadsafe(loop.stop)
        if self._thread is not None:
            self._thread.join(5)
        loop.close()


bus = Bus()


async def _publish(redis: Client) -> None:
    with bus_errors():
        await redis.publish(WAKE, b"")


def wake() -> None:
    """Tell open pages to look. Raises `BusError`; they look by themselves soon."""
    bus.call(_publish)
