"""Which edition of the guide, and which model, every worker should use; and what each has loaded.

Keys, for each ``what`` (``guide`` or ``model``):

    <what>:current           the version that the office published last
    <what>:files:<version>   a hash, name to content: so a worker on another machine needs no shared disk
    <what>:loaded            a hash, worker to JSON: what it has loaded, and why not what it should

Channel ``<what>:changed`` says "look now"; workers look every few seconds anyway. The desk's SQL is the
truth and writes the keys again when they are gone.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Literal

import msgspec

from bot.bus.connection import Client, bus_errors

What = Literal["guide", "model"]

KEEP_SECONDS = 90 * 86_400
FRESH_SECONDS = 30.0
"""A worker that said nothing for this long is gone."""


class Loaded(msgspec.Struct, frozen=True):
    """What a worker has: ``version``, and in ``problem`` why the current one doesn't load, if so."""

    version: str
    problem: str = ""
    at: float = 0.0


def channel(what: What) -> str:
    """The channel on which a change is told."""
    return f"{what}:changed"


async def publish(redis: Client, what: What, version: str, files: Mapping[str, bytes]) -> None:
    """Make a version current; its files are there before it is. Raises `BusError`."""
    key = f"{what}:files:{version}"
    with bus_errors():
        if not await redis.exists(key):
            # A file at a time: a model's parts are a megabyte each, and a command has a limit in time.
            for name, content in files.items():
                await redis.hset(f"{key}:new", name, content)
            if files:
                await redis.rename(f"{key}:new", key)  # type: ignore[no-untyped-call]
        await redis.expire(key, KEEP_SECONDS)
        await redis.set(f"{what}:current", version)
        await redis.publish(channel(what), version)


async def current(redis: Client, what: What) -> str:
    """The current version; empty when Redis knows of none. Raises `BusError`."""
    with bus_errors():
        return (await redis.get(f"{what}:current") or b"").decode()


async def files(redis: Client, what: What, version: str) -> dict[str, bytes]:
    """The files of a version; empty when Redis has none. Raises `BusError`."""
    found: dict[str, bytes] = {}
    with bus_errors():
        for name in await redis.hkeys(f"{what}:files:{version}"):
            found[name.decode()] = await redis.hget(f"{what}:files:{version}", name) or b""
    return found


async def tell(redis: Client, what: What, worker: str, version: str, problem: str = "") -> None:
    """Say what a worker has loaded. Raises `BusError`."""
    with bus_errors():
        await redis.hset(f"{what}:loaded", worker, msgspec.json.encode(Loaded(version, problem, time.time())))


async def loaded(redis: Client, what: What) -> dict[str, Loaded]:
    """What each living worker has loaded; the dead are forgotten. Raises `BusError`."""
    with bus_errors():
        found = await redis.hgetall(f"{what}:loaded")
        told = {name: msgspec.json.decode(raw, type=Loaded) for name, raw in found.items()}
        gone = [name for name, each in told.items() if time.time() - each.at > FRESH_SECONDS]
        if gone:
            await redis.hdel(f"{what}:loaded", *gone)
    return {name.decode(): each for name, each in told.items() if name not in gone}
