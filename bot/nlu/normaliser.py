"""Rasa component: cleans the text once, for all components after it, and splits it into tokens."""

from __future__ import annotations

import re

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu import text

NORMAL = "normal_text"
"""The message property that holds the normalised text."""

_TOKEN = re.compile(r"[a-z]+|\d+|[^\W\da-z]|[^\w\s]", re.IGNORECASE)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class Normaliser(Tokenizer):
    """Writes the normalised text beside the user's own, which stays as it was.

    Tokens lie in the user's own text: one a Chinese character, a Latin word, a number or a mark. Rasa's
    own evaluation of entities needs them; the featurizers here don't.
    """

    @staticmethod
    def get_default_config() -> dict[str, object]:
        """Rasa's settings for splitting intents, which stay off."""
        return {"intent_tokenization_flag": False, "intent_split_symbol": "_", "token_pattern": None}

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Clean and split every training text."""
        self._clean(training_data.training_examples)
        return super().process_training_data(training_data)

    def process(self, messages: list[Message]) -> list[Message]:
        """Clean and split every message."""
        self._clean(messages)
        return list(super().process(messages))

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """Tokens of one attribute, at their offsets in the user's text."""
        folded = text.fold(message.get(attribute))
        return [Token(match.group(), match.start()) for match in _TOKEN.finditer(folded)]

    @staticmethod
    def _clean(messages: list[Message]) -> None:
        for message in messages:
            if message.get(TEXT):
                message.set(NORMAL, text.normalise(message.get(TEXT)))
