"""One Redis client for a process: bounded, with time-outs, and with errors of our own.

A Redis that refuses or hangs must cost a caller a known time and nothing else, so every command
has a time-out and the number of connections has a limit; callers above it queue for a moment.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError

from bot.errors import BusError

if TYPE_CHECKING:
    Client = Redis[bytes]
else:
    Client = Redis

CONNECT_SECONDS = 1.0
COMMAND_SECONDS = 2.0
CONNECTIONS = 64


def connect(url: str, connections: int = CONNECTIONS) -> Client:
    """A client for ``url`` (``redis://``, ``rediss://`` or ``unix://``); answers are bytes.

    Nothing is sent yet. A connection found broken is replaced and the command sent once more;
    a command that timed out isn't repeated. Close it with `disconnect`.
    """
    pool: BlockingConnectionPool[Any] = BlockingConnectionPool.from_url(
        url,
        max_connections=connections,
        timeout=COMMAND_SECONDS,
        socket_connect_timeout=CONNECT_SECONDS,
        socket_timeout=COMMAND_SECONDS,
        socket_keepalive=True,
        health_check_interval=15,
        retry=Retry(NoBackoff(), 1, supported_errors=(RedisConnectionError,)),
    )
    return Redis(connection_pool=pool)


async def disconnect(redis: Client) -> None:
    """Close every connection of the client. Errors while closing don't matter any more."""
    with suppress(RedisError, OSError):
        await redis.connection_pool.disconnect()


@contextmanager
def bus_errors() -> Iterator[None]:
    """Turn whatever Redis and its sockets raise into `BusError`."""
    try:
        yield
    except (RedisError, OSError, asyncio.TimeoutError) as error:
        raise BusError(f"Redis: {type(error).__name__}: {error}") from error
