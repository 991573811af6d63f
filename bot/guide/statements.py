"""Facts that an applicant states in passing: 我们是榆中县市场监管局，没拿过国家试点的资助.

A statement is a piece of a sentence that names a fact (by its ``mentions``) or one of its answers. What is
asked, hedged or hoped states nothing. Wrong facts cost the applicant, so anything doubtful is left out; what
was understood is always said back, with a way to undo it.
"""

from __future__ import annotations

import re

import msgspec

from bot.guide.model import Fact, Project
from bot.guide.reading import NO, YES, normal

UNKNOWN = "unknown"

_PIECES = re.compile(r"[,，。.;；!！\n\s]+|但是?|不过|可是|而且|并且|同时|另外|还有")
_ASKED = re.compile(
    "[?？]|吗|么$|怎么|怎样|什么|啥|多少|如何|哪|呢$|能否|是否|能不能|可不可以|是不是|有没有|要不要|行不行"
)
_HOPED = re.compile(r"如果|假如|要是|打算|准备|计划|想要|争取|好像|可能|也许|大概|似乎|听说|据说")
_WRONG = re.compile(r"[选答说填点弄搞]错|重新[选答]")
_HELD = re.compile(
    r"[有是为设拿得给评了过够齐]|列入|纳入|具备|收到|掌握|入选|确定|属于|达到|满足|承担|在(?:全省)?前列|靠前|良好|没问题"
)
"""A name alone states nothing: 实施单位的事 says of no applicant that it has one."""
_DOUBT = re.compile(r"不(?:太|大|是很)?(?:清楚|知道|确定|了解|晓得)|说不(?:准|好|清)|拿不准|忘了|记不清")
_NEGATION = re.compile(r"没有?|未|无|不是|不在|不算|不具备|从来没|从没|尚未|还没")
_OWN = re.compile(r"(?:我们?|咱们?|俺们?|本单位|这边|这里|单位)(?:单位|这边|这里|现在)?(?:就?是|属于|为)")
_SHORTEST_ORGANISATION = 5


class Stated(msgspec.Struct, frozen=True):
    """One stated fact: fact id, choice id, and the applicant's words."""

    fact: str
    choice: str
    words: str


def find(project: Project, text: str) -> tuple[Stated, ...]:
    """The facts that a text states, at most one choice a fact; one stated both ways is left out."""
    found: dict[str, Stated] = {}
    contradicted: set[str] = set()
    for piece in _PIECES.split(text):
        for stated in _stated(project, piece) if piece and not _silent(piece, text) else ():
            if found.get(stated.fact, stated).choice != stated.choice:
                contradicted.add(stated.fact)
            found[stated.fact] = stated
    return tuple(each for each in found.values() if each.fact not in contradicted)


def named(project: Project, text: str) -> str | None:
    """The id of the fact that a text names, by the longest of its names and mentions; None if none."""
    plain = normal(text)
    names = [(len(name), fact.id) for fact in project.facts for name in _names(fact) if name in plain]
    return max(names)[1] if names else None


def _silent(piece: str, text: str) -> bool:
    # The splitting takes the question mark away; it is looked for right behind the piece.
    behind = text[text.index(piece) + len(piece) :][:1]
    return bool(_ASKED.search(piece + behind) or _HOPED.search(piece) or _WRONG.search(piece))


def _stated(project: Project, piece: str) -> list[Stated]:
    """What a piece says: at most who the applicant is (or the like), and one thing that is so or isn't."""
    best: dict[bool, tuple[int, Stated]] = {}
    for fact in project.facts:
        for length, choice in _claims(fact, normal(piece)):
            polar = _polar(fact)
            # The longest words count; of equal ones the later fact, which depends on the earlier.
            if polar not in best or length >= best[polar][0]:
                best[polar] = (length, Stated(fact.id, choice, piece.strip()))
    return [stated for _, stated in best.values()]


def _polar(fact: Fact) -> bool:
    return {YES, NO} <= {choice.id for choice in fact.choices}


def _claims(fact: Fact, plain: str) -> list[tuple[int, str]]:
    """Lengths of the words that speak of a fact, each with the choice that they make."""
    if not _polar(fact):
        return _answers(fact, plain)
    polarity = _polarity(plain)
    return [(len(word), polarity) for word in map(normal, fact.mentions) if polarity and word in plain]


def _answers(fact: Fact, plain: str) -> list[tuple[int, str]]:
    """Answers of a fact that isn't yes or no: whole names of organisations, or 我们是… with any of them."""
    own = _OWN.search(plain)
    claims = []
    for choice in fact.choices:
        for word in map(normal, (choice.label, *choice.synonyms)):
            at = plain.find(word)
            long = len(word) >= _SHORTEST_ORGANISATION
            if at >= 0 and fact.mentions and (long or (own and own.end() <= at and len(word) > 1)):
                claims.append((len(word), choice.id))
    return claims


def _polarity(plain: str) -> str:
    """Yes, no or unknown; empty where nothing is said to be so or not so."""
    if _DOUBT.search(plain):
        return UNKNOWN
    if denials := len(_NEGATION.findall(plain)):
        return NO if denials % 2 else YES
    return YES if _HELD.search(plain) else ""


def _names(fact: Fact) -> list[str]:
    return [normal(name) for name in (fact.name, *fact.mentions)]
