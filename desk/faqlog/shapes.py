"""Lists behind a report's figures that aren't turns: one shape for the page and for its CSV file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from django.db.models import QuerySet

from desk.faqlog import names
from desk.faqlog.filters import Filter
from desk.faqlog.models import Screening, Visit
from desk.faqlog.reports import people, walks
from desk.handoff.models import Conversation, Ticket


class Labels(NamedTuple):
    """What cells call things: read once a list, since the guide in use is looked up in SQL each time."""

    channels: dict[str, str]
    projects: dict[str, str]
    conditions: dict[str, dict[str, str]]
    facts: dict[str, dict[str, str]]


def labels() -> Labels:
    """What things are called now."""
    projects = names.projects()
    return Labels(
        names.channels(),
        projects,
        {project: names.conditions(project) for project in projects},
        {project: names.facts(project) for project in projects},
    )


class Shape(NamedTuple):
    """A list: its title, its columns, its rows for a filter, and one row's cells.

    The cells begin with a link to the row's turns (path and query), which isn't a column.
    """

    title: str
    head: tuple[str, ...]
    rows: Callable[[Filter, Mapping[str, str]], QuerySet[Any, Any]]
    cells: Callable[[Any, Labels], Sequence[Any]]


def _alias(key: str) -> str:
    return Conversation(key=key).alias


def _visit(row: Visit, called: Labels) -> Sequence[Any]:
    channel = called.channels.get(row.channel, row.channel)
    return f"visit={row.pk}", row.pk, row.conversation.alias, channel, row.started_at, row.last_at, row.turns


def _person(row: dict[str, Any], called: Labels) -> Sequence[Any]:
    channel = called.channels.get(row["channel"], row["channel"])
    link = f"conversation={row['conversation']}"
    return link, _alias(row["key"]), channel, row["n"], row["turns_"], row["last"]


def _walk(row: Screening, called: Labels) -> Sequence[Any]:
    project = called.projects.get(row.project, row.project)
    conditions, facts = called.conditions.get(row.project, {}), called.facts.get(row.project, {})
    failed = conditions.get(row.failed, row.failed) if row.verdict == "不符合" else ""
    open_ = "" if row.verdict else facts.get(row.open_fact, row.open_fact)
    link = f"screening={row.pk}"
    return (
        link,
        row.pk,
        row.conversation.alias,
        project,
        row.started_at,
        row.last_at,
        row.verdict,
        failed,
        open_,
    )


def _ticket(row: Ticket, called: Labels) -> Sequence[Any]:
    state = row.get_outcome_display() if row.outcome else row.get_state_display()
    link, who = f"conversation={row.conversation_id}", row.conversation.alias
    reason = row.get_reason_display()
    return (
        link,
        row.pk,
        who,
        reason,
        row.opened_at,
        row.claimed_at,
        row.closed_at,
        str(row.agent or ""),
        state,
        row.score,
    )


SHAPES: dict[str, Shape] = {
    "visits": Shape(
        "会话",
        ("编号", "申请人", "渠道", "开始", "最后", "轮数"),
        lambda span, _: people.visits(span).select_related("conversation").order_by("-pk"),
        _visit,
    ),
    "people": Shape(
        "申请人",
        ("申请人", "渠道", "会话", "问答", "最后"),
        lambda span, _: people.each_applicant(span),
        _person,
    ),
    "screenings": Shape(
        "核对",
        ("编号", "申请人", "项目", "开始", "最后", "结论", "不满足的条件", "停在哪一问"),
        lambda span, more: walks.rows(span, **more).select_related("conversation").order_by("-pk"),
        _walk,
    ),
    "handovers": Shape(
        "转人工",
        ("工单", "申请人", "原因", "提出", "接管", "结束", "人员", "状态", "评价"),
        lambda span, _: (
            people.handovers(span).select_related("conversation", "agent").order_by("-opened_at", "-pk")
        ),
        _ticket,
    ),
}


def count(what: str, rows: QuerySet[Any, Any], span: Filter) -> int:
    """How many rows a list has."""
    return people.applicants(span) if what == "people" else rows.order_by().count()


def cells(what: str, rows: Iterable[Any]) -> Iterator[Sequence[Any]]:
    """The cells of a list's rows, each with its link first."""
    shape, called = SHAPES[what], labels()
    return (shape.cells(row, called) for row in (people.with_keys(rows) if what == "people" else rows))


def lines(what: str, span: Filter, more: Mapping[str, str]) -> Iterator[Sequence[Any]]:
    """A list's rows for a file."""
    return (row[1:] for row in cells(what, SHAPES[what].rows(span, more).iterator(2_000)))
