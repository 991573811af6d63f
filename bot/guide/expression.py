"""The vocabulary of conditions (all, any, not, is, is one of) in Kleene's three-valued logic."""

from __future__ import annotations

from bot.guide.model import Answers, Any, Expression, Is, Not

UNKNOWN = "unknown"
"""The choice that says "I don't know". It never counts as no."""


def evaluate(expression: Expression, answers: Answers) -> bool | None:
    """True, False, or None where the answers don't settle it. An answer that isn't there settles nothing."""
    if isinstance(expression, Is):
        answer = answers.get(expression.fact)
        if answer in expression.choices:
            return True
        return None if answer is None or answer == UNKNOWN else False
    if isinstance(expression, Not):
        held = evaluate(expression.part, answers)
        return None if held is None else not held
    values = [evaluate(part, answers) for part in expression.parts]
    decisive = isinstance(expression, Any)
    if decisive in values:
        return decisive
    return None if None in values else not decisive


def facts_of(expression: Expression | None) -> frozenset[str]:
    """The ids of the facts that an expression names; none for None."""
    if expression is None:
        return frozenset()
    if isinstance(expression, Is):
        return frozenset({expression.fact})
    if isinstance(expression, Not):
        return facts_of(expression.part)
    return frozenset().union(*(facts_of(part) for part in expression.parts))
