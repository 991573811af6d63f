"""Numbers of people in many dresses, none of which survives; and what must never be masked."""

from __future__ import annotations

import random
from datetime import date

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.privacy import mask
from bot.settings import ROOT

FULL = "０１２３４５６７８９"
CHINESE = "零一二三四五六七八九"
SPOKEN = "〇幺二三四五六七八九"
FORMAL = "零壹贰叁肆伍陆柒捌玖"
PLAIN = "0123456789"
GAPS = ["", " ", "-", "－", "—", "·", ".", "　", "\u200b", " - ", "~", "_", "  ", "\n"]
LISTED = [*GAPS, "，", ",", "、", "/", "|", "："]
"""These part a number only into pieces of three digits or more."""


@st.composite
def numbers(draw: st.DrawFn) -> str:
    """A mobile phone, a landline, an identity card or a bank card."""
    digits = st.text(PLAIN, min_size=19, max_size=19)
    some, kind = draw(digits), draw(st.sampled_from(["mobile", "landline", "identity", "card"]))
    if kind == "mobile":
        return "1" + draw(st.sampled_from("3456789")) + some[:9]
    if kind == "landline":
        return draw(st.sampled_from(["0931", "0932", "010", "021"])) + "8" + some[:7]
    if kind == "card":
        return "62" + some[: draw(st.sampled_from([14, 16, 17]))]
    born = draw(st.dates(min_value=date(1940, 1, 1), max_value=date(2015, 12, 31))).strftime("%Y%m%d")
    return (
        "62010"
        + draw(st.sampled_from("1235"))
        + f"{born:0>8}"[-8:]
        + some[:3]
        + draw(st.sampled_from(PLAIN + "X"))
    )


@st.composite
def dressed(draw: st.DrawFn) -> tuple[str, str]:
    """A number, and how somebody typed it."""
    number = draw(numbers().filter(lambda each: not each.startswith("09318533556")))
    table = str.maketrans(PLAIN, draw(st.sampled_from([PLAIN, FULL, CHINESE, SPOKEN, FORMAL])))
    size = draw(st.sampled_from([1, 2, 3, 4, 6, 20]))
    whole_pieces = size in (3, 4, 6) and len(number) % size not in (1, 2)
    gap = draw(st.sampled_from(LISTED if whole_pieces else GAPS))
    signs = number.translate(table)
    return number, gap.join(signs[at : at + size] for at in range(0, len(signs), size))


def _hidden(text: str) -> int:
    return mask(text).count("*") - text.count("*")


@settings(max_examples=250, deadline=None)
@given(
    dressed(), st.sampled_from(["电话{}", "我是{}。", "{}", "请回{}谢谢", "微信同号：{}，联系我", "（{}）"])
)
def test_no_variant_survives(number: tuple[str, str], around: str) -> None:
    digits, typed = number
    assert _hidden(around.format(typed)) >= 4, (digits, around.format(typed))


KEPT = [
    "0931-8533556",
    "电话：0931－8533556",
    "（0931）8533556",
    "〇九三一八五三三五五六",
    "3万字以上的研究报告和5千字以内的成果摘要",
    "30000字、5000字",
    "一（二）①、一（二）②、一（二）③、一（二）④",
    "一（三）① 一（三）② 一（三）③ 一（三）④ 一（三）⑤",
    "二（一）1、二（一）2、二（一）10、二（一）11、二（一）12",
    "方向1、2、3、4、5、6、7、8、9、10、11、12",
    "2021-2035年",
    "2013 2014 2015 2016 2017",
    "2019、2020、2021、2022、2023",
    "2026年11月25日20时35分，2026-11-25 20:35:10",
    "二〇二一年至二〇三五年",
    "1. 一 2. 二 3. 三 4. 四",
    "十二个方向，选第三个、第四个、第五个",
]


@pytest.mark.parametrize("text", KEPT)
def test_what_is_no_personal_number_stays(text: str) -> None:
    assert mask(text) == text


def test_nothing_of_the_guide_or_of_ordinary_questions_is_masked() -> None:
    files = [*(ROOT / "data" / "guide").glob("*.yml"), *(ROOT / "data" / "nlu").glob("*.yml")]
    lines = [line for path in files for line in path.read_text(encoding="utf-8").splitlines()]
    assert len(lines) > 3_000
    masked = [line.strip() for line in lines if mask(line) != line]
    assert masked == ["- 我的手机号是13800000000"], "an example of small talk, with a made-up number"


def test_the_guides_numbers_stay_in_any_words() -> None:
    chance = random.Random(7)
    words = ["请问", "电话是", "对吗", "，", "。", "执行期1年", "方向3", "12个", *KEPT]
    for _ in range(300):
        text = "。".join(chance.sample(words, 4))
        assert mask(text) == text


def test_the_working_hours_and_their_holidays_stay() -> None:
    text = (ROOT / "data" / "desk" / "hours.yml").read_text(encoding="utf-8")
    assert yaml.safe_load(mask(text)) == yaml.safe_load(text)
