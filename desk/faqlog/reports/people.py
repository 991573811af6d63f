"""Visits, applicants and hand-overs of some days: counted and listed by the same query."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import islice
from typing import Any

from django.db.models import Avg, Count, Max, Min, QuerySet, Sum

from desk.faqlog.filters import Filter, start_of
from desk.faqlog.models import Visit
from desk.handoff.models import Conversation, Ticket

_AT_ONCE = 500


def visits(span: Filter) -> QuerySet[Visit]:
    """Visits that began in these days."""
    found = Visit.objects.all()
    if span.first:
        found = found.filter(day__gte=span.first)
    if span.last:
        found = found.filter(day__lte=span.last)
    return found.filter(channel=span.channel) if span.channel else found


def applicants(span: Filter) -> int:
    """How many different applicants these visits were of."""
    days = Visit.objects.aggregate(first=Min("day"), last=Max("day"))
    if days["first"] and span.first and span.first <= days["first"]:
        span = span.but(first=None)
    if days["last"] and span.last and span.last >= days["last"]:
        span = span.but(last=None)
    # Counting the groups takes an index from end to end, in the order of applicants if no day is asked for; a
    # distinct count would sort all visits first.
    return visits(span).values("conversation").annotate(n=Count("*")).order_by().count()


def each_applicant(span: Filter) -> QuerySet[Any, Any]:
    """One row an applicant: visits, turns, the last one; the latest first."""
    rows = visits(span).values("conversation", "channel")
    counted = rows.annotate(n=Count("*"), turns_=Sum("turns"), last=Max("last_at"))
    return counted.order_by("-last", "conversation")


def with_keys(rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The rows with the key of each conversation: looked up for those that are shown, not joined to all."""
    rows = iter(rows)
    while some := list(islice(rows, _AT_ONCE)):
        wanted = Conversation.objects.filter(pk__in=[row["conversation"] for row in some])
        keys = dict(wanted.values_list("pk", "key"))
        yield from ({**row, "key": keys.get(row["conversation"], "")} for row in some)


def handovers(span: Filter) -> QuerySet[Ticket]:
    """Tickets that were opened in these days."""
    found = Ticket.objects.all()
    if span.first:
        found = found.filter(opened_at__gte=start_of(span.first))
    if span.last:
        found = found.filter(opened_at__lt=start_of(span.last + timedelta(days=1)))
    return found.filter(conversation__channel=span.channel) if span.channel else found


def stars(span: Filter) -> float | None:
    """What applicants thought of the help of staff: 1 to 5; None when nobody said."""
    mean = handovers(span).aggregate(mean=Avg("score"))["mean"]
    return None if mean is None else round(float(mean), 1)
