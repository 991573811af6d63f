"""Counts of turns by day and kind: rolled months and days from their cells, other days from their turns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from datetime import date, timedelta
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

from django.db.models import Count, F, Q, QuerySet, Sum, Value
from django.db.models.functions import Mod

from desk.faqlog.filters import Filter, feedback, turns
from desk.faqlog.models import Cell, HourCell, MonthCell, Turn
from desk.faqlog.rollup import counted, first_day, parts, today

MOST, MOST_FOUND = 10_000, 500
"""Rows that aren't counted by kind are counted up to here; those of a search up to the second."""
_RUNS = 20
"""Rows of days up to which they are asked for as ranges."""
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


def bounds(wanted: Filter) -> tuple[date, date]:
    """The days of a filter; where it names none, from the first turn until today."""
    last = wanted.last or today()
    return wanted.first or min(first_day() or last, last), last


def _kept(rows: QuerySet[Any], wanted: Filter) -> QuerySet[Any]:
    for name in ("channel", "project"):
        if getattr(wanted, name):
            rows = rows.filter(**{name: getattr(wanted, name)})
    return rows


def by(wanted: Filter, *keys: str, months: bool = False) -> dict[tuple[Any, ...], Count3]:
    """Counts by some of ``day``, ``channel``, ``project``, ``topic`` and ``outcome``.

    Args:
        months: with the key ``day``, months that are whole are counted as one, on their first day.
    """
    first, last = bounds(wanted)
    parted = parts(first, last, months or "day" not in keys)
    found: dict[tuple[Any, ...], Count3] = {}
    for rows in (MonthCell.objects.filter(day__in=parted.months), Cell.objects.filter(_on(parted.days))):
        sums = _kept(rows, wanted).values_list(*keys).annotate(Sum("turns"), Sum("helped"), Sum("unsolved"))
        _add(found, sums.order_by(), len(keys))
    fresh = _kept(Turn.objects.filter(_on(parted.live)), wanted)
    fresh = fresh.values_list(*keys).annotate(**counted()).order_by()
    _add(found, fresh.values_list(*keys, "turns", "helped", "unsolved"), len(keys))
    return found


def _on(days: list[date]) -> Q:
    """On one of some days, which are in order: as ranges, which an index finds at once."""
    runs: list[tuple[date, date]] = []
    for day in days:
        beside = runs and runs[-1][1] + timedelta(days=1) == day
        runs[-1:] = [(runs[-1][0], day)] if beside else [*runs[-1:], (day, day)]
    if not 0 < len(runs) <= _RUNS:
        return Q(day__in=days)
    return reduce(or_, (Q(day__range=run) for run in runs))


def _add(found: dict[tuple[Any, ...], Count3], rows: Iterable[tuple[Any, ...]], keys: int) -> None:
    for row in rows:
        key = tuple(row[:keys])
        found[key] = found.get(key, Count3()) + Count3(*row[keys:])


def by_slot(wanted: Filter) -> dict[int, int]:
    """Turns by weekday (Monday 0) * 24 + hour."""
    first, last = bounds(wanted)
    live = set(parts(first, last, months=False).live)
    cells = _kept(HourCell.objects.filter(day__range=(first, last)), wanted)
    found: dict[int, int] = {}
    for day, hour, count in cells.values_list("day", "hour").annotate(Sum("turns")).order_by():
        if day not in live:
            slot = day.weekday() * 24 + hour
            found[slot] = found.get(slot, 0) + count
    if live:
        fresh = _kept(Turn.objects.filter(_on(sorted(live))), wanted)
        hours = fresh.annotate(hour=Mod(F("slot"), Value(24))).values_list("day", "hour")
        for day, hour, count in hours.annotate(n=Count("*")).order_by():
            slot = day.weekday() * 24 + hour
            found[slot] = found.get(slot, 0) + count
    return found


def known(wanted: Filter) -> int | None:
    """How many turns a filter lets through, where that is counted already; None where it isn't."""
    given = {field.name for field in fields(wanted) if getattr(wanted, field.name)}
    if given <= _KINDS:
        return _counted(wanted)
    return by_slot(wanted).get(int(wanted.slot), 0) if given <= _HOURS else None


def looked_for(wanted: Filter) -> tuple[int, bool]:
    """How many turns a filter lets through as far as they are counted, and whether that is all of them."""
    most = MOST_FOUND if wanted.q else MOST
    # In the order of the page, since the index in that order has all that is asked.
    found = turns(wanted)[: most + 1].count()
    return min(found, most), found <= most


def _counted(wanted: Filter) -> int:
    """How many turns of some kinds there are."""
    parted = parts(*bounds(wanted))
    kinds = Q(outcome__in=wanted.outcome.split(",")) if wanted.outcome else Q()
    if wanted.topic:
        kinds &= Q(topic="" if wanted.topic == "-" else wanted.topic)
    sums = {name: Sum(name) for name in _SCORES.get(wanted.feedback, ("turns",))}
    count = 0
    for rows in (MonthCell.objects.filter(day__in=parted.months), Cell.objects.filter(_on(parted.days))):
        count += sum(each or 0 for each in _kept(rows.filter(kinds), wanted).aggregate(**sums).values())
    fresh = Turn.objects.filter(_on(parted.live), kinds, feedback(wanted.feedback))
    return count + _kept(fresh, wanted).count()
