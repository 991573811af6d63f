"""The pages of the desk, in groups: the groups stand in the bar at the top, a group's pages beneath it.

A page that sets ``section`` in its context is marked in both. Nobody is shown what they may not open.
"""

from __future__ import annotations

from typing import NamedTuple

from desk.accounts.permissions import MANAGE, Action


class Page(NamedTuple):
    """A page: its ``section``, its name in the bar, its URL's name, and the rights of which any opens it."""

    section: str
    title: str
    view: str
    rights: tuple[Action, ...]


class Group(NamedTuple):
    """Pages that belong together. With one page alone there is no second bar."""

    title: str
    pages: tuple[Page, ...]

    @property
    def sections(self) -> list[str]:
        """The sections of its pages."""
        return [page.section for page in self.pages]


GROUPS = (
    Group("会话", (Page("console", "会话", "console", ("console",)),)),
    Group(
        "问答",
        (
            Page("inbox", "没答好的", "inbox", ("faqlog",)),
            Page("log", "日志", "log", ("faqlog",)),
            Page("examples", "采纳的说法", "examples", ("faqlog",)),
        ),
    ),
    Group(
        "答复与指南",
        (
            Page("office", "答复和条件", "office", ("office",)),
            Page("versions", "发布和版本", "office-versions", ("office",)),
            Page("source", "官方原文", "office-source", ("console",)),
            Page("training", "训练", "office-training", ("office",)),
            Page("privacy", "个人信息", "office-privacy", ("erase",)),
        ),
    ),
    Group(
        "统计",
        (
            Page("report", "问答报表", "report", ("faqlog",)),
            Page("numbers", "人工服务", "numbers", ("numbers",)),
        ),
    ),
    Group(
        "管理",
        (
            Page("manage", "账号与设置", "admin:index", tuple(sorted(MANAGE))),
            Page("audit", "审计记录", "audit", ("audit",)),
        ),
    ),
)


def shown(may: dict[str, bool]) -> list[Group]:
    """The groups with the pages that somebody with these rights may open; one left alone names its group."""
    groups = []
    for group in GROUPS:
        pages = tuple(page for page in group.pages if any(may.get(right) for right in page.rights))
        if pages:
            alone = len(pages) == 1 < len(group.pages)
            groups.append(Group(pages[0].title if alone else group.title, pages))
    return groups
