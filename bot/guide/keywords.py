"""The small grammar of a direction's keywords; ``data/guide/directions.yml`` explains it to the office."""

from __future__ import annotations

import math
import re
import unicodedata

import msgspec

from bot.simplified import simplified

LONGEST = 8
"""Characters beyond this many make a keyword no weightier."""

_DROP = re.compile(r"[\W_]+")
_TIMES = re.compile(r"\*([1-9])$")


class Keyword(msgspec.Struct, frozen=True):
    """Words that speak for a direction.

    Attributes:
        parts: all of them must be in the topic, in any order.
        alone: counts even where the topic doesn't say that it is about intellectual property.
        bars: rules the direction out instead.
        times: how many times as much as usual it counts.
    """

    parts: tuple[str, ...]
    alone: bool = False
    bars: bool = False
    times: int = 1

    @property
    def length(self) -> int:
        """Characters in all parts."""
        return sum(len(part) for part in self.parts)

    def within(self, topic: str) -> bool:
        """Whether a normalised topic has all parts."""
        return all(part in topic for part in self.parts)

    def says_less_than(self, other: Keyword) -> bool:
        """Whether each part of this stands inside a part of the longer other."""
        return other.length > self.length and all(
            any(part in longer for longer in other.parts) for part in self.parts
        )

    def weight(self, owners: int, count: int) -> float:
        """Grows with the length; 0 where all ``count`` directions own it, whole where one does."""
        rarity = 1 - math.log(owners) / math.log(count) if count > 1 else 1.0
        length = math.sqrt(min(self.length, LONGEST))
        return self.times * length * (1 + 0.25 * (len(self.parts) - 1)) * rarity


def parse(word: str) -> Keyword:
    """``甲+乙``, ``!词``, ``-词``, ``词*3`` and their mixtures; anything else is a plain keyword."""
    times = _TIMES.search(word)
    plain = _TIMES.sub("", word).lstrip("!-")
    parts = tuple(part for part in map(normalise, plain.split("+")) if part)
    return Keyword(parts, word.startswith("!"), word.startswith("-"), int(times.group(1)) if times else 1)


def normalise(text: str) -> str:
    """Half width, lower case, simplified, without punctuation and spaces."""
    return _DROP.sub("", simplified(unicodedata.normalize("NFKC", text).lower()))
