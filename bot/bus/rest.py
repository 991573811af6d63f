"""The rest of a long reply, which an applicant can still fetch.

Keys (prefix ``kept:{N}:CONVERSATION:``, N its shard):

| key | type | what | kept |
|---|---|---|---|
| ``rest`` | list | texts not yet sent, in order | 1 hour, or until another message comes |
| ``given:KEY`` | string | the text that the message KEY fetched, for its redeliveries | 10 minutes |
"""

from __future__ import annotations

from bot.bus.connection import Client, bus_errors
from bot.bus.script import Script
from bot.bus.shards import shard_of

REST_SECONDS = 3_600
GIVEN_SECONDS = 600

_visit = Script("visit")


def _prefix(conversation: str) -> str:
    return f"kept:{{{shard_of(conversation)}}}:{conversation}:"


async def visit(redis: Client, conversation: str, key: str, more: bool) -> str | None:
    """The next text for the message ``key``, which asks for ``more``; each text once.

    A message that doesn't ask for more drops the rest. Raises `BusError`.
    """
    with bus_errors():
        text = await _visit(redis, _prefix(conversation), key, int(more), GIVEN_SECONDS)
    return None if text is None else text.decode()


async def keep(redis: Client, conversation: str, texts: list[str]) -> None:
    """Keep the rest of a long reply for an hour, in place of an earlier one. Raises `BusError`."""
    name = _prefix(conversation) + "rest"
    with bus_errors():
        async with redis.pipeline(transaction=True) as pipe:
            pipe.delete(name)
            pipe.rpush(name, *texts)
            pipe.expire(name, REST_SECONDS)
            await pipe.execute()


async def drop(redis: Client, conversation: str) -> None:
    """Forget the rest of a long reply. Raises `BusError`."""
    with bus_errors():
        await redis.delete(_prefix(conversation) + "rest")
