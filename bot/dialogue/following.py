"""Follows what the office publishes: the worker looks every few seconds, and when it is told to."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import socket
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

import structlog

from bot.bus import editions
from bot.bus.connection import Client
from bot.bus.signals import Bells, Listener, sleep
from bot.bus.tasks import end
from bot.errors import AssistantError, BusError

log = structlog.get_logger()
T = TypeVar("T")

LOOK_SECONDS = 5.0
WORKER = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(2)}"
"""This process, by name, among all workers."""


class Follower(Generic[T]):
    """Loads each new version in the background, and holds it until the worker takes it between two turns.

    Args:
        what: the thing that is followed.
        load: makes a version ready; raises an error of ours when that can't be done. The worker then goes
            on with what it has, and the desk is told why.
        now: the version in use at first.
    """

    def __init__(
        self, redis: Client, what: editions.What, load: Callable[[str], Awaitable[T]], now: str
    ) -> None:
        self._redis = redis
        self._what = what
        self._load = load
        self._now = now
        self._refused = ("", "")
        self._ready: tuple[str, T] | None = None
        self._bells = Bells()
        self._listener = Listener(redis, editions.channel(what), self._hear, self._gap)
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to follow, on the running loop."""
        self._listener.start()
        self._task = asyncio.get_running_loop().create_task(self._run(), name=f"follow {self._what}")

    async def close(self) -> None:
        """Stop following."""
        await self._listener.close()
        if self._task is not None:
            await end(self._task)

    def take(self) -> T | None:
        """What is newly ready, once; the caller uses it from here on."""
        if self._ready is None:
            return None
        (self._now, ready), self._ready = self._ready, None
        log.info("published version in use", what=self._what, version=self._now)
        self._gap()
        return ready

    async def look(self) -> None:
        """Look once. Raises `BusError`."""
        wanted = await editions.current(self._redis, self._what)
        if wanted and wanted not in (self._now, self._refused[0]) and self._ready is None:
            await self._prepare(wanted)
        problem = self._refused[1] if wanted == self._refused[0] else ""
        await editions.tell(self._redis, self._what, WORKER, self._now, problem)

    async def _prepare(self, version: str) -> None:
        try:
            self._ready = (version, await self._load(version))
        except BusError:
            raise
        except AssistantError as error:
            self._refused = (version, str(error)[:500])
            log.error("published version refused", what=self._what, version=version, problem=str(error)[:500])
        except Exception as error:  # whatever a broken file makes a library raise: go on with the old one
            self._refused = (version, f"{type(error).__name__}: {error}"[:500])
            log.error("published version broken", what=self._what, version=version, exc_info=error)

    async def _run(self) -> None:
        while True:
            with self._bells.waiter(self._what) as bell:
                with contextlib.suppress(BusError):
                    await self.look()
                await sleep(bell, LOOK_SECONDS)

    def _hear(self, text: str) -> None:
        # A version that was refused may be published again, mended elsewhere.
        self._refused = ("", "")
        self._gap()

    def _gap(self) -> None:
        self._bells.ring(self._what)
