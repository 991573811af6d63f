"""Finished days and months in small, so that a report of a year doesn't read a million turns.

A day's `Cell`s hold as long as its `RolledDay` stands, a month's `MonthCell`s as long as its `RolledMonth`.
Whoever changes what a turn of a day counts as calls `changed`; the day is then counted from its turns, and
its month from its days, until the consumer rolls them again. Erasing an applicant doesn't: the counts in
reports stay.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import Count, F, Q, Sum, Value
from django.db.models.functions import Mod
from django.utils import timezone

from desk.faqlog.models import HELPED, UNSOLVED, Cell, HourCell, MonthCell, RolledDay, RolledMonth, Turn
from desk.hours import CHINA

KEYS = ("channel", "project", "topic", "outcome")
_AT_ONCE = 20


def changed(day: date) -> None:
    """A turn of this day was added or counts as something else now."""
    RolledDay.objects.filter(pk=day).delete()
    RolledMonth.objects.filter(pk=day.replace(day=1)).delete()


def today() -> date:
    """The day in China."""
    return timezone.now().astimezone(CHINA).date()


def counted() -> dict[str, Count | Sum]:
    """What is counted of turns, by the names of a `Cell`."""
    return {
        "turns": Count("*"),
        "helped": Count("score", filter=Q(score=HELPED)),
        "unsolved": Count("score", filter=Q(score=UNSOLVED)),
    }


def roll(day: date) -> None:
    """Count one day."""
    with transaction.atomic():
        for cells in (Cell, HourCell):
            cells.objects.filter(day=day).delete()
        turns = Turn.objects.filter(day=day)
        rows = turns.values("day", *KEYS).annotate(**counted()).order_by()
        Cell.objects.bulk_create([Cell(**row) for row in rows], batch_size=500)
        hours = turns.annotate(hour=Mod(F("slot"), Value(24))).values("day", "hour", "channel", "project")
        rows = hours.annotate(turns=Count("*")).order_by()
        HourCell.objects.bulk_create([HourCell(**row) for row in rows], batch_size=500)
        RolledDay.objects.get_or_create(pk=day)


def roll_month(first: date) -> None:
    """Add up the days of one month, all of which were rolled."""
    with transaction.atomic():
        MonthCell.objects.filter(day=first).delete()
        cells = Cell.objects.filter(day__range=(first, month_end(first)))
        sums = {name: Sum(name) for name in ("turns", "helped", "unsolved")}
        rows = cells.values_list(*KEYS).annotate(**sums).order_by()
        names = (*KEYS, *sums)
        made = [MonthCell(day=first, **dict(zip(names, row, strict=True))) for row in rows]
        MonthCell.objects.bulk_create(made, batch_size=500)
        RolledMonth.objects.get_or_create(pk=first)


def month_end(day: date) -> date:
    """The last day of a day's month."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def first_day() -> date | None:
    """The first day that has anything: turns, or what was counted of them."""
    firsts = [
        rows.order_by("day").values_list("day", flat=True).first() for rows in (Cell.objects, Turn.objects)
    ]
    return min((day for day in firsts if day is not None), default=None)


class Parts(NamedTuple):
    """The days of a stretch by what they are counted from: months (their first days), days, and turns."""

    months: list[date]
    days: list[date]
    live: list[date]


def parts(first: date, last: date, months: bool = True) -> Parts:
    """What the days from ``first`` to ``last`` are counted from; whole months only if ``months``."""
    whole = RolledMonth.objects.none()
    if months:
        # Before the first day there is nothing: its month is whole.
        start = first.replace(day=1) if first <= (first_day() or first) else first
        whole = RolledMonth.objects.filter(pk__range=(start, last))
    inside = [
        month for month in whole.order_by("pk").values_list("pk", flat=True) if month_end(month) <= last
    ]
    rolled = set(RolledDay.objects.filter(pk__range=(first, last)).values_list("pk", flat=True))
    covered = set(inside)
    days = [day for day in _each(first, last) if day.replace(day=1) not in covered]
    return Parts(inside, [day for day in days if day in rolled], [day for day in days if day not in rolled])


def _each(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def roll_finished(most: int = _AT_ONCE) -> int:
    """Roll days that are over, the newest first, and months all of whose days are; returns how many days.

    A chore of the consumer.
    """
    first, yesterday = first_day(), today() - timedelta(days=1)
    if first is None:
        return 0
    days = parts(first, yesterday, months=False).live[::-1][:most]
    for day in days:
        roll(day)
    waiting = parts(first, yesterday)
    live = {day.replace(day=1) for day in waiting.live}
    for month in sorted({day.replace(day=1) for day in waiting.days} - live):
        if month_end(month) <= yesterday:
            roll_month(month)
    return len(days)
