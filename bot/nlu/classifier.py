"""Rasa component: finds the intent, or says that the question is off-topic or not understood."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy import sparse

from bot.nlu import kernel, scope
from bot.nlu.decision import Decider, Decision, Limits
from bot.nlu.encoder import embedding
from bot.nlu.likeness import Rows
from bot.nlu.storage import Arrays
from bot.nlu.stored import Stored

_JUDGE_EVERY = 2
"""What is in scope is learned from a model of every so many-th example, which takes less time."""

RANKING = 6
"""How many intents the ranking holds."""

IN_SCOPE = "in_scope"
"""The message property that says how likely the text is in scope, 0 to 1."""


def _featured(messages: list[Message]) -> list[Message]:
    return [each for each in messages if each.features_present(TEXT)]


def _grams(message: Message) -> sparse.csr_matrix:
    """N-gram features of all featurizers side by side, shape (1, terms)."""
    written = [each for each in message.features if each.is_sparse() and each.attribute == TEXT]
    blocks = [each.features for each in written if each.type == FEATURE_TYPE_SENTENCE]
    ends = np.cumsum([block.shape[1] for block in blocks])
    columns = [block.indices + end - block.shape[1] for block, end in zip(blocks, ends, strict=True)]
    values = np.concatenate([block.data for block in blocks])
    # Rasa's own way of putting them side by side goes through coordinates, and takes ten times as long.
    row = (values, np.concatenate(columns), np.array([0, len(values)], dtype=np.int32))
    return sparse.csr_matrix(row, shape=(1, int(ends[-1])))


def _rows(messages: list[Message]) -> Rows:
    """Features of messages that have them."""
    grams = [_grams(each) for each in messages]
    table = grams[0] if len(grams) == 1 else sparse.vstack(grams, format="csr")
    return Rows(table, np.vstack([embedding(each) for each in messages]))


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class KernelClassifier(Stored, IntentClassifier):
    """Kernel ridge regression on all sentence features, with an out-of-scope decision.

    The intent is one of the trained ones, ``out_of_scope``, or ``nlu_fallback`` for what seems to be
    about the guide but isn't plain. The ranking holds the nearest in-scope intents in each case, best
    first, after the decision itself, so that what is meant can be asked back.
    """

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        super().__init__(config, model_storage, resource)
        self._limits = Limits(config["outside"], config["inside"], config["sure"])
        self._decider: Decider | None = None

    @classmethod
    def required_components(cls) -> list[type]:
        """Needs featurizers before it."""
        return [Featurizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The limits of `bot.nlu.decision.Limits`."""
        return {"outside": 0.35, "inside": 0.6, "sure": 0.3}

    def _restore(self, arrays: Arrays, names: Mapping[str, Any]) -> None:
        self._decider = Decider.unpack(arrays, names, self._limits)

    def train(self, training_data: TrainingData) -> Resource:
        """Train on all examples that have an intent and features."""
        examples = _featured([each for each in training_data.intent_examples if each.get(INTENT)])
        rows, intents = _rows(examples), [each.get(INTENT) for each in examples]
        model, part = kernel.fit(rows, intents, _JUDGE_EVERY)
        self._decider = Decider(model, scope.fit(part), self._limits)
        return self._store(*self._decider.pack())

    def process(self, messages: list[Message]) -> list[Message]:
        """Set intent and ranking of each message. A message without text isn't understood."""
        for message in messages:
            decision = Decision([(scope.FALLBACK, 0.0)], 0.0)
            if self._decider is not None and message.features_present(TEXT):
                decision = self._decider.decide(_rows([message]))
            ranking = [{"name": name, "confidence": sure} for name, sure in decision.ranking[:RANKING]]
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
            message.set(IN_SCOPE, decision.inside, add_to_output=True)
        return messages
