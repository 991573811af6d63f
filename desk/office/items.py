"""What the office may edit: by kind, with its fields, and how a change is put into the files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from bot.guide import editions as kept
from bot.guide.answers import CHAT_KEYS
from bot.guide.model import Guide
from desk import hours
from desk.handoff.models import CannedReply
from desk.office import chatnames, patch
from desk.office.patch import Files, MissingError, Values


class Field(NamedTuple):
    """A field of a form. ``rows`` is 0 for a single line."""

    name: str
    label: str
    rows: int = 0
    help: str = ""
    required: bool = True


class Item(NamedTuple):
    """One thing that can be edited, as it is now."""

    kind: str
    target: str
    title: str
    values: dict[str, str]
    group: str = ""


class Kind(NamedTuple):
    """A kind of thing. ``apply`` is None where the files aren't what changes."""

    name: str
    fields: tuple[Field, ...]
    apply: Callable[[Files, str, Values], Files] | None
    about: str


_BRACES = "花括号里的内容取自指南，例如 {research.duration}；{basis} 是依据。"
KINDS: dict[str, Kind] = {
    "answer": Kind(
        "答复",
        (Field("text", "答复的话", 10, _BRACES), Field("clauses", "依据的条款", 0, "用顿号分开。")),
        patch.answer,
        "申报人问到每个主题时，助手怎么答。先答，再写依据，最后说下一步。",
    ),
    "blank": Kind(
        "指南没写的",
        (
            Field("text", "内容", 3, "留空，助手就说“指南没有写”，不猜。", False),
            Field("source", "出处", 0, "哪份文件、哪个处室在哪天说的。填了内容就要写。", False),
        ),
        patch.blank,
        "指南没有写的事项。补上内容和出处以后，助手就照着答。",
    ),
    "contact": Kind(
        "处室和电话",
        (
            Field("division", "主管处室", 0, "", False),
            Field("phone", "电话", 0, "例如 0931-8765432。", False),
            Field("clause", "条款或出处", 0, "", False),
        ),
        patch.contact,
        "每类项目问谁。留空，助手就说指南没有写。",
    ),
    "chat": Kind(
        "用语", (Field("text", "说的话", 8, _BRACES),), patch.chat, "问候、提示、出错时助手怎么说。"
    ),
    "hours": Kind(
        "服务时间",
        (
            Field("weekdays", "每周工作日", 0, "1 是星期一，用顿号分开。"),
            Field("spans", "工作时段", 0, "例如 09:00-12:00、14:30-17:30。"),
            Field("wait_minutes", "等多少分钟没人接转为留言", 0),
            Field("holidays", "放假", 8, "一行一个：名称 开始日期 结束日期。", False),
            Field("workdays", "调休上班的日子", 2, "用顿号分开。", False),
        ),
        patch.hours,
        "人工服务的时间、节假日和调休。",
    ),
    "canned": Kind(
        "常用语",
        (
            Field("title", "标题"),
            Field("shortcut", "快捷词", 0, "", False),
            Field("text", "内容", 4, "可以用 {项目}、{处室}、{电话}、{工作时间}。"),
            Field("position", "次序", 0, "数小的排在前面。"),
            Field("active", "使用", 0, "写 是 或 否。"),
        ),
        None,
        "客服备好的常用语。",
    ),
    "file": Kind(
        "条件和问题",
        (Field("text", "文件内容", 30, "写法见文件开头的说明。保存时会核对，有错会指出是哪一行。"),),
        patch.whole,
        "两类项目的条件、问题和选项，以及研究方向。改了以后，先看结论会有哪些变化。",
    ),
    "source": Kind(
        "官方原文",
        (Field("text", "按条款切好的原文", 20),),
        patch.whole,
        "印发的指南原文。载入以后，答复下面可以点“原文”看原话。",
    ),
}


def _answers(guide: Guide) -> Iterator[Item]:
    for topic in guide.topics:
        for each in topic.answers:
            short = f"（{guide.project(each.project).short}）" if each.project else ""
            target = f"{topic.id}:{each.project}" if each.project else topic.id
            values = {"text": each.text, "clauses": "、".join(each.clauses)}
            yield Item("answer", target, f"{topic.label}{short}", values)


def _blanks(guide: Guide) -> Iterator[Item]:
    for each in guide.blanks:
        yield Item("blank", each.id, each.name, {"text": each.text, "source": each.source})


def _contacts(guide: Guide) -> Iterator[Item]:
    for project in guide.projects:
        found = project.contact
        values = {"division": found.division, "phone": found.phone, "clause": found.clause}
        yield Item("contact", project.id, project.short, values)


def _chats(guide: Guide) -> Iterator[Item]:
    for key in CHAT_KEYS:
        yield Item("chat", key, chatnames.NAMES.get(key, key), {"text": guide.chat.get(key, "")})


def _hours(files: Files) -> Iterator[Item]:
    found = hours.parse(files[kept.HOURS])
    values = {
        "weekdays": "、".join(str(day) for day in sorted(found.weekdays)),
        "spans": "、".join(found.spans),
        "wait_minutes": str(found.wait_minutes),
        "holidays": "\n".join(f"{each.name} {each.first} {each.last}" for each in found.holidays),
        "workdays": "、".join(str(day) for day in sorted(found.workdays)),
    }
    yield Item("hours", "hours", "人工服务时间", values)


def _canned() -> Iterator[Item]:
    for each in CannedReply.objects.all():
        yield Item("canned", str(each.pk), each.title, canned_values(each))
    yield Item("canned", "new", "新增一条", {"position": "100", "active": "是"})


def canned_values(reply: CannedReply) -> dict[str, str]:
    """A canned reply as the form's fields."""
    return {
        "title": reply.title,
        "shortcut": reply.shortcut,
        "text": reply.text,
        "position": str(reply.position),
        "active": "是" if reply.active else "否",
    }


def _files(files: Files) -> Iterator[Item]:
    titles = {
        "project-demonstration.yml": "示范项目的条件和问题",
        "project-research.yml": "研究项目的条件和问题",
        "directions.yml": "研究方向",
        "points.yml": "单问一点的答复：两类项目都可能问的",
        "points-demonstration.yml": "单问一点的答复：示范项目谁能报、条件",
        "points-building.yml": "单问一点的答复：示范项目的任务、实施单位",
        "points-research.yml": "单问一点的答复：研究项目",
    }
    for name, text in files.items():
        if name.startswith("project-") or name in titles:
            title = titles.get(name, name)
            yield Item("file", name, title, {"text": text})


def listed(kind: str, files: Files, guide: Guide) -> list[Item]:
    """Everything of a kind. Raises KeyError for a kind that doesn't exist."""
    makers: dict[str, Callable[[], Iterator[Item]]] = {
        "answer": lambda: _answers(guide),
        "blank": lambda: _blanks(guide),
        "contact": lambda: _contacts(guide),
        "chat": lambda: _chats(guide),
        "hours": lambda: _hours(files),
        "canned": _canned,
        "file": lambda: _files(files),
        "source": lambda: iter(
            [Item("source", kept.SOURCE, "官方原文", {"text": files.get(kept.SOURCE, "")})]
        ),
    }
    return list(makers[kind]())


def one(kind: str, target: str, files: Files, guide: Guide) -> Item:
    """One thing as it is now. Raises `MissingError`."""
    if kind not in KINDS:
        raise MissingError
    found = next((item for item in listed(kind, files, guide) if item.target == target), None)
    if found is None:
        raise MissingError
    return found
