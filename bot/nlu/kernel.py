"""The classifier's mathematics: kernel ridge regression against every class, without Rasa.

A text is compared with every training text: by n-grams (cosines of sparse rows) and by meaning (a
Gaussian of the distance between sentence embeddings). What a class scores is a weighted sum of these
likenesses. The weights are the solution of one symmetric system, which has two advantages over
iterative classifiers: it takes seconds on one core, and what each training text would score in a model
that hasn't seen it (nor its near neighbours) follows from the same inverse, with no second training.
Confidence and the out-of-scope decision are fitted on those scores.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.linalg import cho_factor, cho_solve, lapack
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax

Matrix = NDArray[np.float32]

RIDGE = 0.3
MEANING = 2.0
NARROWNESS = 1.0
_TEXTS_PER_GROUP = 4
_CALIBRATE_EVERY = 3


class Rows(NamedTuple):
    """Features of n texts.

    Attributes:
        grams: shape (n, terms), sparse, each featurizer's block of length 1.
        meaning: shape (n, 512), of length 1.
        by_term: ``grams`` the other way round, (terms, n), where texts are compared with these often.
    """

    grams: sparse.csr_matrix
    meaning: NDArray[np.float32]
    by_term: sparse.csr_matrix | None = None

    def ready(self) -> Rows:
        """The same rows with ``by_term``."""
        return self._replace(by_term=self.grams.T.tocsr())


class Likeness(NamedTuple):
    """How alike n texts are to m others; both of shape (n, m)."""

    grams: Matrix
    meaning: Matrix

    def kernel(self) -> Matrix:
        """Both kinds of likeness in one number. The 1 stands for the classes' constant term."""
        close = np.exp(np.float32(2.0 * NARROWNESS) * (self.meaning - np.float32(1.0)))
        kernel: Matrix = np.float32(1.0) + self.grams + np.float32(MEANING) * close
        return kernel


def likeness(left: Rows, right: Rows) -> Likeness:
    """Compare every text of ``left`` with every text of ``right``."""
    by_term = right.grams.T if right.by_term is None else right.by_term
    return Likeness((left.grams @ by_term).toarray(), left.meaning @ right.meaning.T)


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
        rows: features of the training texts.
        labels: the class of each training text, as an index into ``classes``.
        sharpness: scores times this, through a softmax, are confidences.
    """

    classes: tuple[str, ...]
    weights: Matrix
    rows: Rows
    labels: NDArray[np.int64]
    sharpness: float

    def scores(self, likeness: Likeness) -> Matrix:
        """Shape (texts, classes), from the texts' likeness to the training texts."""
        scores: Matrix = likeness.kernel() @ self.weights
        return scores

    def confidences(self, scores: Matrix) -> Matrix:
        """Shape (texts, classes); each row sums to 1."""
        confidences: Matrix = softmax(scores * self.sharpness, axis=1)
        return confidences


class Trained(NamedTuple):
    """A model, and what each training text scores in a model without its group."""

    model: Model
    unseen: Matrix
    likeness: Likeness
    groups: NDArray[np.int64]


def train(rows: Rows, labels: Sequence[str]) -> Trained:
    """Train on n texts with a class each."""
    classes, indices, targets = _targets(labels)
    alike = likeness(rows, rows)
    inverse = _inverse(_ridged(alike.kernel()))
    weights: Matrix = inverse @ targets
    numbers = groups(rows.meaning, labels)
    unseen = _without_group(inverse, weights, targets, numbers)
    model = Model(classes, weights, rows, indices, _sharpness(unseen, indices))
    return Trained(model, unseen, alike, numbers)


def fit(rows: Rows, labels: Sequence[str]) -> Model:
    """The model of `train` alone, in less time; its sharpness is that of a model of every third text."""
    classes, indices, targets = _targets(labels)
    factor = cho_factor(_ridged(likeness(rows, rows).kernel()), overwrite_a=True, check_finite=False)
    weights: Matrix = cho_solve(factor, targets, check_finite=False)
    some = np.arange(0, len(indices), _CALIBRATE_EVERY)
    part = Rows(rows.grams[some], rows.meaning[some])
    sharpness = train(part, [labels[place] for place in some]).model.sharpness
    return Model(classes, weights, rows, indices, sharpness)


def _targets(labels: Sequence[str]) -> tuple[tuple[str, ...], NDArray[np.int64], Matrix]:
    """The classes, each text's as an index, and 1 for it and -1 for every other, shape (texts, classes)."""
    classes = tuple(sorted(set(labels)))
    indices = np.array([classes.index(label) for label in labels])
    targets = -np.ones((len(indices), len(classes)), dtype=np.float32)
    targets[np.arange(len(indices)), indices] = 1.0
    return classes, indices, targets


def _ridged(kernel: Matrix) -> Matrix:
    kernel[np.diag_indices_from(kernel)] += np.float32(RIDGE)
    return kernel


def _inverse(symmetric: Matrix) -> Matrix:
    """The inverse of a positive definite matrix, by Cholesky; a third of the work of a general inverse."""
    factor, failed = lapack.spotrf(symmetric, lower=0, overwrite_a=1)
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
