"""Three-valued logic, and how a condition comes out of it."""

from __future__ import annotations

import itertools

import pytest

from bot.guide.expression import evaluate, facts_of
from bot.guide.model import All, Any, Condition, Expression, Is, Kind, Not
from bot.guide.plan import Level, level

A, B = Is("a", ("yes",)), Is("b", ("yes",))
VALUES = {"yes": True, "no": False, "unknown": None, "": None}


def _answers(a: str, b: str) -> dict[str, str]:
    """Answers to both facts; an empty one isn't given."""
    return {fact: answer for fact, answer in (("a", a), ("b", b)) if answer}


@pytest.mark.parametrize(("a", "b"), itertools.product(VALUES, VALUES))
def test_kleene(a: str, b: str) -> None:
    left, right = VALUES[a], VALUES[b]
    both = False if False in (left, right) else None if None in (left, right) else True
    either = True if True in (left, right) else None if None in (left, right) else False
    assert evaluate(All((A, B)), _answers(a, b)) is both
    assert evaluate(Any((A, B)), _answers(a, b)) is either
    assert evaluate(Not(A), _answers(a, b)) is (None if left is None else not left)


def test_an_unknown_that_is_asked_for_is_known() -> None:
    assert evaluate(Is("a", ("yes", "unknown")), {"a": "unknown"}) is True
    assert evaluate(Is("a", ("unknown",)), {"a": "no"}) is False


def test_facts_of() -> None:
    assert facts_of(Not(All((A, Any((B, Not(Is("c", ("x",))))))))) == {"a", "b", "c"}
    assert facts_of(None) == frozenset()


def _condition(kind: Kind, when: Expression | None = None) -> Condition:
    return Condition("x", "x", kind, "一", A, "x", "x", when=when)


@pytest.mark.parametrize(
    ("kind", "a", "expected"),
    [
        ("hard", "yes", Level.MET),
        ("hard", "no", Level.FAILED),
        ("hard", "unknown", Level.UNCLEAR),
        ("judged", "yes", Level.MET),
        ("judged", "no", Level.UNCLEAR),
        ("judged", "unknown", Level.UNCLEAR),
        ("advice", "no", Level.UNCLEAR),
        ("advice", "unknown", Level.UNCLEAR),
    ],
)
def test_only_a_hard_condition_fails(kind: Kind, a: str, expected: Level) -> None:
    assert level(_condition(kind), {"a": a}) == expected


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("no", "yes", Level.FAILED),
        ("no", "no", Level.ABSENT),
        ("no", "unknown", Level.UNCLEAR),
        ("yes", "unknown", Level.MET),
    ],
)
def test_a_condition_that_may_not_apply_never_fails_for_certain(a: str, b: str, expected: Level) -> None:
    assert level(_condition("hard", when=B), {"a": a, "b": b}) == expected
