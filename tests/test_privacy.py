"""Personal numbers are hidden however they are typed; the guide's own numbers never."""

from __future__ import annotations

import random

import pytest

from bot.privacy import has_personal, mask

FULL = str.maketrans("0123456789", "０１２３４５６７８９")
CHINESE = str.maketrans("0123456789", "零一二三四五六七八九")
FORMAL = str.maketrans("0123456789", "〇壹贰叁肆伍陆柒捌玖")


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("13812345678", "138****5678"),
        ("我的电话是138 1234 5678，谢谢", "我的电话是138 **** 5678，谢谢"),
        ("+86-138-1234-5678", "+86-138-****-5678"),
        ("１３８１２３４５６７８", "１３８****５６７８"),
        ("一三八一二三四五六七八", "一三八****五六七八"),
        ("62010219900101123X", "62**************3X"),
        ("62010219900101123x。", "62**************3x。"),
        ("卡号6222 0212 3456 7890 123", "卡号**** **** **** ***0 123"),
        ("0931-8412345", "0931-8****45"),
        ("（0931）8412345", "（0931）8****45"),
        ("13812345678 13987654321", "*********** *******4321"),
    ],
)
def test_personal_numbers(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "0931-8533556",
        "请打 0931 8533556 或（0931）8533556",
        "０９３１－８５３３５５６",
        "不少于3万字（30,000字），摘要5000字以内",
        "2026年3月1日，2025-01-01至2026-12-31，2025-01-01 - 2026-12-31",
        "一（二）①②③④，共12个方向",
        "91620100MA72XYZ123",
        "一二三四五六七八九十",
        "",
    ],
)
def test_other_numbers_stay(text: str) -> None:
    assert mask(text) == text


def test_the_guides_phone_stays_beside_a_personal_one() -> None:
    assert mask("0931-8533556 13812345678") == "0931-8533556 138****5678"


def _number(random_: random.Random) -> str:
    kind = random_.choice(["mobile", "identity", "card"])
    if kind == "mobile":
        return "1" + random_.choice("3456789") + "".join(random_.choices("0123456789", k=9))
    if kind == "card":
        return "62" + "".join(random_.choices("0123456789", k=random_.choice([14, 17])))
    born = f"{random_.randint(1940, 2010)}{random_.randint(1, 12):02}{random_.randint(1, 28):02}"
    return "620102" + born + "".join(random_.choices("0123456789", k=3)) + random_.choice("0123456789X")


def _typed(random_: random.Random, number: str) -> str:
    table = random_.choice([{}, FULL, CHINESE, FORMAL])
    signs = number.translate(table)
    gap = random_.choice(["", "", " ", "-", "　", "\u200b", " - "])
    size = random_.choice([1, 3, 4, 6])
    return gap.join(signs[place : place + size] for place in range(0, len(signs), size))


def test_a_thousand_variants_none_survives() -> None:
    random_ = random.Random(5)
    for _ in range(1000):
        number = _number(random_)
        typed = _typed(random_, number)
        text = random_.choice(["电话{}", "我是{}。", "{}", "请回{}谢谢"]).format(typed)
        hidden = mask(text)
        assert has_personal(text), text
        assert hidden.count("*") >= 4, (text, hidden)
        assert len(hidden) == len(text)
