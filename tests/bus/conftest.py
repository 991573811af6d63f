"""Fixtures of the outbox's tests."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.bus.connection import Client, connect, disconnect
from bot.bus.dispatch import Dispatch
from bot.bus.outbox import Outbox


@pytest.fixture
def outbox(redis: Client) -> Outbox:
    return Outbox(redis)


@pytest_asyncio.fixture
async def senders(redis: Client, redis_url: str) -> AsyncIterator[tuple[Dispatch, Dispatch]]:
    """Two senders: each with its own client. Leases last 0.6 s."""
    other = connect(redis_url)
    pair = (Dispatch(redis, "wechat", lease=0.6), Dispatch(other, "wechat", lease=0.6))
    yield pair
    for sender in pair:
        await sender.close()
    await disconnect(other)
