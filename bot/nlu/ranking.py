"""What the Rasa components that rank have in common: training, storing, and the ranking in the parse."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar
from zlib import crc32

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from typing_extensions import Self

from bot.nlu import storage
from bot.nlu.normaliser import NORMAL
from bot.nlu.ranker import Ranker

BEST = 4
LEAST = 0.01
"""The best few of the ranking are written, as far as their confidence isn't below this."""


class Ranking(GraphComponent):
    """Writes a ranking beside ``intent_ranking``: a list of ``name`` and ``confidence``, best first.

    Every message with a text gets it; what use is made of it, the caller decides.
    """

    PROPERTY: ClassVar[str]
    """The message property, and the key of the parse, that holds the ranking."""

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        self._config = config
        self._storage = model_storage
        self._resource = resource
        self._ranker: Ranker | None = None

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Self:
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
    ) -> Self:
        """The trained component. Raises ModelError if it isn't in the model."""
        component = cls(config, model_storage, resource)
        component._ranker = Ranker.unpack(*storage.read(model_storage, resource))
        return component

    @staticmethod
    @abstractmethod
    def grams(normal: str) -> list[str]:
        """The runs of characters of a normalised text that are compared."""

    @abstractmethod
    def _learn(self, data: TrainingData) -> Ranker:
        """A ranker trained on what this component ranks."""

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the classes."""
        self._ranker = self._learn(training_data)
        storage.write(self._storage, self._resource, *self._ranker.pack())
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Rank the classes for each message that has a text."""
        for message in messages:
            if self._ranker is not None and message.features_present(TEXT):
                meaning = message.get_dense_features(TEXT)[1].features.astype(np.float32)
                ranked = self._ranker.rank(self.grams(message.get(NORMAL)), meaning)[:BEST]
                ranking = [{"name": name, "confidence": sure} for name, sure in ranked if sure >= LEAST]
                message.set(self.PROPERTY, ranking, add_to_output=True)
        return messages


def of_intents(data: TrainingData, intents: set[str]) -> list[str]:
    """The training texts of some intents."""
    asked = [each for each in data.intent_examples if each.get(INTENT) in intents]
    return [each.get(TEXT) for each in asked if each.get(TEXT)]


def sample(texts: Sequence[str], about: int) -> list[str]:
    """About so many of the texts, each by its own words: a few more texts don't exchange all the others."""
    every = max(1, len(texts) // about)
    return [text for text in texts if crc32(text.encode()) % every == 0]
