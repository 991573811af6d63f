"""The worker's loop: takes messages from the mailbox, one turn at a time, and stores the replies."""

from __future__ import annotations

import asyncio
import contextlib
import time
from pathlib import Path

import structlog
from redis.exceptions import RedisError

from bot.bus import heartbeat
from bot.bus.connection import Client
from bot.bus.mailbox import Lease, Mailbox
from bot.bus.messages import Reply
from bot.dialogue.runtime import Runtime
from bot.errors import BusError

log = structlog.get_logger()

_WAIT = 1.0
_TURN_LIMIT = 4.0
_BEAT = 2.0
_ATTEMPTS = 2
"""A message that cost two workers their lives isn't tried a third time: staff look at it."""


class Worker:
    """Takes turns until it is told to stop."""

    def __init__(self, redis: Client, model: Path) -> None:
        self._redis = redis
        self._mailbox = Mailbox(redis)
        self._runtime = Runtime(model, redis)
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """Finish the turn in hand, then end."""
        self._stopping.set()

    async def run(self) -> None:
        """Work until `stop`. Goes on by itself after Redis was away."""
        beating = asyncio.create_task(self._beat())
        try:
            while not self._stopping.is_set():
                try:
                    lease = await self._mailbox.take(_WAIT)
                    if lease is not None:
                        await self._serve(lease)
                except (BusError, RedisError, OSError) as error:
                    log.warning("redis", error=str(error))
                    await asyncio.sleep(_WAIT)
        finally:
            beating.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await beating

    async def _serve(self, lease: Lease) -> None:
        started = time.perf_counter()
        reply, result = await self._turn(lease)
        kept = await self._mailbox.done(lease, reply)
        ms = round((time.perf_counter() - started) * 1000, 1)
        result = result if kept else "lost"
        log.info("turn", kind=lease.inbound.kind, result=result, ms=ms, attempt=lease.attempt)

    async def _turn(self, lease: Lease) -> tuple[Reply, str]:
        """The reply, and for the log what came of it."""
        if lease.attempt > _ATTEMPTS:
            return await self._runtime.fail(lease.inbound, "poisoned"), "poisoned"
        try:
            return await asyncio.wait_for(self._runtime.turn(lease.inbound), _TURN_LIMIT), "ok"
        except (BusError, RedisError, OSError):
            raise
        except Exception as error:  # whatever goes wrong in a turn, the applicant gets a sentence
            log.error("turn failed", key=lease.inbound.key, error=repr(error), exc_info=error)
            return await self._runtime.fail(lease.inbound, "failed"), "failed"

    async def _beat(self) -> None:
        while True:
            with contextlib.suppress(BusError, RedisError, OSError):
                await heartbeat.beat(self._redis, "worker")
            await asyncio.sleep(_BEAT)
