"""Tells open pages that something changed: one look at SQL for all pages of a process.

Redis only says "look now"; without it the look comes twice a second by itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable
from typing import TypeVar

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import close_old_connections, connection
from django.db.utils import DatabaseError

from bot.bus.connection import connect, disconnect
from bot.bus.signals import Bells, Listener, sleep
from desk.accounts.models import User
from desk.bus import WAKE
from desk.handoff.models import Change

LOOK_SECONDS = 0.5
_ACCOUNTS_SECONDS = 1.0
_ALL = "all"
T = TypeVar("T")
OVERLAP = 50 if connection.vendor == "postgresql" else 0
"""On PostgreSQL a change may be committed after one with a higher id: so we look back a little."""


def newest() -> int:
    """The id of the newest change; 0 when there is none."""
    return Change.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def _mark() -> tuple[int, int]:
    """What changes with every change, also one that is committed after another with a higher id."""
    last = newest()
    return last, Change.objects.filter(pk__gt=last - OVERLAP).count() if OVERLAP else 0


async def in_thread(call: Callable[[], T]) -> T:
    """Ask SQL in a thread; the thread's connection is closed again, since the threads come and go."""

    def work() -> T:
        close_old_connections()
        try:
            return call()
        finally:
            connection.close()

    return await sync_to_async(work, thread_sensitive=False)()


class Hub:
    """The waiters of this process, and the one who looks for them while there are any."""

    def __init__(self) -> None:
        self._bells = Bells()
        self._look = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._accounts: dict[int, int] = {}
        self._accounts_at = 0.0
        self.rings = 0
        """How often something changed; a page that knows this number needn't look."""

    async def generations(self) -> dict[int, int]:
        """The generation of each account that may log in, at most a second old."""
        if time.monotonic() - self._accounts_at > _ACCOUNTS_SECONDS:
            self._accounts_at = time.monotonic()
            with contextlib.suppress(DatabaseError):  # SQL is away: nobody is sent away for that
                self._accounts = await in_thread(_generations)
        return self._accounts

    async def wait(self, seconds: float) -> None:
        """Wait until something changed, at most so long."""
        with self._bells.waiter(_ALL) as bell:
            if self._task is None or self._task.done():
                self._task = asyncio.get_running_loop().create_task(self._run(), name="desk hub")
            await sleep(bell, seconds)

    async def _run(self) -> None:
        redis = connect(settings.BOT.redis_url, connections=2)
        listener = Listener(redis, WAKE, lambda _: self._look.set(), self._look.set)
        listener.start()
        try:
            await self._watch()
        finally:
            await listener.close()
            await disconnect(redis)

    async def _watch(self) -> None:
        last = (-1, 0)
        while len(self._bells):
            try:
                found = await in_thread(_mark)
            except DatabaseError:
                found = last  # SQL is away: the pages wait on
            if found != last:
                last = found
                self.rings += 1
                self._bells.ring_all()
            await sleep(self._look, LOOK_SECONDS)


def _generations() -> dict[int, int]:
    return dict(User.objects.filter(is_active=True).values_list("pk", "generation"))


_hubs: dict[int, Hub] = {}


def hub() -> Hub:
    """The hub of the running event loop."""
    return _hubs.setdefault(id(asyncio.get_running_loop()), Hub())
