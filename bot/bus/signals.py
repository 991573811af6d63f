"""Being told instead of asking: one subscription a process, and waiters who sleep until it rings.

Publish/subscribe promises nothing, so it only ever says "look now". Whoever waits looks again
after a gap in the subscription and when its time is up; nothing depends on a signal alone.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager

from redis.asyncio.client import PubSub
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError

from bot.bus.connection import Client
from bot.bus.tasks import end

QUIET_SECONDS = 3.0
"""A silent subscription is pinged after this long, and given up after as long again."""


class Bells:
    """Waiters by topic. Each has a bell of its own, so that none misses a ring meant for all."""

    def __init__(self) -> None:
        self._bells: dict[Hashable, set[asyncio.Event]] = defaultdict(set)

    @contextmanager
    def waiter(self, topic: Hashable) -> Iterator[asyncio.Event]:
        """A bell for one waiter, which hears every ring from here on."""
        bell = asyncio.Event()
        self._bells[topic].add(bell)
        try:
            yield bell
        finally:
            self._bells[topic].discard(bell)
            if not self._bells[topic]:
                del self._bells[topic]

    def ring(self, topic: Hashable) -> None:
        """Wake everyone who waits for ``topic``."""
        for bell in self._bells.get(topic, ()):
            bell.set()

    def ring_all(self) -> None:
        """Wake everyone: signals may have been lost."""
        for topic in list(self._bells):
            self.ring(topic)

    def __len__(self) -> int:
        return sum(len(bells) for bells in self._bells.values())


async def sleep(bell: asyncio.Event, seconds: float) -> None:
    """Sleep until the bell rings, at most ``seconds``; the bell is silent again afterwards."""
    timer = asyncio.get_running_loop().call_later(max(seconds, 0.0), bell.set)
    try:
        await bell.wait()
    finally:
        timer.cancel()
        bell.clear()


class Listener:
    """Keeps one subscription alive in the background, from `start` to `close`.

    Args:
        heard: called with the text of each message.
        gap: called whenever the subscription is (again) in place: look for what was missed.
    """

    def __init__(self, redis: Client, channel: str, heard: Callable[[str], None], gap: Callable[[], None]):
        self._redis = redis
        self._channel = channel
        self._heard = heard
        self._gap = gap
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin listening; does nothing when already listening."""
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._run(), name=f"listen {self._channel}")

    async def close(self) -> None:
        """Stop listening and give the connection back."""
        task, self._task = self._task, None
        if task is not None:
            await end(task)

    async def _run(self) -> None:
        while True:
            try:
                await self._listen()
            except (RedisError, OSError, asyncio.TimeoutError):
                await asyncio.sleep(0.3)

    async def _listen(self) -> None:
        subscription: PubSub = self._redis.pubsub()
        try:
            await subscription.subscribe(self._channel)
            pinged = False
            while True:
                message = await subscription.get_message(timeout=QUIET_SECONDS)
                if message is not None:
                    pinged = False
                    self._take(message)
                elif pinged:
                    raise RedisConnectionError("the subscription is dead")
                else:
                    await subscription.ping()
                    pinged = True
        finally:
            await subscription.reset()

    def _take(self, message: dict[str, object]) -> None:
        data = message["data"]
        if message["type"] == "subscribe":
            self._gap()
        elif message["type"] == "message" and isinstance(data, bytes):
            self._heard(data.decode())
