"""``python -m bot.sender``: send what is in the outbox until SIGINT or SIGTERM."""

from __future__ import annotations

import asyncio
import signal
from contextlib import suppress
from functools import partial

import structlog

from bot import logs, settings
from bot.bus import heartbeat
from bot.bus.connection import Client, connect, disconnect
from bot.bus.tasks import end
from bot.bus.tokens import Tokens
from bot.channels.registry import rooms
from bot.errors import BusError
from bot.sender.lane import Lane
from bot.settings import Settings

_log = structlog.get_logger("sender")


def lanes(config: Settings, redis: Client) -> list[Lane]:
    """A lane for each account that is set up."""
    return [Lane(redis, room, room.pusher(partial(Tokens, redis))) for room in rooms(config)]


async def _beat(redis: Client) -> None:
    while True:
        with suppress(BusError):
            await heartbeat.beat(redis, "sender")
        await asyncio.sleep(heartbeat.BEAT_SECONDS)


async def serve(config: Settings, stopping: asyncio.Event) -> None:
    """Run all lanes until ``stopping``."""
    redis = connect(config.redis_url)
    beating = asyncio.create_task(_beat(redis))
    try:
        await asyncio.gather(*[lane.run(stopping) for lane in lanes(config, redis)])
    finally:
        await end(beating)
        await disconnect(redis)


async def _until_signal(config: Settings) -> None:
    stopping = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stopping.set)
    _log.info("ready")
    await serve(config, stopping)


def main() -> None:
    """Run the sender."""
    logs.configure()
    asyncio.run(_until_signal(settings.load()))


if __name__ == "__main__":
    main()
