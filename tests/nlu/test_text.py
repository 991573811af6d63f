"""Cleaning, and the units that n-grams are made of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu import text


@pytest.mark.parametrize(
    ("written", "clean"),
    [
        ("請問這個項目什麼時候截止？？？", "这个项目什么时候截止?"),
        ("ＷＯＲＤ　ｆｉｌｅ", "word file"),
        ("方向３ 是 啥", "方向3是啥"),
        ("要几年啊啊啊啊啊", "要几年啊啊"),
        ("给多少钱😂😂🙏", "给多少钱"),
        ("给\u200b多少\ufeff钱", "给多少钱"),
        ("您好，我想问一下，名额有多少？谢谢", "名额有多少?"),
        ("不好意思哈，在线的老师帮个忙，要几年，谢谢老师啦！！", "要几年"),
        ("我想问一下怎么报", "怎么报"),
    ],
)
def test_what_does_not_matter_is_taken_away(written: str, clean: str) -> None:
    assert text.normalise(written) == clean


@pytest.mark.parametrize(
    "whole", ["你好", "谢谢老师", "打扰一下", "有人吗", "没有", "有", "是的", "那钱呢", "?"]
)
def test_what_is_said_stays(whole: str) -> None:
    assert text.normalise(whole) == whole


def test_thanks_after_understanding_stay() -> None:
    assert "谢谢" in text.normalise("好的，谢谢")
    assert "谢谢" in text.normalise("好嘞，谢谢哈")
    assert text.normalise("不用了，谢谢") == "不用了"


@given(st.text())
def test_folding_keeps_every_character_in_its_place(written: str) -> None:
    folded = text.fold(written)
    assert len(folded) == len(written)
    assert text.fold(folded) == folded


@given(st.text())
def test_cleaning_never_fails_nor_empties_words(written: str) -> None:
    clean = text.normalise(written)
    assert bool(clean) or not any(character.isalnum() for character in text.fold(written))


def test_numbers_of_directions_are_one_pattern() -> None:
    assert text.pattern("第3个方向") == text.pattern("第十二个方向")
    assert text.pattern("方向三") == text.pattern("方向12")
    assert text.pattern("3万字") == text.pattern("50万字")
    assert text.pattern("一个方向") == "一个方向" or text.pattern("一个方向") == text.pattern("两个方向")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("知识产全", "知识产权"), ("申抱", "申报"), ("四", "是"), ("兰州", "南州"), ("湖", "福")],
)
def test_what_sounds_alike_is_alike(typed: str, meant: str) -> None:
    assert text.syllables(typed) == text.syllables(meant)


def test_what_sounds_different_is_different() -> None:
    assert text.syllables("截止") != text.syllables("开始")
    assert text.syllables("a1？") == ["a", "1", "？"]


def test_grams_know_the_ends() -> None:
    assert text.grams("报名", 1, 2) == ["^", "报", "名", "$", "^报", "报名", "名$"]
    assert text.grams(["bao", "min"], 2, 2, " ") == ["^ bao", "bao min", "min $"]
