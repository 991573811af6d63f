"""Builds what isn't a project: directions, blanks, topics, chat texts."""

from __future__ import annotations

from bot.guide.builder import Builder
from bot.guide.forms import check_clause
from bot.guide.model import Blank, Direction, Point, Topic, TopicAnswer
from bot.guide.tree import Item, place_of


def build_direction(build: Builder, item: Item) -> Direction:
    """One research direction."""
    number = item.text("number", shown=False)
    item.what = f"研究方向“{number}”"
    if number and not (number.isascii() and number.isdigit() and int(number) > 0):
        item.complain("number", f"{item.what}的“number”应该是 1、2、3 这样的数，请改正。")
        number = ""
    if number:
        build.once(item, f"研究方向/{int(number)}")
    direction = Direction(
        number=int(number or 0),
        name=item.text("name"),
        about=item.text("about"),
        keywords=item.texts("keywords", shown=False),
        clause=build.clause(item),
        examples=item.texts("examples", required=False, shown=False),
    )
    item.done()
    return direction


def build_blank(build: Builder, item: Item) -> Blank:
    """Something that the guide doesn't say."""
    id = build.name(item, "空白项")
    text = item.text("text", required=False)
    source = item.text("source", required=False)
    if text and not source:
        item.complain("text", f"{item.what}填了内容却没有写“source”（出处），请写明是谁、哪份文件说的。")
    blank = Blank(id, item.text("name"), text, source)
    item.done()
    return blank


def build_topic(build: Builder, item: Item) -> Topic:
    """One topic with its answers."""
    id = build.name(item, "话题")
    answers = []
    for at, each in enumerate(item.items("answers", f"{item.what}的回答", required=False)):
        build.places.setdefault(f"话题/{id}/{at}", each)
        answers.append(_answer(each))
    topic = Topic(
        id=id,
        label=item.text("label"),
        answers=tuple(answers),
        blank=item.text("blank", required=False, shown=False),
        related=item.texts("related", required=False, shown=False),
    )
    item.done()
    return topic


def _answer(item: Item) -> TopicAnswer:
    """One answer."""
    project = item.text("project", required=False, shown=False)
    clauses = _clauses(item)
    answer = TopicAnswer(item.text("text", braces=True), clauses, project or None)
    item.done()
    return answer


def _clauses(item: Item) -> tuple[str, ...]:
    """An item's clauses, checked one by one."""
    nodes = item.nodes("clauses")
    clauses = item.texts("clauses")
    if len(nodes) == len(clauses):
        for node, clause in zip(nodes, clauses, strict=True):
            check_clause(item, place_of(node, item.file), "clauses", clause)
    return clauses


def build_point(build: Builder, item: Item) -> Point:
    """One point of a topic: with an answer and its clauses, or with the blank that it asks for."""
    id = build.name(item, "要点")
    blank = item.text("blank", required=False, shown=False)
    point = Point(
        id=id,
        topic=item.text("topic", shown=False),
        text="" if blank else item.text("text", braces=True),
        clauses=() if blank else _clauses(item),
        project=item.text("project", required=False, shown=False) or None,
        blank=blank,
    )
    item.done()
    return point


def build_chat(build: Builder, item: Item) -> dict[str, str]:
    """What we say that is no fact of the guide, by key."""
    inner = item.item("chat", "chat")
    if inner is None:
        return {}
    texts = {}
    for key in inner.names():
        if f"闲话/{key}" in build.places:
            inner.complain(key, f"chat 里的“{key}”在别的文件里已经有了，请只留一处。")
        build.places.setdefault(f"闲话/{key}", inner)
        texts[key] = inner.text(key, braces=True)
    return texts
