"""What a typed answer means. A wrong reading costs an applicant dearly, so anything doubtful is None.

The whole message must be the answer, save for politeness and particles: a question back, a story or an
answer with a "but" isn't one. Words are matched in this order: the option's label and synonyms, its
number, "don't know", yes and no.
"""

from __future__ import annotations

import re
import unicodedata

from bot.guide import phrases
from bot.guide.expression import UNKNOWN
from bot.guide.model import Fact
from bot.simplified import simplified

YES = "yes"
NO = "no"
GAP = "…"
"""In a synonym: here a few words may stand that say nothing against it."""

_DIGITS = {digit: number for number, digit in enumerate("一二三四五六七八九", 1)} | {"两": 2}
_KEPT = "?√×'.、"
"""Signs that mean something: a question, an answer, a number with a point."""


def normal(text: str) -> str:
    """Text without differences that don't matter: width, case, spaces, punctuation, traditional forms."""
    return "".join(c for c in _wide(text) if unicodedata.category(c)[0] in "LN" or c in _KEPT)


def _wide(text: str) -> str:
    return simplified(unicodedata.normalize("NFKC", text).lower())


def read(fact: Fact, text: str) -> str | None:
    """The choice that a typed text means.

    Args:
        fact: the fact that the open question establishes.
        text: what the applicant typed.

    Returns:
        The choice's id, or None where the text isn't plainly an answer.
    """
    plain = normal(text).strip(".、'")
    if not plain or len(plain) > phrases.LONGEST or re.search(r"-\s*\d", _wide(text)):
        return None
    if "国家" in fact.question and phrases.LOCAL.search(plain):
        return None
    said = _words(fact, plain) or _number(fact, plain) or _unknown(fact, plain) or _yes_no(fact, text)
    if said != NO or not _of_parties(fact):
        return said
    # Hoped, but not looked up: 应该没有.
    return UNKNOWN if phrases.PROBABLY.search(plain) else NO if _of_all(fact, normal(text)) else None


def by_name(fact: Fact, text: str) -> str | None:
    """The choice whose label or synonym a text is; None for a mere yes or no, or a number."""
    return _words(fact, normal(text).strip(".、'"))


def by_example(fact: Fact, text: str) -> str | None:
    """The choice of which a text is a synonym with a gap in it."""
    plain = normal(text)
    known = ((words, c.id) for c in fact.choices for words in c.synonyms if GAP in words)
    return next((id for words, id in known if _with_gap(words, plain)), None)


def _peeled(plain: str) -> list[str]:
    """The text, and what is left of it as politeness and particles come off, one by one."""
    steps = [plain]
    while True:
        rest = phrases.AFTER.sub("", steps[-1])
        if rest == steps[-1]:
            rest = phrases.BEFORE.sub("", rest)
        if not rest or rest == steps[-1]:
            return steps
        steps.append(rest)


def _number(fact: Fact, plain: str) -> str | None:
    """By the number of the option, from 1."""
    for each in _peeled(plain):
        match = phrases.NUMBER.fullmatch(each)
        if match:
            return _option(fact, _value(match["number"]), "方向" in each)
    return None


def _option(fact: Fact, number: int, of_directions: bool) -> str | None:
    """The option of a number. 方向13 isn't the thirteenth option: there is no such direction."""
    if not 0 < number <= len(fact.choices):
        return None
    id = fact.choices[number - 1].id
    return None if of_directions and id != f"d{number}" else id


def _value(digits: str) -> int:
    """1 to 99, from Arabic or Chinese digits."""
    if digits.isdecimal():
        return int(digits)
    tens, ten, ones = digits.rpartition("十")
    if not ten:
        return _DIGITS[digits]
    return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)


def _words(fact: Fact, plain: str) -> str | None:
    """By label or synonym; by the least peeling that matches."""
    known = [(words, c.id) for c in fact.choices for words in (c.label, *c.synonyms)]
    means = {normal(words): id for words, id in known}
    for each in _peeled(plain):
        for candidate in (each, phrases.AROUND_NAME.sub("", each)):
            if candidate in means:
                return means[candidate]
    return by_example(fact, plain)


def _with_gap(words: str, plain: str) -> bool:
    """Whether a text is a synonym with a gap in it: 和…一起报 is 我们和律所一起报, not 和两家律所一起报."""
    first, _, last = words.partition(GAP)
    before, behind = normal(first), normal(last)
    pattern = re.compile(f"{re.escape(before)}(.{{1,10}}?){re.escape(behind)}")
    gaps = [match[1] for each in _peeled(plain) if (match := pattern.fullmatch(each))]
    several = before in phrases.TOGETHER and any(phrases.SEVERAL.search(gap) for gap in gaps)
    unfit = any(phrases.UNFIT.search(gap) or phrases.HEDGE.search(gap) for gap in gaps)
    return bool(gaps) and not several and not unfit


def _unknown(fact: Fact, plain: str) -> str | None:
    """ "Don't know", alone or with what isn't known: 不清楚有没有."""
    if all(choice.id != UNKNOWN for choice in fact.choices):
        return None
    for each in _peeled(plain):
        match = phrases.UNKNOWN.match(each)
        if match and (match.end() == len(each) or phrases.OBJECT.fullmatch(each, match.end())):
            return UNKNOWN
    return None


def _yes_no(fact: Fact, text: str) -> str | None:
    plain = normal(text)
    has = {choice.id for choice in fact.choices}
    if not {YES, NO} <= has or phrases.QUESTION.search(plain) or phrases.HEDGE.search(plain):
        return None
    if phrases.MEASURED.search(plain) and phrases.OF_EVENTS.search(fact.question):
        return None
    said: list[str] = []
    for clause in re.split(r"[^\w?√×']+", _wide(text)):
        plain = normal(clause)
        if _of_parties(fact):
            plain = phrases.PARTY.sub("", plain, count=1)
        if not plain or phrases.COURTESY.fullmatch(plain):
            continue
        signs = next((signs for each in _peeled(plain) if (signs := _signs(each))), None)
        if signs is None:
            return None
        said += signs
    return _agreed(said)


def _of_parties(fact: Fact) -> bool:
    """Whether a question is about the records of several parties."""
    return "负责人" in fact.question


def _of_all(fact: Fact, plain: str) -> bool:
    """Whether a "none" is said of all parties whose records are asked for. 我们局没有 is of one."""
    named = {party for party, pattern in phrases.PARTIES.items() if pattern.search(plain)}
    asked = {party for party in phrases.PARTIES if party in fact.question}
    return not phrases.PARTY.search(plain) or bool(phrases.EVERY_PARTY.search(plain)) or named >= asked


def _signs(clause: str) -> list[str]:
    """What a clause says, word by word; empty where a word in it is no yes and no no.

    Two different words of negation in one clause cancel out or mean something else: they count as neither.
    """
    signs: list[str] = []
    denials: set[str] = set()
    rest = clause
    while rest:
        found = ((sign, match) for sign, pattern in phrases.SIGNS if (match := pattern.match(rest)))
        sign, match = next(found, ("", None))
        if match is None:
            return []
        signs.append(sign)
        if sign == phrases.DENIES:
            denials.add(match[0])
        rest = rest[match.end() :].lstrip(phrases.EDGES)
    return signs if len(denials) < 2 else []


def _agreed(signs: list[str]) -> str | None:
    """What several signs mean: 对，没有 agrees that there is none; 有，没有 is no answer."""
    if phrases.DENIES not in signs:
        return YES if signs else None
    before, after = signs[: signs.index(phrases.DENIES)], signs[signs.index(phrases.DENIES) :]
    plainly = set(after) == {phrases.DENIES} and phrases.HAS not in before
    return NO if plainly else None
