"""Facts read out of free words: a table of how people talk, and frames under which nothing good is claimed.

The worst that a reading can do is to lead to a wrong 初步符合; so for every fact and every name of it the
words that weaken, turn, hope or tell of others must never give the answer that speaks for the applicant.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.guide import polarity, statements
from bot.guide.load import load_guide
from bot.guide.model import Fact
from bot.guide.reading import read

GUIDE = load_guide()


def _words(table: str) -> list[str]:
    return re.split(r"\s+", table.strip())


TABLE: dict[str, dict[str, dict[str, str]]] = yaml.safe_load(
    (Path(__file__).parent / "stated.yml").read_text(encoding="utf-8")
)
ROWS = [(project, text, facts) for project, rows in TABLE.items() for text, facts in rows.items()]
POLAR = [(project, fact) for project in GUIDE.projects for fact in project.facts if statements.polar(fact)]
HAVING_IS_GOOD = [(project, fact) for project, fact in POLAR if fact.choices[0].id == "yes"]
NOT_HAVING = _words("""
没有{} 没{} 如果有{} 听说有{} 快有{}了 有{}吗 他们县有{} 除了{}都有 估计有{} 可能有{} {}不够 {}正在办 {}取消了
{}退回去了 {}还差一点 隔壁县有{} {}应该有 打算搞{} {}明年有 谁说有{} 难道有{} 不能说有{} {}几乎没有 有{}就好了
""")
STILL_BAD = _words("""
有{} 有过{} {}没消除 {}还没处理完 不敢说没有{} 应该没有{} 负责人没有{} 实施单位没有{} 我们局没有{} 他们没有{}
没有{}吗 如果没有{} 听说没有{} 可能没有{} {}就一条 除了企业没有{} 谁说没有{} 难道没有{}
""")


@pytest.mark.parametrize(("project", "text", "facts"), ROWS, ids=[text for _, text, _ in ROWS])
def test_what_people_say_in_passing(project: str, text: str, facts: dict[str, str]) -> None:
    found = statements.find(GUIDE.project(project), text)
    assert {each.fact: each.choice for each in found} == facts


@pytest.mark.parametrize("frame", NOT_HAVING)
def test_doubtful_words_never_claim_that_something_is_there(frame: str) -> None:
    wrong = []
    for project, fact in HAVING_IS_GOOD:
        for mention in fact.mentions:
            text = frame.format(mention.replace("+", ""))
            wrong += [(text, each) for each in statements.find(project, text) if _good(project, each)]
    assert wrong == []


def _good(project: Any, stated: statements.Stated) -> bool:
    fact = project.fact(stated.fact)
    # Being a national pilot and being paid for it, 'yes' is the bad answer.
    return stated.choice == "yes" and fact.id not in {"pilot", "pilot_funded", "bad_credit"}


@pytest.mark.parametrize("frame", STILL_BAD)
def test_doubtful_words_never_clear_a_bad_record(frame: str) -> None:
    for project in GUIDE.projects:
        fact = project.fact("bad_credit")
        for mention in fact.mentions:
            text = frame.format(mention)
            assert ("bad_credit", "no") not in [(e.fact, e.choice) for e in statements.find(project, text)], (
                text
            )


@pytest.mark.parametrize(
    "text",
    _words("""
    好像没有 可能没有 应该没有 应该没有吧 我们局没有 负责人没有 企业没有 实施单位没有 没有，企业有
    没有但企业有一条 没问题 有，但是修复了 没有吗 没有？ 不敢说没有 不敢保证没有 没听说过 没发现 清白
    干净 没有，除了一个逾期
    """),
)
def test_a_typed_answer_clears_a_bad_record_only_when_it_is_plain(text: str) -> None:
    for project in GUIDE.projects:
        assert read(project.fact("bad_credit"), text) != "no"


@pytest.mark.parametrize(
    ("fact", "text", "choice"),
    [
        ("fund", "有五十万", "yes"),
        ("fund", "有，财政给的", "yes"),
        ("fund", "今年没有", "no"),
        ("fund", "去年有", None),
        ("fund", "有意向", None),
        ("fund", "有人说有", None),
        ("fund", "快有了", None),
        ("fund", "没人管", None),
        ("industry", "找到了", None),
        ("implementer", "有一家公司", "yes"),
        ("implementer", "有，不是法人", None),
        ("implementer", "有是有，没实力", None),
        ("bad_credit", "没有一条", None),
        ("pilot", "是省级试点", None),
    ],
)
def test_an_answer_that_doesn_t_name_the_thing(fact: str, text: str, choice: str | None) -> None:
    found = statements.about(_fact(fact), text)
    assert (found.choice if found else None) == choice


def _fact(id: str) -> Fact:
    return GUIDE.project("demonstration").fact(id)


def test_a_number_beyond_the_directions_is_no_option_of_that_place() -> None:
    fact = GUIDE.project("research").fact("direction")
    assert read(fact, "方向13") is None
    assert read(fact, "第十五个方向") is None
    assert read(fact, "方向12") == "d12"


WORDS = st.lists(st.sampled_from(_words("有 没 没有 不 是 快 少 够 了 过 □ 就 都 会 可能 不是")), max_size=6)


@settings(deadline=None)
@given(WORDS)
def test_one_denial_more_is_never_a_yes(words: list[str]) -> None:
    rest = "".join([polarity.THING, *words])
    if polarity.of(rest) == polarity.YES:
        assert polarity.of(f"不{rest}") != polarity.YES
        assert polarity.of(f"没有{rest}") != polarity.YES


# No deadline: a busy machine would break it.
@settings(deadline=None, max_examples=50)
@given(st.text(max_size=60))
def test_any_text_gives_known_choices(text: str) -> None:
    for project in GUIDE.projects:
        for each in statements.find(project, text):
            project.fact(each.fact).choice(each.choice)
