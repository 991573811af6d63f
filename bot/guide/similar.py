"""How much a topic sounds like the examples of a direction, by single characters and pairs.

A weighted count of the runs that few directions share: naive, without any library, and good enough to catch
a topic that none of a direction's keywords names.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence

SMOOTH = 0.5
"""Added to every count, so that a run seen once in one direction alone doesn't decide."""

SIZES = (1, 2)


class Sounds:
    """What the texts of several classes sound like.

    Args:
        classes: the normalised texts of each class.
    """

    def __init__(self, classes: Sequence[Iterable[str]]) -> None:
        counts = [Counter(run for text in texts for run in set(_runs(text))) for texts in classes]
        self._weights = [_excess(each, counts) for each in counts]

    def scores(self, text: str) -> tuple[float, ...]:
        """For each class how far the text speaks for it: 0 and up, in no fixed unit."""
        runs = sorted(set(_runs(text)))
        return tuple(sum(weights.get(run, 0.0) for run in runs) for weights in self._weights)


def pairs(text: str) -> frozenset[str]:
    """The pairs of neighbouring characters."""
    return frozenset(text[start : start + 2] for start in range(len(text) - 1))


def overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """How much of two sets is common, 0 to 1 (Dice's coefficient)."""
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0


def _excess(own: Counter[str], all_counts: Sequence[Counter[str]]) -> dict[str, float]:
    """For each run: the logarithm of how much more often it is heard here than in the average class."""
    weights = {}
    for run, count in own.items():
        average = sum(each[run] for each in all_counts) / len(all_counts)
        weight = math.log((count + SMOOTH) / (average + SMOOTH))
        if weight > 0:
            weights[run] = weight
    return weights


def _runs(text: str) -> Iterable[str]:
    return (text[start : start + size] for size in SIZES for start in range(len(text) - size + 1))
