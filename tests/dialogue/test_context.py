"""What a message means given what was said before, by rule."""

from __future__ import annotations

import pytest

from bot.dialogue import context
from bot.guide.load import load_guide

GUIDE = load_guide()


@pytest.mark.parametrize(
    ("text", "project"),
    [
        ("换成研究课题测", "research"),
        ("还是测示范项目吧", "demonstration"),
        ("我们想报研究课题", "research"),
        ("那研究类的呢？", "research"),
        ("示范的", "demonstration"),
        ("研究课题交什么成果", None),
        ("我们是研究院", None),
        ("园区管委会", None),
        ("有", None),
    ],
)
def test_a_screening_goes_over_to_the_project_that_is_named_alone(text: str, project: str | None) -> None:
    assert context.switch(GUIDE, text) == project


@pytest.mark.parametrize(
    "text",
    [
        "是国家试点，也拿到过资助",
        "没有被列为试点",
        "不是国家试点",
        "刚才说错了，我们有知识产权工作资金",
        "我们是榆中县市场监管局，之前是强县工程试点，能报吗",
        "我们是一家公司，行不行？",
    ],
)
def test_a_statement_in_the_own_voice_tells(text: str) -> None:
    assert context.tells(GUIDE, text)


@pytest.mark.parametrize(
    "text",
    [
        "实施单位的要求",
        "示范项目的工作资金",
        "我们想了解实施单位",
        "没有工作资金怎么办",
        "没有工作资金是不是就不能报了",
        "以前当过强县工程试点有没有优势",
        "拿过国家试点资助的县还让报不",
        "是试点但没拿到资助，这个不受影响吧",
        "我们县有特色产业吗",
        "执行期多长",
        "",
    ],
)
def test_a_question_or_a_bare_name_tells_nothing(text: str) -> None:
    assert not context.tells(GUIDE, text)


@pytest.mark.parametrize(
    ("text", "corrects"),
    [
        ("单位类型选错了", True),
        ("我想改一下单位类型", True),
        ("单位类型填错了怎么办", False),
        ("工作资金答错了", False),
        ("单位类型", False),
    ],
)
def test_a_correction_names_an_answer_that_was_given(text: str, corrects: bool) -> None:
    assert context.corrects(GUIDE.project("demonstration"), {"applicant": "city"}, text) is corrects


def test_a_message_of_several_questions_is_cut_into_them() -> None:
    assert context.questions("执行期多长？电话是多少？") == ["执行期多长", "电话是多少"]
    assert context.questions("执行期多长") == []


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("我们有知识产权工作资金，那要交什么材料？", "那要交什么材料？"),
        ("有的，那电话多少？", "那电话多少？"),
        ("没有工作资金，有工作条件", "没有工作资金，有工作条件"),
        ("题目是专利质押融资的风险，属于哪个方向", "题目是专利质押融资的风险，属于哪个方向"),
        ("执行期多长？电话多少？", "执行期多长？电话多少？"),
        ("电话多少", "电话多少"),
    ],
)
def test_what_is_told_first_is_no_part_of_the_question(text: str, asked: str) -> None:
    assert context.asked_beside(GUIDE, text) == asked
