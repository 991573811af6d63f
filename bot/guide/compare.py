"""What a change of the conditions does to the verdicts: over all combinations of answers, exactly.

The verdict is the worst of independent groups (`bot.guide.plan`), so the combinations needn't be gone
through one by one: each group's are, which are few, and their counts multiply.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from math import prod
from typing import NamedTuple

from bot.guide.model import Fact, Project
from bot.guide.plan import Group, Level, plan_of
from bot.guide.screening import Verdict

_WORDS = {
    Level.ABSENT: Verdict.MET,
    Level.MET: Verdict.MET,
    Level.UNCLEAR: Verdict.UNCLEAR,
    Level.FAILED: Verdict.FAILED,
}
_BIGGEST = 400_000
"""A block with more combinations isn't gone through."""


class Changed(NamedTuple):
    """Combinations whose verdict changes: from, to, how many, and the answers of one of them."""

    before: Verdict
    after: Verdict
    number: int
    example: dict[str, str]


class Comparison(NamedTuple):
    """What changes for one project.

    Attributes:
        total: how many combinations of answers were compared.
        changed: those whose verdict changes, by the two verdicts.
        notes: facts and choices that only one side has; combinations with them aren't compared.
    """

    total: int
    changed: tuple[Changed, ...]
    notes: tuple[str, ...]


class _Pair(NamedTuple):
    """How many combinations lead to a pair of levels, and one of them."""

    number: int
    example: dict[str, str]


_Pairs = dict[tuple[Level, Level], _Pair]


def compare(old: Project, new: Project) -> Comparison:
    """Compare two versions of one project.

    Raises:
        ValueError: facts hang together in blocks too big to go through.
    """
    choices = _common(old, new)
    pairs: _Pairs = {(Level.ABSENT, Level.ABSENT): _Pair(1, {})}
    inside: set[str] = set()
    for block in _blocks(old, new):
        ids = [id for id in choices if any(id in group.ids for _, group in block)]
        inside.update(ids)
        pairs = _worst(pairs, _pairs(block, {id: choices[id] for id in ids}))
    free = prod(len(found) for id, found in choices.items() if id not in inside)
    counts: dict[tuple[Verdict, Verdict], Changed] = {}
    total = 0
    for (one, other), pair in pairs.items():
        before, after = _WORDS[one], _WORDS[other]
        total += pair.number * free
        if before is not after:
            so_far = counts.get((before, after), Changed(before, after, 0, pair.example))
            counts[before, after] = so_far._replace(number=so_far.number + pair.number * free)
    return Comparison(total, tuple(counts.values()), tuple(_notes(old, new)))


def _common(old: Project, new: Project) -> dict[str, tuple[str, ...]]:
    """Fact to the choices that both sides know; a fact that one side doesn't have keeps its own."""
    mine = {fact.id: fact for fact in old.facts}
    found = {fact.id: _shared(mine.get(fact.id), fact) for fact in new.facts}
    return {**{id: _shared(fact, None) for id, fact in mine.items() if id not in found}, **found}


def _shared(one: Fact | None, other: Fact | None) -> tuple[str, ...]:
    sides = [[choice.id for choice in fact.choices] for fact in (one, other) if fact is not None]
    return tuple(id for id in sides[-1] if all(id in side for side in sides))


def _blocks(old: Project, new: Project) -> list[list[tuple[int, Group]]]:
    """Groups of both sides (0 old, 1 new), those together that share a fact."""
    blocks: list[list[tuple[int, Group]]] = []
    for side, project in enumerate((old, new)):
        for group in plan_of(project).groups:
            ids = set(group.ids)
            touching = [block for block in blocks if any(ids & set(each.ids) for _, each in block)]
            joined = [each for block in touching for each in block]
            blocks = [block for block in blocks if block not in touching] + [[*joined, (side, group)]]
    return blocks


def _pairs(block: Sequence[tuple[int, Group]], choices: dict[str, tuple[str, ...]]) -> _Pairs:
    if prod(len(found) for found in choices.values()) > _BIGGEST:
        raise ValueError("条件牵连太多，没法逐一比较")
    found: _Pairs = {}
    for full in itertools.product(*choices.values()):
        answers = dict(zip(choices, full, strict=True))
        levels = [Level.ABSENT, Level.ABSENT]
        for side, group in block:
            levels[side] = max(levels[side], group.at(answers).worst)
        key = (levels[0], levels[1])
        so_far = found.get(key)
        found[key] = _Pair(so_far.number + 1, so_far.example) if so_far else _Pair(1, answers)
    return found


def _worst(one: _Pairs, other: _Pairs) -> _Pairs:
    """Two independent blocks together: each side's level is the worse of the two."""
    found: _Pairs = {}
    for (a, b), first in one.items():
        for (c, d), second in other.items():
            key = (max(a, c), max(b, d))
            count = first.number * second.number
            if key in found:
                found[key] = _Pair(found[key].number + count, found[key].example)
            else:
                found[key] = _Pair(count, {**first.example, **second.example})
    return found


def _notes(old: Project, new: Project) -> list[str]:
    notes = []
    before, after = ({fact.id: fact for fact in project.facts} for project in (old, new))
    notes += [f"新增问题“{after[id].name}”" for id in after if id not in before]
    notes += [f"去掉问题“{before[id].name}”" for id in before if id not in after]
    for id in after:
        if id in before:
            here, there = ({c.id: c.label for c in side[id].choices} for side in (after, before))
            notes += [f"“{after[id].name}”新增选项“{here[c]}”" for c in here if c not in there]
            notes += [f"“{after[id].name}”去掉选项“{there[c]}”" for c in there if c not in here]
    return notes
