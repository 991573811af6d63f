"""The figures of a stretch of days, each with the query that opens exactly its rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from desk.faqlog import names, tally
from desk.faqlog.filters import Filter
from desk.faqlog.reports import people, walks
from desk.faqlog.reports.walks import Walk
from desk.faqlog.tally import Count3

MONTHS_FROM = 93
"""Days from which on a trend is shown by months."""


@dataclass(frozen=True)
class Figure:
    """A number with its name. ``page`` and ``query`` open its rows; ``text`` is the number as it is shown."""

    name: str
    value: int
    query: str
    page: str = "log"
    text: str = ""
    note: str = ""

    @property
    def shown(self) -> str:
        """The number in words."""
        return self.text or f"{self.value:,}"


@dataclass(frozen=True)
class Topic:
    """A topic's turns, how many of them didn't solve it, and how many there were in as many days before."""

    name: str
    turns: int
    before: int
    helped: int
    unsolved: int
    query: str

    @property
    def trend(self) -> str:
        """Up, down or the same, in words."""
        if not self.before:
            return "新" if self.turns else "—"
        if self.turns >= self.before * 10:
            return f"↑ {self.turns // self.before} 倍"
        change = round((self.turns - self.before) * 100 / self.before)
        return f"{'↑' if change > 0 else '↓'} {abs(change)}%" if change else "持平"


@dataclass(frozen=True)
class Day:
    """A day or a month of the trend."""

    name: str
    turns: int
    answered: int
    unanswered: int
    query: str


@dataclass(frozen=True)
class Report:
    """All figures of a stretch."""

    wanted: Filter
    first: date
    last: date
    tiles: list[Figure]
    topics: list[Topic]
    days: list[Day]
    channels: list[Figure]
    outcomes: list[Figure]
    heat: list[list[Figure]]
    walks: list[Walk]


def share(part: int, whole: int) -> str:
    """A share in percent; a dash where there is nothing to share."""
    return f"{part * 100 / whole:.1f}%" if whole else "—"


def report(wanted: Filter) -> Report:
    """Count everything of the days and the channel of a filter."""
    span = wanted.span
    first, last = tally.bounds(span)
    span = span.but(first=first, last=last)
    kinds = tally.by(span, "channel", "topic", "outcome")
    return Report(
        wanted=span,
        first=first,
        last=last,
        tiles=_tiles(span, kinds),
        topics=_topics(span, kinds),
        days=_days(span),
        channels=_channels(span, kinds),
        outcomes=_outcomes(span, kinds),
        heat=_heat(span),
        walks=walks.count(span),
    )


Kinds = dict[tuple[Any, ...], Count3]


def _sum(kinds: Kinds, outcomes: tuple[str, ...] | None = None) -> Count3:
    found = (each for (_, _, outcome), each in kinds.items() if outcomes is None or outcome in outcomes)
    return sum(found, Count3())


def _tiles(span: Filter, kinds: Kinds) -> list[Figure]:
    every, asked = _sum(kinds), _sum(kinds, names.QUESTIONS).turns
    answered, not_answered = _sum(kinds, names.ANSWERED).turns, _sum(kinds, names.UNANSWERED).turns
    scored = every.helped + every.unsolved
    visits, applicants = people.visits(span).count(), people.applicants(span)
    handed, stars = people.handovers(span).count(), people.stars(span)

    def turns(**more: str) -> str:
        return span.but(**more).query

    return [
        Figure("会话", visits, span.query, "visits"),
        Figure("申请人", applicants, span.query, "people"),
        Figure("问答", every.turns, turns()),
        Figure("提问", asked, turns(outcome=",".join(names.QUESTIONS))),
        Figure(
            "答上",
            answered,
            turns(outcome=",".join(names.ANSWERED)),
            text=share(answered, asked),
            note=f"{answered:,} 条",
        ),
        Figure("没答上", not_answered, turns(outcome=",".join(names.UNANSWERED))),
        Figure("转人工", handed, span.query, "handovers", note=f"评价 {stars} 分" if stars else ""),
        Figure(
            "觉得有帮助",
            every.helped,
            turns(feedback="helped"),
            text=share(every.helped, scored),
            note=f"{every.helped:,} 人次",
        ),
        Figure("说没解决", every.unsolved, turns(feedback="unsolved")),
    ]


def _topics(span: Filter, kinds: Kinds) -> list[Topic]:
    first, last = tally.bounds(span)
    length = last - first + timedelta(days=1)
    earlier = tally.by(span.but(first=first - length, last=last - length), "topic")
    found: dict[str, Count3] = {}
    for (_, topic, _), each in kinds.items():
        if topic:
            found[topic] = found.get(topic, Count3()) + each
    labels = names.topics()
    return [
        Topic(
            labels.get(topic, topic),
            each.turns,
            earlier.get((topic,), Count3()).turns,
            each.helped,
            each.unsolved,
            span.but(topic=topic).query,
        )
        for topic, each in sorted(found.items(), key=lambda pair: (-pair[1].turns, pair[0]))
    ]


def _days(span: Filter) -> list[Day]:
    first, last = tally.bounds(span)
    by_months = (last - first).days + 1 > MONTHS_FROM

    def name(day: date) -> str:
        return f"{day.year}年{day.month}月" if by_months else f"{day.month}月{day.day}日"

    stretches: dict[str, tuple[date, date]] = {}
    day = first
    while day <= last:
        stretches[name(day)] = (stretches.get(name(day), (day, day))[0], day)
        day += timedelta(days=1)
    counts: dict[str, dict[str, int]] = {each: {} for each in stretches}
    for (day, outcome), each in tally.by(span, "day", "outcome", months=by_months).items():
        here = counts[name(day)]
        here[outcome] = here.get(outcome, 0) + each.turns
    return [
        Day(
            called,
            sum(here.values()),
            sum(here.get(outcome, 0) for outcome in names.ANSWERED),
            sum(here.get(outcome, 0) for outcome in names.UNANSWERED),
            span.but(first=stretches[called][0], last=stretches[called][1]).query,
        )
        for called, here in counts.items()
    ]


def _channels(span: Filter, kinds: Kinds) -> list[Figure]:
    found: dict[str, int] = {}
    for (channel, _, _), each in kinds.items():
        found[channel] = found.get(channel, 0) + each.turns
    labels, whole = names.channels(), sum(found.values())
    return [
        Figure(labels.get(channel, channel), count, span.but(channel=channel).query, note=share(count, whole))
        for channel, count in sorted(found.items(), key=lambda pair: -pair[1])
    ]


def _outcomes(span: Filter, kinds: Kinds) -> list[Figure]:
    whole = _sum(kinds).turns
    counts = {outcome: _sum(kinds, (outcome,)).turns for outcome in names.OUTCOMES}
    return [
        Figure(names.OUTCOMES[outcome], count, span.but(outcome=outcome).query, note=share(count, whole))
        for outcome, count in counts.items()
        if count
    ]


def _heat(span: Filter) -> list[list[Figure]]:
    """A row a weekday, a figure an hour. ``note`` is how warm it is: 0 to 6."""
    slots = tally.by_slot(span)
    most = max(slots.values(), default=0)

    def figure(slot: int) -> Figure:
        count = slots.get(slot, 0)
        warmth = -(-count * 6 // most) if count else 0
        name = f"星期{names.DAYS[slot // 24]} {slot % 24} 时"
        return Figure(name, count, span.but(slot=str(slot)).query, note=str(warmth))

    return [[figure(day * 24 + hour) for hour in range(24)] for day in range(7)]
