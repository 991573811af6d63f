"""Being the one process that does something for an account: a lease, renewed while the process lives."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import structlog

from bot.bus.account import HOLD_SECONDS, Account
from bot.bus.tasks import end
from bot.errors import BusError

RENEW_SECONDS = 1.0

_log = structlog.get_logger("sender")


async def idle(stopping: asyncio.Event, seconds: float) -> None:
    """Do nothing for a while, but for less when all is to stop."""
    with suppress(asyncio.TimeoutError):
        await asyncio.wait_for(stopping.wait(), seconds)


class Tenure:
    """``start`` it, ask `held` before each step, ``stop`` it.

    Args:
        name: for the log.
        hold: seconds that the account's lease lasts.
    """

    def __init__(self, account: Account, name: str, hold: float = HOLD_SECONDS) -> None:
        self._account, self._name, self._hold = account, name, hold
        self._held_until = 0.0
        self._task: asyncio.Task[None] | None = None

    @property
    def held(self) -> bool:
        """Whether this process has the account now."""
        return asyncio.get_running_loop().time() < self._held_until

    def start(self) -> None:
        """Have the account from now on, or wait for it."""
        self._task = asyncio.get_running_loop().create_task(self._renew())

    async def stop(self) -> None:
        """Let another process have it."""
        if self._task is not None:
            await end(self._task)
        with suppress(BusError):
            await self._account.leave()

    async def _renew(self) -> None:
        while True:
            asked = asyncio.get_running_loop().time()
            try:
                held = await self._account.hold()
                await self._account.standing()
            except BusError:
                held = None
            if held:
                if asked >= self._held_until:
                    _log.info("has the account", channel=self._name)
                # Reckoned from before the question, so it never seems to last longer than in Redis.
                self._held_until = asked + self._hold
            elif held is not None:
                self._held_until = 0.0
            await asyncio.sleep(min(RENEW_SECONDS, self._hold / 3))
