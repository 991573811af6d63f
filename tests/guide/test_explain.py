"""What an explanation claims, checked against the screening itself by brute force."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator

import pytest

from bot.guide import screening
from bot.guide.explain import Explanation, State, explain
from bot.guide.load import load_guide
from bot.guide.model import Project
from bot.guide.screening import Verdict

GUIDE = load_guide()
DEMONSTRATION = GUIDE.project("demonstration")
RESEARCH = GUIDE.project("research")
PROJECTS = pytest.mark.parametrize("project", GUIDE.projects, ids=lambda project: project.id)
WORST_FIRST = [Verdict.FAILED, Verdict.UNCLEAR, Verdict.MET]

Answers = dict[str, str]


def ends(project: Project, seed: int, count: int) -> Iterator[Answers]:
    """Answers of walks to their end, some with an answer changed afterwards."""
    chance = random.Random(seed)
    for _ in range(count):
        answers: Answers = {}
        while (fact := screening.next_fact(project, answers)) is not None:
            good = fact.choices[0].id if fact.id != "pilot" else "no"
            choice = good if chance.random() < 0.6 else chance.choice(fact.choices).id
            answers = screening.put(project, answers, fact.id, choice)
        if chance.random() < 0.5:
            fact = chance.choice(project.facts)
            answers = screening.put(project, answers, fact.id, chance.choice(fact.choices).id)
        if screening.verdict(project, answers) is not None:
            yield answers


def better(project: Project, verdict: Verdict, answers: Answers) -> bool:
    """Whether a better verdict is given, or some way of answering the open questions leads to one."""
    now = screening.verdict(project, answers)
    if now is not None:
        return WORST_FIRST.index(now) > WORST_FIRST.index(verdict)
    fact = screening.next_fact(project, answers)
    assert fact is not None
    nexts = (screening.put(project, answers, fact.id, choice.id) for choice in fact.choices)
    return any(better(project, verdict, each) for each in nexts)


@PROJECTS
def test_changes_are_exactly_the_least_that_better_the_verdict(project: Project) -> None:
    """All sets of up to two changed answers are tried; those that better it and hold no smaller one count."""
    for answers in ends(project, 3, 60):
        found = explain(project, answers)
        assert found.verdict is not None
        claimed = {frozenset(change.items()) for change in found.changes}
        if found.verdict is Verdict.MET:
            assert claimed == set()
            continue
        single = [
            (fact.id, choice.id)
            for fact in project.facts
            if fact.id in answers
            for choice in fact.choices
            if choice.id not in ("unknown", answers[fact.id])
        ]
        bettering: set[frozenset[tuple[str, str]]] = set()
        for size in (1, 2):
            for pairs in itertools.combinations(single, size):
                change = frozenset(pairs)
                if len(dict(pairs)) < size or any(smaller < change for smaller in bettering):
                    continue
                if better(project, found.verdict, {**answers, **dict(pairs)}):
                    bettering.add(change)
        assert {change for change in claimed if len(change) <= 2} == bettering, answers


@PROJECTS
def test_every_change_betters_the_verdict_and_none_of_its_parts_does(project: Project) -> None:
    for answers in ends(project, 5, 150):
        found = explain(project, answers)
        if found.verdict in (None, Verdict.MET):
            continue
        assert found.verdict is not None
        assert found.changes, answers
        for change in found.changes:
            assert better(project, found.verdict, {**answers, **change})
            for left in change:
                part = {id: choice for id, choice in change.items() if id != left}
                assert not better(project, found.verdict, {**answers, **part})


@PROJECTS
def test_findings_agree_with_the_verdict(project: Project) -> None:
    for answers in ends(project, 9, 300):
        found = explain(project, answers)
        deciding = [each for each in found.findings if each.condition.kind != "preference"]
        states = {each.state for each in deciding}
        if found.verdict is Verdict.FAILED:
            assert State.FAILED in states
        elif found.verdict is Verdict.UNCLEAR:
            assert State.UNCLEAR in states
            assert State.FAILED not in states
        else:
            assert states == {State.MET}
        for each in found.findings:
            assert each.clause == each.condition.clause != ""
            assert (each.why == "") == (each.state is State.NOT_ASKED)
            if each.state in (State.FAILED, State.UNCLEAR) and each.condition.kind != "preference":
                assert each.changes


def test_findings_keep_the_guides_order_and_leave_out_what_does_not_apply() -> None:
    ids = [each.condition.id for each in explain(RESEARCH, {"units": "one"}).findings]
    assert ids == ["foundation", "expertise", "team", "units", "own_legal", "bad_credit", "direction"]
    ids = [each.condition.id for each in explain(RESEARCH, {"units": "more"}).findings]
    assert ids == ["foundation", "expertise", "team", "units", "bad_credit", "direction"]


def _changes(found: Explanation) -> list[dict[str, str]]:
    return [dict(change) for change in found.changes]


def test_an_enterprise_would_have_to_be_one_of_three() -> None:
    found = explain(DEMONSTRATION, {"applicant": "enterprise"})
    assert _changes(found) == [{"applicant": "city"}, {"applicant": "county"}, {"applicant": "park"}]
    assert "实施单位" in found.of(State.FAILED)[0].why
    other = explain(DEMONSTRATION, {"applicant": "other"})
    assert "实施单位" not in other.of(State.FAILED)[0].why


def test_an_excluded_pilot_needs_one_of_two_answers_to_differ() -> None:
    found = explain(DEMONSTRATION, {"applicant": "city", "pilot": "yes", "pilot_funded": "yes"})
    assert _changes(found) == [{"pilot": "no"}, {"pilot_funded": "no"}]


def test_two_failures_need_both_or_a_way_round() -> None:
    answers = {"units": "two", "lead": "no", "lead_legal": "no"}
    assert _changes(explain(RESEARCH, answers)) == [{"units": "one"}, {"lead": "yes", "lead_legal": "yes"}]


def test_an_open_screening_is_explained_without_a_verdict() -> None:
    found = explain(RESEARCH, {"foundation": "no"})
    assert found.verdict is None
    assert found.changes == ()
    assert [each.condition.id for each in found.of(State.UNCLEAR)] == ["foundation"]
