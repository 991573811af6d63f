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


def test_a_message_of_several_questions_is_cut_into_them() -> None:
    assert context.questions("执行期多长？电话是多少？") == ["执行期多长", "电话是多少"]
    assert context.questions("执行期多长") == []


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("交些啥，发不发论文", ["交些啥", "发不发论文"]),
        ("方向总共几个 自己另外想一个行不行", ["方向总共几个", "自己另外想一个行不行"]),
        ("两家地位一样行不行，还是要定牵头的？", []),
        ("电话多少另外几号截止", ["电话多少", "几号截止"]),
        ("我们 县局 能报么", []),
        ("教研室还有三个同事，负责人有没有年龄限制", []),
    ],
)
def test_commas_and_spaces_part_questions_only(text: str, pieces: list[str]) -> None:
    assert context.questions(text) == pieces


def test_a_single_question_beside_a_story_counts_where_wanted() -> None:
    story = "是不是自动就成国家级示范了，领导让我确认"
    assert context.questions(story) == []
    assert context.questions(story, beside=True) == ["是不是自动就成国家级示范了"]
    assert context.questions("执行期多长", beside=True) == []


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


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("不是,我问的是示范那个,交啥", "示范那个,交啥"),
        ("不对，我说的是研究", "研究"),
        ("不是，我想问的不是示范，是研究的执行期", "研究的执行期"),
        ("不是国家试点", "不是国家试点"),
        ("没有，我们没有工作资金", "没有，我们没有工作资金"),
        ("我问的是", "我问的是"),
    ],
)
def test_a_no_before_a_question_answers_nothing(text: str, rest: str) -> None:
    assert context.without_denial(text) == rest


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("下一个呢", 1),
        ("再下一个", 1),
        ("上一个呢？", -1),
        ("后面一个方向说啥", 1),
        ("下一个环节", 0),
        ("下", 0),
    ],
)
def test_the_next_one_and_the_one_before(text: str, step: int) -> None:
    assert context.next_to(text) == step


@pytest.mark.parametrize(
    ("text", "may_be"),
    [
        ("负责人也算里头?", True),
        ("除了它还要啥", True),
        ("园区呢", True),
        ("园区", False),
        ("我们县的制种产业算不算特色产业呢", False),
    ],
)
def test_a_short_question_may_need_the_one_before_it(text: str, may_be: bool) -> None:
    assert context.elliptic(text) is may_be
