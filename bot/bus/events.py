"""What happened: one stream a shard, read by the desk, each event once.

Key ``events:{N}`` of shard N is a Redis Stream with one field, ``e``: the event as JSON. It shares
the slot of the conversation's other keys, so an event is appended in the same transaction as what
it tells of.
"""

from __future__ import annotations

import time
from typing import Any, Literal

import msgspec

from bot.bus.messages import Inbound
from bot.bus.shards import SHARDS, shard_of

Kind = Literal["message_in", "message_out", "turn", "handoff", "delivery", "feedback", "follow", "unfollow"]

GROUP = "desk"
"""The consumer group of the desk."""

MAX_LENGTH = 200_000
"""About how many events a shard keeps; the desk has long read the older ones."""


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that happened in a conversation.

    Attributes:
        id: unique for good, and the same when the step that tells of it is run again.
        at: seconds since 1970.
        data: by kind.
            ``message_in``: key, kind, text, tap, created_at.
            ``turn``: key, intent, confidence, topic, project, outcome (answered, not_in_guide, clarified,
            not_understood, off_topic, handover, screening, chat, erase, failed, poisoned),
            verdict, answers (of
            the screening), model, guide.
            ``message_out``: key, author (bot, agent or system), text, options ([[tap, label]]), and for
            staff the outbox id and agent.
            ``handoff``: owner, epoch, reason, by. ``delivery``: id (outbox), state, reason.
            ``feedback``: key, score; for an answer of the bot also tap, the option that was tapped under it
            (score 1: it helped, 0: it didn't solve the question).
    """

    id: str
    kind: Kind
    conversation: str
    at: float
    data: dict[str, Any] = {}


def heard(inbound: Inbound) -> Event:
    """The ``message_in`` of a message. Whoever tells it, its id is the same."""
    data = {
        "key": inbound.key,
        "kind": inbound.kind,
        "text": inbound.text,
        "tap": inbound.tap,
        "created_at": inbound.created_at,
    }
    id, conversation = f"{inbound.key}:message_in", inbound.conversation
    return Event(id=id, kind="message_in", conversation=conversation, at=time.time(), data=data)


def unfollowed(inbound: Inbound) -> Event:
    """That somebody doesn't follow the account any more."""
    id, data = f"{inbound.key}:unfollow", {"key": inbound.key}
    return Event(id=id, kind="unfollow", conversation=inbound.conversation, at=inbound.created_at, data=data)


def stream(shard: int) -> str:
    """The stream's key of a shard."""
    return f"events:{{{shard}}}"


def stream_of(conversation: str) -> str:
    """The stream's key of a conversation's shard."""
    return stream(shard_of(conversation))


def streams() -> list[str]:
    """The keys of all streams."""
    return [stream(shard) for shard in range(SHARDS)]


def append(pipe: Any, event: Event) -> Any:
    """Append an event, in a pipeline or transaction or by a client (then await what it returns)."""
    return pipe.xadd(
        stream_of(event.conversation), {"e": msgspec.json.encode(event)}, maxlen=MAX_LENGTH, approximate=True
    )


def decode(fields: dict[bytes, bytes]) -> Event:
    """The event of a stream entry. Raises ``msgspec.DecodeError``, or KeyError without the field."""
    return msgspec.json.decode(fields[b"e"], type=Event)
