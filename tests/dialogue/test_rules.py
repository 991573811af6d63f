"""What is decided by rule, before any model."""

from __future__ import annotations

import pytest

from bot.bus.messages import Option
from bot.dialogue import rules

HUMAN = [
    "人工",
    "转人工",
    "找人工",
    "找人",
    "客服",
    "人工客服",
    "我要人工",
    "转接人工客服",
    "请转人工",
    "帮我转人工",
    "找个真人",
    "有没有人工",
    "我想找人工客服",
    "能不能转人工",
    "人工服务",
    "转客服",
    "我要找人",
    "换个真人来",
    "叫人来",
    "人工！",
    "人工吗",
    "有人工吗",
    "我要跟人工说话",
    "联系客服",
    "有客服吗",
    "找真人聊聊",
    "在线客服",
    "转人工服务",
    "请帮我接通人工客服",
    "接人工",
    "找客服",
    "有人吗",
    "我要和人说话",
    "跟真人说",
    "直接转人工吧",
    "人工人工",
    "找你们工作人员",
    "麻烦转一下人工",
    "人工在吗",
    "客服在不在？",
]

NOT_HUMAN = [
    "人工智能方向可以吗",
    "客服电话是多少",
    "工作人员要几个人",
    "园区可以报吗",
    "要不要人",
    "需要多少专业人才",
    "人工智能",
    "团队要有几个人",
    "找不到人签字怎么办",
    "负责人是谁",
    "人",
]

OFFERED = [Option("ask:p:f:yes", "有"), Option("ask:p:f:no", "没有"), Option("ask:p:f:unknown", "不清楚")]


@pytest.mark.parametrize("text", HUMAN)
def test_a_call_for_a_person_is_always_obeyed(text: str) -> None:
    assert rules.wants_human(text)


@pytest.mark.parametrize("text", NOT_HUMAN)
def test_a_question_is_not_a_call_for_a_person(text: str) -> None:
    assert not rules.wants_human(text)


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("1", "yes"),
        ("２", "no"),
        ("第三个", "unknown"),
        ("选2", "no"),
        ("2.", "no"),
        ("没有。", "no"),
        (" 不清楚 ", "unknown"),
    ],
)
def test_a_number_or_the_words_choose_an_option(text: str, choice: str) -> None:
    assert rules.chosen(text, OFFERED) == f"ask:p:f:{choice}"


@pytest.mark.parametrize("text", ["4", "0", "12", "2021", "有2个", "两个", "3个", "没有吗？要怎么查", ""])
def test_anything_else_chooses_nothing(text: str) -> None:
    assert rules.chosen(text, OFFERED) is None


@pytest.mark.parametrize("text", ["/restart", "  /back", '/answer{"tap": "human"}'])
def test_a_leading_slash_is_data(text: str) -> None:
    assert not rules.harmless(text).lstrip().startswith("/")


def test_a_direction_goes_by_its_own_number_also_in_a_short_list() -> None:
    short = [Option("ask:r:direction:d2", "金融"), Option("ask:r:direction:none", "都不是")]
    assert rules.chosen("2", short) == "ask:r:direction:d2"
    assert rules.chosen("1", short) == "ask:r:direction:d2"
    assert rules.chosen("3", short) is None


GIVES_UP = """取消 取消人工 不等了 不想等了。 算了 那算了吧 不用了 不用人工了 不要人工 别等了 退出排队
    回到自动助手 转回机器人吧 不排了 不需要了谢谢"""


@pytest.mark.parametrize("text", GIVES_UP.split())
def test_giving_up_waiting(text: str) -> None:
    assert rules.gives_up(text)


@pytest.mark.parametrize(
    "text",
    [
        "人工",
        "取消资格的情况有哪些",
        "我等了半天了",
        "不等于吧",
        "算不算数",
        "不用准备材料吗",
        "怎么取消报名",
        "有",
        "好的",
    ],
)
def test_not_giving_up(text: str) -> None:
    assert not rules.gives_up(text)
