"""Rasa components: n-grams of the characters, and of the sounds, as sparse features."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.sparse_featurizer.sparse_featurizer import SparseFeaturizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu import text
from bot.nlu.normaliser import NORMAL
from bot.nlu.storage import Arrays
from bot.nlu.stored import Stored
from bot.nlu.vocabulary import Vocabulary


class _Grams(Stored, SparseFeaturizer):
    """What both have in common: learn the n-grams of the training texts, then make one row a message."""

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        Stored.__init__(self, config, model_storage, resource)
        SparseFeaturizer.__init__(self, resource.name, config)
        self._vocabulary = Vocabulary.fit([])

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """``shortest`` and ``longest``: how many characters or sounds an n-gram has."""
        return {**SparseFeaturizer.get_default_config(), "shortest": 1, "longest": 3}

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Lengths are whole numbers and make sense."""
        if not 1 <= config["shortest"] <= config["longest"]:
            raise ValueError(f"{cls.__name__}: 1 <= shortest <= longest")

    def _restore(self, arrays: Arrays, names: Mapping[str, Any]) -> None:
        self._vocabulary = Vocabulary(names["terms"], arrays["weights"])

    @abstractmethod
    def _grams(self, normal: str) -> list[str]:
        """The n-grams of one normalised text."""

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the n-grams."""
        texts = [each.get(NORMAL) for each in training_data.training_examples if each.get(NORMAL)]
        self._vocabulary = Vocabulary.fit([self._grams(each) for each in texts])
        return self._store({"weights": self._vocabulary.weights}, {"terms": self._vocabulary.terms})

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Make the rows of the training texts."""
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Make the row of each message that has a text."""
        written = [message for message in messages if message.get(NORMAL)]
        documents = [self._grams(message.get(NORMAL)) for message in written]
        one = len(documents) == 1
        rows = map(self._vocabulary.row, documents) if one else self._vocabulary.table(documents)
        for row, message in zip(rows, written, strict=True):
            self.add_features_to_message(None, row, TEXT, message)
        return messages


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class CharacterGrams(_Grams):
    """N-grams of characters: no word list needed, so new words and dropped words do little harm."""

    def _grams(self, normal: str) -> list[str]:
        return text.grams(text.pattern(normal), self._config["shortest"], self._config["longest"])


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class SoundGrams(_Grams):
    """N-grams of syllables: what is mistyped by sound (知识产全, 申抱) looks as if typed right."""

    def _grams(self, normal: str) -> list[str]:
        sounds = text.syllables(text.pattern(normal))
        return text.grams(sounds, self._config["shortest"], self._config["longest"], " ")
