"""What an applicant can still fetch: the rest of a long reply, and a reply that came too late.

Keys (prefix ``kept:{CONVERSATION}:``, one slot):

| key | type | what | kept |
|---|---|---|---|
| ``rest`` | list | texts not yet sent, in order | 1 hour, or until another message comes |
| ``owed`` | string | key of the message whose reply was promised for later | 1 day |
| ``given:KEY`` | hash | what the message KEY fetched, for its redeliveries | 10 minutes |
"""

from __future__ import annotations

import msgspec

from bot.bus.connection import Client, bus_errors
from bot.bus.script import Script

REST_SECONDS = 3_600
OWED_SECONDS = 86_400
GIVEN_SECONDS = 600

_visit, _settle = Script("visit"), Script("settle")


class Kept(msgspec.Struct, frozen=True):
    """What was kept for a message: the next text, or the key of a message whose reply is owed."""

    text: str | None
    owed: str | None


def _prefix(conversation: str) -> str:
    return f"kept:{{{conversation}}}:"


async def visit(redis: Client, conversation: str, key: str, more: bool) -> Kept:
    """What is kept for the message ``key``, each thing once; ``more`` asks for the next text.

    A message that doesn't ask for more drops the rest. Raises `BusError`.
    """
    with bus_errors():
        found = await _visit(redis, _prefix(conversation), key, int(more), GIVEN_SECONDS)
    text, owed = (None if value is None else value.decode() for value in found)
    return Kept(text, owed)


async def keep(redis: Client, conversation: str, texts: list[str]) -> None:
    """Keep the rest of a long reply for an hour, in place of an earlier one. Raises `BusError`."""
    name = _prefix(conversation) + "rest"
    with bus_errors():
        async with redis.pipeline(transaction=True) as pipe:
            pipe.delete(name)
            pipe.rpush(name, *texts)
            pipe.expire(name, REST_SECONDS)
            await pipe.execute()


async def owe(redis: Client, conversation: str, key: str) -> None:
    """Promise the reply to ``key`` with whatever is sent next. Raises `BusError`."""
    with bus_errors():
        await redis.set(_prefix(conversation) + "owed", key, ex=OWED_SECONDS)


async def settle(redis: Client, conversation: str, key: str) -> bool:
    """Take back the promise of the reply to ``key``: whoever gets True delivers it. Raises `BusError`."""
    with bus_errors():
        return bool(await _settle(redis, _prefix(conversation), key))
