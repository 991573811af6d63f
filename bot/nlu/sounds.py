"""Rasa component: puts right what was mistyped by sound, in the normalised text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.normaliser import NORMAL
from bot.nlu.spelling import Corrector
from bot.nlu.storage import Arrays
from bot.nlu.stored import Stored


# To Rasa it is a featurizer, because only those are trained and then applied to the training data.
@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class SoundCorrector(Stored):
    """Corrects messages; training texts stay as they are, for they say what is right."""

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        super().__init__(config, model_storage, resource)
        self._corrector = Corrector({})

    def _restore(self, arrays: Arrays, names: Mapping[str, Any]) -> None:
        counts = arrays["counts"].tolist()
        self._corrector = Corrector({run: counts[place] for place, run in enumerate(names["runs"])})

    def train(self, training_data: TrainingData) -> Resource:
        """Learn which characters stand together."""
        texts = [each.get(NORMAL) for each in training_data.training_examples if each.get(NORMAL)]
        self._corrector = Corrector.fit(texts)
        counts = np.array(list(self._corrector.runs.values()), dtype=np.int32)
        return self._store({"counts": counts}, {"runs": list(self._corrector.runs)})

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing to correct."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Correct the normalised text of each message."""
        for message in messages:
            if message.get(NORMAL):
                message.set(NORMAL, self._corrector.correct(message.get(NORMAL)))
        return messages
