"""Entities by rule: which project a text names, and which research direction by number. Without Rasa."""

from __future__ import annotations

import re
from itertools import islice
from typing import NamedTuple

from bot.nlu.text import fold

_DEMONSTRATION = re.compile(
    r"示范(?:类|项目|城市|市|县区?|区|园区|园|的)?|强[县市](?!是)(?:项目|示范)?|综合?能力提升(?:项目|类)?|"
    r"园区(?:类|项目|综合能力提升)?|(?<![这那哪另同某有])第?一类(?:项目)?|第一个项目|项目一(?![年个家般起共定次直样])|建设类"
)
_RESEARCH = re.compile(
    r"(?:战略(?:与|和)?)?(?:政策)?研究(?:类|项目|课题|方向)?(?!院|所|生|员|中心|机构|人员|过)|软?课题(?:类|项目|研究)?|"
    r"第?二类(?:项目)?|第二个项目|项目二(?!年|十)"
)
# The guide's whole name holds both projects' words and names neither.
_NEITHER = re.compile(r"战略实施与?强省建设|强省建设")
_DIGITS = {"零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_NUMBER = r"(\d{1,2}|[一二两三四五六七八九十]{1,3})"
_NOUN = r"(?:研究|支持|课题)?(?:方向|选题|题目|课题|议题|题)"
# With the word for it: 方向三, 第3个方向, 3号选题, 研究方向里的第6项.
_NAMED = re.compile(
    rf"(?:方向|选题)第?{_NUMBER}(?![年万千百\d家类])|"
    rf"第{_NUMBER}[个条项号]?{_NOUN}|{_NUMBER}[号条项]{_NOUN}|"
    rf"{_NOUN}(?:里|中|里面|当中)?的?第{_NUMBER}[个条项号]?"
)
# Without: 第五个, 8号. Not a date, a person, a clause or the like.
_BARE = re.compile(
    rf"第{_NUMBER}[个条项号](?!人|月|项目|单位|条件|类|字|工作)|"
    rf"(?<!\d){_NUMBER}号(?!楼|线|前|之前|截止|以前|文)"
)
# Two at once: 第9和第12, 方向3和方向5.
_PAIR = re.compile(rf"(?:方向|第){_NUMBER}[个条项号]?[和跟与,](?:方向|第){_NUMBER}(?![年月万千百\d家类])")
_MOST = 99
_MOST_BARE = 12
"""Without the word for it a number beyond the guide's directions is a date or a street."""


class Entity(NamedTuple):
    """Something found in a text: ``text[start:end]`` says ``name`` is ``value``."""

    name: str
    value: str
    start: int
    end: int


def number(written: str) -> int | None:
    """A number up to 99 in digits or Chinese characters; None if it is none: 十二 -> 12."""
    if written.isdigit():
        return int(written)
    tens, ten, ones = written.partition("十")
    if not ten:
        return _DIGITS.get(written)
    high = _DIGITS.get(tens) if tens else 1
    low = _DIGITS.get(ones) if ones else 0
    return None if high is None or low is None else high * 10 + low


def project(text: str) -> Entity | None:
    """The project that a text names. None if it names none, or both."""
    folded = _NEITHER.sub(lambda m: " " * len(m.group()), fold(text))
    demonstration, research = _DEMONSTRATION.search(folded), _RESEARCH.search(folded)
    if demonstration is not None and research is not None and demonstration.group() == "园区":
        demonstration = None  # 我们园区的企业想报研究项目 names a place by it
    if (demonstration is None) == (research is None):
        return None
    if demonstration is not None:
        return Entity("project", "demonstration", *demonstration.span())
    return Entity("project", "research", *research.span()) if research is not None else None


def directions(text: str) -> list[Entity]:
    """The research directions that a text names by number: 方向三, 第3个方向, 3号选题, 第五个, 第9和第12个.

    Whether the guide has a direction of that number is for the answer to say: 方向13 is heard as 13.
    """
    folded = fold(text)
    for form, most in ((_NAMED, _MOST), (_BARE, _MOST_BARE)):
        found: dict[str, Entity] = {}
        for match in (*islice(_PAIR.finditer(folded), 1), *form.finditer(folded)):
            values = (number(written) for written in match.groups() if written)
            for value in values:
                if value is not None and 1 <= value <= most:
                    found.setdefault(str(value), Entity("direction_number", str(value), *match.span()))
        if found:
            return list(found.values())
    return []


def find(text: str) -> list[Entity]:
    """All entities of a text, in the order in which they stand there."""
    named = project(text)
    found = directions(text) if named is None else [named, *directions(text)]
    return sorted(found, key=lambda each: each.start)
