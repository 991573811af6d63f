"""Finished days in small, so that a report of a year doesn't read a million turns.

A day's `Cell`s hold as long as its `RolledDay` stands. Whoever changes what a turn of that day counts as
calls `changed`; the day is then counted from its turns until the consumer rolls it again. Erasing an
applicant doesn't: the counts in reports stay.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Count, F, Q, Sum, Value
from django.db.models.functions import Mod
from django.utils import timezone

from desk.faqlog.models import HELPED, UNSOLVED, Cell, HourCell, RolledDay, Turn
from desk.hours import CHINA

KEYS = ("channel", "project", "topic", "outcome")
_AT_ONCE = 20


def changed(day: date) -> None:
    """A turn of this day was added or counts as something else now."""
    RolledDay.objects.filter(pk=day).delete()


def today() -> date:
    """The day in China."""
    return timezone.now().astimezone(CHINA).date()


def counted() -> dict[str, Count | Sum]:
    """What is counted of turns, by the names of a `Cell`."""
    return {
        "turns": Count("pk"),
        "helped": Count("pk", filter=Q(score=HELPED)),
        "unsolved": Count("pk", filter=Q(score=UNSOLVED)),
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
        rows = hours.annotate(turns=Count("pk")).order_by()
        HourCell.objects.bulk_create([HourCell(**row) for row in rows], batch_size=500)
        RolledDay.objects.get_or_create(pk=day)


def unrolled(first: date, last: date) -> list[date]:
    """The days that are counted from their turns, both ends included."""
    rolled = set(RolledDay.objects.filter(pk__range=(first, last)).values_list("pk", flat=True))
    days = ((last - first).days + 1) if last >= first else 0
    return [day for day in (first + timedelta(days=n) for n in range(days)) if day not in rolled]


def roll_finished(most: int = _AT_ONCE) -> int:
    """Roll days that are over, the newest first; returns how many. A chore of the consumer."""
    first = Turn.objects.order_by("at").values_list("day", flat=True).first()
    if first is None:
        return 0
    days = unrolled(first, today() - timedelta(days=1))[::-1][:most]
    for day in days:
        roll(day)
    return len(days)
