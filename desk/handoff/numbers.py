"""Numbers for the supervisor, counted from the tickets of a stretch of days."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from django.db import connection
from django.db.models import Case, IntegerField, QuerySet, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast

from desk.accounts.models import User
from desk.handoff.models import Reason, State, Ticket
from desk.handoff.moments import Micros
from desk.hours import CHINA

Column = npt.NDArray[np.float64]
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


class Facts(NamedTuple):
    """What is counted of tickets, a column each, since a whole quarter has many.

    Moments are `Micros`; nan stands where there is none.
    """

    opened: Column
    claimed: Column
    replied: Column
    closed: Column
    agent: Column
    timed_out: Column
    transfers: Column
    score: Column
    over: Column
    reason: Column

    def of(self, key: Column, value: float) -> Facts:
        """The tickets whose key is this."""
        return Facts(*(column[key == value] for column in self))


_COLUMNS: tuple[Combinable, ...] = (
    *(Micros(f"{name}_at") for name in ("opened", "claimed", "replied", "closed")),
    *(Cast(name, IntegerField()) for name in ("agent", "timed_out", "transfers", "score")),
    Case(When(state=State.CLOSED, then=1), default=0),
    Case(*(When(reason=reason, then=number) for number, reason in enumerate(Reason.values)), default=-1),
)
_AHEAD = CHINA.utcoffset(None) // timedelta(microseconds=1)
_HOUR = 3_600_000_000
_EPOCH = date(1970, 1, 1).toordinal()


def _hours(opened: Any) -> Any:
    """Hours since 1970 in China's time."""
    return (opened + _AHEAD) // _HOUR


def _facts(stretch: Span) -> Facts:
    # Past the ORM's rows, since it would look at every value again.
    statement, values = tickets(stretch).values_list(*_COLUMNS).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows = cursor.fetchall()
    table = np.array(rows, dtype=np.float64).reshape(-1, len(_COLUMNS))
    return Facts(*table.T)


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


def _middle(spans: Column) -> float | None:
    known = spans[~np.isnan(spans)]
    return float(np.median(known)) / 1_000_000 if known.size else None


def _group(name: str, value: str, found: Facts) -> Group:
    scores = found.score[found.score > 0]
    return Group(
        name=name,
        value=value,
        opened=found.opened.size,
        claimed=int((~np.isnan(found.claimed)).sum()),
        closed=int(found.over.sum()),
        timed_out=int(found.timed_out.sum()),
        transfers=int(found.transfers.sum()),
        first=_middle(found.replied - found.opened),
        wait=_middle(found.claimed - found.opened),
        handling=_middle(found.closed - found.claimed),
        score=round(float(scores.mean()), 1) if scores.size else None,
    )


def _most_first(key: Column) -> list[int]:
    """The values of a key, that of most tickets first; nan and -1 aren't any."""
    values, counts = np.unique(key[key >= 0], return_counts=True)
    return [int(value) for _, value in sorted(zip(-counts, values, strict=True))]


def report(stretch: Span) -> dict[str, Any]:
    """All numbers of a stretch: whole, by day, by hour, by person, by reason, and the scores."""
    found = _facts(stretch)
    hours = _hours(found.opened)
    day_of, hour_of = hours // 24 + _EPOCH, hours % 24
    agents, reasons = _most_first(found.agent), _most_first(found.reason)
    names = {user.pk: str(user) for user in User.objects.filter(pk__in=agents)}
    return {
        "all": _group("合计", "", found),
        "days": [
            _group(f"{day.month}月{day.day}日", day.isoformat(), found.of(day_of, day.toordinal()))
            for day in stretch.days
        ],
        "hours": [_group(f"{hour} 时", str(hour), found.of(hour_of, hour)) for hour in range(24)],
        "agents": [_group(names[agent], str(agent), found.of(found.agent, agent)) for agent in agents],
        "reasons": [
            _group(str(Reason(reason).label), reason, found.of(found.reason, number))
            for number, reason in ((number, Reason.values[number]) for number in reasons)
        ],
        "scores": [(score, int((found.score == score).sum())) for score in range(1, 6)],
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
        times = found.values_list("pk", Micros("opened_at"))
        keys = [pk for pk, at in times if str(_hours(at) % 24) == values["hour"]]
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
