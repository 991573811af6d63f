"""Rasa's tracker store on Redis at a flat cost: a turn reads and writes a few kilobytes, ever.

Per conversation there are two keys, in the cluster slot of its shard (see `bot.bus.mailbox`):

    dialogue:{N}:snapshot:CONVERSATION   what the next turn needs: the state before the last turns
                                         (slots, active loop), those turns' events, the last message's
                                         key and reply
    dialogue:{N}:log:CONVERSATION        every event of Rasa's, appended; nothing reads it in a turn

Dialogue here is decided by rules on the current state, so the last few turns are enough.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    Event,
    SessionStarted,
    SlotSet,
    deserialise_events,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.bus import events
from bot.bus.connection import Client
from bot.bus.mailbox import shard_of
from bot.bus.messages import Reply

KEPT_TURNS = 2
"""Turns whose events the next turn sees."""

EXPIRE_DAYS = 180


class Snapshot(msgspec.Struct):
    """What a turn reads and writes. ``key`` and ``reply`` are those of the last message done."""

    slots: dict[str, Any] = {}
    loop: str | None = None
    tail: list[dict[str, Any]] = []
    key: str = ""
    reply: Reply | None = None


class Conversations(TrackerStore):
    """Keeps conversations in Redis.

    Within `begin` and `commit` the events of a turn are held back and written with its reply in one
    step; a turn that dies before leaves no trace. Without them (Rasa's own commands) `save` writes.
    """

    def __init__(self, domain: Domain | None, redis: Client, expire_days: int = EXPIRE_DAYS) -> None:
        super().__init__(domain)
        self._redis = redis
        self._expire = expire_days * 86400
        self._open: dict[str, Snapshot] = {}
        self._seen: dict[str, int] = {}
        self._pending: dict[str, list[dict[str, Any]]] = {}
        self._saved: dict[str, DialogueStateTracker] = {}

    async def begin(self, conversation: str, key: str) -> Reply | None:
        """Open a turn. Returns the stored reply when this message's turn was already done."""
        snapshot = await self._read(conversation)
        if snapshot.key == key and snapshot.reply is not None:
            return snapshot.reply
        self._open[conversation] = snapshot
        return None

    def tracker(self, conversation: str) -> DialogueStateTracker:
        """The state of an open turn, as last saved. Raises KeyError when nothing was."""
        return self._saved[conversation]

    async def commit(self, conversation: str, key: str, reply: Reply, told: Sequence[events.Event]) -> None:
        """Write the turn's events, the new state, its reply and what the desk is told, in one step."""
        snapshot, pending = self._open[conversation], self._pending.get(conversation, [])
        snapshot.key, snapshot.reply = key, reply
        await self._write(conversation, snapshot, pending, told)
        self.abandon(conversation)

    def abandon(self, conversation: str) -> None:
        """Forget an open turn."""
        for held in (self._open, self._pending, self._seen, self._saved):
            held.pop(conversation, None)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        snapshot = self._open.get(sender_id) or await self._read(sender_id)
        if not snapshot.tail:
            return None
        past = [*_base(snapshot), *deserialise_events(snapshot.tail)]
        self._seen[sender_id] = len(past)
        return DialogueStateTracker.from_events(sender_id, past, slots=self.domain.slots, domain=self.domain)

    async def save(self, tracker: DialogueStateTracker) -> None:
        id = tracker.sender_id
        new = [event.as_dict() for event in list(tracker.events)[self._seen.get(id, 0) :]]
        self._seen[id] = len(tracker.events)
        if id in self._open:
            self._saved[id] = tracker
            self._pending[id] = [*self._pending.get(id, []), *new]
        elif new:
            await self._write(id, await self._read(id), new)

    async def keys(self) -> Iterable[str]:
        found = [key async for key in self._redis.scan_iter("dialogue:{*}:snapshot:*")]
        return [key.decode().split(":snapshot:", 1)[1] for key in found]

    async def _read(self, conversation: str) -> Snapshot:
        data = await self._redis.get(_key(conversation, "snapshot"))
        return msgspec.json.decode(data, type=Snapshot) if data else Snapshot()

    async def _write(
        self,
        conversation: str,
        snapshot: Snapshot,
        new: list[dict[str, Any]],
        told: Sequence[events.Event] = (),
    ) -> None:
        _fold(snapshot, new)
        async with self._redis.pipeline(transaction=True) as pipe:
            if new:
                log = _key(conversation, "log")
                pipe.rpush(log, *[_encode(event) for event in new])
                pipe.expire(log, self._expire)
            pipe.set(_key(conversation, "snapshot"), _encode(snapshot), ex=self._expire)
            for event in told:
                events.append(pipe, event)
            await pipe.execute()


def _encode(value: Any) -> bytes:
    # Components of Rasa put numpy's strings and numbers into what they find.
    return msgspec.json.encode(value, enc_hook=lambda number: number.item())


def _key(conversation: str, what: str) -> str:
    return f"dialogue:{{{shard_of(conversation)}}}:{what}:{conversation}"


def _base(snapshot: Snapshot) -> list[Event]:
    """The events that bring a fresh tracker to the state before the tail."""
    past = time.time()
    start = ActionExecuted(ACTION_SESSION_START_NAME, timestamp=past)
    state: list[Event] = [start, SessionStarted(timestamp=past)]
    state += [SlotSet(name, value, timestamp=past) for name, value in snapshot.slots.items()]
    if snapshot.loop:
        state.append(ActiveLoop(snapshot.loop, timestamp=past))
    return [*state, ActionExecuted(ACTION_LISTEN_NAME, timestamp=past)]


def _fold(snapshot: Snapshot, new: list[dict[str, Any]]) -> None:
    """Append events to the tail; turns that fall out of it go into the slots and the loop."""
    tail = [*snapshot.tail, *new]
    starts = [index for index, event in enumerate(tail) if event["event"] == "user"]
    cut = starts[-KEPT_TURNS] if len(starts) > KEPT_TURNS else 0
    for event in tail[:cut]:
        if event["event"] == "slot":
            snapshot.slots[event["name"]] = event["value"]
        elif event["event"] == "active_loop":
            snapshot.loop = event["name"]
    snapshot.tail = tail[cut:]
