"""The outbox: what goes to a user other than as the answer to a callback, each item once and in order.

A conversation's items go out one after another. A conversation belongs to one of 16 shards for good
(`bot.bus.mailbox`), so each step is one atomic script on one slot, and each change of an item's state is
told on the shard's stream of events in the same step. Senders take items through `bot.bus.dispatch`.

States: ``queued``; ``sending`` (a request is out); ``held`` (until the user writes again); and, for good,
``sent``, ``failed`` (with the reason) and ``unknown`` (a request went out and no answer came). What is
unknown is never sent again by itself: `Outbox.retry` is a new attempt, made on purpose.

Keys of shard N (prefix ``outbox:{N}:``):

* ``item:ID``, a hash: ``conversation``, ``item`` (JSON), ``rest`` (JSON: messages still to go out),
  ``state``, ``reason``, ``changes``, ``tries``, ``by`` (token), ``wire`` (while a request is out). In a
  final state it is kept for 3 days; when sent, without its texts.
* ``queue:CONVERSATION``, a list: ids in order; the head stays until it is in a final state.
* ``ready:CHANNEL``, a list: conversations whose head may be taken, longest ready first.
* ``leases``, a sorted set, and ``holders``, a hash: conversations in hand, by the time (ms, Redis's clock)
  at which the lease runs out, and the token of who has it.
* ``held`` and ``delayed``, sorted sets: conversations whose head is held, by when it was, or waits for its
  next try, by when that is.
* ``wrote``, a set: conversations in hand whose user wrote meanwhile.
* ``receipt:ID``, a string: the item that the message went out for whose id the platform may come back to.
* ``passive:KEY`` and ``passive:KEY:ids``, lists: what went with the answer to the message KEY; kept 10 min.
* ``states``, a hash: how many items are, or came to an end, in each state.

A conversation with a queue is in exactly one of ``ready``, ``leases``, ``held`` and ``delayed``.
"""

from __future__ import annotations

from typing import Any, Literal, cast

import msgspec

from bot.bus.connection import Client, bus_errors
from bot.bus.events import MAX_LENGTH, Event, stream
from bot.bus.messages import Reply
from bot.bus.passage import TAKEN
from bot.bus.script import Script
from bot.bus.shards import SHARDS, shard_of

State = Literal["queued", "sending", "sent", "held", "failed", "unknown"]

KEEP_SECONDS = 3 * 86_400
"""How long an item in a final state is remembered: longer than anything may be sent after a message."""
PASSIVE_LEASE_SECONDS = 8.0
PASSIVE_KEEP_SECONDS = 600

_FIELDS = ("item", "rest", "state", "reason")


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """Something to say to a user.

    Attributes:
        id: names it for good; queued again under the same id it is the same item.
        author: who says it; ``agent`` is then the desk's id of the member of staff.
        at: seconds since 1970 when it was said.
        ticket: what the platform gave with the message that is replied to (`Inbound.ticket`).
    """

    id: str
    conversation: str
    reply: Reply
    author: Literal["bot", "agent", "system"] = "bot"
    agent: str = ""
    at: float = 0.0
    ticket: str = ""


class Waiting(msgspec.Struct, frozen=True):
    """An item on its way. ``begun`` is true when a part of it has gone out already."""

    item: Item
    state: State
    reason: str
    begun: bool = False


class Status(msgspec.Struct, frozen=True):
    """Where an item is. ``reason`` is in Chinese, for the desk."""

    conversation: str
    state: State
    reason: str


class Step(Script):
    """A script of the outbox: it knows the shard's stream of events and tells changes there."""

    def __init__(self, name: str) -> None:
        super().__init__("outbox_common", f"outbox_{name}")

    async def on(self, redis: Client, shard: int, *args: str | bytes | int) -> Any:
        """Run it on a shard. Raises `BusError`."""
        with bus_errors():
            return await self(redis, f"outbox:{{{shard}}}:", stream(shard), MAX_LENGTH, *args)


_queue, _release, _retry = Step("queue"), Step("release"), Step("retry")
_bounce = Step("bounce")
_passive, _answered = Step("passive"), Step("answered")


class Outbox:
    """The outbox as those see it who have something to say. Every method raises `BusError`."""

    def __init__(self, redis: Client) -> None:
        self._redis = redis

    async def queue(self, item: Item, event: Event | None = None) -> str:
        """Have an item sent; returns its id. An id that is known already changes nothing.

        Args:
            event: told with it in one step, so both are known or neither.
        """
        told = msgspec.json.encode(event) if event is not None else b""
        args = (item.conversation, item.id, msgspec.json.encode(item), told)
        await _queue.on(self._redis, shard_of(item.conversation), *args)
        return item.id

    async def release(self, conversation: str) -> bool:
        """The user wrote: what is held may go again. True when something was held."""
        return bool(await _release.on(self._redis, shard_of(conversation), conversation))

    async def retry(self, id: str) -> bool:
        """A new attempt at an item that failed or is unknown; False when it is neither.

        It goes behind what is queued by now, and starts at the part that isn't known to be sent.
        """
        done = [await _retry.on(self._redis, shard, id) for shard, _ in await self._find(id)]
        return any(done)

    async def status(self, id: str) -> Status | None:
        """Where an item is, or None when it is unknown or long done."""
        for _, (conversation, state, reason) in await self._find(id):
            return Status(conversation.decode(), cast(State, state.decode()), (reason or b"").decode())
        return None

    async def waiting(self, conversation: str) -> list[Waiting]:
        """What isn't sent yet, in order: it could go with the answer to the user's next message."""
        prefix = f"outbox:{{{shard_of(conversation)}}}:"
        with bus_errors():
            ids = await self._redis.lrange(f"{prefix}queue:{conversation}", 0, -1)
            pipe = self._redis.pipeline(transaction=False)
            for id in ids:
                pipe.hmget(f"{prefix}item:{id.decode()}", list(_FIELDS))
            found = await pipe.execute()
        # Between the two looks an item may have been sent: then it has no text any more.
        return [_waiting(*fields) for fields in found if fields[0] is not None]

    async def take_passive(self, conversation: str, key: str, most: int = 5) -> list[Item]:
        """The first items of a conversation, to go with the answer to the user's message ``key``.

        Ask for as many as fit (`waiting` shows them), answer, then say `answered`; without that they are
        unknown after 8 s. The platform delivers a message again only when its answer didn't arrive, so a
        redelivery gets the same items. None while a sender has the conversation in hand. What the bot said
        before somebody else took the conversation isn't among them: it fails.
        """
        lease = int(PASSIVE_LEASE_SECONDS * 1000)
        args = (conversation, key, most, lease, PASSIVE_KEEP_SECONDS, TAKEN, KEEP_SECONDS)
        found = await _passive.on(self._redis, shard_of(conversation), *args)
        return [msgspec.json.decode(item, type=Item) for item in found]

    async def answered(self, conversation: str, key: str, count: int) -> int:
        """The answer to ``key`` carried the first ``count`` items taken for it: they are sent.

        The others wait on. Returns how many are sent by it; saying it again does no harm.
        """
        args = (conversation, key, count, KEEP_SECONDS)
        return int(await _answered.on(self._redis, shard_of(conversation), *args))

    async def bounce(self, conversation: str, receipt: str, reason: str) -> str:
        """The platform tells that a message it had taken didn't arrive; the id of its item, "" if unknown.

        The item failed then, and is forgotten: said anew, it is another.
        """
        found = await _bounce.on(self._redis, shard_of(conversation), conversation, receipt, reason)
        return str(found.decode())

    async def counts(self) -> dict[State, int]:
        """How many items are ``queued``, ``sending`` and ``held``, and how many ended in the others."""
        with bus_errors():
            pipe = self._redis.pipeline(transaction=False)
            for shard in range(SHARDS):
                pipe.hgetall(f"outbox:{{{shard}}}:states")
            found = await pipe.execute()
        states: tuple[State, ...] = ("queued", "sending", "sent", "held", "failed", "unknown")
        return {state: sum(int(one.get(state.encode(), 0)) for one in found) for state in states}

    async def _find(self, id: str) -> list[tuple[int, Any]]:
        """Shard and record of an item: an id doesn't tell its shard, so all are asked."""
        with bus_errors():
            pipe = self._redis.pipeline(transaction=False)
            for shard in range(SHARDS):
                pipe.hmget(f"outbox:{{{shard}}}:item:{id}", ["conversation", "state", "reason"])
            found = await pipe.execute()
        return [(shard, fields) for shard, fields in enumerate(found) if fields[1] is not None]


def _waiting(item: bytes, rest: bytes | None, state: bytes, reason: bytes | None) -> Waiting:
    decoded = msgspec.json.decode(item, type=Item)
    return Waiting(decoded, cast(State, state.decode()), (reason or b"").decode(), rest is not None)
