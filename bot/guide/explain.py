"""Why a verdict is what it is: each condition's state and clause, and what would change it, computed."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from enum import Enum
from typing import NamedTuple

from bot.guide.expression import UNKNOWN, facts_of
from bot.guide.model import Answers, Condition, Project
from bot.guide.plan import Group, Level, plan_of
from bot.guide.screening import Verdict, clean, verdict

Change = Mapping[str, str]
"""Fact id to the choice that it would have to have."""


class State(Enum):
    """How a condition stands."""

    MET = "met"
    FAILED = "failed"
    UNCLEAR = "unclear"
    NOT_ASKED = "not asked"


_STATES = {Level.MET: State.MET, Level.UNCLEAR: State.UNCLEAR, Level.FAILED: State.FAILED}


class Finding(NamedTuple):
    """One condition that applies.

    Attributes:
        why: one sentence for the applicant; empty where the condition wasn't asked.
        changes: where it isn't met: the least sets of answers with which it would be met, or may be.
    """

    condition: Condition
    state: State
    clause: str
    why: str
    changes: tuple[Change, ...]


class Explanation(NamedTuple):
    """The verdict (None while a question is open) and what it rests on.

    Attributes:
        findings: in the guide's order; conditions that don't apply are left out.
        changes: the least sets of answers with which a better verdict would be given, or possible again
            when the questions that open with them are answered well. None has a smaller one inside.
            Empty when there is nothing to better. A change never is to "don't know".
        causes: for each independent cause of the verdict, the least sets that remove it. One of each cause
            together makes one of ``changes``.
    """

    verdict: Verdict | None
    findings: tuple[Finding, ...]
    changes: tuple[Change, ...]
    causes: tuple[tuple[Change, ...], ...]

    def of(self, state: State) -> tuple[Finding, ...]:
        """The findings in one state."""
        return tuple(finding for finding in self.findings if finding.state is state)


def explain(project: Project, answers: Answers) -> Explanation:
    """Explain what follows from the answers so far."""
    plan = plan_of(project)
    given = clean(project, answers)
    single = (_finding(condition, group, given) for condition, group in plan.single)
    findings = tuple(finding for finding in single if finding is not None)
    found = verdict(project, given)
    if found is None or found is Verdict.MET:
        return Explanation(found, findings, (), ())
    bad = Level.FAILED if found is Verdict.FAILED else Level.UNCLEAR
    bad_groups = [group for group in plan.groups if group.at(given).best == bad]
    causes = tuple(tuple(least(group, given, bad)) for group in bad_groups)
    return Explanation(found, findings, _together(causes), causes)


def least(group: Group, answers: Answers, bad: Level) -> Iterator[Change]:
    """The least changes to given answers after which a group needn't be as bad as ``bad``, smallest first."""
    given = [fact for fact in group.facts if fact.id in answers]
    found: list[frozenset[tuple[str, str]]] = []
    for size in range(1, len(given) + 1):
        for facts in itertools.combinations(given, size):
            others = [
                [(fact.id, each.id) for each in fact.choices if each.id not in (UNKNOWN, answers[fact.id])]
                for fact in facts
            ]
            for pairs in itertools.product(*others):
                change = frozenset(pairs)
                if any(smaller < change for smaller in found):
                    continue
                if group.view(group.partial({**answers, **dict(pairs)})).best < bad:
                    found.append(change)
                    yield dict(pairs)


def _together(causes: tuple[tuple[Change, ...], ...]) -> tuple[Change, ...]:
    """One change for each cause, in all ways, smallest first."""
    ways = ({id: choice for each in way for id, choice in each.items()} for way in itertools.product(*causes))
    return tuple(sorted(ways, key=len))


def _finding(condition: Condition, group: Group, answers: Answers) -> Finding | None:
    view = group.view(group.partial(answers))
    if view.worst == Level.ABSENT:
        return None
    if view.best != view.worst:
        return Finding(condition, State.NOT_ASKED, condition.clause, "", ())
    state = _STATES[view.best]
    met = state is State.MET or condition.kind == "preference"
    changes = () if met else tuple(least(group, answers, Level.UNCLEAR))
    return Finding(condition, state, condition.clause, _why(condition, state, answers), changes)


def _why(condition: Condition, state: State, answers: Answers) -> str:
    if state is State.MET:
        return condition.met
    if state is State.UNCLEAR:
        return condition.unclear
    chosen = {answers.get(id) for id in facts_of(condition.requires)}
    special = (text for choice, text in condition.failed_for.items() if choice in chosen)
    return next(special, condition.failed)
