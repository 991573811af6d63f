"""Ways of asking with their intents, read from files of Rasa's NLU form, and written to one."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from bot.nlu.files import load

ROOT = Path(__file__).resolve().parents[2]
TRAINING = ROOT / "data" / "nlu"
HELD_OUT = ROOT / "tests" / "nlu" / "heldout"
"""Outside ``data/``: Rasa would train with whatever it finds there."""
BLIND = (HELD_OUT / "blind.yml", HELD_OUT / "blind_calls.yml")


class Question(NamedTuple):
    """A text and the intent that it should be heard as."""

    text: str
    intent: str


def read(path: Path) -> list[Question]:
    """The questions of one file."""
    blocks = load(path).get("nlu") or []
    return [
        Question(line.removeprefix("- "), block["intent"])
        for block in blocks
        if "intent" in block
        for line in block["examples"].splitlines()
        if line.startswith("- ")
    ]


def folder(path: Path) -> list[Question]:
    """The questions of all files of a folder; none where it isn't there."""
    return [question for file in sorted(path.glob("*.yml")) for question in read(file)]


def held_out() -> list[Question]:
    """The project's held-out questions; not the blind ones, which nothing may be decided by."""
    return [q for file in sorted(HELD_OUT.glob("*.yml")) if file not in BLIND for q in read(file)]


def write(path: Path, questions: Iterable[Question]) -> None:
    """Write questions as training data, by intent; whole or not at all.

    A text is one line; what Rasa would read as an annotation is put in full-width signs.
    """
    by_intent: dict[str, list[str]] = {}
    for question in questions:
        by_intent.setdefault(question.intent, []).append(harmless(question.text))
    lines = ['version: "3.1"', "", "nlu:"]
    for intent, texts in sorted(by_intent.items()):
        lines += [
            f"- intent: {intent}",
            "  examples: |",
            *(f"    - {text}" for text in sorted(set(texts))),
            "",
        ]
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(f".{os.getpid()}.part")
    text = "\n".join(lines if by_intent else ['version: "3.1"', ""])
    aside.write_text(text.rstrip("\n") + "\n", encoding="utf-8")
    os.replace(aside, path)


_ANNOTATION = str.maketrans("[](){}", "［］（）｛｝")


def harmless(text: str) -> str:
    """The text on one line, without what Rasa reads as annotation."""
    return " ".join(text.translate(_ANNOTATION).split()).lstrip("-/ ")
