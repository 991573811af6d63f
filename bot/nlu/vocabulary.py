"""Weighted n-gram counts, as rows of a sparse matrix."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse


class Vocabulary:
    """Which n-grams the training texts have, and how much each tells (TF-IDF).

    Rows have length 1, so that the product of two rows is their cosine.

    Args:
        terms: the n-grams, in the order of the columns.
        weights: shape (terms,), float32: how much each tells.
    """

    def __init__(self, terms: Sequence[str], weights: NDArray[np.float32]) -> None:
        self.terms = list(terms)
        self.weights = weights
        self._column = {term: column for column, term in enumerate(self.terms)}

    @classmethod
    def fit(cls, documents: Sequence[Sequence[str]]) -> Vocabulary:
        """Learn from the n-grams of each training text."""
        occurs = Counter(term for document in documents for term in set(document))
        terms = sorted(occurs)
        counts = np.array([occurs[term] for term in terms], dtype=np.float64)
        weights = np.log((1 + len(documents)) / (1 + counts)) + 1
        return cls(terms, weights.astype(np.float32))

    def row(self, document: Iterable[str]) -> sparse.csr_matrix:
        """Shape (1, terms), float32. Unknown n-grams are left out; a row of none is zero."""
        counts = Counter(self._column[term] for term in document if term in self._column)
        columns = np.array(sorted(counts), dtype=np.int32)
        values = np.array([counts[column] for column in columns], dtype=np.float32)
        values = (np.log(values) + 1) * self.weights[columns]
        length = float(np.linalg.norm(values))
        values = values / length if length else values
        # Written as compressed rows at once: by coordinates, scipy takes three times as long.
        starts = np.array([0, len(columns)], dtype=np.int32)
        return sparse.csr_matrix((values, columns, starts), shape=(1, len(self.terms)))
