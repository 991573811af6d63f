"""From the features of one text to a ranking of intents, without Rasa."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.nlu import kernel, scope
from bot.nlu.likeness import Rows
from bot.nlu.scope import FALLBACK, OUT_OF_SCOPE

Ranking = list[tuple[str, float]]
"""Intents with their confidence; the first is the decision."""


class Decision(NamedTuple):
    """``ranking``, and how likely the text is in scope, 0 to 1."""

    ranking: Ranking
    inside: float


class Limits(NamedTuple):
    """Where decisions change.

    Attributes:
        outside: a text less likely in scope than this is off-topic.
        inside: from here on a text counts as in scope; between the two it isn't understood.
        sure: an in-scope text whose best intent is less likely than this isn't understood either.
    """

    outside: float
    inside: float
    sure: float


class Decider(NamedTuple):
    """A trained classifier and judge.

    Attributes:
        limits: where decisions change.
    """

    model: kernel.Model
    judge: scope.Judge
    limits: Limits

    def decide(self, rows: Rows) -> Decision:
        """The decision about one text (``rows`` of one), then the in-scope intents, best first."""
        alike = self.model.compare(rows)
        scores = self.model.scores(alike)
        inside = float(self.judge.in_scope(scope.evidence(self.model, scores, alike))[0])
        inner = self._inner(scores[0])
        if inside < self.limits.outside:
            return Decision([(OUT_OF_SCOPE, 1.0 - inside), *inner], inside)
        if inside < self.limits.inside or inner[0][1] < self.limits.sure:
            return Decision([(FALLBACK, 1.0 - inner[0][1]), *inner], inside)
        return Decision(inner, inside)

    def _inner(self, scores: NDArray[np.float32]) -> Ranking:
        """The in-scope intents with their confidence among each other."""
        outside = self.model.classes.index(OUT_OF_SCOPE)
        names = [*self.model.classes[:outside], *self.model.classes[outside + 1 :]]
        confidences = self.model.confidences(np.delete(scores, outside)[None, :])[0]
        order = np.argsort(-confidences)
        return [(names[i], float(confidences[i])) for i in order]

    def pack(self) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
        """Arrays, and what JSON can hold."""
        arrays, names = self.model.pack()
        arrays["judge"] = np.stack([self.judge.weights, self.judge.centre, self.judge.spread])
        return arrays, {**names, "constant": self.judge.constant}

    @classmethod
    def unpack(cls, arrays: Mapping[str, NDArray[Any]], names: Mapping[str, Any], limits: Limits) -> Decider:
        """What `pack` packed, with the limits."""
        weights, centre, spread = arrays["judge"]
        judge = scope.Judge(weights, centre, spread, names["constant"])
        model = kernel.Model.unpack(arrays, names)
        return cls(model._replace(rows=model.rows.ready()), judge, limits)
