"""What of a text can be tapped, as in the WeChat app."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from bot.sandbox.pieces import Link, Tap, Words, plain, read


def anchor(menu_id: str, content: str, label: str) -> str:
    return f'<a href="weixin://bizmsgmenu?msgmenucontent={quote(content)}&msgmenuid={quote(menu_id)}">{label}</a>'


def test_options_carry_their_id_content_and_number() -> None:
    first = anchor("ask:research:units:one", "一家", "一家单位")
    text = f"您是哪一类单位？\n1. {first}\n2. {anchor('human', '转人工', '转人工')}"
    assert read(text) == (
        Words("您是哪一类单位？\n"),
        Tap("ask:research:units:one", "一家", "一家单位", "1."),
        Words("\n"),
        Tap("human", "转人工", "转人工", "2."),
    )
    assert plain(read(text)) == "您是哪一类单位？\n1. 一家单位\n2. 转人工"


def test_a_number_inside_a_sentence_stays_there() -> None:
    assert read(f"共 12. {anchor('topic:tasks', '任务', '任务')}")[0] == Words("共 12. ")


def test_an_escaped_ampersand_counts_as_one() -> None:
    text = anchor("topic:tasks", "任务", "任务").replace("&", "&amp;")
    assert read(text) == (Tap("topic:tasks", "任务", "任务"),)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '<a href="javascript:alert(1)">点我</a>',
        '<a href="data:text/html,x">点我</a>',
        '<a href="weixin://bizmsgmenu?msgmenucontent=x">没有编号</a>',
        '<a href="weixin://bizmsgmenu?msgmenuid=1">没有内容</a>',
        '<a onclick="x()">点我</a>',
        "<img src=x onerror=alert(1)>",
    ],
)
def test_anything_else_stays_text(text: str) -> None:
    assert read(text) == (Words(text),)


def test_web_pages_and_phone_numbers_become_links() -> None:
    assert read('见<a href="https://example.org/a?b=1&amp;c=2">通知</a>，电话 0931-8533556。') == (
        Words("见"),
        Link("https://example.org/a?b=1&c=2", "通知"),
        Words("，电话 "),
        Link("tel:0931-8533556", "0931-8533556"),
        Words("。"),
    )
