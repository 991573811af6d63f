"""Rasa component: puts right what was mistyped by sound, in the normalised text."""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu import storage
from bot.nlu.normaliser import NORMAL
from bot.nlu.spelling import Corrector


# To Rasa it is a featurizer, because only those are trained and then applied to the training data.
@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class SoundCorrector(GraphComponent):
    """Corrects messages; training texts stay as they are, for they say what is right."""

    def __init__(self, model_storage: ModelStorage, resource: Resource) -> None:
        self._storage = model_storage
        self._resource = resource
        self._corrector = Corrector({})

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SoundCorrector:
        """An untrained component."""
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SoundCorrector:
        """The trained component. Raises ModelError if it isn't in the model."""
        component = cls(model_storage, resource)
        arrays, names = storage.read(model_storage, resource)
        counts = arrays["counts"].tolist()
        component._corrector = Corrector({run: counts[place] for place, run in enumerate(names["runs"])})
        return component

    def train(self, training_data: TrainingData) -> Resource:
        """Learn which characters stand together."""
        texts = [each.get(NORMAL) for each in training_data.training_examples if each.get(NORMAL)]
        self._corrector = Corrector.fit(texts)
        counts = np.array(list(self._corrector.runs.values()), dtype=np.int32)
        storage.write(self._storage, self._resource, {"counts": counts}, {"runs": list(self._corrector.runs)})
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing to correct."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Correct the normalised text of each message."""
        for message in messages:
            if message.get(NORMAL):
                message.set(NORMAL, self._corrector.correct(message.get(NORMAL)))
        return messages
