"""Working hours, holidays and days worked instead."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from bot.errors import SettingsError
from bot.settings import ROOT
from desk import hours
from desk.hours import CHINA

CALENDAR = hours.load(ROOT)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-03-02T08:59:59", False),
        ("2026-03-02T09:00", True),
        ("2026-03-02T12:00", False),
        ("2026-03-02T14:30", True),
        ("2026-03-02T17:30", False),
        ("2026-03-07T10:00", False),
        ("2026-02-17T10:00", False),
        ("2026-02-14T10:00", True),
        ("2026-10-01T10:00", False),
        ("2026-10-10T10:00", True),
    ],
)
def test_open(moment: str, is_open: bool) -> None:
    assert CALENDAR.open_at(at(moment)) is is_open


@pytest.mark.parametrize(
    ("moment", "opening"),
    [
        ("2026-03-02T10:00", "2026-03-02T10:00"),
        ("2026-03-02T12:30", "2026-03-02T14:30"),
        ("2026-03-06T18:00", "2026-03-09T09:00"),
        ("2026-02-14T18:00", "2026-02-24T09:00"),
        ("2026-09-30T17:30", "2026-10-08T09:00"),
    ],
)
def test_next_opening(moment: str, opening: str) -> None:
    assert CALENDAR.next_opening(at(moment)) == at(opening)


def test_the_machines_time_zone_doesnt_matter() -> None:
    assert CALENDAR.open_at(datetime(2026, 3, 2, 1, 0, tzinfo=timezone.utc))
    assert not CALENDAR.open_at(datetime(2026, 3, 2, 9, 40, tzinfo=timezone.utc))


def test_never_open() -> None:
    never = hours.Calendar(weekdays=frozenset(), spans=("09:00-17:00",))
    assert never.next_opening(at("2026-03-02T10:00")) is None


def test_in_words() -> None:
    assert CALENDAR.wording() == "周一至周五 09:00–12:00、14:30–17:30"
    assert hours.when(at("2026-03-02T14:30"), at("2026-03-02T12:30")) == "今天 14:30"
    assert hours.when(at("2026-03-03T09:00"), at("2026-03-02T20:00")) == "明天 09:00"
    assert hours.when(at("2026-10-08T09:00"), at("2026-09-30T20:00")) == "10月8日（周四）09:00"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[",
        "desk: {}",
        "desk: {weekdays: [1], spans: ['9-5']}",
        "desk: {weekdays: [1], spans: ['12:00-09:00']}",
        "desk: {weekdays: [1], spans: [], typo: 1}",
    ],
)
def test_a_mistake_is_said(text: str) -> None:
    with pytest.raises(SettingsError, match="服务时间表"):
        hours.parse(text)
