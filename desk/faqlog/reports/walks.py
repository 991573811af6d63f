"""Screenings of some days: begun, finished, with which verdict, failed by what, and where people left."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Count, QuerySet

from desk.faqlog import names
from desk.faqlog.filters import Filter
from desk.faqlog.models import Screening

FIELDS = ("project", "verdict", "failed", "open")
NONE = "-"
"""In a query: no verdict yet."""


@dataclass(frozen=True)
class Line:
    """A count with its name, the query that opens its rows, and how many are left after it."""

    name: str
    value: int
    query: str
    left: int = 0


@dataclass(frozen=True)
class Walk:
    """The screenings of one project."""

    name: str
    started: Line
    finished: Line
    verdicts: list[Line]
    failing: list[Line]
    funnel: list[Line]


def rows(span: Filter, **values: str) -> QuerySet[Screening]:
    """Screenings that began in these days. ``values``: of `FIELDS`; empty ones let everything through."""
    found = Screening.objects.all()
    if span.first:
        found = found.filter(day__gte=span.first)
    if span.last:
        found = found.filter(day__lte=span.last)
    if span.channel:
        found = found.filter(channel=span.channel)
    if values.get("project"):
        found = found.filter(project=values["project"])
    verdict = values.get("verdict", "")
    if verdict == "any":
        found = found.exclude(verdict="")
    elif verdict:
        found = found.filter(verdict="" if verdict == NONE else verdict)
    if values.get("failed"):
        found = found.filter(failed=values["failed"])
    return found.filter(verdict="", open_fact=values["open"]) if values.get("open") else found


def count(span: Filter) -> list[Walk]:
    """The screenings of every project."""
    grouped = rows(span).values_list("project", "verdict", "failed", "open_fact")
    counts = [tuple(row) for row in grouped.annotate(n=Count("*")).order_by()]
    return [
        _walk(span, id, name, [row[1:] for row in counts if row[0] == id])
        for id, name in names.projects().items()
    ]


def _walk(span: Filter, id: str, name: str, counts: list[tuple[str, str, str, int]]) -> Walk:
    def line(label: str, value: int, left: int = 0, **more: str) -> Line:
        return Line(label, value, f"{span.query}&{urlencode({'project': id, **more})}", left)

    started = sum(n for *_, n in counts)
    finished = sum(n for verdict, _, _, n in counts if verdict)
    verdicts = [
        line(each, sum(n for v, *_, n in counts if v == each), verdict=each) for each in names.VERDICTS
    ]
    failing = [
        line(
            label,
            sum(n for v, failed, _, n in counts if v == "不符合" and failed == fact),
            failed=fact,
            verdict="不符合",
        )
        for fact, label in names.conditions(id).items()
    ]
    funnel, left = [], started
    for fact, label in names.facts(id).items():
        here = sum(n for verdict, _, fact_, n in counts if not verdict and fact_ == fact)
        left -= here
        funnel.append(line(label, here, left, open=fact))
    return Walk(
        name,
        line("开始", started),
        line("有结论", finished, verdict="any"),
        verdicts,
        sorted((each for each in failing if each.value), key=lambda each: -each.value),
        funnel,
    )
