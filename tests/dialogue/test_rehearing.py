"""What the classifier isn't sure of is heard by rule; what it is sure of stays."""

from __future__ import annotations

from typing import Any

import pytest

from bot.dialogue import rehearing
from bot.guide.load import load_guide

GUIDE = load_guide()


def _parse(
    heard: str,
    sure: float,
    inside: float,
    direction: tuple[str, float] = ("none", 1.0),
    point: tuple[str, float] = ("other", 0.4),
) -> dict[str, Any]:
    return {
        "intent": {"name": heard, "confidence": sure},
        "in_scope": inside,
        "direction_ranking": [{"name": direction[0], "confidence": direction[1]}],
        "point_ranking": [{"name": point[0], "confidence": point[1]}],
    }


@pytest.mark.parametrize(
    ("text", "parse", "intent"),
    [
        ("中期检查怎么查", _parse("inform", 0.8, 0.15, point=("checks", 0.9)), "review"),
        ("中期检查过了", _parse("inform", 0.8, 0.15, point=("checks", 0.9)), None),
        ("中期检查怎么查", _parse("inform", 0.8, 0.01, point=("checks", 0.9)), None),
        ("中期检查怎么查", _parse("inform", 0.8, 0.15, point=("checks", 0.4)), None),
        ("驾照怎么查", _parse("inform", 0.8, 0.15, point=("other", 0.9)), None),
        ("网上卖土特产老被冒名", _parse("out_of_scope", 0.8, 0.15, ("7", 0.9)), "direction_match"),
        ("网上卖土特产老被冒名", _parse("out_of_scope", 0.8, 0.05, ("7", 0.9)), None),
        ("网上卖土特产老被冒名", _parse("nlu_fallback", 0.8, 0.5, ("7", 0.5)), None),
        ("执行期多长", _parse("duration", 0.9, 0.9, ("7", 0.9)), None),
        ("我们是区上的市监局，够格么", _parse("nlu_fallback", 0.8, 0.9), "who_can_apply"),
        ("够格么", _parse("nlu_fallback", 0.8, 0.9), None),
        ("我是大学老师，报哪类", _parse("inform", 0.9, 0.9, point=("which", 0.9)), "difference"),
        ("好的", _parse("affirm", 0.9, 0.9), None),
        ("第九个方向", _parse("direction_detail", 0.9, 0.9), None),
    ],
)
def test_what_is_heard(text: str, parse: dict[str, Any], intent: str | None) -> None:
    assert rehearing.intent(GUIDE, text, parse, screening=False) == intent


@pytest.mark.parametrize(
    ("text", "parse", "intent"),
    [
        ("负责人也算里头?", _parse("nlu_fallback", 0.8, 0.9), "credit"),
        ("园区呢", _parse("inform", 0.9, 0.7), "credit"),
        ("那钱呢", _parse("amount", 0.9, 0.9), None),
        ("几点了", _parse("out_of_scope", 0.9, 0.02), None),
        ("我们县的制种产业算不算特色产业呢", _parse("nlu_fallback", 0.8, 0.3), None),
    ],
)
def test_a_short_question_goes_on_with_the_topic_before(
    text: str, parse: dict[str, Any], intent: str | None
) -> None:
    assert rehearing.intent(GUIDE, text, parse, last="credit") == intent


def test_a_numbered_point_is_one_of_the_answer_just_given() -> None:
    heard = _parse("direction_detail", 0.9, 0.9)
    assert rehearing.intent(GUIDE, "第二条呢", heard, last="conditions") == "conditions"
    assert rehearing.intent(GUIDE, "第二个方向呢", heard, last="conditions") is None
    assert rehearing.intent(GUIDE, "第二条呢", heard, last="directions") is None


def test_the_demonstration_project_has_no_directions_to_fit() -> None:
    heard = _parse("nlu_fallback", 0.8, 0.5, ("5", 0.9))
    heard["entities"] = [{"entity": "project", "value": "demonstration"}]
    assert rehearing.intent(GUIDE, "还有别的主体能进示范吗", heard) is None


def test_in_a_screening_only_a_question_becomes_another_question() -> None:
    """全省前列吧 answers the open question; that a point is plain in it doesn't make it a question."""
    heard = _parse("inform", 0.8, 0.9, point=("management", 0.9))
    assert rehearing.intent(GUIDE, "全省前列吧", heard, screening=True) is None
    assert rehearing.intent(GUIDE, "全省前列吧", heard, screening=False) == "conditions"


def test_another_matter_told_as_a_story_is_none_of_ours() -> None:
    resigns = _parse("out_of_scope", 0.9, 0.3, point=("other", 0.9))
    assert not rehearing.may_be_inside(GUIDE, resigns)
    assert rehearing.may_be_inside(GUIDE, _parse("out_of_scope", 0.6, 0.3, point=("company", 0.6)))
    assert not rehearing.may_be_inside(GUIDE, _parse("out_of_scope", 0.9, 0.01, point=("company", 0.6)))
    assert rehearing.may_be_inside(GUIDE, _parse("inform", 0.9, 0.01))
