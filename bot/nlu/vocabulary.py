"""Weighted n-gram counts, as rows of a sparse matrix."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse


class Weighed(NamedTuple):
    """The n-grams of one text that are known: shape (n-grams,), columns as int32, values as float32."""

    columns: NDArray[np.int32]
    values: NDArray[np.float32]


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

    def weigh(self, document: Iterable[str]) -> Weighed:
        """What `table` has in the row of one document, without a table."""
        counts = Counter(map(self._column.get, document))
        counts.pop(None, None)
        columns = np.fromiter(counts, dtype=np.int32, count=len(counts))
        values = np.log(np.fromiter(counts.values(), dtype=np.float32, count=len(counts))) + 1
        values *= self.weights[columns]
        return Weighed(columns, values / (np.linalg.norm(values) or np.float32(1.0)))

    def row(self, document: Iterable[str]) -> sparse.csr_matrix:
        """`table` of one document, in half the time."""
        columns, values = self.weigh(document)
        ends = np.array([0, len(columns)], dtype=np.int32)
        return sparse.csr_matrix((values, columns, ends), shape=(1, len(self.terms)))

    def table(self, documents: Sequence[Iterable[str]]) -> sparse.csr_matrix:
        """Shape (documents, terms), float32. Unknown n-grams are left out; a row of none is zero."""
        columns = [[self._column[term] for term in each if term in self._column] for each in documents]
        starts = np.cumsum([0, *map(len, columns)])
        flat = np.fromiter(chain.from_iterable(columns), dtype=np.int32, count=starts[-1])
        counts = (np.ones(len(flat), dtype=np.float32), flat, starts)
        table = sparse.csr_matrix(counts, shape=(len(columns), len(self.terms)))
        table.sum_duplicates()
        values = (np.log(table.data) + 1) * self.weights[table.indices]
        rows = np.repeat(np.arange(len(columns)), np.diff(table.indptr))
        lengths = np.sqrt(np.bincount(rows, values**2, minlength=len(columns)))
        table.data = (values / lengths[rows]).astype(np.float32)
        return table
