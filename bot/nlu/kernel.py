"""The classifier's mathematics: kernel ridge regression against every class, without Rasa.

A text is compared with every training text: by n-grams (cosines of sparse rows) and by meaning (a
Gaussian of the distance between sentence embeddings). What a class scores is a weighted sum of these
likenesses. The weights are the solution of one symmetric system, which has two advantages over
iterative classifiers: it takes seconds on one core, and what each training text would score in a model
that hasn't seen it (nor its near neighbours) follows from the same inverse, with no second training.
Confidence and the out-of-scope decision are fitted on those scores.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.linalg import cho_factor, cho_solve, lapack
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax

from bot.nlu.likeness import Likeness, Matrix, Rows, among, axes, kernel_among, likeness

RIDGE = 0.3
_TEXTS_PER_GROUP = 4


def groups(meaning: NDArray[np.float32], labels: Sequence[str], seed: int = 7) -> NDArray[np.int64]:
    """Put paraphrases together: a group number for each text, about four texts a group, within a class."""
    from sklearn.cluster import KMeans

    numbers = np.zeros(len(labels), dtype=np.int64)
    names = np.array(labels)
    start = 0
    for name in sorted(set(labels)):
        members = np.flatnonzero(names == name)
        count = max(1, len(members) // _TEXTS_PER_GROUP)
        if count > 1:
            found = KMeans(count, n_init=1, max_iter=20, random_state=seed).fit(meaning[members])
            numbers[members] = found.labels_ + start
        else:
            numbers[members] = start
        start += count
    return numbers


class Model(NamedTuple):
    """A trained model.

    Attributes:
        classes: names of the classes, sorted.
        weights: shape (training texts, classes).
        axes: what the meaning of ``rows`` lies along, shape (512, axes).
        rows: features of the training texts.
        labels: the class of each training text, as an index into ``classes``.
        sharpness: scores times this, through a softmax, are confidences.
    """

    classes: tuple[str, ...]
    weights: Matrix
    axes: Matrix
    rows: Rows
    labels: NDArray[np.int64]
    sharpness: float

    def compare(self, rows: Rows) -> Likeness:
        """How alike texts are to the training texts."""
        return likeness(rows.along(self.axes), self.rows)

    def scores(self, alike: Likeness) -> Matrix:
        """Shape (texts, classes), from what `compare` says."""
        scores: Matrix = alike.kernel() @ self.weights
        return scores

    def confidences(self, scores: Matrix) -> Matrix:
        """Shape (texts, classes); each row sums to 1."""
        confidences: Matrix = softmax(scores * self.sharpness, axis=1)
        return confidences

    def pack(self) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
        """Arrays, and what JSON can hold."""
        grams = self.rows.grams
        arrays = {
            "weights": self.weights,
            "axes": self.axes,
            "labels": self.labels,
            "meaning": self.rows.meaning,
            "grams_data": grams.data.astype(np.float32),
            "grams_columns": grams.indices,
            "grams_starts": grams.indptr,
        }
        return arrays, {"classes": self.classes, "shape": grams.shape, "sharpness": self.sharpness}

    @classmethod
    def unpack(cls, arrays: Mapping[str, NDArray[Any]], names: Mapping[str, Any]) -> Model:
        """What `pack` packed."""
        parts = (arrays["grams_data"], arrays["grams_columns"], arrays["grams_starts"])
        rows = Rows(sparse.csr_matrix(parts, shape=tuple(names["shape"])), arrays["meaning"])
        classes = tuple(names["classes"])
        return cls(classes, arrays["weights"], arrays["axes"], rows, arrays["labels"], names["sharpness"])


class Trained(NamedTuple):
    """A model, and what each training text scores in a model without its group."""

    model: Model
    unseen: Matrix
    likeness: Likeness
    groups: NDArray[np.int64]


def train(rows: Rows, labels: Sequence[str]) -> Trained:
    """Train on n texts with a class each."""
    model, targets = _untrained(rows, labels)
    alike = among(model.rows)
    inverse = _inverse(_ridged(alike.kernel()))
    weights: Matrix = inverse @ targets
    numbers = groups(model.rows.meaning, labels)
    unseen = _without_group(inverse, weights, targets, numbers)
    model = model._replace(weights=weights, sharpness=_sharpness(unseen, model.labels))
    return Trained(model, unseen, alike, numbers)


def fit(rows: Rows, labels: Sequence[str], every: int) -> tuple[Model, Trained]:
    """The model of `train` in a third of the time, and what was trained on every so many-th text.

    The sharpness comes from those.
    """
    some = np.arange(0, len(labels), every)
    part = train(rows.only(some), [labels[place] for place in some])
    model, targets = _untrained(rows, labels)
    # LAPACK reads columns: turned over, the lower triangle is the upper one, and nothing is copied.
    factor = cho_factor(_ridged(kernel_among(model.rows)).T, overwrite_a=True, check_finite=False)
    weights: Matrix = cho_solve(factor, targets, check_finite=False)
    return model._replace(weights=weights, sharpness=part.model.sharpness), part


def _untrained(rows: Rows, labels: Sequence[str]) -> tuple[Model, Matrix]:
    """A model without weights; and 1 for each text's class, -1 for every other, shape (texts, classes)."""
    classes = tuple(sorted(set(labels)))
    indices = np.array([classes.index(label) for label in labels])
    targets = -np.ones((len(indices), len(classes)), dtype=np.float32)
    targets[np.arange(len(indices)), indices] = 1.0
    turned = axes(rows.meaning)
    return Model(classes, np.zeros_like(targets), turned, rows.along(turned), indices, 1.0), targets


def _ridged(kernel: Matrix) -> Matrix:
    kernel[np.diag_indices_from(kernel)] += np.float32(RIDGE)
    return kernel


def _inverse(symmetric: Matrix) -> Matrix:
    """The inverse of a positive definite matrix, by Cholesky; a third of the work of a general inverse."""
    factor, failed = lapack.spotrf(symmetric.T, lower=0, overwrite_a=1)
    inverse, failed_too = lapack.spotri(factor, lower=0, overwrite_c=1)
    if failed or failed_too:
        raise np.linalg.LinAlgError("the kernel isn't positive definite")
    whole: Matrix = np.triu(inverse)
    whole += np.triu(inverse, 1).T
    return whole


def _without_group(inverse: Matrix, weights: Matrix, targets: Matrix, numbers: NDArray[np.int64]) -> Matrix:
    """Scores of each group in the model trained on all other groups, by the block inverse."""
    scores = np.empty_like(targets)
    for number in np.unique(numbers):
        group = np.flatnonzero(numbers == number)
        block = inverse[np.ix_(group, group)]
        scores[group] = targets[group] - np.linalg.solve(block, weights[group])
    return scores


def _sharpness(scores: Matrix, indices: NDArray[np.int64]) -> float:
    """The factor that makes confidences true: least surprise over texts that the model hasn't seen."""

    def surprise(factor: float) -> float:
        return -float(log_softmax(scores * factor, axis=1)[np.arange(len(indices)), indices].mean())

    return float(minimize_scalar(surprise, bounds=(0.5, 20.0), method="bounded").x)
