"""A filter of the log: read from an address, written into one, and what it lets through.

Reports link to the log with it, and exports take it: so a number, its rows and its file are the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet

from desk.faqlog import names, search
from desk.faqlog.inbox import LOW_CONFIDENCE
from desk.faqlog.models import HELPED, UNSOLVED, Turn
from desk.faqlog.rollup import today
from desk.hours import CHINA

RANGES = {"1": "今天", "7": "近 7 天", "30": "近 30 天", "90": "近 90 天", "all": "全部"}
_LONGEST_WORD = 120


@dataclass(frozen=True)
class Filter:
    """What is asked for; an empty field lets everything through.

    Attributes:
        first, last: days in China, both included.
        q: words that the question has.
        outcome: one or more of `names.OUTCOMES`, parted by commas.
        feedback: a key of `names.FEEDBACK`.
        low: ``1`` for answers given with little confidence.
        slot: weekday (Monday 0) * 24 + hour.
        topic: ``-`` for turns that were about none.
    """

    first: date | None = None
    last: date | None = None
    q: str = ""
    channel: str = ""
    topic: str = ""
    project: str = ""
    outcome: str = ""
    verdict: str = ""
    feedback: str = ""
    low: str = ""
    slot: str = ""
    conversation: str = ""
    visit: str = ""
    screening: str = ""
    model: str = ""
    guide: str = ""

    @property
    def query(self) -> str:
        """As the query string of an address."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        everything = {} if self.first or self.last else {"days": "all"}
        return urlencode(everything | {name: value for name, value in values.items() if value})

    def but(self, **changes: Any) -> Filter:
        """The same with some fields changed."""
        return replace(self, **changes)

    @property
    def span(self) -> Filter:
        """Only the days and the channel of it."""
        return Filter(first=self.first, last=self.last, channel=self.channel)


def read(values: Mapping[str, str], days: str = "") -> Filter:
    """The filter that an address asks for; what can't be read is left out.

    Args:
        days: the range, a key of `RANGES`, where the address names none.
    """
    first, last = _date(values.get("first", "")), _date(values.get("last", ""))
    if first is None and last is None:
        first, last = _range(values.get("days", "") or days)
    if first and last and first > last:
        first, last = last, first
    words = {
        field.name: values.get(field.name, "").replace("\0", "").strip()[:_LONGEST_WORD]
        for field in fields(Filter)
        if field.name not in {"first", "last"}
    }
    for name in ("slot", "conversation", "visit", "screening"):
        if not (words[name].isascii() and words[name].isdigit() and len(words[name]) < 19):
            words[name] = ""
    return Filter(first=first, last=last, **words)


def _date(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    # Days at the end of time have no next one.
    return found if 2000 <= found.year < 2200 else None


def _range(days: str) -> tuple[date | None, date | None]:
    if not (days.isascii() and days.isdigit() and days in RANGES):
        return None, None
    now = today()
    return now - timedelta(days=int(days) - 1), now


def start_of(day: date) -> datetime:
    """The first moment of a day in China."""
    return datetime.combine(day, time(), CHINA)


def turns(wanted: Filter) -> QuerySet[Turn]:
    """The turns that a filter lets through, newest first."""
    found = Turn.objects.filter(_conditions(wanted))
    if wanted.q:
        found = search.containing(found, wanted.q)
    return found.order_by("-at", "-id")


def _conditions(wanted: Filter) -> Q:
    keep = Q()
    if wanted.first:
        keep &= Q(at__gte=start_of(wanted.first))
    if wanted.last:
        keep &= Q(at__lt=start_of(wanted.last + timedelta(days=1)))
    for name in ("channel", "project", "verdict", "model", "guide"):
        if getattr(wanted, name):
            keep &= Q(**{name: getattr(wanted, name)})
    if wanted.topic:
        keep &= Q(topic="" if wanted.topic == "-" else wanted.topic)
    if wanted.outcome:
        kinds = wanted.outcome.split(",")
        keep &= Q(outcome=kinds[0]) if len(kinds) == 1 else Q(outcome__in=kinds)
    for name, field in (
        ("slot", "slot"),
        ("conversation", "conversation"),
        ("visit", "visit"),
        ("screening", "screening"),
    ):
        if getattr(wanted, name):
            keep &= Q(**{field: int(getattr(wanted, name))})
    return keep & feedback(wanted.feedback) & _low(wanted.low)


def feedback(name: str) -> Q:
    """The turns with a feedback of `names.FEEDBACK`; all of them where it is none of those."""
    scores = {"helped": Q(score=HELPED), "unsolved": Q(score=UNSOLVED), "any": Q(score__isnull=False)}
    return scores.get(name, Q())


def _low(low: str) -> Q:
    return (
        Q(outcome__in=("answered", "not_in_guide", "clarified"), confidence__lt=LOW_CONFIDENCE)
        if low
        else Q()
    )


def words(wanted: Filter) -> list[str]:
    """The filter in Chinese, for a page's head and an export's first sheet."""
    first, last = wanted.first, wanted.last
    kinds = [names.OUTCOMES.get(kind, kind) for kind in wanted.outcome.split(",") if kind]
    slot = int(wanted.slot) if wanted.slot else 0
    parts = (
        (f"{first or '最早'} 至 {last or '现在'}", first or last),
        (f"含“{wanted.q}”", wanted.q),
        (names.channels().get(wanted.channel, wanted.channel), wanted.channel),
        (names.projects().get(wanted.project, wanted.project), wanted.project),
        ("没有主题" if wanted.topic == "-" else names.topics().get(wanted.topic, wanted.topic), wanted.topic),
        ("、".join(kinds), kinds),
        (wanted.verdict, wanted.verdict),
        (names.FEEDBACK.get(wanted.feedback, wanted.feedback), wanted.feedback),
        ("把握不大", wanted.low),
        (f"星期{names.DAYS[slot // 24 % 7]} {slot % 24} 时", wanted.slot),
        (f"申请人 {wanted.conversation}", wanted.conversation),
        (f"会话 {wanted.visit}", wanted.visit),
        (f"核对 {wanted.screening}", wanted.screening),
        (f"模型 {wanted.model}", wanted.model),
        (f"指南 {wanted.guide}", wanted.guide),
    )
    return [text for text, given in parts if given]
