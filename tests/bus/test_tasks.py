"""Ending tasks that use Redis, whose client loses cancellations on Python 3.10."""

from __future__ import annotations

import asyncio
import time

from bot.bus.connection import Client
from bot.bus.tasks import end


async def test_a_task_is_over_wherever_the_cancellation_meets_it(redis: Client) -> None:
    async def work() -> None:
        while True:
            await redis.get("a")
            await asyncio.sleep(60)

    await redis.get("a")
    for steps in range(24):
        task = asyncio.create_task(work())
        for _ in range(steps):
            await asyncio.sleep(0)
        started = time.monotonic()
        await end(task)
        assert task.done()
        assert time.monotonic() - started < 1.0


async def test_a_task_that_failed_or_is_over_is_fine(redis: Client) -> None:
    async def fails() -> None:
        raise ValueError

    task = asyncio.create_task(fails())
    await asyncio.sleep(0)
    await end(task)
    await end(task)
