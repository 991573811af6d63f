"""Rasa component: which research directions a message's topic is close to in meaning."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import yaml
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu import storage, text
from bot.nlu.encoder import encode
from bot.nlu.normaliser import NORMAL
from bot.nlu.ranker import NONE, Ranker, Topic, wrapped
from bot.settings import ROOT

DIRECTION_RANKING = "direction_ranking"
"""The message property, and the key of the parse, that holds the ranking."""

BEST = 4
LEAST = 0.01
"""The best few of the ranking are written, as far as their confidence isn't below this."""

_ABOUT_DIRECTIONS = {"direction_match", "directions", "direction_detail"}
_OTHERS = 300
"""About so many ordinary questions are learned as fitting no direction."""


def read(topics: Path, guide: Path) -> list[Topic]:
    """The topics of a folder, and the examples of the guide's directions.

    Args:
        topics: a folder of ``.yml`` with ``direction_topics``, lists by direction or ``none``.
        guide: the guide's ``directions.yml``.
    """
    return [*_collected(topics), *_of_guide(guide)]


def _collected(folder: Path) -> Iterator[Topic]:
    for path in sorted(folder.glob("*.yml")):
        for direction, texts in _load(path)["direction_topics"].items():
            yield from (Topic(each, str(direction)) for each in texts)


def _of_guide(path: Path) -> Iterator[Topic]:
    for each in _load(path)["guide"]["directions"]:
        for words in (each["name"], each["about"], *each["examples"]):
            yield Topic(words, str(each["number"]))


def _load(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded


def learn(topics: list[Topic], others: list[str]) -> Ranker:
    """Train on topics, and on other texts that fit no direction."""
    shown = [*wrapped(topics), *(Topic(each, NONE) for each in others)]
    normals = [text.normalise(each.text) for each in shown]
    return Ranker.fit(normals, encode(normals), [each.direction for each in shown])


def sample(questions: list[str]) -> list[str]:
    """Some of many questions, each by its own words: a few more of them don't exchange all the others."""
    every = max(1, len(questions) // _OTHERS)
    return [question for question in questions if crc32(question.encode()) % every == 0]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class DirectionRanker(GraphComponent):
    """Writes ``direction_ranking`` beside ``intent_ranking``: ``name`` (1 to 12 or none), ``confidence``.

    Every message with a text gets it; what use is made of it, the caller decides.
    """

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        self._config = config
        self._storage = model_storage
        self._resource = resource
        self._ranker: Ranker | None = None

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Where the topics are, from the project's folder on; see `read`."""
        return {"topics": "data/nlu/directions", "guide": "data/guide/directions.yml"}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> DirectionRanker:
        """An untrained component."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> DirectionRanker:
        """The trained component. Raises ModelError if it isn't in the model."""
        component = cls(config, model_storage, resource)
        component._ranker = Ranker.unpack(*storage.read(model_storage, resource))
        return component

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the topics; some of the questions about other things show what fits none."""
        asked = [each for each in training_data.intent_examples if each.get(INTENT) not in _ABOUT_DIRECTIONS]
        others = sample([each.get(TEXT) for each in asked if each.get(TEXT)])
        self._ranker = learn(read(ROOT / self._config["topics"], ROOT / self._config["guide"]), others)
        storage.write(self._storage, self._resource, *self._ranker.pack())
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Rank the directions for each message that has a text."""
        for message in messages:
            if self._ranker is not None and message.features_present(TEXT):
                meaning = message.get_dense_features(TEXT)[1].features.astype(np.float32)
                ranked = self._ranker.rank(message.get(NORMAL), meaning)[:BEST]
                ranking = [{"name": name, "confidence": sure} for name, sure in ranked if sure >= LEAST]
                message.set(DIRECTION_RANKING, ranking, add_to_output=True)
        return messages
