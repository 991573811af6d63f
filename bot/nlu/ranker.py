"""Ranks a few dozen classes by what a text means and how it is written, without Rasa.

What a class is, its user says: a research direction, which a topic often doesn't name, or a point of the
guide. The sentence embedding and short runs of characters together place a text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.nlu import kernel
from bot.nlu.likeness import Matrix, Rows, nearness
from bot.nlu.vocabulary import Vocabulary

Arrays = Mapping[str, NDArray[Any]]
Grams = Sequence[str]


_CALIBRATE_EVERY = 5


class Ranker(NamedTuple):
    """A trained ranker: which runs of characters tell, and kernel regression on them and the meaning.

    Attributes:
        told: what each run adds to each class, shape (runs, classes). Likeness by runs is a product, so the
            training texts' part in it can be summed beforehand; likeness in meaning isn't, and has none.
    """

    vocabulary: Vocabulary
    model: kernel.Model
    told: Matrix

    @classmethod
    def of(cls, vocabulary: Vocabulary, model: kernel.Model) -> Ranker:
        """The ranker with its sums made."""
        return cls(vocabulary, model, model.rows.grams.T @ model.weights)

    @classmethod
    def fit(cls, grams: Sequence[Grams], meaning: NDArray[np.float32], labels: Sequence[str]) -> Ranker:
        """Train on the runs of characters of n texts, their embeddings, shape (n, 512), and their classes."""
        vocabulary = Vocabulary.fit(grams)
        model, _ = kernel.fit(Rows(vocabulary.table(grams), meaning), labels, _CALIBRATE_EVERY)
        return cls.of(vocabulary, model)

    def rank(self, grams: Grams, meaning: NDArray[np.float32]) -> list[tuple[str, float]]:
        """All classes with their confidence, best first; the confidences sum to 1.

        Args:
            grams: the text's runs of characters, made as those of the training.
            meaning: its embedding, shape (1, 512).
        """
        near = nearness(meaning @ self.model.axes @ self.model.rows.meaning.T)
        columns, values = self.vocabulary.weigh(grams)
        scores = near @ self.model.weights + values @ self.told[columns]
        confidences = self.model.confidences(scores)[0]
        order = np.argsort(-confidences, kind="stable")
        return [(self.model.classes[place], float(confidences[place])) for place in order]

    def pack(self) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
        """Arrays, and what JSON can hold."""
        arrays, names = self.model.pack()
        terms = {"terms": self.vocabulary.terms}
        return {**arrays, "telling": self.vocabulary.weights}, {**names, **terms}

    @classmethod
    def unpack(cls, arrays: Arrays, names: Mapping[str, Any]) -> Ranker:
        """What `pack` packed."""
        return cls.of(Vocabulary(names["terms"], arrays["telling"]), kernel.Model.unpack(arrays, names))
