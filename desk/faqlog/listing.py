"""The log a page at a time, behind a mark, so a far page costs as little as the first."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import NamedTuple

from django.db.models import Q, QuerySet

from desk.faqlog import tally
from desk.faqlog.filters import Filter, turns
from desk.faqlog.models import Turn

PAGE = 50
_AROUND = 8


class Page(NamedTuple):
    """Some turns, and the mark behind the last; empty when there are no more."""

    rows: list[Turn]
    mark: str


def mark_of(turn: Turn) -> str:
    """Where the next page begins behind a turn: microseconds since 1970, and its id."""
    return f"{round(turn.at.timestamp() * 1_000_000)}_{turn.pk}"


def _behind(found: QuerySet[Turn], mark: str) -> QuerySet[Turn]:
    moment, _, pk = mark.partition("_")
    try:
        at = datetime.fromtimestamp(int(moment) / 1_000_000, timezone.utc)
        number = int(pk)
    except (ValueError, OverflowError, OSError):
        return found
    # The first half lets the index find the place.
    return found.filter(at__lte=at).filter(Q(at__lt=at) | Q(pk__lt=number))


def page(wanted: Filter, mark: str = "", size: int = PAGE) -> Page:
    """The newest turns of a filter, or those behind a mark."""
    found = turns(wanted)
    if mark:
        found = _behind(found, mark)
    # Which turns they are the index alone tells; only those are read.
    ids = list(found.values_list("pk", flat=True)[: size + 1])
    read = Turn.objects.filter(pk__in=ids[:size]).select_related("conversation")
    rows = list(read.defer("grams", "conversation__answers").order_by("-at", "-id"))
    return Page(rows, mark_of(rows[-1]) if len(ids) > size and rows else "")


def counted(wanted: Filter, mark: str = "") -> tuple[Page, int, bool]:
    """A page, how many turns there are in all, and whether that is all of them."""
    count = tally.known(wanted)
    # What isn't there is what takes longest to look for.
    found = Page([], "") if count == 0 else page(wanted, mark)
    if count is not None:
        return found, count, True
    if not found.mark and not mark:
        return found, len(found.rows), True
    return found, *tally.looked_for(wanted)


def around(turn: Turn) -> list[Turn]:
    """The turns of the same applicant before and after one, in order, that one among them."""
    same = Turn.objects.filter(conversation=turn.conversation_id).defer("grams")
    before = list(same.filter(pk__lt=turn.pk).order_by("-id")[:_AROUND])[::-1]
    after = list(same.filter(pk__gt=turn.pk).order_by("id")[:_AROUND])
    return [*before, turn, *after]
