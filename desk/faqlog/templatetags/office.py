"""Filters of the office's templates: the log, the inbox, the reports."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, datetime
from typing import Any

from django import template
from django.urls import reverse

from bot.privacy import mask
from desk.faqlog import names
from desk.faqlog.filters import Filter
from desk.faqlog.models import HELPED, Group
from desk.faqlog.reports.figures import Figure
from desk.handoff import shown
from desk.hours import CHINA

register = template.Library()

_SEEN = {"q", "first", "last", "outcome", "topic", "project", "channel", "feedback", "verdict", "low"}
"""Fields that the filter's form shows; the others are kept in hidden ones."""


@register.filter
def one_line(text: str) -> str:
    """A text on one line, its marks that can't be seen made visible. It was masked when it was written."""
    return shown.plain(" ".join(text[:600].split()))


@register.filter
def plainly(text: str) -> str:
    """A text with its lines."""
    return shown.plain(text)


@register.filter
def outcome_name(outcome: str) -> str:
    """An outcome in Chinese."""
    return names.OUTCOMES.get(outcome, outcome or "—")


@register.filter
def score_name(score: int | None) -> str:
    """What was tapped under an answer."""
    if score is None:
        return "—"
    return names.FEEDBACK["helped" if score == HELPED else "unsolved"]


@register.filter
def percent(value: float) -> str:
    """A share of one in percent."""
    return f"{value * 100:.0f}%"


@register.filter
def group_text(group: Group) -> str:
    """The question that stands for a group, masked."""
    exemplar = group.exemplar
    return one_line(mask(exemplar.turn.text)) if exemplar else f"第 {group.pk} 组"


@register.filter
def link(figure: Figure) -> str:
    """Where a figure's rows are."""
    place = reverse("log") if figure.page == "log" else reverse("report-rows", args=[figure.page])
    return f"{place}?{figure.query}"


@register.filter
def cell(value: Any) -> str:
    """A value in a table."""
    if isinstance(value, datetime):
        return value.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    return "—" if value in (None, "") else str(value)


@register.filter
def at_least_one(value: int) -> int:
    """What a share is of; never nothing."""
    return max(value, 1)


@register.filter
def hidden_fields(wanted: Filter) -> list[tuple[str, str]]:
    """Fields of a filter that its form doesn't show."""
    given = ((field.name, getattr(wanted, field.name)) for field in fields(wanted))
    return [(name, value) for name, value in given if value and name not in _SEEN]


@register.filter
def without_days(wanted: Filter) -> str:
    """The filter's query without its days."""
    return wanted.but(first=None, last=None).query.removeprefix("days=all").removeprefix("&")


@register.filter
def approved_words(told: str) -> str:
    """What an approval did: ``<approved>-<left>``."""
    count, _, left = told.partition("-")
    if not (count.isdigit() and left.isdigit()):
        return ""
    more = f"另有 {left} 种没有批准：自己采纳的要由同事批准。" if int(left) else ""
    return f"批准了 {count} 种。{more}"
