"""Rasa component: which point of the guide a question asks for, or which topic as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu import examples, text, topics
from bot.nlu.agreement import REJECTED, agree
from bot.nlu.classifier import IN_SCOPE, RANKING
from bot.nlu.files import load
from bot.nlu.ranking import BEST, LEAST, Ranking, of_intents, sample
from bot.nlu.scope import FALLBACK, OUT_OF_SCOPE
from bot.nlu.storage import Arrays
from bot.settings import ROOT

POINT_RANKING = "point_ranking"

OTHER = "other"
"""What the guide has nothing to do with, as `bot.guide.points` knows it."""

_NOT_ASKED = {OUT_OF_SCOPE, "greet", "rude", "complaint", "bot_challenge"}
"""What is heard as these intents is learned as `OTHER`."""

_PLAIN = 0.9
"""What the classifier took for a topic is another matter from here on, and not understood below."""

_MATCH = "direction_match"
_SOME = 250
"""About so many topics of research are learned as asking, standing alone, which direction is theirs."""

_LONGEST = 2


class Question(NamedTuple):
    """A question and what it asks for.

    Attributes:
        topic: the id of a topic of the guide, or `OUT_OF_SCOPE`.
        asks: the id of a point of that topic, the topic's own where it is asked as a whole, or `OTHER`.
    """

    text: str
    topic: str
    asks: str


def read(folder: Path) -> Iterator[Question]:
    """The questions of a folder: ``TOPIC.yml`` has ``point_questions``, lists by what they ask for."""
    for path in sorted(folder.glob("*.yml")):
        for asks, texts in load(path)["point_questions"].items():
            yield from (Question(each, path.stem, asks) for each in texts)


def grams(normal: str) -> list[str]:
    """The short runs of characters of a normalised text."""
    return text.grams(text.pattern(normal), 1, _LONGEST)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class PointRanker(Ranking):
    """Writes ``point_ranking``: ``name`` is what a `Question` asks for.

    Where the classifier heard a topic, or nothing of the guide, the intent and its ranking become what both
    say together, and the ranking of the points too.
    """

    PROPERTY = POINT_RANKING
    grams = staticmethod(grams)

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Where the questions and the topics of research are, from the project's folder on.

        ``sure``: a topic less likely than this isn't understood.
        """
        return {"questions": "data/nlu/points", "topics": "data/nlu/directions", "sure": 0.5}

    def _examples(self, data: TrainingData) -> list[tuple[str, str]]:
        """Questions with ``TOPIC/ASKS``."""
        learned = list(read(ROOT / self._config["questions"]))
        learned += _taught(data, {each.topic for each in learned} - {OUT_OF_SCOPE})
        others = [Question(each, OUT_OF_SCOPE, OTHER) for each in of_intents(data, _NOT_ASKED)]
        known = topics.collected(ROOT / self._config["topics"])
        plain = sample([each.text for each in known if each.direction != topics.NONE], _SOME)
        matched = [Question(each, _MATCH, _MATCH) for each in plain]
        return [(each.text, f"{each.topic}/{each.asks}") for each in (*learned, *others, *matched)]

    def _restore(self, arrays: Arrays, names: Mapping[str, Any]) -> None:
        super()._restore(arrays, names)
        pairs = (each.partition("/") for each in names["classes"])
        self._of_topic = {asks: topic for topic, _, asks in pairs}

    def process(self, messages: list[Message]) -> list[Message]:
        """Rank the points, and agree with the classifier on the intent."""
        for message in super().process(messages):
            if message.get(POINT_RANKING) is not None:
                self._agree(message)
        return messages

    def _agree(self, message: Message) -> None:
        points = {each["name"].partition("/")[2]: each["confidence"] for each in message.get(POINT_RANKING)}
        heard, known = (message.get(INTENT) or {}).get("name"), set(self._of_topic.values())
        if heard not in known | REJECTED:
            message.set(POINT_RANKING, _listed(points.items()), add_to_output=True)
            return
        ranking = {each["name"]: each["confidence"] for each in message.get(INTENT_RANKING_KEY)}
        intents = {name: sure for name, sure in ranking.items() if name in known - REJECTED}
        agreed = agree(intents, message.get(IN_SCOPE), points, self._of_topic)
        message.set(POINT_RANKING, _listed(agreed.points)[:BEST], add_to_output=True)
        ranked = self._decided(agreed.topics, heard)
        message.set(INTENT, ranked[0], add_to_output=True)
        message.set(INTENT_RANKING_KEY, ranked, add_to_output=True)

    def _decided(self, agreed: Sequence[tuple[str, float]], heard: str | None) -> list[dict[str, Any]]:
        """The decision, then the nearest topics, as in `KernelClassifier`'s ranking.

        What the classifier only didn't understand isn't another matter because the ranker says so: it knows
        neither thanks nor answers.
        """
        inner = [(name, sure) for name, sure in agreed if name != OUT_OF_SCOPE]
        name, sure = agreed[0]
        if name == OUT_OF_SCOPE:
            plain = heard == OUT_OF_SCOPE or (heard != FALLBACK and sure >= _PLAIN)
            inner.insert(0, (name if plain else FALLBACK, sure))
        elif sure < self._config["sure"]:
            inner.insert(0, (FALLBACK, 1.0 - sure))
        return [{"name": name, "confidence": sure} for name, sure in inner[:RANKING]]


def _taught(data: TrainingData, topics: set[str]) -> list[Question]:
    """What the office has taught beside the project's own sentences: it asks for its topic as a whole."""
    own = {each.text for each in examples.folder(examples.TRAINING)}
    taught = [(each.get(TEXT), each.get(INTENT)) for each in data.intent_examples]
    return [Question(text, topic, topic) for text, topic in taught if topic in topics and text not in own]


def _listed(ranked: Iterable[tuple[str, float]]) -> list[dict[str, Any]]:
    """A ranking as it stands in the parse."""
    return [{"name": name, "confidence": sure} for name, sure in ranked if sure >= LEAST]
