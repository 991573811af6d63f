"""Rasa's message processor, hearing each message with what was said before."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.processor import MessageProcessor
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.storage import ModelMetadata
from rasa.shared.core.trackers import DialogueStateTracker

from actions import taps
from actions.pack import guide
from bot.bus.messages import Option, Part
from bot.dialogue import before, context, hedges, rehearing, rules, several, speech
from bot.nlu import runner

_NO_QUESTION = rehearing.NOT_HEARD | {"inform", "screen", "overview"}
"""What a message that only names a topic is taken for."""


class Collector(OutputChannel):
    """Collects what the assistant says in one turn as parts of a reply."""

    def __init__(self) -> None:
        self.parts: list[Part] = []

    @classmethod
    def name(cls) -> str:
        return "collector"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        options = tuple(Option(b["tap"], b["title"]) for b in message.get("buttons") or [] if "tap" in b)
        if message.get("text"):
            self.parts.append(Part(message["text"].strip(), options))


class Processor(MessageProcessor):
    """Hears a message with what was said before.

    A tap, or a typed number or label of an option, is the tap that it is. A project's name alone asks
    the last topic again for that project. What several questions in one message become, `several` says.
    """

    @staticmethod
    def _load_model(model_path: Path | str) -> tuple[str, ModelMetadata, GraphRunner]:
        metadata, graph = runner.load(Path(model_path))
        return Path(model_path).name, metadata, graph

    async def parse_message(
        self,
        message: UserMessage,
        tracker: DialogueStateTracker | None = None,
        only_output_properties: bool = True,
    ) -> dict[str, Any]:
        words = message.text or ""
        if tracker is not None and context.which_direction(words):
            words = before.with_topic(words, tracker)
        text = context.without_denial(words)
        heard = self._tapped(message, tracker) or self._followed_up(text, tracker)
        if heard is not None and heard.intent in self.domain.intents:
            return taps.parsed(heard, words)
        screening = tracker is not None and tracker.active_loop_name is not None
        asked = context.asked_beside(guide(), text) if screening else text
        heard_as = UserMessage(asked) if asked != message.text else message
        parse: dict[str, Any] = await super().parse_message(heard_as, tracker, only_output_properties)
        parse["text"] = words
        if speech.asks_why(text) and (screening or (tracker is not None and before.last_intent(tracker))):
            parse["intent"] = {"name": "why", "confidence": 1.0}
            return parse
        if hedges.hardly_small_talk(parse) or (screening and hedges.tells_only(guide(), text, parse)):
            parse["intent"] = {"name": "nlu_fallback", "confidence": 1.0}
        if self._told(text, tracker) and (screening or rehearing.may_be_inside(guide(), parse)):
            parse["intent"] = {"name": "inform", "confidence": 1.0}
            if not speech.asks(text):
                parse["point_ranking"] = []  # told, not asked
        elif parse["intent"]["name"] == "inform" and self._open(text, tracker):
            parse["intent"] = {"name": "who_can_apply", "confidence": 1.0}
        elif self._proposed(text, parse["intent"]["name"], tracker):
            parse["intent"] = {"name": "direction_match", "confidence": 1.0}
        else:
            again = rehearing.intent(guide(), asked, parse, screening, before.just_answered(tracker))
            if again is not None:
                parse["intent"] = {"name": again, "confidence": 1.0}
            await several.hear(guide(), text, parse, self._hear_alone)
        return parse

    async def _hear_alone(self, piece: str) -> dict[str, Any]:
        """What the model says of a piece of a message, as if nothing else had been said."""
        parse: dict[str, Any] = await super().parse_message(UserMessage(piece))
        return parse

    @staticmethod
    def _tapped(message: UserMessage, tracker: DialogueStateTracker | None) -> taps.Heard | None:
        tap = (message.metadata or {}).get("tap")
        if not tap and rules.wants_human(message.text or ""):
            tap = "human"
        if not tap and rules.wants_erasure(message.text or ""):
            tap = "erase"
        if not tap and tracker is not None:
            tap = rules.chosen(message.text or "", before.offered(tracker))
        return taps.hear(tap) if tap else None

    @staticmethod
    def _followed_up(text: str, tracker: DialogueStateTracker | None) -> taps.Heard | None:
        if tracker is None:
            return None
        topic, screened = tracker.get_slot("topic"), bool(tracker.get_slot("screening"))
        if tracker.active_loop_name is not None:
            # Only a question just asked is followed up there; else the screening goes over to that project.
            topic, screened = (topic if before.last_intent(tracker) == topic else None), True
            current = tracker.get_slot("project")
            project = context.switch(guide(), text) or context.other_project(guide(), text, current)
            if topic is None and project == current:
                return None
        else:
            wanted = speech.may_we(guide(), text)
            if wanted is None:
                wanted = context.begins(guide(), text)
            if wanted is not None:
                return taps.Heard("screen", {"project": wanted} if wanted else {})
            if (step := context.next_to(text)) and (number := before.direction_shown(tracker)):
                return taps.Heard("direction_detail", {"direction_number": str(number + step)})
            current = tracker.get_slot("project")
            project = context.only_project(guide(), text) or context.other_project(guide(), text, current)
        if project is None or not (topic or screened):
            return None
        return taps.Heard(topic or "screen", {"project": project})

    @staticmethod
    def _told(text: str, tracker: DialogueStateTracker | None) -> bool:
        """Whether the message tells something about the applicant, whatever the model takes it for."""
        project = tracker.get_slot("project") if tracker is not None else None
        if speech.tells(guide(), text):
            return project is not None or not speech.leaves_open(guide(), text)
        if project is None or tracker is None:
            return False
        answers = (tracker.get_slot("screening") or {}).get(project) or {}
        return speech.corrects(guide().project(project), answers, text)

    @staticmethod
    def _open(text: str, tracker: DialogueStateTracker | None) -> bool:
        """Whether nobody has said which project is meant, and what is told doesn't say it either."""
        project = tracker.get_slot("project") if tracker is not None else None
        return project is None and speech.leaves_open(guide(), text)

    @staticmethod
    def _proposed(text: str, intent: str, tracker: DialogueStateTracker | None) -> bool:
        """Whether the message names a topic of research. It may be of anything, and then sounds like a fact
        told or like another matter. Where the direction itself is asked, it is an answer.
        """
        options = before.offered(tracker) if tracker is not None else []
        asked = any(":direction:" in option.tap for option in options)
        return not asked and intent in _NO_QUESTION and speech.proposes(text)
