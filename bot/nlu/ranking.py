"""What the Rasa components that rank have in common: training, storing, and the ranking in the parse."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, ClassVar
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu import text
from bot.nlu.encoder import embedding, encode_again
from bot.nlu.normaliser import NORMAL
from bot.nlu.ranker import Ranker
from bot.nlu.storage import Arrays
from bot.nlu.stored import Stored

BEST = 4
LEAST = 0.01
"""The best few of the ranking are written, as far as their confidence isn't below this."""


def fit(
    examples: Sequence[tuple[str, str]],
    grams: Callable[[str], list[str]],
    encoding: Callable[[list[str]], NDArray[np.float32]],
) -> Ranker:
    """A ranker that has learned texts, each with its class.

    Args:
        grams: the runs of characters of a normalised text that are compared.
        encoding: the embeddings of n normalised texts, shape (n, 512).
    """
    normals = [text.normalise(each) for each, _ in examples]
    labels = [label for _, label in examples]
    return Ranker.fit([grams(each) for each in normals], encoding(normals), labels)


class Ranking(Stored):
    """Writes a ranking beside ``intent_ranking``: a list of ``name`` and ``confidence``, best first.

    Every message with a text gets it; what use is made of it, the caller decides.
    """

    PROPERTY: ClassVar[str]
    """The message property, and the key of the parse, that holds the ranking."""

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        super().__init__(config, model_storage, resource)
        self._ranker: Ranker | None = None

    def _restore(self, arrays: Arrays, names: Mapping[str, Any]) -> None:
        self._ranker = Ranker.unpack(arrays, names)

    @staticmethod
    @abstractmethod
    def grams(normal: str) -> list[str]:
        """The runs of characters of a normalised text that are compared."""

    @abstractmethod
    def _examples(self, data: TrainingData) -> list[tuple[str, str]]:
        """The texts to learn from, each with its class."""

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the classes."""
        encoding = partial(encode_again, data=training_data)
        self._ranker = fit(self._examples(training_data), self.grams, encoding)
        return self._store(*self._ranker.pack())

    def process(self, messages: list[Message]) -> list[Message]:
        """Rank the classes for each message that has a text."""
        for message in messages:
            if self._ranker is not None and message.features_present(TEXT):
                ranked = self._ranker.rank(self.grams(message.get(NORMAL)), embedding(message))[:BEST]
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
