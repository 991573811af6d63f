"""One account's lane: one sender at a time has it, and takes several conversations' items at once."""

from __future__ import annotations

import asyncio

import structlog

from bot.bus.account import Account
from bot.bus.connection import Client
from bot.bus.dispatch import Dispatch, Lease
from bot.channels.room import Pusher, Room
from bot.errors import BusError
from bot.sender.allowance import allowance
from bot.sender.delivery import Delivery
from bot.sender.tenure import Tenure

AT_ONCE = 8
TAKE_SECONDS = 0.5
LAST_SECONDS = 7.0
"""How long a stop waits for what is on its way: less than the supervisor's patience."""

_log = structlog.get_logger("sender")


class Lane:
    """Sends what is queued for one channel, while this process has the account."""

    def __init__(self, redis: Client, room: Room, pusher: Pusher) -> None:
        channel = self._channel = room.name
        self._pusher = pusher
        self._tray = Dispatch(redis, channel)
        self._account = Account(redis, channel)
        self._delivery = Delivery(redis, self._tray, allowance(room, redis), self._account, pusher)
        self._tenure = Tenure(self._account, channel)
        self._room = asyncio.Semaphore(AT_ONCE)
        self._running: set[asyncio.Task[None]] = set()

    async def run(self, stopping: asyncio.Event) -> None:
        """Work until ``stopping``, then finish what is on its way. Goes on after Redis was away."""
        self._tenure.start()
        try:
            while not stopping.is_set():
                try:
                    await self._step()
                except BusError as error:
                    _log.warning("redis", error=str(error))
                    await asyncio.sleep(0.5)
        finally:
            if self._running:
                await asyncio.wait(self._running, timeout=LAST_SECONDS)
            await self._tenure.stop()
            await self._tray.close()
            await self._pusher.close()

    async def _step(self) -> None:
        """Take one item, if we may and there is one."""
        if not self._tenure.held or self._account.known.stopped:
            await asyncio.sleep(0.1)
            return
        await self._room.acquire()
        lease = None
        try:
            lease = await self._tray.take(TAKE_SECONDS)
        finally:
            if lease is None:
                self._room.release()
        if lease is not None:
            task = asyncio.create_task(self._deliver(lease))
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    async def _deliver(self, lease: Lease) -> None:
        try:
            await self._delivery.deliver(lease, self._account.known)
        except BusError as error:
            _log.error("a delivery couldn't be reported", error=str(error))
        finally:
            self._room.release()
