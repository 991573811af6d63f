"""Ending background tasks for sure."""

from __future__ import annotations

import asyncio
from typing import Any


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
