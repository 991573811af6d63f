"""Fixtures of the sender's tests."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from bot.bus.connection import Client
from bot.bus.outbox import Outbox
from bot.settings import Settings
from tests.platform import Api, platform
from tests.sender.senders import lane


@pytest.fixture
def api(settings: Settings) -> Iterator[Api]:
    with platform(settings) as made:
        yield made


@pytest.fixture
def outbox(redis: Client) -> Outbox:
    return Outbox(redis)


@pytest_asyncio.fixture
async def sender(redis: Client, redis_url: str, api: Api) -> AsyncIterator[None]:
    """A sender with the API straight before it; it gives an answer up after 1 s."""
    async with lane(redis_url, api.settings, read=1.0):
        yield
