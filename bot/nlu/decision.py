"""From the features of one text to a ranking of intents, without Rasa."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from bot.nlu import kernel, scope
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

    def decide(self, rows: kernel.Rows) -> Decision:
        """The decision about one text (``rows`` of one), then the in-scope intents, best first."""
        alike = kernel.likeness(rows, self.model.rows)
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
        names = [name for name in self.model.classes if name != OUT_OF_SCOPE]
        kept = scores[[self.model.classes.index(name) for name in names]]
        confidences = self.model.confidences(kept[None, :])[0]
        order = np.argsort(-confidences)
        return [(names[i], float(confidences[i])) for i in order]

    def pack(self) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
        """Arrays, and what JSON can hold."""
        grams = self.model.rows.grams
        arrays = {
            "weights": self.model.weights,
            "labels": self.model.labels,
            "meaning": self.model.rows.meaning,
            "grams_data": grams.data.astype(np.float32),
            "grams_columns": grams.indices,
            "grams_starts": grams.indptr,
            "judge": np.stack([self.judge.weights, self.judge.centre, self.judge.spread]),
        }
        names = {
            "classes": self.model.classes,
            "shape": grams.shape,
            "sharpness": self.model.sharpness,
            "constant": self.judge.constant,
        }
        return arrays, names

    @classmethod
    def unpack(cls, arrays: Mapping[str, NDArray[Any]], names: Mapping[str, Any], limits: Limits) -> Decider:
        """What `pack` packed, with the limits."""
        parts = (arrays["grams_data"], arrays["grams_columns"], arrays["grams_starts"])
        grams = sparse.csr_matrix(parts, shape=tuple(names["shape"]))
        rows = kernel.Rows(grams, arrays["meaning"]).ready()
        classes = tuple(names["classes"])
        model = kernel.Model(classes, arrays["weights"], rows, arrays["labels"], names["sharpness"])
        judged, centre, spread = arrays["judge"]
        judge = scope.Judge(judged, centre, spread, names["constant"])
        return cls(model, judge, limits)
