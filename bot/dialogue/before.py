"""What was said just before, read off Rasa's tracker."""

from __future__ import annotations

import re

from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.bus.messages import Option

_DIRECTION = re.compile(r"方向(\d+)“")


def just_answered(tracker: DialogueStateTracker | None) -> str | None:
    """The topic that the last message asked, and got answered; thanks in between don't matter."""
    if tracker is None:
        return None
    topic: str | None = tracker.get_slot("topic")
    return topic if last_intent(tracker) in (topic, "thanks") else None


def with_topic(text: str, tracker: DialogueStateTracker) -> str:
    """What asks for a direction, with the topic that the message before it named."""
    if last_intent(tracker) != "direction_match":
        return text
    return f"{tracker.latest_message.text}，{text}"


def direction_shown(tracker: DialogueStateTracker) -> int | None:
    """The research direction that the assistant has just shown."""
    if last_intent(tracker) not in {"direction_detail", "direction_match"}:
        return None
    for event in reversed(tracker.events):
        if isinstance(event, BotUttered) and (found := _DIRECTION.search(event.text or "")):
            return int(found[1])
    return None


def last_intent(tracker: DialogueStateTracker) -> str | None:
    """What the last message was heard as."""
    return tracker.latest_message.intent.get("name") if tracker.latest_message else None


def offered(tracker: DialogueStateTracker) -> list[Option]:
    """The options under the assistant's last words, in the order of their numbers."""
    found: list[Option] = []
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            break
        if isinstance(event, BotUttered):
            buttons = event.data.get("buttons") or []
            found[:0] = [Option(b["tap"], b["title"]) for b in buttons if "tap" in b]
    return found
