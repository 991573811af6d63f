"""Checks of the pack as a whole: what no single field shows. Mistakes are noted with the builder."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.guide.answers import CHAT_KEYS
from bot.guide.builder import Builder
from bot.guide.check_project import check_project
from bot.guide.model import Guide, Point, Topic
from bot.guide.placeholders import BASIS, LIVE, LIVE_KEYS, MAY_BE_EMPTY, NAMES, PLACEHOLDER, value
from bot.guide.tree import Item


def check(guide: Guide, build: Builder) -> None:
    """Check a guide as far as it could be read."""
    for at, project in enumerate(guide.projects):
        if project.id and project.id not in {each.id for each in guide.projects[:at]}:
            check_project(project, build)
    for at, topic in enumerate(guide.topics):
        if topic.id and topic.id not in {each.id for each in guide.topics[:at]}:
            _topic(guide, topic, build)
    for point in guide.points:
        _point(guide, point, build.places[f"要点/{point.id}"])
    _chat(guide, build)
    for key, text in guide.chat.items():
        _placeholders(guide, build.places[f"闲话/{key}"], key, text)
    _numbers(guide, build)


def _chat(guide: Guide, build: Builder) -> None:
    """Every text that the assistant needs is there, and no other: a misspelt key would go unnoticed."""
    places = [item for key, item in build.places.items() if key.startswith("闲话/")]
    for key in CHAT_KEYS:
        if places and key not in guide.chat:
            build.problems.add(places[0].place, f"chat 没有写“{key}”，助手要用这句话，请补上。")
    for key in guide.chat:
        if key not in CHAT_KEYS:
            sentence = f"chat 里的“{key}”没有地方用，请改成 {'、'.join(CHAT_KEYS)} 之一，或删掉。"
            build.places[f"闲话/{key}"].complain(key, sentence)


def _numbers(guide: Guide, build: Builder) -> None:
    """Directions are numbered without a gap."""
    for project in guide.projects:
        numbers = sorted({direction.number for direction in project.directions if direction.number})
        for at, number in enumerate(numbers, 1):
            if at != number:
                item = build.places[f"研究方向/{number}"]
                item.complain("number", f"研究方向的编号不连续，{number} 前面缺了 {at}，请补上或改编号。")
                break


def _topic(guide: Guide, topic: Topic, build: Builder) -> None:
    """A topic's references and the form of its answers."""
    item = build.places[f"话题/{topic.id}"]
    for key, sentence in (*_related(guide, topic), *_form(guide, topic)):
        item.complain(key, item.what + sentence)
    ids = {project.id for project in guide.projects}
    for at, answer in enumerate(topic.answers):
        written = build.places[f"话题/{topic.id}/{at}"]
        if answer.project is not None and answer.project not in ids:
            sentence = f"{written.what}用到了不存在的项目“{answer.project}”，请改正。"
            written.complain("project", sentence)
        _placeholders(guide, written, "text", answer.text, answer.clauses)


def _point(guide: Guide, point: Point, item: Item) -> None:
    """What a point refers to, and its answer."""
    known = {
        "topic": ("话题", point.topic, {topic.id for topic in guide.topics}),
        "project": ("项目", point.project, {project.id for project in guide.projects}),
        "blank": ("空白项", point.blank, {blank.id for blank in guide.blanks}),
    }
    for key, (kind, id, ids) in known.items():
        if id and id not in ids:
            item.complain(key, f"{item.what}的“{key}”用到了不存在的{kind}“{id}”，请改正。")
    _placeholders(guide, item, "text", point.text, point.clauses)


def _related(guide: Guide, topic: Topic) -> Iterator[tuple[str, str]]:
    topics = {each.id for each in guide.topics}
    for id in topic.related:
        if id not in topics:
            yield "related", f"的“related”用到了不存在的话题“{id}”，请改正。"
        if id == topic.id:
            yield "related", "的“related”写了它自己，请删掉。"
    if len(topic.related) > 2:
        yield "related", "的“related”最多写两个话题，请删到两个。"


def _form(guide: Guide, topic: Topic) -> Iterator[tuple[str, str]]:
    if topic.blank and topic.blank not in {blank.id for blank in guide.blanks}:
        yield "blank", f"的“blank”用到了不存在的空白项“{topic.blank}”，请改正。"
    if not topic.answers and not topic.blank:
        yield "id", "没有写“answers”（回答），也没有写“blank”（空白项），请补上一样。"
    named = [answer.project for answer in topic.answers]
    if len(set(named)) < len(named) or (None in named and len(named) > 1):
        yield "answers", "的回答要么只写一个通用的，要么每个项目各写一个，请改正。"


def _placeholders(guide: Guide, item: Item, key: str, text: str, clauses: tuple[str, ...] = ()) -> None:
    """What stands in braces can be filled from the guide, and says the clauses where there are any."""
    if re.search("[{}]", PLACEHOLDER.sub("", text)):
        sentence = f"{item.what}的“{key}”花括号没有配对，请写成 {{demonstration.duration}} 这样。"
        item.complain(key, sentence)
    live = LIVE if key.startswith(LIVE_KEYS) else ()
    for name in PLACEHOLDER.findall(text):
        if name in live:
            continue
        found = value(guide, name, clauses)
        if found is None:
            ids = "、".join(project.id for project in guide.projects)
            listed = f"{BASIS}，或者 {ids} 之一加上 .{'、.'.join(NAMES)}"
            wrong = f"{item.what}的“{key}”引用了不存在的“{{{name}}}”"
            item.complain(key, f"{wrong}，请改成可以引用的：{listed}。")
        elif not found and name.partition(".")[2] not in MAY_BE_EMPTY:
            wrong = f"{item.what}的“{key}”引用的“{{{name}}}”还空着"
            item.complain(key, f"{wrong}，请先填上它，或改写这句话。")
    # No applicant is told a fact without its clause.
    if clauses and not any(name.split(".")[-1] == BASIS for name in PLACEHOLDER.findall(text)):
        item.complain(key, f"{item.what}的“{key}”没有写依据，请在答完的地方写上 {{{BASIS}}}。")
