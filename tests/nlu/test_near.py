"""Other programmes in the guide's own words are refused; the guide's own, with others beside it, are not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.nlu import points
from tests.nlu import questions
from tests.nlu.measure import REJECTED, Ears
from tests.nlu.test_apart import near

ASKED: dict[str, list[str]] = yaml.safe_load((Path(__file__).parent / "near.yml").read_text(encoding="utf-8"))


def refused(ears: Ears, texts: list[str], capsys: pytest.CaptureFixture[str]) -> float:
    """The share of these that aren't answered as questions about the guide."""
    share = sum(heard.intent in REJECTED for heard in ears.hear(texts)) / len(texts)
    with capsys.disabled():
        print(f"\nnear.yml: {share:.3f} of {len(texts)} refused")
    return share


def test_other_programmes_are_refused(ears: Ears, capsys: Any) -> None:
    assert len(ASKED["others"]) >= 120
    assert refused(ears, ASKED["others"], capsys) >= 0.88


def test_other_programmes_beside_ours_are_no_reason_to_refuse(ears: Ears, capsys: Any) -> None:
    assert len(ASKED["ours"]) >= 50
    assert refused(ears, ASKED["ours"], capsys) <= 0.12


def test_they_are_apart_from_training() -> None:
    learned = [each.text for each in points.read(questions.ROOT / "data" / "nlu" / "points")]
    training = [*learned, *(each.text for each in questions.training())]
    assert near([*ASKED["others"], *ASKED["ours"]], training) == []
