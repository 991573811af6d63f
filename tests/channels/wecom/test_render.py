"""WeCom's messages: cards where they fit, numbers to type where they don't, and nothing cut silently."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.bus.messages import Option, Part, Reply
from bot.channels.common.split import size
from bot.channels.wecom import cards
from bot.channels.wecom.render import LIMIT, carries, messages, render

YES_NO = (Option("ask:research:team:yes", "有"), Option("ask:research:team:no", "没有"))


def buttons(message: dict[str, Any]) -> list[tuple[str, str]]:
    return [(button["text"], button["key"]) for button in message["card"]["button_list"]]


def test_a_question_is_one_card() -> None:
    (message,) = messages(Reply((Part("有研究团队吗？", YES_NO),)))
    card = message["card"]
    assert (card["card_type"], card["sub_title_text"]) == ("button_interaction", "有研究团队吗？")
    assert buttons(message) == [
        ("有", "ask:research:team:yes|有"),
        ("没有", "ask:research:team:no|没有"),
    ]
    assert cards.tapped("ask:research:team:yes|有") == ("ask:research:team:yes", "有")


def test_words_before_a_question_are_a_text_before_its_card() -> None:
    first, second = messages(Reply((Part("答复。"), Part("长" * 113, YES_NO))))
    assert first == {"text": "答复。\n\n" + "长" * 113}
    assert "sub_title_text" not in second["card"]
    assert second["card"]["main_title"]["title"] == "请选择"


def test_every_card_has_an_id_of_its_own() -> None:
    reply = Reply((Part("？", YES_NO),))
    ids = {messages(reply)[0]["card"]["task_id"] for _ in range(20)}
    assert len(ids) == 20


def test_options_that_no_card_can_carry_are_numbers_to_type() -> None:
    seven = tuple(Option(f"ask:research:direction:d{n}", f"方向{n}") for n in range(1, 8))
    long = (Option("a", "十一个字的选项放不进按钮"),)
    for options in (seven, long):
        reply = Reply((Part("哪一个？", options),))
        (message,) = messages(reply)
        assert message["text"].startswith("哪一个？\n1. ")
        assert carries(reply)
        assert render(reply) == [message["text"]]


def test_one_part_that_fits_no_card_keeps_all_numbers_in_the_text() -> None:
    reply = Reply((Part("甲？", YES_NO), Part("乙？", (Option("b", "长" * 11),))))
    (message,) = messages(reply)
    assert message["text"] == "甲？\n1. 有\n2. 没有\n\n乙？\n3. " + "长" * 11


def test_a_passive_answer_carries_one_text_and_no_card() -> None:
    assert carries(Reply((Part("好"),)))
    assert carries(Reply())
    assert not carries(Reply((Part("？", YES_NO),)))
    assert not carries(Reply((Part("一句话。" * 400),)))


@settings(max_examples=150)
@given(st.text(max_size=1500), st.lists(st.text(min_size=1, max_size=40), max_size=9))
def test_no_text_is_over_what_wecom_takes(text: str, labels: list[str]) -> None:
    options = tuple(Option(f"t{n}", words) for n, words in enumerate(labels))
    found = messages(Reply((Part(text * 3), Part(text, options))))
    assert all(size(message["text"]) <= LIMIT for message in found if "text" in message)
    for message in found:
        assert (
            all(1 <= len(words) <= 10 and size(key) <= 1024 for words, key in buttons(message))
            if ("card" in message)
            else True
        )
