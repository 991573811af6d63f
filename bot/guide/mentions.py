"""Where a piece of a sentence names a fact of the screening."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from bot.guide.model import Fact
from bot.guide.reading import normal

_VERBAL = ("拿", "给", "列入")
_JOINS = re.compile("(?:、|和|与|及|以及|跟|还有)(?:知识产权|相应的?|专门的?|自主)?(?:有|没有|没)?")
"""What may stand between two names in one list: 工作资金和保障条件都有."""


class Named(msgspec.Struct, frozen=True):
    """A fact that is named: by how many characters, and where they stand."""

    fact: Fact
    length: int
    spans: tuple[tuple[int, int], ...]
    verbal: bool


def named_in(fact: Fact, plain: str, with_name: bool = False) -> list[Named]:
    """The longest mention of a fact in a normalised text, as a list of one; empty where none is there.

    A mention's parts, joined by ``+``, stand in this order with anything between.
    """
    best: Named | None = None
    for mention in (fact.name, *fact.mentions) if with_name else fact.mentions:
        parts = [normal(part) for part in mention.split("+")]
        spans = _spans(parts, plain)
        length = sum(map(len, parts))
        if spans and (best is None or length > best.length):
            best = Named(fact, length, spans, mention.startswith(_VERBAL))
    return [] if best is None else [best]


def _spans(parts: Sequence[str], plain: str) -> tuple[tuple[int, int], ...]:
    spans: list[tuple[int, int]] = []
    start = 0
    for part in parts:
        at = plain.find(part, start)
        if at < 0:
            return ()
        start = at + len(part)
        spans.append((at, start))
    return tuple(spans)


def chosen(plain: str, found: Sequence[Named]) -> list[Named]:
    """Of all facts that a piece names those that it speaks of.

    The longest words count; of equal ones the later fact, which depends on the earlier. Beside it only
    those that stand in one list with it.
    """
    if not found:
        return []
    # `max` takes the first of equals.
    best = max(reversed(found), key=lambda each: each.length)
    listed = [best]
    for each in sorted(found, key=lambda each: -each.length):
        if each is not best and any(_in_one_list(plain, each, other) for other in listed):
            listed.append(each)
    return listed


def _in_one_list(plain: str, one: Named, other: Named) -> bool:
    first, second = sorted((one.spans, other.spans))
    return (
        bool(_JOINS.fullmatch(plain[first[-1][1] : second[0][0]])) if first[-1][1] <= second[0][0] else False
    )
