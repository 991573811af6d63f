"""How alike texts are: by n-grams (cosines of sparse rows) and by meaning, without Rasa."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Matrix = NDArray[np.float32]

MEANING = 2.0
NARROWNESS = 1.0
AXES = 160
"""Of an embedding's 512 coordinates so many, turned to where training texts differ most, tell nearly all.

A cosine differs by 0.007 at the mean, and comparing a message with all training texts takes a third of
the time.
"""

_COMMON = 0.02
"""Terms that a greater share of the texts has are compared as dense rows, which is quicker for them."""

_AT_ONCE = 256
"""So many rows of a kernel are made at once: they stay in the processor's cache."""


class Rows(NamedTuple):
    """Features of n texts.

    Attributes:
        grams: shape (n, terms), sparse, each featurizer's block of length 1.
        meaning: shape (n, 512), of length 1, or fewer columns, along axes.
        by_term: ``grams`` the other way round, (terms, n), where texts are compared with these often.
    """

    grams: sparse.csr_matrix
    meaning: Matrix
    by_term: sparse.csr_matrix | None = None

    def ready(self) -> Rows:
        """The same rows with ``by_term``."""
        return self._replace(by_term=self.grams.T.tocsr())

    def along(self, axes: Matrix) -> Rows:
        """The same rows, their meaning along axes of shape (512, axes)."""
        return self._replace(meaning=self.meaning @ axes)

    def only(self, places: NDArray[np.int64]) -> Rows:
        """Some of the rows."""
        return Rows(self.grams[places], self.meaning[places])


class Likeness(NamedTuple):
    """How alike n texts are to m others; both of shape (n, m)."""

    grams: Matrix
    meaning: Matrix

    def kernel(self) -> Matrix:
        """Both kinds of likeness in one number."""
        kernel = nearness(self.meaning)
        kernel += self.grams
        return kernel


def nearness(cosines: Matrix) -> Matrix:
    """What likeness in meaning counts: a Gaussian of the distance.

    The 1 stands for the classes' constant term.
    """
    near: Matrix = cosines - np.float32(1.0)
    near *= np.float32(2.0 * NARROWNESS)
    np.exp(near, out=near)
    near *= np.float32(MEANING)
    near += np.float32(1.0)
    return near


def axes(meaning: Matrix) -> Matrix:
    """The axes along which embeddings of shape (n, 512) differ most, shape (512, `AXES`) at most."""
    _, vectors = np.linalg.eigh((meaning.T @ meaning).astype(np.float64))
    return np.ascontiguousarray(vectors[:, ::-1][:, :AXES], dtype=np.float32)


def likeness(left: Rows, right: Rows) -> Likeness:
    """Compare every text of ``left`` with every text of ``right``."""
    by_term = right.grams.T if right.by_term is None else right.by_term
    return Likeness((left.grams @ by_term).toarray(), left.meaning @ right.meaning.T)


def among(rows: Rows) -> Likeness:
    """Compare every text with every other; for thousands this is quicker than `likeness`."""
    return Likeness(_products(rows.grams), rows.meaning @ rows.meaning.T)


def kernel_among(rows: Rows) -> Matrix:
    """`Likeness.kernel` of every text with every other in one matrix: the fewer pages, the quicker.

    Right on the diagonal and below it; what stands above, nobody may read.
    """
    kernel = _products(rows.grams)
    for start in range(0, len(kernel), _AT_ONCE):
        end = start + _AT_ONCE
        kernel[start:end, :end] += nearness(rows.meaning[start:end] @ rows.meaning[:end].T)
    return kernel


def _products(grams: sparse.csr_matrix) -> Matrix:
    """The cosine of every row with every other."""
    frequent = np.bincount(grams.indices, minlength=grams.shape[1]) > _COMMON * grams.shape[0]
    common, rare = grams[:, frequent].toarray(), grams[:, ~frequent]
    products: Matrix = common @ common.T
    shared = (rare @ rare.T).tocoo()
    products[shared.row, shared.col] += shared.data
    return products
