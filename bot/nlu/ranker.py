"""Ranks the research directions by what a topic means, without Rasa.

Topics often have no word of the trade: 小公司没厂房没地，只有几张证，银行不给钱. Keywords can't place them;
the sentence embedding and the short runs of characters together can. "None" is a class like any other,
learned from topics of other fields and from ordinary questions to the assistant.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from bot.nlu import kernel, text
from bot.nlu.vocabulary import Vocabulary

NONE = "none"
"""The class of topics that fit no direction."""

_FRAME = re.compile(
    "我们|咱们|我|想|研究|课题|题目|选题|方向|哪个|哪一个|哪一条|哪条|第几个|属于|归到|归|对应|适合|申报|报|项目"
    "|关于|方面|请问|打算|准备|问题|怎么样|怎么|怎样|如何|知识产权|甘肃|我省|全省|吗|呢|的|[^\\w]"
)
"""What surrounds a topic, and what topics of every direction say."""

_WRAPPINGS = (
    "我们想研究{},属于哪个方向",
    "{},报哪个方向合适",
    "我的题目是{},选哪个",
    "题目叫《{}》,能归到哪一条",
    "{}对应第几个方向",
    "我想做{}方面的课题",
)
_WRAP_EVERY = 2
"""Every so many-th topic is also learned as a question; all that fit none are."""

_LONGEST = 2

Arrays = Mapping[str, NDArray[Any]]


class Topic(NamedTuple):
    """A topic and its direction: ``"1"`` to ``"12"``, or `NONE`."""

    text: str
    direction: str


def wrapped(topics: Sequence[Topic]) -> list[Topic]:
    """The topics, and many of them again as people ask about them."""
    questions = [
        Topic(_WRAPPINGS[place % len(_WRAPPINGS)].format(topic.text), topic.direction)
        for place, topic in enumerate(topics)
        if topic.direction == NONE or place % _WRAP_EVERY == 0
    ]
    return [*topics, *questions]


def grams(normal: str) -> list[str]:
    """The short runs of characters of a normalised text, without what surrounds the topic."""
    return text.grams(_FRAME.sub("", normal), 1, _LONGEST)


class Ranker(NamedTuple):
    """A trained ranker: which runs of characters tell, and and kernel regression on them and the meaning."""

    vocabulary: Vocabulary
    model: kernel.Model

    @classmethod
    def fit(cls, normals: Sequence[str], meaning: NDArray[np.float32], directions: Sequence[str]) -> Ranker:
        """Train on n normalised texts, their embeddings of shape (n, 512) and their directions."""
        documents = [grams(normal) for normal in normals]
        vocabulary = Vocabulary.fit(documents)
        table = sparse.vstack([vocabulary.row(document) for document in documents]).tocsr()
        return cls(vocabulary, kernel.train(kernel.Rows(table, meaning), directions).model).ready()

    def ready(self) -> Ranker:
        """The same, prepared for comparing one text at a time."""
        return self._replace(model=self.model._replace(rows=self.model.rows.ready()))

    def rank(self, normal: str, meaning: NDArray[np.float32]) -> list[tuple[str, float]]:
        """All directions and `NONE` with their confidence, best first; the confidences sum to 1.

        Args:
            normal: the normalised text.
            meaning: its embedding, shape (1, 512).
        """
        rows = kernel.Rows(self.vocabulary.row(grams(normal)), meaning)
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
