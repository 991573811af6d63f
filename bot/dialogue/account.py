"""The account of a turn for the desk: the message, what came of it, and the reply, as events."""

from __future__ import annotations

import time
from typing import Any

from rasa.shared.core.trackers import DialogueStateTracker

from actions.pack import guide
from bot.bus.events import Event, Kind
from bot.bus.messages import Inbound, Reply
from bot.guide import screening

_SCORES = {"helped": 1, "unsolved": 0}


def of_turn(
    inbound: Inbound, reply: Reply, tracker: DialogueStateTracker, version: str, model: str
) -> list[Event]:
    """The events of a turn that was taken."""
    intent: dict[str, Any] = (tracker.latest_message.intent if tracker.latest_message else None) or {}
    project = tracker.get_slot("project")
    answers = (tracker.get_slot("screening") or {}).get(project) or {}
    turn = {
        "intent": str(intent.get("name") or ""),
        "confidence": round(float(intent.get("confidence") or 0.0), 4),
        "topic": str(tracker.get_slot("topic") or ""),
        "project": str(project or ""),
        "outcome": tracker.get_slot("outcome") or "",
        "answers": answers,
        "verdict": _verdict(project, answers),
        "guide": version,
        "model": model,
    }
    return [*_events(inbound, reply, turn), *_feedback(inbound, tracker)]


def of_failure(inbound: Inbound, reply: Reply, reason: str) -> list[Event]:
    """The events of a turn that failed (``failed``), or wasn't tried any more (``poisoned``)."""
    return _events(inbound, reply, {"outcome": reason})


def _feedback(inbound: Inbound, tracker: DialogueStateTracker) -> list[Event]:
    """What the applicant thinks of an answer, if the message says it by a tap or in the option's words."""
    latest = tracker.latest_message
    thought = str((latest.intent or {}).get("name") or "") if latest else ""
    if latest is None or thought not in _SCORES:
        return []
    asked = next((entity["value"] for entity in latest.entities if entity["entity"] == "asked"), "")
    return [_event(inbound, "feedback", {"tap": f"{thought}:{asked}", "score": _SCORES[thought]})]


def _verdict(project: str | None, answers: dict[str, str]) -> str:
    if project is None or not answers:
        return ""
    verdict = screening.verdict(guide().project(project), answers)
    return verdict.value if verdict else ""


def _events(inbound: Inbound, reply: Reply, turn: dict[str, Any]) -> list[Event]:
    said = {"kind": inbound.kind, "text": inbound.text, "tap": inbound.tap, "created_at": inbound.created_at}
    answer = {
        "author": "bot",
        "text": reply.text,
        "options": [[option.tap, option.label] for option in reply.options],
    }
    return [
        _event(inbound, "message_in", said),
        _event(inbound, "turn", turn),
        _event(inbound, "message_out", answer),
    ]


def _event(inbound: Inbound, kind: Kind, data: dict[str, Any]) -> Event:
    # The message's key makes the id: a turn that is run again tells the same events.
    return Event(
        id=f"{inbound.key}:{kind}",
        kind=kind,
        conversation=inbound.conversation,
        at=time.time(),
        data={"key": inbound.key, **data},
    )
