"""Numbers for the supervisor, counted from the tickets of a stretch of days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from statistics import median
from typing import Any, NamedTuple

from django.db.models import QuerySet

from desk.accounts.models import User
from desk.handoff.models import Reason, State, Ticket
from desk.hours import CHINA

LONGEST = 92
RANGES = {"1": "今天", "7": "最近 7 天", "30": "最近 30 天", "90": "最近 90 天"}


class Span(NamedTuple):
    """Days, both ends included."""

    first: date
    last: date

    @property
    def days(self) -> list[date]:
        """Every day of it."""
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]


def span(days: str, first: str, last: str, today: date) -> Span:
    """The days asked for; the last 7 when that makes no sense. At most 92."""
    try:
        start, end = date.fromisoformat(first), date.fromisoformat(last)
        if start <= end < start + timedelta(days=LONGEST):
            return Span(start, end)
    except ValueError:
        pass
    count = int(days) if days in RANGES else 7
    return Span(today - timedelta(days=count - 1), today)


def tickets(stretch: Span) -> QuerySet[Ticket]:
    """The tickets opened in it."""
    start = datetime.combine(stretch.first, time(), CHINA)
    end = datetime.combine(stretch.last + timedelta(days=1), time(), CHINA)
    return Ticket.objects.filter(opened_at__gte=start, opened_at__lt=end)


class Fact(NamedTuple):
    """What is counted of one ticket: tuples, since a whole quarter has many."""

    opened_at: datetime
    claimed_at: datetime | None
    replied_at: datetime | None
    closed_at: datetime | None
    state: str
    reason: str
    agent: int | None
    timed_out: bool
    transfers: int
    score: int | None


class Group(NamedTuple):
    """The numbers of some tickets; times in seconds, None where there is nothing to count."""

    name: str
    value: str
    opened: int
    claimed: int
    closed: int
    timed_out: int
    transfers: int
    first: float | None
    wait: float | None
    handling: float | None
    score: float | None


def _group(name: str, value: str, found: list[Fact]) -> Group:
    def middle(pairs: Iterable[tuple[datetime | None, datetime | None]]) -> float | None:
        spans = [(end - start).total_seconds() for start, end in pairs if start and end]
        return median(spans) if spans else None

    scores = [each.score for each in found if each.score]
    return Group(
        name=name,
        value=value,
        opened=len(found),
        claimed=sum(each.claimed_at is not None for each in found),
        closed=sum(each.state == State.CLOSED for each in found),
        timed_out=sum(each.timed_out for each in found),
        transfers=sum(each.transfers for each in found),
        first=middle((each.opened_at, each.replied_at) for each in found),
        wait=middle((each.opened_at, each.claimed_at) for each in found),
        handling=middle((each.claimed_at, each.closed_at) for each in found),
        score=round(sum(scores) / len(scores), 1) if scores else None,
    )


def report(stretch: Span) -> dict[str, Any]:
    """All numbers of a stretch: whole, by day, by hour, by person, by reason, and the scores."""
    found = [Fact(*row) for row in tickets(stretch).values_list(*Fact._fields)]
    by_day: dict[date, list[Fact]] = {day: [] for day in stretch.days}
    by_hour: dict[int, list[Fact]] = {hour: [] for hour in range(24)}
    by_agent: dict[int, list[Fact]] = {}
    by_reason: dict[str, list[Fact]] = {}
    for each in found:
        here = each.opened_at.astimezone(CHINA)
        by_day[here.date()].append(each)
        by_hour[here.hour].append(each)
        if each.agent is not None:
            by_agent.setdefault(each.agent, []).append(each)
        by_reason.setdefault(each.reason, []).append(each)
    names = {user.pk: str(user) for user in User.objects.filter(pk__in=by_agent)}
    scores = Counter(each.score for each in found if each.score)
    return {
        "all": _group("合计", "", found),
        "days": [_group(f"{day.month}月{day.day}日", day.isoformat(), rows) for day, rows in by_day.items()],
        "hours": [_group(f"{hour} 时", str(hour), rows) for hour, rows in by_hour.items()],
        "agents": [
            _group(names[agent], str(agent), rows)
            for agent, rows in sorted(by_agent.items(), key=lambda each: -len(each[1]))
        ],
        "reasons": [
            _group(str(Reason(reason).label), reason, rows)
            for reason, rows in sorted(by_reason.items(), key=lambda each: -len(each[1]))
        ],
        "scores": [(score, scores.get(score, 0)) for score in range(1, 6)],
    }


def chosen(stretch: Span, values: dict[str, str], most: int) -> tuple[int, list[Ticket]]:
    """How many tickets are behind a number, and the newest of exactly those.

    Args:
        values: ``day``, ``hour``, ``agent``, ``reason``, ``score``, ``what``; what can't be read is left out.
    """
    day = values.get("day", "")
    if day in {each.isoformat() for each in stretch.days}:
        stretch = Span(date.fromisoformat(day), date.fromisoformat(day))
    found = tickets(stretch).filter(**_filters(values)).order_by("-opened_at")
    if values.get("hour", "") in _HOURS:
        times = found.values_list("pk", "opened_at")
        keys = [pk for pk, at in times if str(at.astimezone(CHINA).hour) == values["hour"]]
        count, newest = len(keys), keys[:most]
    else:
        count, newest = found.count(), list(found.values_list("pk", flat=True)[:most])
    rows = Ticket.objects.filter(pk__in=newest).select_related("agent", "conversation")
    return count, list(rows.order_by("-opened_at"))


_HOURS = {str(hour) for hour in range(24)}
_WHATS: dict[str, dict[str, Any]] = {
    "claimed": {"claimed_at__isnull": False},
    "closed": {"state": State.CLOSED},
    "timed_out": {"timed_out": True},
    "transfers": {"transfers__gt": 0},
    "replied": {"replied_at__isnull": False},
    "scored": {"score__isnull": False},
}


def _filters(values: dict[str, str]) -> dict[str, Any]:
    filters = dict(_WHATS.get(values.get("what", ""), {}))
    if values.get("reason"):
        filters["reason"] = values["reason"]
    for name in ("agent", "score"):
        if values.get(name, "").isdecimal() and len(values[name]) < 10:
            filters[name] = int(values[name])
    return filters
