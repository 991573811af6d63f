"""The mailbox: messages in, worked on one at a time a conversation, replies out, by any process.

A conversation belongs to one of 16 shards for good, and all keys of a shard share one Redis
Cluster slot, so each step is one atomic script on one slot. The shards are looked through in
turn; a signal says which one has something, and a sweep every 2 s finds what no signal told.

Keys of shard N (prefix ``mailbox:{N}:``), all text:

| key | type | what |
|---|---|---|
| ``message:KEY`` | hash | a message, see below; kept for 1 day once done |
| ``queue:CONVERSATION`` | list | keys in order of arrival; the head stays until its reply is stored |
| ``ready`` | list | conversations with a queue and no lease, longest ready first |
| ``leases`` | sorted set | conversations in hand, by when the lease runs out (ms, Redis's clock) |
| ``holders`` | hash | conversation to token of the lease |
| ``waiting`` | sorted set | keys of messages without a reply, by when they were put (ms) |
| ``turns`` | hash | how many turns there were, see `bot.bus.turns` |

A message's fields: ``inbound`` (JSON, until done), ``deliveries`` (times it was put), ``attempt``
(times it was taken), ``reply`` (JSON), ``by`` (token of who stored it) and ``owed`` (a gateway has promised
the reply for later: it goes to the user through the outbox, and in no other way) with ``ticket``.

Channels: ``mailbox:ready`` says a shard; ``mailbox:replies`` says a shard and a key. A conversation
with a queue is in ``ready`` or in ``leases``, never in both and never in none.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import OrderedDict

import msgspec
import structlog

from bot.bus.connection import Client, bus_errors
from bot.bus.events import MAX_LENGTH, stream
from bot.bus.messages import Inbound, Reply, decode_inbound, decode_reply, encode
from bot.bus.script import Script
from bot.bus.shards import SHARDS, shard_of
from bot.bus.signals import Bells, Listener, sleep
from bot.bus.turns import Turn

__all__ = ["SHARDS", "Lease", "Mailbox", "shard_of"]

LEASE_SECONDS = 8.0
SWEEP_SECONDS = 2.0
KEEP_SECONDS = 86_400
READY, REPLIES = "mailbox:ready", "mailbox:replies"

_put, _take, _extend = Script("put"), Script("take"), Script("extend")
_done, _sweep = Script("outbox_common", "outbox_late", "done"), Script("sweep")
_owe = Script("outbox_common", "outbox_late", "owe")
_log = structlog.get_logger()


class Lease(msgspec.Struct, frozen=True):
    """A message in hand. ``attempt`` is 1 at first, more when earlier holders were lost."""

    inbound: Inbound
    attempt: int
    token: str


def _prefix(shard: int) -> str:
    return f"mailbox:{{{shard}}}:"


class Mailbox:
    """The mailbox as one process sees it. Every method raises `BusError` when Redis fails.

    Args:
        lease: seconds that a message stays in hand without `extend`.
    """

    def __init__(self, redis: Client, lease: float = LEASE_SECONDS) -> None:
        self._redis = redis
        self._lease = int(lease * 1000)
        self._bells = Bells()
        self._replies = Listener(redis, REPLIES, self._hear_reply, self._bells.ring_all)
        self._ready = Listener(redis, READY, self._hear_ready, self._missed)
        self._shards: OrderedDict[str, int] = OrderedDict()
        self._hints: dict[int, None] = {}
        self._sweep_at = 0.0

    async def close(self) -> None:
        """Stop listening. The client stays open: it is the caller's."""
        await self._replies.close()
        await self._ready.close()

    async def put(self, inbound: Inbound) -> bool:
        """Put a message in its conversation's queue; False when its key is already known."""
        shard = shard_of(inbound.conversation)
        self._remember(inbound.key, shard)
        args = (inbound.key, inbound.conversation, encode(inbound), shard, READY)
        with bus_errors():
            return bool(await _put(self._redis, _prefix(shard), *args))

    async def deliveries(self, key: str) -> int:
        """How many times a message was put, the refused times included; 0 when it is unknown."""
        with bus_errors():
            return max([int(value or 0) for value in await self._fields(key, "deliveries")])

    async def reply(self, key: str, timeout: float) -> Reply | None:
        """The reply to the message ``key``, waited for at most ``timeout`` seconds.

        Any number may wait for one key, in any process.
        """
        loop = asyncio.get_running_loop()
        until = loop.time() + timeout
        self._replies.start()
        with self._bells.waiter(key) as bell, bus_errors():
            while True:
                for stored in await self._fields(key, "reply"):
                    if stored is not None:
                        return decode_reply(stored)
                if loop.time() >= until:
                    return None
                await sleep(bell, until - loop.time())

    async def take(self, timeout: float) -> Lease | None:
        """The next message that may be worked on, waited for at most ``timeout`` seconds."""
        loop = asyncio.get_running_loop()
        until = loop.time() + timeout
        self._ready.start()
        with self._bells.waiter(READY) as bell, bus_errors():
            while True:
                if loop.time() >= self._sweep_at:
                    await self._look_everywhere()
                lease = await self._take_hinted()
                if lease is not None or loop.time() >= until:
                    return lease
                await sleep(bell, min(until, self._sweep_at) - loop.time())

    async def extend(self, lease: Lease) -> bool:
        """Hold on to a message for another 8 s; False when it was lost to another worker."""
        conversation = lease.inbound.conversation
        with bus_errors():
            prefix = _prefix(shard_of(conversation))
            return bool(await _extend(self._redis, prefix, conversation, lease.token, self._lease))

    async def done(self, lease: Lease, reply: Reply, turn: Turn | None = None) -> bool:
        """Store the reply and put the message away; False, with nothing written, when it was lost.

        A reply that was promised for later is put in the outbox in the same step.
        """
        return await self._finish(lease.inbound.conversation, lease.token, lease.inbound.key, reply, turn)

    async def owe(self, inbound: Inbound, always: bool = False) -> Reply | None:
        """Promise the reply for later: from here on it goes to the user through the outbox.

        Args:
            always: promise it even if it is there by now.

        Returns:
            The reply if it is there, and then nothing was promised; else None.
        """
        found = await self._outboxed(_owe, inbound.conversation, inbound.key, int(always), inbound.ticket)
        return decode_reply(found) if found else None

    async def owed(self, key: str) -> bool:
        """Whether the reply was promised for later."""
        with bus_errors():
            return any(await self._fields(key, "owed"))

    async def _finish(
        self, conversation: str, token: str, key: str, reply: Reply, turn: Turn | None = None
    ) -> bool:
        turn = turn or Turn()
        counts = (turn.result, turn.milliseconds, turn.field)
        args = (conversation, token, key, encode(reply), KEEP_SECONDS, *counts)
        return bool(await self._outboxed(_done, *args))

    async def _outboxed(self, script: Script, conversation: str, *args: str | bytes | int) -> bytes | None:
        """Run a script that may put something in the conversation's outbox."""
        shard = shard_of(conversation)
        with bus_errors():
            found: bytes | None = await script(
                self._redis, f"outbox:{{{shard}}}:", stream(shard), MAX_LENGTH, conversation, *args
            )
        return found

    async def _take_hinted(self) -> Lease | None:
        """Try the shards that were said to have something, the one tried longest ago first."""
        while self._hints:
            shard = next(iter(self._hints))
            # Taken out first: a signal that comes while the script runs must stay.
            del self._hints[shard]
            token = secrets.token_hex(8)
            found = await _take(self._redis, _prefix(shard), token, self._lease)
            if not found:
                continue
            self._hints[shard] = None
            try:
                return Lease(decode_inbound(found[2]), int(found[3]), token)
            except msgspec.DecodeError:
                # Written by another version. It can never be worked on, and mustn't block the rest.
                _log.error("unreadable message put away", shard=shard)
                await self._finish(found[0].decode(), token, found[1].decode(), Reply())
        return None

    async def _look_everywhere(self) -> None:
        """Free what dead workers held, and learn which shards have something ready."""
        now = asyncio.get_running_loop().time()
        self._sweep_at = now + SWEEP_SECONDS
        calls = [_sweep(self._redis, _prefix(shard), self._lease) for shard in range(SHARDS)]
        for shard, (ready, next_ms) in enumerate(await asyncio.gather(*calls)):
            if ready:
                self._hints[shard] = None
            if next_ms >= 0:
                self._sweep_at = min(self._sweep_at, now + next_ms / 1000 + 0.01)

    async def _fields(self, key: str, field: str) -> list[bytes | None]:
        """A field of a message's record. Without its shard, that of every shard: one holds it."""
        known = self._shards.get(key)
        if known is not None:
            return [await self._redis.hget(f"{_prefix(known)}message:{key}", field)]
        pipe = self._redis.pipeline(transaction=False)
        for shard in range(SHARDS):
            pipe.hget(f"{_prefix(shard)}message:{key}", field)
        return list(await pipe.execute())

    def _remember(self, key: str, shard: int) -> None:
        self._shards[key] = shard
        if len(self._shards) > 10_000:
            self._shards.popitem(last=False)

    def _hear_reply(self, text: str) -> None:
        self._bells.ring(text.partition(" ")[2])

    def _hear_ready(self, text: str) -> None:
        self._hints[int(text)] = None
        self._bells.ring(READY)

    def _missed(self) -> None:
        self._sweep_at = 0.0
        self._bells.ring(READY)
