"""WeCom's servers on loopback, for tests: the sandbox's own, and pullers and senders in this process."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial

import msgspec

from bot.bus.connection import Client, connect, disconnect
from bot.bus.tokens import Tokens
from bot.channels.registry import rooms
from bot.channels.room import Room
from bot.sandbox import pieces
from bot.sandbox.app import create_app
from bot.sandbox.state import User
from bot.sandbox.work.place import Work
from bot.sender.__main__ import keeper
from bot.sender.lane import Lane
from bot.sender.puller import Puller
from bot.settings import Settings
from tests.conftest import free_port
from tests.sandbox.fakes import serve


class Corp:
    """WeCom as a test sees it."""

    def __init__(self, settings: Settings, work: Work, url: str) -> None:
        self.settings, self.work, self.url = settings, work, url
        self.app, self.service = work.app, work.service

    def user(self, channel: str = "wecom", name: str = "u1") -> User:
        """A member, or a customer who has opened the session."""
        user = self.work.desks[channel].world.users[name]
        user.following = True
        return user

    def got(self, channel: str = "wecom", name: str = "u1") -> list[str]:
        """What was sent to a user, in words."""
        messages = list(self.user(channel, name).messages)
        return [pieces.plain(message.pieces) for message in messages if message.via == "api"]

    def calls(self, channel: str, path: str) -> int:
        """How many calls to a path were answered."""
        return sum(record.title == path for record in list(self.work.desks[channel].world.records))

    def room(self, channel: str) -> Room:
        """The channel's room."""
        return next(room for room in rooms(self.settings) if room.name == channel)

    def conversation(self, channel: str = "wecom", name: str = "u1") -> str:
        """A user's conversation."""
        account = self.work.desks[channel].world.account
        return f"{channel}:{account}:{self.user(channel, name).openid}"


def with_work(settings: Settings, url: str, **kf: str) -> Settings:
    """Settings with WeCom's API at ``url``, and other values of customer service."""
    assert settings.wecom is not None
    assert settings.kf is not None
    api = f"{url}/qyapi"
    return msgspec.structs.replace(
        settings,
        wechat=msgspec.structs.replace(settings.wechat, api_url=url),
        wecom=msgspec.structs.replace(settings.wecom, api_url=api),
        kf=msgspec.structs.replace(settings.kf, api_url=api, **kf),
        alerts=msgspec.structs.replace(settings.alerts, api_url=api),
    )


@contextmanager
def corp(
    settings: Settings, gateway: str | None = None, clock: Callable[[], float] | None = None, **kf: str
) -> Iterator[Corp]:
    """WeCom's servers, in a thread of their own."""
    port = free_port()
    found = with_work(settings, f"http://127.0.0.1:{port}", **kf)
    address = f"{gateway}/wechat" if gateway else None
    app = create_app(found, gateway_url=address, pause=0.05, clock=clock or time.time)
    with serve(app, port) as url:
        yield Corp(found, app.state.work, url)


@asynccontextmanager
async def running(redis_url: str, *make: Callable[[Client], Lane | Puller]) -> AsyncIterator[None]:
    """Lanes and pullers in this process, until the end of the block."""
    redis = connect(redis_url)
    stopping = asyncio.Event()
    tasks = [asyncio.create_task(each(redis).run(stopping)) for each in make]
    try:
        yield
    finally:
        stopping.set()
        await asyncio.gather(*tasks)
        await disconnect(redis)


def lane(found: Corp, channel: str, redis: Client) -> Lane:
    """The sender of a channel."""
    room = found.room(channel)
    return Lane(redis, room, room.pusher(partial(Tokens, redis)))


def puller(found: Corp, redis: Client, poll: float = 60.0, hold: float = 6.0) -> Puller:
    """The puller of customer service."""
    room = found.room("kf")
    assert room.source is not None
    source = room.source(partial(Tokens, redis))
    return Puller(redis, "kf", source, keeper(room, redis), poll=poll, hold=hold)


async def until(true: Callable[[], bool | Awaitable[bool]], seconds: float = 20.0) -> None:
    """Wait until something is so."""
    end = asyncio.get_running_loop().time() + seconds
    while True:
        found = true()
        if found if isinstance(found, bool) else await found:
            return
        assert asyncio.get_running_loop().time() < end, "not in time"
        await asyncio.sleep(0.02)
