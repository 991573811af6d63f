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
from bot.bus.messages import Inbound
from bot.bus.tasks import end
from bot.bus.tokens import Tokens
from bot.channels.registry import rooms
from bot.channels.room import Room
from bot.errors import BusError
from bot.gateway.rooms import conversation_of
from bot.sender.alerts import Alarm
from bot.sender.handover import Handover
from bot.sender.lane import Lane
from bot.sender.puller import Keep, Puller
from bot.settings import Settings

_log = structlog.get_logger("sender")


def lanes(config: Settings, redis: Client) -> list[Lane]:
    """A lane for each account that is set up."""
    return [Lane(redis, room, room.pusher(partial(Tokens, redis))) for room in rooms(config)]


def pullers(config: Settings, redis: Client) -> list[Puller]:
    """A puller for each account whose messages have to be fetched."""
    return [
        Puller(redis, room.name, room.source(partial(Tokens, redis)), keeper(room, redis))
        for room in rooms(config)
        if room.source is not None
    ]


def handovers(config: Settings, redis: Client) -> list[Handover]:
    """What gives sessions to a platform's own agents, where a setting wants that."""
    found = [(room, room.source(partial(Tokens, redis))) for room in rooms(config) if room.source is not None]
    return [Handover(redis, room.name, source) for room, source in found if source.hands_over]


def alarm(config: Settings, redis: Client) -> Alarm:
    """Staff alerts."""
    corp = config.wecom.corp_id if config.wecom is not None else ""
    members = [f"wecom:{corp}:{member}" for member in config.alerts.members if corp]
    return Alarm(redis, config.alerts, members)


def keeper(room: Room, redis: Client) -> Keep:
    """Puts a message that was fetched where a gateway puts one that came by itself."""
    conversation = conversation_of(room, redis)

    async def keep(inbound: Inbound) -> bool:
        answer = await conversation.answer(inbound, asyncio.get_running_loop().time())
        return answer.text is None

    return keep


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
        work: list[Lane | Puller | Handover | Alarm] = [
            *lanes(config, redis),
            *pullers(config, redis),
            *handovers(config, redis),
            alarm(config, redis),
        ]
        await asyncio.gather(*[each.run(stopping) for each in work])
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
