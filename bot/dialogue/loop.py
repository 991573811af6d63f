"""The worker's loop: takes messages from the mailbox, one turn at a time, and stores the replies."""

from __future__ import annotations

import asyncio
import contextlib
import time

import structlog
from redis.exceptions import RedisError

from actions import pack
from bot.bus import heartbeat
from bot.bus.connection import Client
from bot.bus.mailbox import Lease, Mailbox
from bot.bus.messages import Reply
from bot.bus.tasks import end
from bot.bus.turns import Turn
from bot.dialogue.following import Follower
from bot.dialogue.runtime import Runtime
from bot.errors import BusError, LostError
from bot.logs import hashed

log = structlog.get_logger()

_WAIT = 1.0
_TURN_LIMIT = 3.5
"""Seconds. What is said of a turn that hung must still reach the gateway that waits for it."""
_ATTEMPTS = 2
"""A message that cost two workers their lives isn't tried a third time: staff look at it."""


class Worker:
    """Takes turns until it is told to stop.

    Args:
        runtime: takes the turns; it is this worker's own.
        guides, models: what the office publishes is taken from them, between two turns.
    """

    def __init__(
        self,
        redis: Client,
        runtime: Runtime,
        guides: Follower[pack.Edition] | None = None,
        models: Follower[Runtime] | None = None,
    ) -> None:
        self._redis = redis
        self._mailbox = Mailbox(redis)
        self._runtime = runtime
        self._guides = guides
        self._models = models
        self._stopping = False
        self.hung = False

    def stop(self) -> None:
        """Finish the turn in hand, then end."""
        self._stopping = True

    async def run(self) -> None:
        """Work until `stop`, or until a turn hangs (``hung`` is then true). Goes on after Redis was away."""
        beating = asyncio.create_task(self._beat())
        followers = [each for each in (self._guides, self._models) if each is not None]
        for follower in followers:
            follower.start()
        try:
            while not self._stopping:
                self._take_published()
                try:
                    lease = await self._mailbox.take(_WAIT)
                    if lease is not None:
                        await self._serve(lease)
                except (BusError, RedisError, OSError) as error:
                    log.warning("redis", error=str(error))
                    await asyncio.sleep(_WAIT)
        finally:
            await end(beating)
            for follower in followers:
                await follower.close()
            await self._mailbox.close()

    def _take_published(self) -> None:
        """Between two turns: use the guide and the model that were published, once they are loaded."""
        if self._guides is not None and (edition := self._guides.take()) is not None:
            pack.use(edition)
        if self._models is not None and (runtime := self._models.take()) is not None:
            self._runtime = runtime

    async def _serve(self, lease: Lease) -> None:
        started = time.perf_counter()
        inbound = lease.inbound
        try:
            reply, result = await self._turn(lease)
            turn = Turn(result, time.perf_counter() - started)
            result = result if await self._mailbox.done(lease, reply, turn) else "lost"
        except LostError:
            # Whoever has it now gives the reply.
            result = "lost"
        ms = round((time.perf_counter() - started) * 1000, 1)
        about = {"kind": inbound.kind, "key": hashed(inbound.key), "attempt": lease.attempt}
        log.info("turn", result=result, ms=ms, **about)

    async def _turn(self, lease: Lease) -> tuple[Reply, str]:
        """The reply, and for the log what came of it."""
        if lease.attempt > _ATTEMPTS:
            return await self._runtime.fail(lease.inbound, "poisoned", lease.token), "poisoned"
        turn = asyncio.create_task(self._runtime.turn(lease.inbound, lease.token))
        # Not wait_for: it would wait for the end of what it cancels, and a hung turn has none.
        await asyncio.wait({turn}, timeout=_TURN_LIMIT)
        if not turn.done():
            # Nobody knows what state it left. The applicant gets a sentence, and this process ends.
            self.hung = self._stopping = True
            return await self._runtime.fail(lease.inbound, "failed", lease.token), "hung"
        try:
            return turn.result(), "ok"
        except (BusError, LostError, RedisError, OSError):
            raise
        except Exception as error:  # whatever goes wrong, the applicant gets a sentence
            log.error("turn failed", key=hashed(lease.inbound.key), error=repr(error), exc_info=error)
            return await self._runtime.fail(lease.inbound, "failed", lease.token), "failed"

    async def _beat(self) -> None:
        while True:
            with contextlib.suppress(BusError, RedisError, OSError):
                await heartbeat.beat(self._redis, "worker")
            await asyncio.sleep(heartbeat.BEAT_SECONDS)
