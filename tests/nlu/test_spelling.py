"""Mistyped by sound, put right; other words left alone."""

from __future__ import annotations

import pytest

from bot.nlu.spelling import Corrector
from bot.nlu.text import normalise
from tests.nlu import questions


@pytest.fixture(scope="module")
def corrector() -> Corrector:
    return Corrector.fit([normalise(each.text) for each in questions.training()])


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("知识产全项目", "知识产权项目"),
        ("什么时候节止", "什么时候截止"),
        ("申报条件是申么", "申报条件是什么"),
        ("有没有补住", "有没有补助"),
    ],
)
def test_corrected(corrector: Corrector, typed: str, meant: str) -> None:
    assert corrector.correct(typed) == meant


@pytest.mark.parametrize("other", ["锅炉年检找谁", "示范高中怎么评的", "what time is it", "", "?", "麻将"])
def test_left_alone(corrector: Corrector, other: str) -> None:
    assert corrector.correct(other) in {other, normalise(other)}


def test_training_texts_are_right_as_they_are(corrector: Corrector) -> None:
    texts = [normalise(each.text) for each in questions.training()]
    assert [text for text in texts if corrector.correct(text) != text] == []


def test_nothing_learned_nothing_changed() -> None:
    assert Corrector({}).correct("知识产全") == "知识产全"
