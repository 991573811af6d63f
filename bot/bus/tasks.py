"""Ending background tasks for sure."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

Result = TypeVar("Result")


async def end(task: asyncio.Task[Any]) -> None:
    """Cancel a task until it is over; what it returned or raised doesn't matter.

    Once isn't enough: redis-py writes under `asyncio.wait_for`, which on Python 3.10 loses a cancellation
    that comes just when the write is done, and the task goes on as if nothing had been said.
    """
    while not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=0.2)
    if not task.cancelled():
        task.exception()


async def within(work: Coroutine[Any, Any, Result], seconds: float) -> Result:
    """What ``work`` returns, waited for at most ``seconds``; then it is left to its end, and nobody waits.

    Not `asyncio.wait_for`: that waits for the end of what it cancels, and a hung Redis has none.

    Raises:
        asyncio.TimeoutError: it wasn't done in time; besides what ``work`` raises.
    """
    task = asyncio.get_running_loop().create_task(work)
    done, _ = await asyncio.wait({task}, timeout=seconds)
    if not done:
        task.add_done_callback(lambda ended: ended.cancelled() or ended.exception())
        task.cancel()
        raise asyncio.TimeoutError
    return task.result()
