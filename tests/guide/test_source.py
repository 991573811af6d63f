"""The official text, cut by its numbers. The text here is made up, in the printed guide's form."""

from __future__ import annotations

import pytest

from bot.errors import GuideError
from bot.guide import source

TEXT = """附件1
某类项目申报说明
本说明包括甲类和乙类。
一、甲类示例项目
（一）支持方向
甲方向的第一句，
接着写到下一行。
（二）申报条件
①甲类的第一个要求，包括：
试点除外。
②甲类的第二个要求。
（三）任务
任务一年完成。
（主管处室：某处 电话：0000-0000000）
二、乙类示例项目
（一）支持方向
1.乙方向一。
2．乙方向二。
10.乙方向十。
(二)申报条件
1、乙类的要求甲。
2.乙类的要求乙。
"""


def test_clauses_are_named_as_the_guide_names_them() -> None:
    found = source.cut(TEXT.splitlines())
    assert list(found) == [
        "一",
        "一（一）",
        "一（二）",
        "一（二）①",
        "一（二）②",
        "一（三）",
        "二",
        "二（一）",
        "二（一）1",
        "二（一）2",
        "二（一）10",
        "二（二）",
        "二（二）1",
        "二（二）2",
    ]
    assert found["一（一）"] == "（一）支持方向\n甲方向的第一句，接着写到下一行。"
    assert found["一（二）①"] == "①甲类的第一个要求，包括：\n试点除外。"
    assert found["一（三）"].endswith("（主管处室：某处 电话：0000-0000000）")


def test_a_clause_brings_what_is_below_it_and_nothing_beside_it() -> None:
    found = source.cut(TEXT.splitlines())
    assert source.find(found, "二（一）1") == "1.乙方向一。", "not the tenth"
    assert source.find(found, "二（二）") == "(二)申报条件\n1、乙类的要求甲。\n2.乙类的要求乙。"
    assert "②甲类" in str(source.find(found, "一"))
    assert "乙类" not in str(source.find(found, "一"))
    assert source.find(found, "三") is None
    assert source.find(found, "二（一）3") is None
    assert source.find({}, "一") is None


@pytest.mark.parametrize("text", ["", "没有编号的一段话。", "一、只有一个\n二、再一个", "①只有圈号"])
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(GuideError):
        source.cut(text.splitlines())
