"""Ranks a few dozen classes by what a text means and how it is written, without Rasa.

What a class is, its user says: a research direction, which a topic often doesn't name, or a point of the
guide. The sentence embedding and short runs of characters together place a text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from bot.nlu import kernel
from bot.nlu.vocabulary import Vocabulary

Arrays = Mapping[str, NDArray[Any]]
Grams = Sequence[str]


class Ranker(NamedTuple):
    """A trained ranker: which runs of characters tell, and kernel regression on them and the meaning."""

    vocabulary: Vocabulary
    model: kernel.Model

    @classmethod
    def fit(cls, grams: Sequence[Grams], meaning: NDArray[np.float32], labels: Sequence[str]) -> Ranker:
        """Train on the runs of characters of n texts, their embeddings, shape (n, 512), and their classes."""
        vocabulary = Vocabulary.fit(grams)
        table = sparse.vstack([vocabulary.row(each) for each in grams]).tocsr()
        return cls(vocabulary, kernel.fit(kernel.Rows(table, meaning), labels)).ready()

    def ready(self) -> Ranker:
        """The same, prepared for comparing one text at a time."""
        return self._replace(model=self.model._replace(rows=self.model.rows.ready()))

    def rank(self, grams: Grams, meaning: NDArray[np.float32]) -> list[tuple[str, float]]:
        """All classes with their confidence, best first; the confidences sum to 1.

        Args:
            grams: the text's runs of characters, made as those of the training.
            meaning: its embedding, shape (1, 512).
        """
        rows = kernel.Rows(self.vocabulary.row(grams), meaning)
        scores = self.model.scores(kernel.likeness(rows, self.model.rows))
        confidences = self.model.confidences(scores)[0]
        order = np.argsort(-confidences, kind="stable")
        return [(self.model.classes[place], float(confidences[place])) for place in order]

    def pack(self) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
        """Arrays, and what JSON can hold."""
        table = self.model.rows.grams
        arrays = {
            "terms": self.vocabulary.weights,
            "weights": self.model.weights.astype(np.float32),
            "labels": self.model.labels,
            "meaning": self.model.rows.meaning,
            "grams_data": table.data.astype(np.float32),
            "grams_columns": table.indices,
            "grams_starts": table.indptr,
        }
        names = {
            "terms": self.vocabulary.terms,
            "classes": self.model.classes,
            "shape": table.shape,
            "sharpness": self.model.sharpness,
        }
        return arrays, names

    @classmethod
    def unpack(cls, arrays: Arrays, names: Mapping[str, Any]) -> Ranker:
        """What `pack` packed."""
        parts = (arrays["grams_data"], arrays["grams_columns"], arrays["grams_starts"])
        rows = kernel.Rows(sparse.csr_matrix(parts, shape=tuple(names["shape"])), arrays["meaning"])
        classes = tuple(names["classes"])
        model = kernel.Model(classes, arrays["weights"], rows, arrays["labels"], names["sharpness"])
        return cls(Vocabulary(names["terms"], arrays["terms"]), model).ready()
