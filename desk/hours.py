"""When the help desk is open: weekly hours, holidays, and days worked instead. Pure, but for `load`."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path
from typing import Any

import msgspec
import yaml

from bot.errors import SettingsError
from desk.environment import variable

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")
"""China has one time and no summer time since 1991."""
FILE = Path(variable("DESK_HOURS", "data/desk/hours.yml"))
"""The calendar, seen from the project's folder."""
_DAYS = "一二三四五六日"
_LOOK_AHEAD = 60


class Holiday(msgspec.Struct, frozen=True):
    """Days off, both ends included."""

    name: str
    first: date = msgspec.field(name="from")
    last: date = msgspec.field(name="to")


class Calendar(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When the desk is open.

    Attributes:
        weekdays: 1 is Monday.
        spans: ``09:00-12:00``, in order.
        wait_minutes: how long an applicant waits before the bot takes over with the message kept.
    """

    weekdays: frozenset[int]
    spans: tuple[str, ...]
    wait_minutes: int = 20
    holidays: tuple[Holiday, ...] = ()
    workdays: frozenset[date] = frozenset()

    def times(self) -> list[tuple[time, time]]:
        """The spans as times. Raises ValueError."""
        pairs: list[tuple[time, time]] = []
        for span in self.spans:
            start, end = (time.fromisoformat(part.strip()) for part in span.split("-"))
            if end <= start or (pairs and start < pairs[-1][1]):
                raise ValueError(span)
            pairs.append((start, end))
        return pairs

    def works_on(self, day: date) -> bool:
        """Whether anybody works on that day."""
        if day in self.workdays:
            return True
        if any(holiday.first <= day <= holiday.last for holiday in self.holidays):
            return False
        return day.isoweekday() in self.weekdays

    def open_at(self, moment: datetime) -> bool:
        """Whether the desk is open at a moment (with a time zone)."""
        here = moment.astimezone(CHINA)
        return self.works_on(here.date()) and any(start <= here.time() < end for start, end in self.times())

    def next_opening(self, moment: datetime) -> datetime | None:
        """The moment itself when open, else the next opening; None when there is none in 60 days."""
        if self.open_at(moment):
            return moment
        here = moment.astimezone(CHINA)
        for ahead in range(_LOOK_AHEAD):
            day = here.date() + timedelta(days=ahead)
            for start, _ in self.times() if self.works_on(day) else ():
                opening = datetime.combine(day, start, CHINA)
                if opening > here:
                    return opening
        return None

    def wording(self) -> str:
        """The weekly hours in words, e.g. 周一至周五 09:00–12:00、14:30–17:30."""
        days = sorted(self.weekdays)
        if len(days) > 2 and days == list(range(days[0], days[-1] + 1)):
            names = f"周{_DAYS[days[0] - 1]}至周{_DAYS[days[-1] - 1]}"
        else:
            names = "、".join(f"周{_DAYS[day - 1]}" for day in days)
        return f"{names} {'、'.join(span.replace('-', '–') for span in self.spans)}"


def when(moment: datetime, now: datetime) -> str:
    """A moment in words as seen from now: 今天 14:30, 明天 09:00, 10月8日（周四）09:00."""
    here, today = moment.astimezone(CHINA), now.astimezone(CHINA).date()
    clock = f"{here:%H:%M}"
    if here.date() == today:
        return f"今天 {clock}"
    if here.date() == today + timedelta(days=1):
        return f"明天 {clock}"
    return f"{here.month}月{here.day}日（周{_DAYS[here.isoweekday() - 1]}）{clock}"


def parse(text: str) -> Calendar:
    """A calendar from YAML.

    Raises:
        SettingsError: a sentence in Chinese says what is wrong.
    """
    try:
        tree: Any = yaml.safe_load(text)
        calendar = msgspec.convert(tree["desk"], Calendar, strict=False)
        calendar.times()
    except (yaml.YAMLError, msgspec.ValidationError, KeyError, TypeError, ValueError) as error:
        raise SettingsError(f"服务时间表 {FILE} 有误：{error}") from error
    return calendar


def load(root: Path) -> Calendar:
    """The calendar of an installation. Raises `SettingsError`, also when the file is missing."""
    try:
        return parse((root / FILE).read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"找不到服务时间表 {FILE}。") from error
