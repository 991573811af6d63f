"""Facts stated in passing: taken when plain, left out when asked, hedged or contradicted."""

from __future__ import annotations

import pytest

from bot.guide.load import load_guide
from bot.guide.statements import find, named

DEMONSTRATION = {
    "我们是榆中县市场监管局，之前是强县工程试点，没拿过国家试点的资助": {
        "applicant": "county",
        "former_pilot": "yes",
        "pilot_funded": "no",
    },
    "没有被列为试点": {"pilot": "no"},
    "试点了但没拿到钱": {"pilot": "yes", "pilot_funded": "no"},
    "我们是一家公司": {"applicant": "enterprise"},
    "我们是兰州市市场监督管理局，已经列为国家试点，拿到过资助": {
        "applicant": "city",
        "pilot": "yes",
        "pilot_funded": "yes",
    },
    "我们高新区管委会有专项资金，没有失信记录": {"applicant": "park", "fund": "yes", "bad_credit": "no"},
    "兰州市城关区市场监督管理局": {"applicant": "county"},
    "不清楚有没有列入议事日程": {"agenda": "unknown"},
    "议事日程说不准": {"agenda": "unknown"},
    "并不是没有知识产权工作资金": {"fund": "yes"},
    "我们縣是市場監管局": {},
}

SILENT = [
    "我们县有特色产业吗？",
    "没有工作资金怎么办",
    "如果列入议事日程",
    "准备设立知识产权工作资金",
    "好像是国家试点",
    "听说有失信记录",
    "实施单位",
    "自主知识产权的事",
    "工作资金那一条答错了",
    "有没有不良信用记录",
    "辖区有企业，有协会",
    "执行期多长",
    "",
]


@pytest.mark.parametrize(("text", "facts"), DEMONSTRATION.items())
def test_plain_statements_are_taken(text: str, facts: dict[str, str]) -> None:
    project = load_guide().project("demonstration")
    assert {each.fact: each.choice for each in find(project, text)} == facts


@pytest.mark.parametrize("text", SILENT)
def test_what_is_asked_hedged_or_hoped_states_nothing(text: str) -> None:
    assert find(load_guide().project("demonstration"), text) == ()


def test_a_fact_stated_both_ways_is_left_out() -> None:
    project = load_guide().project("demonstration")
    assert find(project, "有知识产权工作资金，没有知识产权工作资金") == ()


def test_every_stated_choice_exists_and_every_mention_names_its_fact() -> None:
    for project in load_guide().projects:
        for fact in project.facts:
            for mention in fact.mentions:
                assert named(project, f"刚才{mention}答错了") == fact.id
                for each in find(project, f"我们有{mention}"):
                    project.fact(each.fact).choice(each.choice)
