"""The account of a message for the desk: what was said, what came of it, and the reply, as events."""

from __future__ import annotations

import time
from typing import Any

from rasa.shared.core.trackers import DialogueStateTracker

from actions.pack import guide
from bot.bus.events import Event, Kind, heard
from bot.bus.messages import Inbound, Reply
from bot.guide import screening

_SCORES = {"helped": 1, "unsolved": 0}


def of_turn(
    inbound: Inbound, reply: Reply, tracker: DialogueStateTracker, version: str, model: str, **more: str
) -> list[Event]:
    """The events of a turn that was taken. ``more`` goes into its ``turn``."""
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
        **more,
    }
    said = [*of_message(inbound, Reply()), event(inbound, "turn", turn), *_said(inbound, reply)]
    return [*said, *_feedback(inbound, tracker)]


def of_failure(inbound: Inbound, reply: Reply, reason: str) -> list[Event]:
    """The events of a turn that failed (``failed``), or wasn't tried any more (``poisoned``)."""
    turn = event(inbound, "turn", {"outcome": reason})
    return [*of_message(inbound, Reply()), turn, *_said(inbound, reply)]


def of_message(inbound: Inbound, reply: Reply) -> list[Event]:
    """The events of a message that took no turn: what was said, and what was answered, if anything was."""
    # What the desk itself asked isn't the applicant's.
    said = [] if inbound.kind == "desk" else [heard(inbound)]
    return [*said, *_said(inbound, reply)]


def _feedback(inbound: Inbound, tracker: DialogueStateTracker) -> list[Event]:
    """What the applicant thinks of an answer, if the message says it by a tap or in the option's words."""
    latest = tracker.latest_message
    thought = str((latest.intent or {}).get("name") or "") if latest else ""
    if latest is None or thought not in _SCORES:
        return []
    asked = next((entity["value"] for entity in latest.entities if entity["entity"] == "asked"), "")
    return [event(inbound, "feedback", {"tap": f"{thought}:{asked}", "score": _SCORES[thought]})]


def _verdict(project: str | None, answers: dict[str, str]) -> str:
    if project is None or not answers:
        return ""
    verdict = screening.verdict(guide().project(project), answers)
    return verdict.value if verdict else ""


def _said(inbound: Inbound, reply: Reply) -> list[Event]:
    if not reply.parts:
        return []
    options = [[option.tap, option.label] for option in reply.options]
    answer: dict[str, Any] = {"author": "bot", "text": reply.text, "options": options}
    return [event(inbound, "message_out", answer)]


def event(inbound: Inbound, kind: Kind, data: dict[str, Any]) -> Event:
    """An event of this message. Its key makes the id: a turn that is run again tells the same events."""
    return Event(
        id=f"{inbound.key}:{kind}",
        kind=kind,
        conversation=inbound.conversation,
        at=time.time(),
        data={"key": inbound.key, **data},
    )
