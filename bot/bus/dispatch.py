"""What a sender takes from the outbox: one item a conversation at a time, with a lease.

A lease runs out 8 s after its holder was lost. Until `Dispatch.begin` nothing has gone out, and another
sender takes the item up; after it nobody knows, and the item is unknown.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import msgspec
import structlog

from bot.bus.connection import Client
from bot.bus.outbox import KEEP_SECONDS, Item, State, Step
from bot.bus.shards import SHARDS, shard_of
from bot.bus.signals import Bells, Listener, sleep
from bot.bus.tasks import end
from bot.errors import BusError

LEASE_SECONDS = 8.0
SWEEP_SECONDS = 2.0
LONGEST_DELAY = 600.0
READY = "outbox:ready"
LOST = "发送时程序中断，不知道对方有没有收到。确认没收到后再重发。"
UNREADABLE = "这条消息的内容读不出来，没有发送。"

Message = dict[str, Any]
"""One message as it goes over the wire, in the channel's own form."""

_take, _hold, _settle, _sweep = Step("take"), Step("hold"), Step("settle"), Step("sweep")
_log = structlog.get_logger("outbox")


def receipt(message: Message) -> str:
    """The id that makes a message safe to repeat, and by which the platform tells later what came of it."""
    return str(message.get("msgid", ""))


class Lease(msgspec.Struct, frozen=True):
    """An item in hand.

    Attributes:
        rest: the messages that still have to go out, or None when none has been put in form yet.
        tries: 1 at first, more after lost holders and tries that were put off.
    """

    item: Item
    token: str
    rest: tuple[Message, ...] | None = None
    tries: int = 1


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What came of an item in hand.

    Attributes:
        state: ``queued`` puts it off for ``delay`` seconds; what is behind it waits too.
        reason: for the desk, in Chinese; empty when there is none.
        tries: how many tries count so far, for ``queued``.
        rest: the messages still to go out; None when that hasn't changed.
    """

    state: State
    reason: str = ""
    delay: float = 0.0
    tries: int = 0
    rest: tuple[Message, ...] | None = None


class Dispatch:
    """The outbox of one channel as one sender sees it. Every method raises `BusError`.

    Args:
        channel: only conversations of this channel are taken.
        lease: seconds that an item stays in hand without `extend`.
    """

    def __init__(self, redis: Client, channel: str, lease: float = LEASE_SECONDS) -> None:
        self._redis = redis
        self._channel = channel
        self._lease = int(lease * 1000)
        self._bells = Bells()
        self._ready = Listener(redis, READY, self._hear, self._missed)
        self._hints: OrderedDict[int, None] = OrderedDict()
        self._sweep_at = 0.0

    async def close(self) -> None:
        """Stop listening. The client stays open: it is the caller's."""
        await self._ready.close()

    async def take(self, timeout: float) -> Lease | None:
        """The next item that may be sent, waited for at most ``timeout`` seconds."""
        loop = asyncio.get_running_loop()
        until = loop.time() + timeout
        self._ready.start()
        with self._bells.waiter(READY) as bell:
            while True:
                if loop.time() >= self._sweep_at:
                    await self._look_everywhere()
                lease = await self._take_hinted()
                if lease is not None or loop.time() >= until:
                    return lease
                await sleep(bell, min(until, self._sweep_at) - loop.time())

    async def begin(self, lease: Lease, rest: tuple[Message, ...]) -> bool:
        """The first message of ``rest`` is about to go out; False when the item was lost: then it mustn't.

        Should this process die now, the item is unknown; one with a receipt is sent again.
        """
        return await self._held(lease, msgspec.json.encode(rest), receipt(rest[0]))

    async def extend(self, lease: Lease) -> bool:
        """Hold on to an item for another 8 s; False when it was lost."""
        return await self._held(lease, b"")

    async def settle(self, lease: Lease, result: Result) -> bool:
        """Report what came of an item; False, with nothing written, when it was lost to another."""
        item = lease.item
        rest = b"" if result.rest is None else msgspec.json.encode(result.rest)
        end = (item.conversation, lease.token, item.id, result.state, result.reason)
        args = (*end, int(result.delay * 1000), result.tries, rest, KEEP_SECONDS)
        return bool(await _settle.on(self._redis, shard_of(item.conversation), *args))

    @asynccontextmanager
    async def holding(self, lease: Lease) -> AsyncIterator[None]:
        """Extend the lease in the background for as long as this process lives and works on it."""

        async def keep() -> None:
            while True:
                await asyncio.sleep(self._lease / 4000)
                with suppress(BusError):
                    await self.extend(lease)

        keeper = asyncio.create_task(keep())
        try:
            yield
        finally:
            await end(keeper)

    async def _held(self, lease: Lease, rest: bytes, receipt: str = "") -> bool:
        conversation = lease.item.conversation
        args = (conversation, lease.token, self._lease, rest, receipt, KEEP_SECONDS)
        return bool(await _hold.on(self._redis, shard_of(conversation), *args))

    async def _take_hinted(self) -> Lease | None:
        """Try the shards that were said to have something, the one tried longest ago first."""
        while self._hints:
            # Taken out first: a signal that comes while the script runs must stay.
            shard, _ = self._hints.popitem(last=False)
            token = secrets.token_hex(8)
            found = await _take.on(self._redis, shard, self._channel, token, self._lease)
            if not found:
                continue
            self._hints[shard] = None
            id, item, rest, tries = found
            try:
                known = msgspec.json.decode(rest, type=tuple[Message, ...]) if rest else None
                return Lease(msgspec.json.decode(item, type=Item), token, known, int(tries))
            except msgspec.DecodeError:
                # Written by another version. It can never be sent, and mustn't block the rest.
                _log.error("unreadable item put away", shard=shard)
                await self._put_away(shard, id, token)
        return None

    async def _put_away(self, shard: int, id: bytes, token: str) -> None:
        conversation = await self._redis.hget(f"outbox:{{{shard}}}:item:{id.decode()}", "conversation") or b""
        args = (conversation, token, id, "failed", UNREADABLE, 0, 0, b"", KEEP_SECONDS)
        await _settle.on(self._redis, shard, *args)

    async def _look_everywhere(self) -> None:
        """Free what dead senders held, and learn which shards have something ready."""
        now = asyncio.get_running_loop().time()
        self._sweep_at = now + SWEEP_SECONDS
        args = (self._channel, self._lease, int(LONGEST_DELAY * 1000), LOST, KEEP_SECONDS)
        found = await asyncio.gather(*[_sweep.on(self._redis, shard, *args) for shard in range(SHARDS)])
        for shard, (ready, next_ms) in enumerate(found):
            if ready:
                self._hints[shard] = None
            if next_ms >= 0:
                self._sweep_at = min(self._sweep_at, now + next_ms / 1000 + 0.01)

    def _hear(self, text: str) -> None:
        shard, _, channel = text.partition(" ")
        if channel == self._channel:
            self._hints[int(shard)] = None
            self._bells.ring(READY)

    def _missed(self) -> None:
        self._sweep_at = 0.0
        self._bells.ring(READY)
