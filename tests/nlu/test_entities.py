"""Which project, which direction: what the words say, no more."""

from __future__ import annotations

import pytest

from bot.nlu import entities


@pytest.mark.parametrize(
    ("text", "project"),
    [
        ("示范县给多少钱", "demonstration"),
        ("我们園區能報嗎", "demonstration"),
        ("强县的条件", "demonstration"),
        ("综合能力提升项目做几年", "demonstration"),
        ("第一类项目", "demonstration"),
        ("想报战略与政策研究这一类", "research"),
        ("这一类怎么报", None),
        ("研究院能报示范县吗", "demonstration"),
        ("课题要几万字", "research"),
        ("那研究类的呢", "research"),
        ("政策研究归哪个处", "research"),
        ("战略与政策研究", "research"),
        ("第二个项目", "research"),
        ("示范和研究有什么区别", None),
        ("研究院能报吗", None),
        ("研究生可以参加吗", None),
        ("战略实施与强省建设项目是什么", None),
        ("什么时候截止", None),
        ("", None),
        ("项目一怎么报", "demonstration"),
        ("研究项目一年后要交啥", "research"),
        ("研究项目一个单位能报几个", "research"),
    ],
)
def test_project(text: str, project: str | None) -> None:
    found = entities.project(text)
    assert (found.value if found else None) == project


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("方向三是什么", "3"),
        ("第3个方向", "3"),
        ("3号方向", "3"),
        ("方向１２", "12"),
        ("第十二条选题", "12"),
        ("十一号选题", "11"),
        ("研究方向里的第6项", "6"),
        ("那第五个呢", "5"),
        ("8号", "8"),
        ("选题七", "7"),
        ("3号截止吗", None),
        ("第三条条件", None),
        ("两个单位", None),
        ("第十三个方向", "13"),
        ("第十五个方向讲啥", "15"),
        ("方向13", "13"),
        ("第十三个", None),
        ("20号", None),
        ("方向0", None),
        ("一个方向立几项", None),
        ("第二个项目", None),
        ("有几个方向", None),
        ("", None),
    ],
)
def test_direction(text: str, number: str | None) -> None:
    assert [each.value for each in entities.directions(text)] == ([number] if number else [])


@pytest.mark.parametrize(
    "text", ["第9和第12我分不清", "方向9跟方向12啥区别", "第9个方向和第12个方向", "方向九、第十二个"]
)
def test_two_directions(text: str) -> None:
    assert [each.value for each in entities.directions(text)] == ["9", "12"]


def test_found_where_it_stands() -> None:
    text = "請問研究課題第３個方向"
    project, (direction,) = entities.project(text), entities.directions(text)
    assert project is not None
    assert text[project.start : project.end].startswith("研究")
    assert "第３個" in text[direction.start : direction.end]
    assert {entity.name for entity in entities.find(text)} == {"project", "direction_number"}


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("7", 7),
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("二十一", 21),
        ("两", 2),
        ("百", None),
        ("十十", None),
    ],
)
def test_number(written: str, value: int | None) -> None:
    assert entities.number(written) == value
