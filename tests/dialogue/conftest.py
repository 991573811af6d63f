"""The real model with real actions and a real Redis server, one conversation a test."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot import settings
from bot.bus.connection import Client
from bot.bus.messages import Inbound, Reply
from bot.bus.shards import shard_of
from bot.dialogue import train

_users = itertools.count(1)


@pytest.fixture(scope="session")
def model() -> Path:
    """The trained model; trained now if it isn't there."""
    train.quiet_environment()
    return train.ensure(settings.load())


class Applicant:
    """One applicant who writes and taps; remembers the last reply."""

    def __init__(self, runtime: Any, channel: str = "wechat") -> None:
        self.runtime = runtime
        self._last: Inbound | None = None
        self._user = f"user{next(_users)}"
        self._channel = channel
        self._keys = itertools.count(1)
        self.reply = Reply()

    async def _turn(self, **message: str) -> Reply:
        key = f"{self._user}-{next(self._keys)}"
        self._last = Inbound(key=key, channel=self._channel, account="gh", user=self._user, **message)  # type: ignore[arg-type]
        self.reply = await self.runtime.turn(self._last)
        return self.reply

    async def again(self) -> Reply:
        """The last message once more, as after the death of a worker."""
        assert self._last is not None
        reply: Reply = await self.runtime.turn(self._last)
        return reply

    async def desk(self, tap: str, text: str = "") -> Reply:
        """What the desk asks the worker."""
        return await self._turn(kind="desk", tap=tap, text=text)

    async def poison(self, text: str) -> Reply:
        """A message that has cost two workers their lives."""
        key = f"{self._user}-{next(self._keys)}"
        inbound = Inbound(
            key=key, channel=self._channel, account="gh", user=self._user, kind="text", text=text
        )
        reply: Reply = await self.runtime.fail(inbound, "poisoned")
        return reply

    @property
    def id(self) -> str:
        """The conversation's id."""
        return f"{self._channel}:gh:{self._user}"

    def key(self, what: str) -> str:
        """The Redis key of its ``snapshot`` or ``log``."""
        return f"dialogue:{{{shard_of(self.id)}}}:{what}:{self.id}"

    async def say(self, text: str) -> Reply:
        return await self._turn(kind="text", text=text)

    async def tap(self, tap: str) -> Reply:
        return await self._turn(kind="tap", tap=tap)

    async def event(self, kind: str, text: str = "") -> Reply:
        return await self._turn(kind=kind, text=text)

    @property
    def taps(self) -> list[str]:
        return [option.tap for option in self.reply.options]


@pytest.fixture(scope="session")
def _runtimes() -> dict[str, object]:
    return {}


@pytest.fixture
async def applicant(model: Path, redis: Client, _runtimes: dict[str, object]) -> Callable[[], Applicant]:
    """Makes applicants. The model is loaded once; the Redis client is this test's own."""
    from bot.dialogue.runtime import Runtime

    if "one" not in _runtimes:
        _runtimes["one"] = Runtime(model, redis)
    runtime = _runtimes["one"]
    runtime._store.redis = redis  # type: ignore[attr-defined]
    return lambda: Applicant(runtime)
