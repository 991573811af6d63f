"""Rasa's tracker store on Redis at a flat cost: a turn reads and writes a few kilobytes, ever.

Per conversation there are two keys, in the cluster slot of its shard N:

    dialogue:{N}:snapshot:CONVERSATION   what the next turn needs, see `bot.dialogue.snapshot`
    dialogue:{N}:log:CONVERSATION        every event of Rasa's, appended; nothing reads it in a turn

Dialogue here is decided by rules on the current state, so the last few turns are enough.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

from bot.bus import events, owner
from bot.bus.connection import Client, bus_errors
from bot.bus.messages import Reply
from bot.bus.owner import Owner
from bot.bus.script import Script
from bot.bus.shards import shard_of
from bot.dialogue.snapshot import Snapshot, encode
from bot.dialogue.step import Step
from bot.errors import LostError

EXPIRE_DAYS = 180

_commit = Script("dialogue_commit")
_NOTHING = Step()


class _Open(msgspec.Struct):
    """A turn that isn't written yet: its new events, and the tracker as last saved.

    ``owner``: who had the conversation when it was opened; None when that doesn't matter.
    """

    snapshot: Snapshot
    lease: str
    owner: Owner | None = None
    pending: list[dict[str, Any]] = []
    saved: DialogueStateTracker | None = None


class Conversations(TrackerStore):
    """Keeps conversations in Redis. Its methods raise `BusError` when Redis fails.

    Within `begin` and `commit` the events of a turn are held back and written with its reply in one
    step; a turn that dies before leaves no trace. Without them (Rasa's own commands) `save` writes.

    Args:
        expire_days: a conversation is forgotten after so many days without a message.
    """

    def __init__(self, domain: Domain | None, redis: Client, expire_days: int = EXPIRE_DAYS) -> None:
        super().__init__(domain)
        self.redis = redis
        self._expire = expire_days * 86400
        self._open: dict[str, _Open] = {}
        self._seen: dict[str, int] = {}

    async def begin(self, conversation: str, key: str, lease: str = "") -> Reply | None:
        """Open a turn. Returns the stored reply when this message's turn was already done.

        Args:
            lease: token of the mailbox's lease under which the turn is taken; empty for none.
        """
        with bus_errors():
            async with self.redis.pipeline(transaction=False) as pipe:
                pipe.get(_key(conversation, "snapshot"))
                pipe.hmget(owner.key_of(conversation), ["owner", "epoch", "agent"])
                data, has = await pipe.execute()
        snapshot = _decoded(data)
        if snapshot.key == key and snapshot.reply is not None:
            return snapshot.reply
        self._open[conversation] = _Open(snapshot, lease, owner.owner_of(has))
        return None

    def owner(self, conversation: str) -> Owner:
        """Who had the conversation when its turn was opened. Raises KeyError without an open turn."""
        return self._open[conversation].owner or Owner()

    def snapshot(self, conversation: str) -> Snapshot:
        """What an open turn knows of what was before; a changed ``desk`` is kept with the turn."""
        return self._open[conversation].snapshot

    def tracker(self, conversation: str) -> DialogueStateTracker:
        """The state of an open turn, as last saved. Raises KeyError when nothing was."""
        saved = self._open[conversation].saved
        if saved is None:
            raise KeyError(conversation)
        return saved

    async def commit(self, conversation: str, key: str, step: Step) -> bool:
        """Write the turn's events, the new state, its reply, what the desk is told and the new owner, in one
        step; False, with nothing written, when the owner changed since the turn was opened.

        Raises:
            LostError: another worker has taken the conversation up; nothing was written.
        """
        turn = self._open[conversation]
        turn.snapshot.key, turn.snapshot.reply = key, step.reply
        written = await self._write(conversation, turn, step)
        self.abandon(conversation)
        return written

    def abandon(self, conversation: str) -> None:
        """Forget an open turn."""
        self._open.pop(conversation, None)
        self._seen.pop(conversation, None)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        turn = self._open.get(sender_id)
        snapshot = turn.snapshot if turn is not None else await self._read(sender_id)
        if not snapshot.tail:
            return None
        past = snapshot.past()
        self._seen[sender_id] = len(past)
        return DialogueStateTracker.from_events(sender_id, past, slots=self.domain.slots, domain=self.domain)

    async def save(self, tracker: DialogueStateTracker) -> None:
        id = tracker.sender_id
        new = [event.as_dict() for event in list(tracker.events)[self._seen.get(id, 0) :]]
        self._seen[id] = len(tracker.events)
        turn = self._open.get(id)
        if turn is not None:
            turn.saved = tracker
            turn.pending += new
        elif new:
            await self._write(id, _Open(await self._read(id), "", None, new))

    async def keys(self) -> Iterable[str]:
        with bus_errors():
            found = [key async for key in self.redis.scan_iter("dialogue:{*}:snapshot:*")]
        return [key.decode().split(":snapshot:", 1)[1] for key in found]

    async def _read(self, conversation: str) -> Snapshot:
        with bus_errors():
            return _decoded(await self.redis.get(_key(conversation, "snapshot")))

    async def _write(self, conversation: str, turn: _Open, step: Step = _NOTHING) -> bool:
        turn.snapshot.fold(turn.pending)
        shard = shard_of(conversation)
        args: list[str | bytes | int] = [conversation, turn.lease, encode(turn.snapshot), self._expire]
        args += [events.stream(shard), events.MAX_LENGTH, *_fields(turn.owner), *_fields(step.to)]
        args += [len(turn.pending), *(encode(event) for event in turn.pending)]
        args += [msgspec.json.encode(event) for event in step.told]
        with bus_errors():
            written = await _commit(self.redis, f"dialogue:{{{shard}}}:", *args)
        if written == 0:
            raise LostError("another worker has taken the conversation up")
        return bool(written == 1)


def _fields(has: Owner | None) -> tuple[str, int, str]:
    return ("", 0, "") if has is None else (has.owner, has.epoch, has.agent)


def _decoded(data: bytes | None) -> Snapshot:
    return msgspec.json.decode(data, type=Snapshot) if data else Snapshot()


def _key(conversation: str, what: str) -> str:
    return f"dialogue:{{{shard_of(conversation)}}}:{what}:{conversation}"
