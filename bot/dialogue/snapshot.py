"""What a turn reads and writes of a conversation: a few kilobytes, however long it has been."""

from __future__ import annotations

import time
from typing import Any

import msgspec
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    Event,
    SessionStarted,
    SlotSet,
    deserialise_events,
)

from bot.bus.messages import Option, Reply

KEPT_TURNS = 2
"""Turns whose events the next turn sees."""

_STARTS_AFRESH = {"session_started", "restart"}


class HelpDesk(msgspec.Struct):
    """What a conversation remembers of the help desk.

    Attributes:
        word_at: when the applicant who waits was last told the place in the queue; seconds since 1970.
        opening: when staff will answer the message that the applicant was just asked to leave; else empty.
        ticket: the ticket whose score was asked for last; else empty.
    """

    word_at: float = 0.0
    opening: str = ""
    ticket: str = ""


class Snapshot(msgspec.Struct):
    """The state before the last turns (slots, active loop), those turns' events, and the last reply.

    ``key`` and ``reply`` are those of the last message done.
    """

    slots: dict[str, Any] = {}
    loop: str | None = None
    tail: list[dict[str, Any]] = []
    key: str = ""
    reply: Reply | None = None
    desk: HelpDesk = msgspec.field(default_factory=HelpDesk)

    @property
    def offered(self) -> tuple[Option, ...]:
        """The options of the last reply."""
        return self.reply.options if self.reply is not None else ()

    def before(self) -> tuple[str, str, float]:
        """The last turn: its intent and its outcome, and how many seconds ago it was."""
        intent, outcome, at = "", self.slots.get("outcome") or "", 0.0
        for event in self.tail:
            if event["event"] == "user":
                intent = ((event.get("parse_data") or {}).get("intent") or {}).get("name") or ""
                at = event.get("timestamp") or 0.0
            elif event["event"] == "slot" and event["name"] == "outcome":
                outcome = event["value"] or ""
        return intent, outcome, time.time() - at

    def past(self) -> list[Event]:
        """The events that bring a fresh tracker to the present state."""
        return [*self._base(), *deserialise_events(self.tail)]

    def _base(self) -> list[Event]:
        past = time.time()
        start = ActionExecuted(ACTION_SESSION_START_NAME, timestamp=past)
        state: list[Event] = [start, SessionStarted(timestamp=past)]
        state += [SlotSet(name, value, timestamp=past) for name, value in self.slots.items()]
        if self.loop:
            state.append(ActiveLoop(self.loop, timestamp=past))
        return [*state, ActionExecuted(ACTION_LISTEN_NAME, timestamp=past)]

    def fold(self, new: list[dict[str, Any]]) -> None:
        """Append events to the tail; turns that fall out of it go into the slots and the loop."""
        tail = [*self.tail, *new]
        starts = [index for index, event in enumerate(tail) if event["event"] == "user"]
        cut = starts[-KEPT_TURNS] if len(starts) > KEPT_TURNS else 0
        for event in tail[:cut]:
            self._settle(event)
        self.tail = tail[cut:]

    def _settle(self, event: dict[str, Any]) -> None:
        kind = event["event"]
        if kind == "slot":
            self.slots[event["name"]] = event["value"]
        elif kind == "active_loop":
            self.loop = event["name"]
        elif kind == "reset_slots":
            self.slots = {}
        elif kind in _STARTS_AFRESH:
            # What a new session takes over is set again by the events behind it.
            self.slots, self.loop = {}, None


def encode(value: Any) -> bytes:
    """JSON. Components of Rasa put numpy's strings and numbers into what they find."""
    return msgspec.json.encode(value, enc_hook=lambda number: number.item())
