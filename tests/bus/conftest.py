"""Fixtures of the bus's tests."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.bus.connection import Client, connect, disconnect
from bot.bus.dispatch import Dispatch
from bot.bus.outbox import Outbox
from tests.conftest import free_port, redis_server


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


@pytest_asyncio.fixture
async def cluster(tmp_path: Path) -> AsyncIterator[Client]:
    """A client of a cluster of one node that has all slots."""
    options = {
        "cluster-enabled": "yes",
        "cluster-config-file": str(tmp_path / "nodes.conf"),
        # Of its own: by default it is the server's and 10,000, often past the last one.
        "cluster-port": str(free_port()),
    }
    with redis_server(tmp_path, **options) as server:
        client = connect(f"redis://127.0.0.1:{server.port}/0")
        commands: Any = client
        await commands.execute_command("CLUSTER", "ADDSLOTSRANGE", 0, 16383)
        for _ in range(100):
            if b"cluster_state:ok" in await commands.execute_command("CLUSTER", "INFO"):
                break
            await asyncio.sleep(0.05)
        yield client
        await disconnect(client)
