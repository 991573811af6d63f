"""Replies kept ready, with their placeholders filled from the guide and the calendar."""

from __future__ import annotations

import re
from typing import NamedTuple

from desk.handoff import duty
from desk.handoff.models import CannedReply, Conversation
from desk.handoff.texts import guide

PLACEHOLDERS = {
    "项目": "申请人正在核对的项目",
    "处室": "这个项目的主管处室",
    "电话": "主管处室的电话",
    "工作时间": "人工服务时间",
}
_NAMES = re.compile(r"\{([^{}]*)\}")


class Ready(NamedTuple):
    """A reply with its text filled; ``missing`` are placeholders for which nothing is known."""

    title: str
    shortcut: str
    text: str
    missing: list[str]


def _values(conversation: Conversation) -> dict[str, str]:
    values = {"工作时间": duty.calendar().wording()}
    for project in guide().projects:
        if project.id == conversation.project:
            values |= {
                "项目": project.short,
                "处室": project.contact.division,
                "电话": project.contact.phone,
            }
    return {name: value for name, value in values.items() if value}


def fill(text: str, values: dict[str, str]) -> tuple[str, list[str]]:
    """The text with what is known filled in, and the names of what isn't."""
    missing = [name for name in _NAMES.findall(text) if name not in values]
    return _NAMES.sub(lambda found: values.get(found.group(1), found.group()), text), missing


def replies(conversation: Conversation, query: str = "") -> list[Ready]:
    """The replies that fit a query, in the office's order."""
    values = _values(conversation)
    found = CannedReply.objects.filter(active=True)
    words = query.strip().lower()
    return [
        Ready(each.title, each.shortcut, *fill(each.text, values))
        for each in found
        if not words or words in f"{each.title} {each.shortcut} {each.text}".lower()
    ]
