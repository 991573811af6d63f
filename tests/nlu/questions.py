"""The training questions and the held-out ones, as lists of text and intent."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
TRAINING = ROOT / "data" / "nlu"
HELD_OUT = Path(__file__).resolve().parent / "heldout"
BLIND = (HELD_OUT / "blind.yml", HELD_OUT / "blind_calls.yml")


class Question(NamedTuple):
    """A text and the intent that it should be heard as."""

    text: str
    intent: str


def read(path: Path) -> list[Question]:
    """The questions of one file of Rasa's NLU form."""
    blocks = yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]
    return [
        Question(line.removeprefix("- "), block["intent"])
        for block in blocks
        for line in block["examples"].splitlines()
        if line.startswith("- ")
    ]


def training() -> list[Question]:
    """All training questions."""
    return [question for path in sorted(TRAINING.glob("*.yml")) for question in read(path)]


def held_out() -> list[Question]:
    """The held-out questions that development may look at."""
    return [q for path in sorted(HELD_OUT.glob("*.yml")) if path not in BLIND for q in read(path)]


def blind() -> list[Question]:
    """Those that it may not: they are measured, and nothing is changed because of them."""
    return [question for path in BLIND for question in read(path)]
