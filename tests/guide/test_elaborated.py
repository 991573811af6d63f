"""Answers with more behind them: taken where the rest agrees, left where it turns, weakens or asks.

A wrong yes is the worst: so for every question to which having is good, words that turn it are put behind it.
"""

from __future__ import annotations

import pytest

from bot.guide import elaborated, statements
from bot.guide.load import load_guide

GUIDE = load_guide()
HAVING_IS_GOOD = [
    fact
    for project in GUIDE.projects
    for fact in project.facts
    if statements.polar(fact) and fact.choices[0].id == "yes"
]
TURNING = [
    "明年到位",
    "正在批",
    "正在申请",
    "计划明年设",
    "不过不多",
    "但不成规模",
    "都是兼职的",
    "都是外聘的",
    "不够",
    "还没批",
    "只有一个",
    "已经取消了",
    "后来收回了",
    "快有了",
    "马上就有",
    "去年撤了",
    "如果算的话",
    "一般",
    "比较弱",
    "不知道算不算",
    "算不算？",
    "是个体户",
    "挂在合作社",
    "以前的事了",
]


@pytest.mark.parametrize(
    ("project", "fact", "text", "choice"),
    [
        ("demonstration", "agenda", "有的，每次党组会都研究", "yes"),
        ("demonstration", "agenda", "列了，有文件", "yes"),
        ("demonstration", "agenda", "没有，局里很重视", "no"),
        ("demonstration", "agenda", "没有，不过局里很重视", None),
        ("demonstration", "fund", "有，去年二十万", "yes"),
        ("demonstration", "fund", "今年刚设的，钱不多", "yes"),
        ("demonstration", "pilot", "是的，22年定的", "yes"),
        ("demonstration", "pilot", "不是吧，是省里的试点", "no"),
        ("demonstration", "pilot_funded", "拿过，都花完了", "yes"),
        ("demonstration", "implementer", "定了一家，是个体户", None),
        ("demonstration", "bad_credit", "没有，都按时结题了", "no"),
        ("demonstration", "bad_credit", "我们局没有，都好着", None),  # of one party only
        ("research", "foundation", "应该有吧，我们有几个老师做过", "yes"),
        ("research", "foundation", "有啊 20来个专利呢", "yes"),
        ("research", "units", "两家，我和兰大", "two"),
        ("research", "team", "有", None),  # nothing behind it: `reading` takes it
        ("research", "team", "对了，电话多少", None),
        ("research", "team", "有，那要交什么材料", None),
        ("research", "team", "不清楚，回头问问", None),
    ],
)
def test_what_people_add(project: str, fact: str, text: str, choice: str | None) -> None:
    found = elaborated.find(GUIDE.project(project).fact(fact), text)
    assert (found and found.choice) == choice


@pytest.mark.parametrize("rest", TURNING)
def test_what_turns_a_yes_leaves_the_question_open(rest: str) -> None:
    for fact in HAVING_IS_GOOD:
        for yes in ("有", "是的", *fact.choices[0].synonyms):
            assert elaborated.find(fact, f"{yes}，{rest}") is None, (fact.id, yes)
