"""The grammar of a point's keywords."""

from __future__ import annotations

import pytest

from bot.guide.asks import parse


@pytest.mark.parametrize(
    ("words", "asked", "telling"),
    [
        ("议事日程", "没列入议事日程行吗", 4),
        ("试点+没给钱", "试点是试点可是没给钱", 5),
        ("试点+没给钱", "没给钱", 0),
        ("甲乙|丙丁戊+己", "丙丁戊和己", 4),
        ("甲乙|丙丁戊+己", "甲乙丙丁戊己", 4),
        ("甲乙|丙丁戊", "己", 0),
        ("三家*2|一家", "三家行不行", 4),
        ("三家*2|一家", "一家行不行", 2),
        ("Ａ B", "ab", 2),
    ],
)
def test_how_much_a_question_is_covered(words: str, asked: str, telling: int) -> None:
    assert parse(words).telling(asked) == telling


def test_signs_stand_in_front_of_the_whole() -> None:
    assert (parse("!甲|乙+丙").alone, parse("!甲|乙+丙").bars) == (True, False)
    assert (parse("-甲|乙").alone, parse("-甲|乙").bars) == (False, True)
    assert (parse("甲").alone, parse("甲").bars) == (False, False)
    assert parse("!甲|乙+丙").telling("乙丙") == 2
