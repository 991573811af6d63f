"""What a conversation remembers, read from Rasa's slots and written back as slots."""

from __future__ import annotations

from typing import Any, NamedTuple

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet

from bot.guide.points import Ranking


class Asked(NamedTuple):
    """One of several questions in a message: its topic, its points' ranking, the project that it names."""

    topic: str
    points: Ranking
    project: str | None

    @classmethod
    def read(cls, entity: dict[str, Any]) -> Asked:
        """From the entity that `bot.dialogue.several` wrote."""
        return cls(str(entity["value"]), entity.get("ranking") or [], entity.get("project"))


class Memory:
    """One turn's view of the conversation: what was just said, and what is remembered.

    Attributes:
        intent: the intent of the latest message.
        text: its words.
        project: the project that is being talked about, or None.
        screening: project id to answers (fact id to choice id).
        points: the ranking of what the message asks for, see `bot.guide.points.find`.
        first: the project that the first of several questions names, or None.
        also: what else the same message asks.
        numbers: the research directions that it names by number.
        reopened: the fact that is put again, as ``project:fact``, or None.
        direction_prior: how likely each research direction is by what the message means; see
            `bot.guide.directions.find`. None when nothing ranked them.
        misses: how many messages in a row weren't understood.
        topic: the topic last answered, or None.
        greeted: the applicant knows that this is a machine.
        answered: how many questions the guide has answered in this conversation.
    """

    def __init__(self, tracker: Tracker) -> None:
        latest: dict[str, Any] = tracker.latest_message or {}
        self._slots = tracker.slots
        self._changes: dict[str, Any] = {}
        # When a form begins, it is active before its first message is read, but asks nothing yet.
        looping = bool((tracker.active_loop or {}).get("name"))
        self.in_screening: bool = looping and bool(tracker.slots.get("requested_slot"))
        self.intent: str = (latest.get("intent") or {}).get("name") or ""
        self.text: str = latest.get("text") or ""
        ranking = latest.get("intent_ranking") or []
        self.ranking: list[str] = [each["name"] for each in ranking if each.get("name")]
        directions = latest.get("direction_ranking")
        self.direction_prior: dict[int, float] | None = None if directions is None else _numbered(directions)
        found: list[dict[str, Any]] = latest.get("entities") or []
        heard = [(each["entity"], str(each["value"])) for each in found]
        self.entities: dict[str, str] = dict(heard)
        self.numbers = [int(value) for name, value in heard if name == "direction_number" and value.isdigit()]
        asked = [Asked.read(each) for each in found if each["entity"] == "also"]
        self.points: Ranking = asked[0].points if asked else latest.get("point_ranking") or []
        self.first: str | None = asked[0].project if asked else None
        self.also: list[Asked] = asked[1:]

    def _get(self, name: str) -> Any:
        return self._changes[name] if name in self._changes else self._slots.get(name)

    def put(self, name: str, value: Any) -> None:
        """Remember a slot's new value; what doesn't change isn't written."""
        if self._get(name) != value:
            self._changes[name] = value

    @property
    def project(self) -> str | None:
        return self._get("project") or None

    @property
    def screening(self) -> dict[str, dict[str, str]]:
        return dict(self._get("screening") or {})

    @property
    def reopened(self) -> str | None:
        return self._get("reopened") or None

    @property
    def misses(self) -> int:
        return int(self._get("misses") or 0)

    @property
    def topic(self) -> str | None:
        return self._get("topic") or None

    @property
    def answered(self) -> int:
        return int(self._get("answered") or 0)

    @property
    def greeted(self) -> bool:
        return bool(self._get("greeted"))

    def note(self, outcome: str) -> None:
        """Say what came of this message: see ``turn`` in `bot.bus.events.Event`."""
        self.put("outcome", outcome)

    def answers(self, project: str) -> dict[str, str]:
        """The screening answers so far for a project."""
        return dict(self.screening.get(project) or {})

    def keep(self, project: str, answers: dict[str, str]) -> None:
        """Keep a project's answers, and talk about that project from here on."""
        self.put("project", project)
        self.put("screening", {**self.screening, project: answers})

    def events(self) -> list[EventType]:
        """The changes as Rasa events."""
        return [SlotSet(name, value) for name, value in self._changes.items()]


def _numbered(ranking: list[dict[str, Any]]) -> dict[int, float]:
    """A ranking's confidences by direction; what it gives to none is left out."""
    return {int(each["name"]): each["confidence"] for each in ranking if each["name"].isdigit()}
