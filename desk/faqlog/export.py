"""The log as tables for files: the same filter as the page, every row of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.utils import timezone

from desk.faqlog import names
from desk.faqlog.book import Table
from desk.faqlog.cells import csv_lines
from desk.faqlog.filters import Filter, turns, words
from desk.faqlog.models import HELPED, Turn, Visit

_FIELDS = (
    "at",
    "conversation_id",
    "visit_id",
    "channel",
    "text",
    "topic",
    "confidence",
    "project",
    "outcome",
    "answer",
    "score",
    "verdict",
    "screening_id",
    "model",
    "guide",
    "pk",
)
HEAD = (
    "时间",
    "申请人编号",
    "会话编号",
    "渠道",
    "申请人的话",
    "主题",
    "把握",
    "项目",
    "结果",
    "答复",
    "评价",
    "核对结论",
    "核对编号",
    "模型",
    "指南版本",
    "记录编号",
)
_WIDTHS = (19, 10, 9, 10, 48, 16, 7, 14, 12, 60, 9, 10, 9, 22, 14, 10)
PLAIN_HEAD = (
    "time",
    "conversation",
    "visit",
    "channel",
    "text",
    "topic",
    "confidence",
    "project",
    "outcome",
    "answer",
    "feedback",
    "verdict",
    "screening",
    "model",
    "guide",
    "id",
)
"""The same columns for scripts."""
_AT_ONCE = 2_000


def _feedback(score: int | None) -> str:
    return "" if score is None else "helped" if score == HELPED else "unsolved"


def rows(wanted: Filter) -> Iterator[Sequence[Any]]:
    """The turns of a filter with names in Chinese, newest first."""
    topics, projects, channels = names.topics(), names.projects(), names.channels()
    for row in turns(wanted).values_list(*_FIELDS).iterator(_AT_ONCE):
        cells = list(row)
        cells[3] = channels.get(row[3], row[3])
        cells[5] = topics.get(row[5], row[5])
        cells[7] = projects.get(row[7], row[7])
        cells[8] = names.OUTCOMES.get(row[8], row[8])
        cells[10] = names.FEEDBACK.get(_feedback(row[10]), "")
        yield cells


def plain_rows() -> Iterator[Sequence[Any]]:
    """All turns with their ids as they are, oldest first."""
    for row in Turn.objects.order_by("at", "pk").values_list(*_FIELDS).iterator(_AT_ONCE):
        yield [*row[:10], _feedback(row[10]), *row[11:]]


def csv_pieces(wanted: Filter) -> Iterator[str]:
    """The log as a CSV file in pieces."""
    return csv_lines(HEAD, rows(wanted))


def plain_csv() -> Iterator[str]:
    """The whole log as CSV for scripts, in pieces."""
    return csv_lines(PLAIN_HEAD, plain_rows())


def tables(wanted: Filter) -> Iterable[Table]:
    """The log as sheets: what was asked for, the turns, and one row a visit."""
    about = [["条件", word] for word in words(wanted)] or [["条件", "全部"]]
    yield Table("说明", ("项", "内容"), (12, 60), [["导出时间", timezone.now()], *about])
    yield Table("问答", HEAD, _WIDTHS, rows(wanted))
    yield Table(
        "会话",
        ("会话编号", "申请人编号", "渠道", "开始", "最后", "轮数"),
        (9, 10, 10, 19, 19, 6),
        _visits(wanted),
    )


def _visits(wanted: Filter) -> Iterator[Sequence[Any]]:
    channels = names.channels()
    inside = turns(wanted).order_by().values("visit")
    found = Visit.objects.filter(pk__in=inside).order_by("-started_at", "-pk")
    fields = ("pk", "conversation_id", "channel", "started_at", "last_at", "turns")
    for pk, conversation, channel, *more in found.values_list(*fields).iterator(_AT_ONCE):
        yield [pk, conversation, channels.get(channel, channel), *more]
