"""What the tests of the sender share."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.bus import events
from bot.bus.connection import Client, connect, disconnect
from bot.bus.messages import Part, Reply
from bot.bus.outbox import Item, Outbox, Status
from bot.bus.tokens import Tokens
from bot.channels.wechat.client import Client as WeChatClient
from bot.channels.wechat.push import Push
from bot.channels.wechat.room import room
from bot.sandbox.state import User
from bot.sender.lane import Lane
from bot.settings import Settings


@asynccontextmanager
async def lane(
    redis_url: str, account: Settings, read: float = 5.0, can_push: bool = True
) -> AsyncIterator[None]:
    """A sender's lane in this process, until the end of the block."""
    redis = connect(redis_url)
    wechat = account.wechat
    tokens = Tokens(redis, f"wechat:{wechat.app_id}")
    client = WeChatClient(wechat.app_id, wechat.app_secret, wechat.api_url, tokens, connect=1.0, read=read)
    stopping = asyncio.Event()
    running = asyncio.create_task(Lane(redis, room(account), Push(client, can_push)).run(stopping))
    try:
        yield
    finally:
        stopping.set()
        await running
        await disconnect(redis)


def conversation(user: User) -> str:
    return f"wechat:gh_1:{user.openid}"


async def queue(outbox: Outbox, user: User, *texts: str) -> None:
    """Items whose ids are the user's and their texts."""
    for text in texts:
        item = Item(id=f"{user.id}/{text}", conversation=conversation(user), reply=Reply((Part(text),)))
        await outbox.queue(item)


async def ended(outbox: Outbox, id: str, *states: str, timeout: float = 10.0) -> Status:
    """The item's status once it is in one of the states."""
    until = time.monotonic() + timeout
    while True:
        status = await outbox.status(id)
        if status is not None and status.state in states:
            return status
        assert time.monotonic() < until, f"{id} is {status}, not {states}"
        await asyncio.sleep(0.02)


async def story(redis: Client, user: User, id: str) -> list[str]:
    """The states of an item, as told."""
    entries = await redis.xrange(events.stream_of(conversation(user)))
    found = [events.decode(fields).data for _, fields in entries]
    return [data["state"] for data in found if data["id"] == id]
