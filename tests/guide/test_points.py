"""What use is made of a ranking of points; and what each answer rests on."""

from __future__ import annotations

import re

import pytest

from bot.guide import answers, points
from bot.guide.load import load_guide
from bot.guide.model import Point

GUIDE = load_guide()
CLAUSE = re.compile(r"（依据：[一二]（[一二三]）")


def ranking(**sure: float) -> points.Ranking:
    return [{"name": name, "confidence": each} for name, each in sure.items()]


@pytest.mark.parametrize(
    ("ranked", "topic"),
    [
        (ranking(holdings=0.9), "conditions"),
        (ranking(conditions=0.9), "conditions"),
        (ranking(checks=0.6, review=0.3), "review"),
        (ranking(other=0.9), points.OTHER),
        (ranking(holdings=0.4, fund=0.3), None),
        ((), None),
    ],
)
def test_the_topic_that_is_asked_for(ranked: points.Ranking, topic: str | None) -> None:
    assert points.topic(GUIDE, ranked) == topic


@pytest.mark.parametrize(
    ("ranked", "topic", "ids"),
    [
        (ranking(holdings=0.9), "conditions", ["holdings"]),
        (ranking(holdings=0.5, fund=0.4), "conditions", ["holdings", "fund"]),
        (ranking(holdings=0.6, fund=0.3), "conditions", ["holdings"]),
        (ranking(holdings=0.2), "conditions", []),
        (ranking(conditions=0.5, holdings=0.4), "conditions", []),
        # A topic heard for another reason: what it doesn't hold counts for nothing.
        (ranking(checks=0.6, fund=0.3), "conditions", ["fund"]),
        (ranking(checks=0.6), "conditions", []),
        ((), "conditions", []),
    ],
)
def test_the_points_of_a_topic(ranked: points.Ranking, topic: str, ids: list[str]) -> None:
    assert [point.id for point in points.find(GUIDE, ranked, topic)] == ids


def test_a_point_of_the_other_project_is_none_of_this_one() -> None:
    ranked = ranking(team=0.6, support=0.3)
    assert [point.id for point in points.find(GUIDE, ranked, "conditions", "research")] == ["team"]
    assert [point.id for point in points.find(GUIDE, ranked, "conditions", "demonstration")] == ["support"]
    assert points.find(GUIDE, ranking(team=0.85, support=0.02), "conditions", "demonstration") == ()


def test_a_point_that_only_the_other_project_has_is_answered_when_plainly_asked() -> None:
    # 报示范县也要有研究团队吗
    plain = ranking(team=0.95, support=0.02)
    [team] = points.find(GUIDE, plain, "conditions", "demonstration")
    told = answers.point(GUIDE, team, "demonstration", "demonstration").text
    assert told.startswith("这一点，指南只对研究项目作了说明。\n研究项目要求有专门")
    assert "只对" not in answers.point(GUIDE, team, None, "research").text


def test_the_project_talked_about_chooses_between_two_readings() -> None:
    both = ranking(implementer_base=0.2, base=0.5, holdings=0.4)
    assert [p.id for p in points.find(GUIDE, both, "conditions", None, "demonstration")] == ["holdings"]
    assert [p.id for p in points.find(GUIDE, both, "conditions", None, "research")] == ["base"]
    assert points.find(GUIDE, ranking(base=0.5), "conditions", None, "demonstration") == ()
    alone = ranking(base=0.9)
    assert [p.id for p in points.find(GUIDE, alone, "conditions", None, "demonstration")] == ["base"]


@pytest.mark.parametrize("point", GUIDE.points, ids=lambda point: point.id)
def test_each_answer_says_on_what_it_rests(point: Point) -> None:
    answer = answers.point(GUIDE, point)
    if point.blank:
        assert not answer.in_guide
        assert "指南没有写，我不能猜" in answer.text
    else:
        assert answer.in_guide
        assert CLAUSE.search(answer.text)
    assert len(answer.text) <= answers.BOTH_LIMIT
    assert set(answer.related) <= {topic.id for topic in GUIDE.topics}
