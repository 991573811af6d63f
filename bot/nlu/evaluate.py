"""Asks a trained model questions, and says how well it heard them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from bot.nlu.examples import Question

OUT_OF_SCOPE = "out_of_scope"
FALLBACK = "nlu_fallback"
REJECTED = (OUT_OF_SCOPE, FALLBACK)
_FALSE_REJECT = 0.05
_AT_ONCE = 400


class Heard(NamedTuple):
    """What a pipeline made of one text: the intent, and how much it holds the text for in scope."""

    intent: str
    in_scope: float


class Figures(NamedTuple):
    """How well a pipeline did, each from 0 to 1.

    Attributes:
        right: of all questions: the intent is the right one; an off-topic question was rejected.
        right_inside: the same of the in-scope questions only.
        macro_f1: mean over the intents.
        auroc: how well in-scope and off-topic questions are told apart.
        false_accept: off-topic questions taken for in scope, where 5% of the in-scope ones are rejected.
        accepted: off-topic questions that were in fact answered as if in scope.
    """

    right: float
    right_inside: float
    macro_f1: float
    auroc: float
    false_accept: float
    accepted: float


class Ears:
    """A trained model that hears many texts at once, through Rasa's own graph."""

    def __init__(self, model: Path) -> None:
        from bot.nlu import runner

        if not model.is_file():
            raise FileNotFoundError(model)
        metadata, self._runner = runner.load(model)
        self._target = metadata.nlu_target

    def parse(self, texts: Sequence[str]) -> list[dict[str, Any]]:
        """What Rasa's graph says of each text: intent, ranking, entities and more."""
        from rasa.core.channels.channel import UserMessage
        from rasa.engine.constants import PLACEHOLDER_MESSAGE, PLACEHOLDER_TRACKER

        inputs = {PLACEHOLDER_MESSAGE: [UserMessage(text) for text in texts], PLACEHOLDER_TRACKER: None}
        messages = self._runner.run(inputs=inputs, targets=[self._target])[self._target]
        return [message.as_dict(only_output_properties=True) for message in messages]

    def hear(self, texts: Sequence[str]) -> list[Heard]:
        """Each text's intent, and how much the model holds it for in scope."""
        parts = [texts[at : at + _AT_ONCE] for at in range(0, len(texts), _AT_ONCE)]
        return [_heard(parse) for part in parts for parse in self.parse(part)]


def _heard(parse: dict[str, Any]) -> Heard:
    intent = parse["intent"].get("name") or FALLBACK
    if "in_scope" in parse:
        return Heard(intent, parse["in_scope"])
    outside = [each["confidence"] for each in parse["intent_ranking"] if each["name"] == OUT_OF_SCOPE]
    return Heard(intent, 1.0 - max(outside, default=0.0))


def right(question: Question, intent: str) -> bool:
    """Whether this is the right thing to hear."""
    return intent in REJECTED if question.intent == OUT_OF_SCOPE else intent == question.intent


def figures(questions: Sequence[Question], heard: Sequence[Heard]) -> Figures:
    """How well these questions were heard."""
    from sklearn.metrics import f1_score, roc_auc_score

    inside = np.array([question.intent != OUT_OF_SCOPE for question in questions])
    good = np.array([right(q, h.intent) for q, h in zip(questions, heard, strict=True)])
    scores = np.array([each.in_scope for each in heard])
    truth = [question.intent for question in questions]
    said = [
        OUT_OF_SCOPE if q.intent == OUT_OF_SCOPE and h.intent in REJECTED else h.intent
        for q, h in zip(questions, heard, strict=True)
    ]
    limit = np.quantile(scores[inside], _FALSE_REJECT)
    return Figures(
        right=float(good.mean()),
        right_inside=float(good[inside].mean()),
        macro_f1=float(f1_score(truth, said, labels=sorted(set(truth)), average="macro", zero_division=0)),
        auroc=float(roc_auc_score(inside, scores)),
        false_accept=float((scores[~inside] >= limit).mean()),
        accepted=float(1.0 - good[~inside].mean()),
    )
