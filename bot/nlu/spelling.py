"""Puts right what was mistyped by sound, by the company that a character keeps. Without Rasa.

A character that its neighbours never have beside them in the training texts is suspect: 申抱, 知识产全.
If another character of the same sound has been seen between these neighbours, it is taken instead. What
is a common word anyway (the phrases that pypinyin ships) is left alone, so that questions on other
subjects keep their words.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache

from pypinyin.phrases_dict import phrases_dict

from bot.nlu.text import sounds as sounds_of

START, END = "^", "$"
_SEEN_BOTH = 2
_SEEN_ONE = 8
_BETTER = 5.0
_LONGEST_PHRASE = 4
_MOST_CANDIDATES = 40


def _chinese(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff"


@lru_cache(maxsize=1)
def _common_pairs() -> frozenset[str]:
    """Pairs of characters within common words."""
    words = (word for word in phrases_dict if len(word) <= _LONGEST_PHRASE)
    return frozenset(word[i : i + 2] for word in words for i in range(len(word) - 1))


class Corrector:
    """Knows which characters stand together in the training texts.

    Args:
        runs: how often each run of two or three characters occurs, ``^`` and ``$`` for the ends.
    """

    def __init__(self, runs: Mapping[str, int]) -> None:
        self.runs = dict(runs)
        by_sound: dict[str, Counter[str]] = defaultdict(Counter)
        singles: Counter[str] = Counter()
        for run, count in self.runs.items():
            if len(run) == 2 and _chinese(run[0]):
                singles[run[0]] += count
        for character, count in singles.items():
            by_sound[sounds_of(character)[0]][character] += count
        self._by_sound = {
            sound: [character for character, _ in counts.most_common(_MOST_CANDIDATES)]
            for sound, counts in by_sound.items()
        }

    @classmethod
    def fit(cls, texts: Iterable[str]) -> Corrector:
        """Learn from normalised training texts."""
        runs: Counter[str] = Counter()
        for text in texts:
            padded = f"{START}{text}{END}"
            for length in (2, 3):
                runs.update(padded[i : i + length] for i in range(len(padded) - length + 1))
        return cls(runs)

    def correct(self, text: str) -> str:
        """The text with suspect characters replaced where the evidence is plain; as long as it was."""
        characters = [START, *text, END]
        sounds: tuple[str, ...] = ()
        for place in range(1, len(characters) - 1):
            if self._suspect(characters, place):
                sounds = sounds or sounds_of(text)
                characters[place] = self._replacement(characters, place, sounds[place - 1])
        return "".join(characters[1:-1])

    def _seen(self, *characters: str) -> int:
        return self.runs.get("".join(characters), 0)

    def _suspect(self, characters: list[str], place: int) -> bool:
        before, this, after = characters[place - 1 : place + 2]
        if not _chinese(this) or (self._seen(before, this) and self._seen(this, after)):
            return False
        return before + this not in _common_pairs() and this + after not in _common_pairs()

    def _replacement(self, characters: list[str], place: int, sound: str) -> str:
        before, this, after = characters[place - 1 : place + 2]
        known = self._seen(before, this) + self._seen(this, after)
        best, best_support = this, _BETTER * known
        for other in self._by_sound.get(sound, ()):
            support = self._support(before, other, after, alone=not known)
            if other != this and support > best_support:
                best, best_support = other, support
        return best

    def _support(self, before: str, other: str, after: str, alone: bool) -> float:
        """How much speaks for a character between two others; 0 when it isn't plain."""
        left, right = self._seen(before, other), self._seen(other, after)
        both = self._seen(before, other, after)
        if left and right and both:
            return 10.0 * both + left + right
        if left >= _SEEN_BOTH and right >= _SEEN_BOTH:
            return float(min(left, right))
        if alone and max(left, right) >= _SEEN_ONE:
            return max(left, right) / 4
        return 0.0
