"""What a project's conditions imply before anybody has answered: worked out once and kept.

Conditions that share no fact are independent, and the verdict is the worst of all conditions. So the
facts fall into small groups, and everything asked of a group is read from the table of all its answers.
That is exact, unlike three-valued logic alone, which can't see that two doubts cancel out.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence, Set
from enum import IntEnum
from math import prod
from typing import NamedTuple

from bot.guide.expression import evaluate, facts_of
from bot.guide.model import Answers, Condition, Fact, Project

LIMIT = 100_000
"""A group with more combinations of answers than this is refused by the loader."""


class Level(IntEnum):
    """How a condition, or the worst of several, comes out. ABSENT: it doesn't apply."""

    ABSENT = -1
    MET = 0
    UNCLEAR = 1
    FAILED = 2


Partial = tuple["str | None", ...]
"""One answer for each fact of a group, None where there is none yet."""


class View(NamedTuple):
    """What a group's answers so far leave possible.

    Attributes:
        best, worst: the levels still possible.
        impossible: facts that don't apply, whatever is answered next.
        heaviest: the worst of the weights, ABSENT where there are none.
        weights: for each fact that can be asked now, in order: the worst level that its answer may decide.
    """

    best: Level
    worst: Level
    impossible: frozenset[str]
    heaviest: Level
    weights: dict[str, Level]


class Group:
    """Conditions that share facts, with those facts and the facts that these depend on."""

    def __init__(self, facts: Sequence[Fact], conditions: Sequence[Condition]) -> None:
        self.facts = tuple(facts)
        self.conditions = tuple(conditions)
        self.ids = tuple(fact.id for fact in facts)
        self._choices = tuple(tuple(choice.id for choice in fact.choices) for fact in facts)
        self._valid = tuple((fact.id, frozenset(choice.id for choice in fact.choices)) for fact in facts)
        self._table = {full: self._outcome(full) for full in itertools.product(*self._choices)}
        self._views: dict[Partial, View] = {}
        self._only = self.ids[0] if len(self.ids) == 1 else None
        self._at: dict[str | Partial | None, View] = {}
        self._lengths: dict[tuple[Partial, Level], int] = {}

    def _outcome(self, full: tuple[str, ...]) -> tuple[Level, frozenset[str]]:
        """The level for a full set of answers, and the facts that apply with it."""
        given = applying(self.facts, full)
        return max(level(condition, given) for condition in self.conditions), frozenset(given)

    def partial(self, answers: Answers) -> Partial:
        """This group's answers; an answer that the guide no longer knows counts as none."""
        get = answers.get
        return tuple([answer if (answer := get(id)) in valid else None for id, valid in self._valid])

    def at(self, answers: Answers) -> View:
        """What is still possible with these answers. The quick way to `view`: one look-up for most groups."""
        only = self._only
        key = answers.get(only) if only is not None else tuple(map(answers.get, self.ids))
        found = self._at.get(key)
        if found is None:
            partial = self.partial(answers)
            found = self.view(partial)
            if partial in (key, (key,)):
                # Kept only under answers that the guide knows, or the table could grow without end.
                self._at[key] = found
        return found

    def view(self, partial: Partial) -> View:
        """What is still possible from here, from the table."""
        found = self._views.get(partial)
        if found is None:
            found = self._views[partial] = self._look(partial)
        return found

    def _look(self, partial: Partial) -> View:
        both = zip(partial, self._choices, strict=True)
        options = [choices if answer is None else (answer,) for answer, choices in both]
        rows = {full: self._table[full] for full in itertools.product(*options)}
        levels = [level for level, _ in rows.values()]
        possible = frozenset().union(*(applying for _, applying in rows.values()))
        certain = frozenset.intersection(*(applying for _, applying in rows.values()))
        weights = {
            id: self._weight(rows, position)
            for position, id in enumerate(self.ids)
            if partial[position] is None and id in certain
        }
        heaviest = max(weights.values(), default=Level.ABSENT)
        return View(min(levels), max(levels), frozenset(self.ids) - possible, heaviest, weights)

    @staticmethod
    def _weight(rows: dict[tuple[str, ...], tuple[Level, frozenset[str]]], position: int) -> Level:
        """The worst level that an answer leads to where another answer leads to a better one."""
        seen: dict[tuple[str, ...], list[Level]] = {}
        for full, (outcome, _) in rows.items():
            seen.setdefault(full[:position] + full[position + 1 :], []).append(outcome)
        decided = [max(levels) for levels in seen.values() if min(levels) < max(levels)]
        return max(decided, default=Level.ABSENT)

    def asked(self, partial: Partial, floor: Level) -> str | None:
        """The first fact whose answer can bring a level worse than ``floor``, or spare it."""
        for id, weight in self.view(partial).weights.items():
            if weight > floor:
                return id
        return None

    def longest(self, partial: Partial, floor: Level) -> int:
        """At most how many questions follow in this group."""
        key = (partial, floor)
        if key not in self._lengths:
            id = self.asked(partial, floor)
            if id is None:
                self._lengths[key] = 0
            else:
                at = self.ids.index(id)
                nexts = ((*partial[:at], choice, *partial[at + 1 :]) for choice in self._choices[at])
                self._lengths[key] = 1 + max(self.longest(each, floor) for each in nexts)
        return self._lengths[key]


def level(condition: Condition, answers: Answers) -> Level:
    """How one condition comes out for a full set of answers."""
    applies = True if condition.when is None else evaluate(condition.when, answers)
    if applies is False:
        return Level.ABSENT
    held = evaluate(condition.requires, answers)
    if held:
        return Level.MET
    surely = held is False and applies is True
    return Level.FAILED if surely and condition.kind == "hard" else Level.UNCLEAR


def applying(facts: Iterable[Fact], full: Iterable[str]) -> dict[str, str]:
    """Of one answer for each fact, in the project's order, those whose fact applies."""
    given: dict[str, str] = {}
    for fact, answer in zip(facts, full, strict=True):
        if fact.when is None or evaluate(fact.when, given):
            given[fact.id] = answer
    return given


def needed(project: Project, conditions: Iterable[Condition]) -> list[Fact]:
    """The facts that conditions depend on, directly or through ``when``, in the project's order."""
    return closed(
        project, {id for each in conditions for id in facts_of(each.requires) | facts_of(each.when)}
    )


def closed(project: Project, ids: Set[str]) -> list[Fact]:
    """These facts and those that decide whether they apply, in the project's order."""
    more = set(ids)
    for fact in reversed(project.facts):
        if fact.id in more:
            more |= facts_of(fact.when)
    return [fact for fact in project.facts if fact.id in more]


def combinations(facts: Iterable[Fact]) -> int:
    """How many ways there are to answer all these facts."""
    return prod(len(fact.choices) for fact in facts)


class Plan:
    """A project's groups.

    Attributes:
        groups: those that the verdict depends on, and
        preferences: those that change only what the applicant is told, each in the guide's order.
        single: a group for each condition alone, in the guide's order of the conditions.
        order: all facts in the order of asking: preferences come last.
    """

    def __init__(self, project: Project) -> None:
        deciding = [each for each in project.conditions if each.kind != "preference"]
        preferred = [each for each in project.conditions if each.kind == "preference"]
        self.groups = tuple(Group(needed(project, each), each) for each in join(project, deciding))
        self.preferences = tuple(Group(needed(project, each), each) for each in join(project, preferred))
        self.single = tuple((each, Group(needed(project, [each]), [each])) for each in project.conditions)
        home = {id: at for at, group in enumerate(self.groups) for id in group.ids}
        self.order = tuple(
            [fact for fact in project.facts if fact.id in home]
            + [fact for fact in project.facts if fact.id not in home]
        )
        self.homes = tuple((fact, home[fact.id]) for fact in self.order if fact.id in home)


def join(project: Project, conditions: Sequence[Condition]) -> list[list[Condition]]:
    """Conditions that share a fact, together. Which of them comes first keeps the guide's order."""
    groups: list[tuple[set[str], list[Condition]]] = []
    for condition in conditions:
        ids = {fact.id for fact in needed(project, [condition])}
        touching = [group for group in groups if group[0] & ids]
        together = [each for group in touching for each in group[1]]
        merged = (ids.union(*(group[0] for group in touching)), [*together, condition])
        groups = [group for group in groups if group not in touching] + [merged]
    return [group[1] for group in groups]


_KEPT = 32
_plans: dict[int, tuple[Project, Plan]] = {}


def plan_of(project: Project) -> Plan:
    """The plan of a project, made at the first call.

    A project isn't hashable (it holds a dict), so plans are kept by identity, along with the project
    itself: its id can't pass to another object as long as the entry is there.
    """
    kept = _plans.get(id(project))
    if kept is not None:
        return kept[1]
    plan = Plan(project)
    while len(_plans) >= _KEPT:
        _plans.pop(next(iter(_plans)), None)
    _plans[id(project)] = (project, plan)
    return plan
