"""Is a question about the guide at all? The decision's mathematics, without Rasa.

The best class alone can't say: a question about driving licences has a best class too. What counts
together: how the out-of-scope class scores against the best other one, how far the best is ahead of the
second, how near the nearest training texts of either side are by meaning and by n-grams, and how many of
the text's n-grams the in-scope texts have. A logistic regression weighs these, fitted on texts that the
classifier hadn't seen when it scored them.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.nlu.kernel import Model, Trained
from bot.nlu.likeness import Likeness, Matrix

Evidence = NDArray[np.float64]

OUT_OF_SCOPE = "out_of_scope"
FALLBACK = "nlu_fallback"
_NEIGHBOURS = 3


class Judge(NamedTuple):
    """Weighs the evidence: ``weights`` (7,), ``centre`` and ``spread`` (7,) of the evidence, ``constant``."""

    weights: NDArray[np.float64]
    centre: NDArray[np.float64]
    spread: NDArray[np.float64]
    constant: float

    def in_scope(self, evidence: Evidence) -> NDArray[np.float64]:
        """How likely each text is in scope, shape (texts,), from evidence of shape (texts, 7)."""
        sums = ((evidence - self.centre) / self.spread) @ self.weights + self.constant
        likely: NDArray[np.float64] = 1.0 / (1.0 + np.exp(-sums))
        return likely


def _nearest(alike: Matrix, allowed: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Mean of the greatest few of each row, over the allowed columns."""
    each = zip(alike, np.broadcast_to(allowed, alike.shape), strict=True)  # row by row: less memory
    return np.array([_greatest(np.where(may, row, np.float32(-1.0))) for row, may in each])


def _greatest(row: Matrix) -> float:
    """Mean of the greatest few, which are overwritten: for so few, quicker than sorting or parting all."""
    found = 0.0
    for _ in range(_NEIGHBOURS):
        place = row.argmax()
        found += float(row[place])
        row[place] = -1.0
    return found / _NEIGHBOURS


def evidence(
    model: Model, scores: Matrix, alike: Likeness, allowed: NDArray[np.bool_] | None = None
) -> Evidence:
    """What speaks for and against each text being in scope, shape (texts, 7).

    Args:
        scores: shape (texts, classes).
        alike: likeness of the texts to the training texts.
        allowed: shape (texts, training texts): which training texts may count as neighbours.
    """
    outside = model.classes.index(OUT_OF_SCOPE)
    inner = np.sort(np.delete(scores, outside, axis=1), axis=1)
    among_outside = model.labels == outside
    everything = np.ones((1, len(model.labels)), dtype=bool) if allowed is None else allowed
    columns = [
        scores[:, outside],
        inner[:, -1],
        inner[:, -1] - inner[:, -2],
        _nearest(alike.meaning, everything & ~among_outside),
        _nearest(alike.meaning, everything & among_outside),
        _nearest(alike.grams, everything & ~among_outside),
        _nearest(alike.grams, everything & among_outside),
    ]
    return np.column_stack(columns)


def fit(trained: Trained) -> Judge:
    """Learn to weigh the evidence, from training texts whose own group doesn't count as neighbours."""
    from sklearn.linear_model import LogisticRegression

    model = trained.model
    allowed = trained.groups[:, None] != trained.groups[None, :]
    table = evidence(model, trained.unseen, trained.likeness, allowed)
    centre, spread = table.mean(axis=0), table.std(axis=0) + 1e-9
    inside = model.labels != model.classes.index(OUT_OF_SCOPE)
    fitted = LogisticRegression(C=1.0, class_weight="balanced").fit((table - centre) / spread, inside)
    return Judge(fitted.coef_[0].astype(np.float64), centre, spread, float(fitted.intercept_[0]))
