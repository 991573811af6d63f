"""The small grammar of a point's keywords; ``data/guide/points*.yml`` explain it to the office."""

from __future__ import annotations

import msgspec

from bot.guide.keywords import normalise, weighed


class Ask(msgspec.Struct, frozen=True):
    """Words that ask for a point.

    Attributes:
        parts: of each part one of its alternatives must be in the question, in any order. An alternative
            is normalised text with the times that it counts.
        alone: counts whatever topic the question was heard as.
        bars: rules the point out instead.
    """

    parts: tuple[tuple[tuple[str, int], ...], ...]
    alone: bool = False
    bars: bool = False

    def telling(self, asked: str) -> int:
        """How much of a normalised question it covers, in characters times their weight; 0 if not met."""
        found = [max((len(w) * n for w, n in part if w in asked), default=0) for part in self.parts]
        return sum(found) if all(found) else 0


def parse(words: str) -> Ask:
    """``甲|乙+丙``, ``!词``, ``-词``, ``词*2`` and their mixtures."""
    parts = tuple(tuple(map(_weighed, part.split("|"))) for part in words.lstrip("!-").split("+"))
    return Ask(parts, alone=words.startswith("!"), bars=words.startswith("-"))


def _weighed(word: str) -> tuple[str, int]:
    plain, times = weighed(word)
    return normalise(plain), times
