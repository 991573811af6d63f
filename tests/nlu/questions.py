"""The training questions and the held-out ones, as lists of text and intent."""

from __future__ import annotations

from bot.nlu.examples import BLIND, HELD_OUT, ROOT, TRAINING, Question, read

__all__ = ["BLIND", "HELD_OUT", "ROOT", "TRAINING", "Question", "blind", "held_out", "read", "training"]


def training() -> list[Question]:
    """All training questions."""
    return [question for path in sorted(TRAINING.glob("*.yml")) for question in read(path)]


def held_out() -> list[Question]:
    """The held-out questions that development may look at."""
    return [q for path in sorted(HELD_OUT.glob("*.yml")) if path not in BLIND for q in read(path)]


def blind() -> list[Question]:
    """Those that it may not: they are measured, and nothing is changed because of them."""
    return [question for path in BLIND for question in read(path)]
