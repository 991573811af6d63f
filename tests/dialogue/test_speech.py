"""What a message does, by rule."""

from __future__ import annotations

import pytest

from bot.dialogue import speech
from bot.guide.load import load_guide

GUIDE = load_guide()


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
    assert speech.tells(GUIDE, text)


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
        "以前有过失信记录还能报么",
        "执行期多长",
        "",
    ],
)
def test_a_question_or_a_bare_name_tells_nothing(text: str) -> None:
    assert not speech.tells(GUIDE, text)


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("我们是律师事务所，可以报吗", True),
        ("我们是个民营企业，能报吗", True),
        ("我们是县市场监管局，能报吗", False),  # takes part in the screening
        ("我们是公司，能报示范项目吗", False),  # names it
        ("我们是公司，不是国家试点，能报吗", False),  # tells more
        ("我们是公司", True),  # asks nothing, and one of the projects doesn't take companies
        ("我们是县市场监管局", False),
        ("我们没有失信记录，能报吗", True),  # the same for both
        ("能报吗", False),
        ("我是县局的，想报研究类，县局这种单位能不能报", True),  # and tells nothing of that project
        ("我是县局的，示范县争不过，就问县局能不能报研究类", True),
    ],
)
def test_a_story_may_leave_open_which_project_it_asks_for(text: str, asks: bool) -> None:
    assert speech.leaves_open(GUIDE, text) is asks


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("各做几年", True),
        ("总共几个方向", True),
        ("十几个代理师", False),
        ("两边各出几个人", False),
        ("方向一共列了几个", True),
        ("牵头单位填学院还是填学校", True),
        ("我们还是没有资金", False),
        ("前任啥也没交代", False),
        ("单位本身没有", False),
        ("有资格没有", True),
        ("还有几天就截止了", False),
        ("直接报就行吗，还是要市局报", True),
    ],
)
def test_a_few_is_no_question(text: str, asks: bool) -> None:
    assert speech.asks(text) is asks


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
    assert speech.corrects(GUIDE.project("demonstration"), {"applicant": "city"}, text) is corrects


@pytest.mark.parametrize(
    ("text", "proposes"),
    [
        ("我们想研究专利质押融资的风险", True),
        ("想谈谈强省建设下一步的对策", True),
        ("写甘肃养老服务现状行不行", True),
        ("县里的公共服务窗口我们想研究", True),
        ("研究敦煌旅游淡季怎么引流，能套进去不", True),
        ("我们想研究院里报", False),
        ("我们打算写申报材料，怎么写", False),
        ("做项目可以吗", False),
        ("想研究课题怎么报", False),
    ],
)
def test_a_topic_of_research_is_proposed(text: str, proposes: bool) -> None:
    assert speech.proposes(text) is proposes


@pytest.mark.parametrize(
    ("text", "project"),
    [
        ("能报吗", ""),
        ("能不能报研究项目", "research"),
        ("示范项目我们能不能报", "demonstration"),
        ("能报哪个方向", None),
        ("企业能不能报示范项目", None),
        ("示范项目和研究项目能不能报", None),
        ("有没有资格的要求", None),
    ],
)
def test_nothing_is_asked_but_whether_they_may_apply(text: str, project: str | None) -> None:
    assert speech.may_we(GUIDE, text) == project
