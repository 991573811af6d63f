"""Counts of turns by day and kind: rolled days from their cells, the others from their turns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Count, F, Q, QuerySet, Sum, Value
from django.db.models.functions import Mod

from desk.faqlog.filters import Filter, feedback, turns
from desk.faqlog.models import Cell, HourCell, RolledDay, Turn
from desk.faqlog.rollup import counted, today, unrolled

MOST, MOST_FOUND = 10_000, 500
"""Rows that aren't counted by kind are counted up to here; those of a search up to the second."""
_KINDS = {"first", "last", "channel", "topic", "project", "outcome", "feedback"}
_HOURS = {"first", "last", "channel", "project", "slot"}
_SCORES = {"helped": ("helped",), "unsolved": ("unsolved",), "any": ("helped", "unsolved")}


class Count3(NamedTuple):
    """Turns, and how many of them were tapped 有帮助 and 没解决."""

    turns: int = 0
    helped: int = 0
    unsolved: int = 0

    def __add__(self, other: Any) -> Count3:
        return Count3(*(mine + its for mine, its in zip(self, other, strict=True)))


def _first_day() -> date | None:
    return Turn.objects.order_by("at").values_list("day", flat=True).first()


def bounds(wanted: Filter) -> tuple[date, date]:
    """The days of a filter; where it names none, from the first turn until today."""
    last = wanted.last or today()
    return wanted.first or min(_first_cell() or last, _first_day() or last), last


def _first_cell() -> date | None:
    return Cell.objects.order_by("day").values_list("day", flat=True).first()


def _kept(rows: QuerySet[Any], wanted: Filter) -> QuerySet[Any]:
    for name in ("channel", "project"):
        if getattr(wanted, name):
            rows = rows.filter(**{name: getattr(wanted, name)})
    return rows


def by(wanted: Filter, *keys: str) -> dict[tuple[Any, ...], Count3]:
    """Counts by some of ``day``, ``channel``, ``project``, ``topic`` and ``outcome``."""
    first, last = bounds(wanted)
    live = unrolled(first, last)
    cells = _kept(
        Cell.objects.filter(day__range=(first, last), day__in=RolledDay.objects.values("pk")), wanted
    )
    sums = cells.values_list(*keys).annotate(Sum("turns"), Sum("helped"), Sum("unsolved")).order_by()
    found: dict[tuple[Any, ...], Count3] = {}
    _add(found, sums, len(keys))
    if live:
        fresh = _kept(Turn.objects.filter(_on(live)), wanted)
        fresh = fresh.values_list(*keys).annotate(**counted()).order_by()
        _add(found, fresh.values_list(*keys, "turns", "helped", "unsolved"), len(keys))
    return found


def _on(days: list[date]) -> Q:
    """On one of some days: a range where they are a row of days, else a list."""
    row = (days[-1] - days[0]).days + 1 == len(days)
    return Q(day__range=(days[0], days[-1])) if row else Q(day__in=days)


def _add(found: dict[tuple[Any, ...], Count3], rows: Iterable[tuple[Any, ...]], keys: int) -> None:
    for row in rows:
        key = tuple(row[:keys])
        found[key] = found.get(key, Count3()) + Count3(*row[keys:])


def by_slot(wanted: Filter) -> dict[int, int]:
    """Turns by weekday (Monday 0) * 24 + hour."""
    first, last = bounds(wanted)
    live = set(unrolled(first, last))
    cells = _kept(HourCell.objects.filter(day__range=(first, last)), wanted)
    found: dict[int, int] = {}
    for day, hour, count in cells.values_list("day", "hour").annotate(Sum("turns")).order_by():
        if day not in live:
            slot = day.weekday() * 24 + hour
            found[slot] = found.get(slot, 0) + count
    if live:
        fresh = _kept(Turn.objects.filter(_on(sorted(live))), wanted)
        hours = fresh.annotate(hour=Mod(F("slot"), Value(24))).values_list("day", "hour")
        for day, hour, count in hours.annotate(n=Count("pk")).order_by():
            slot = day.weekday() * 24 + hour
            found[slot] = found.get(slot, 0) + count
    return found


def count(wanted: Filter) -> tuple[int, bool]:
    """How many turns a filter lets through, and whether that is all of them."""
    given = {field.name for field in fields(wanted) if getattr(wanted, field.name)}
    if given <= _KINDS:
        return _counted(wanted), True
    if given <= _HOURS:
        return by_slot(wanted).get(int(wanted.slot), 0), True
    most = MOST_FOUND if wanted.q else MOST
    found = turns(wanted).order_by()[: most + 1].count()
    return min(found, most), found <= most


def _counted(wanted: Filter) -> int:
    """How many turns of some kinds there are."""
    first, last = bounds(wanted)
    live = unrolled(first, last)
    kinds = Q(outcome__in=wanted.outcome.split(",")) if wanted.outcome else Q()
    if wanted.topic:
        kinds &= Q(topic="" if wanted.topic == "-" else wanted.topic)
    rolled = Q(day__range=(first, last), day__in=RolledDay.objects.values("pk"))
    sums = _kept(Cell.objects.filter(rolled, kinds), wanted).aggregate(
        **{name: Sum(name) for name in _SCORES.get(wanted.feedback, ("turns",))}
    )
    fresh = Turn.objects.filter(_on(live), kinds, feedback(wanted.feedback)) if live else Turn.objects.none()
    return sum(each or 0 for each in sums.values()) + _kept(fresh, wanted).count()
