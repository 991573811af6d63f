"""What the panes show. Every list goes on behind a mark, so a far page costs as little as the first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Count, Model, Q, QuerySet

from desk.accounts.models import User
from desk.handoff.models import OPEN, Conversation, Message, State, Ticket

PAGE = 40
TAIL = 40
VIEWS = {
    "waiting": "等待",
    "mine": "我的",
    "left": "留言",
    "active": "处理中",
    "all": "全部",
    "closed": "结束",
}


class Row(NamedTuple):
    """A line of a list. ``mark`` is where the next page begins behind it."""

    conversation: Conversation
    ticket: Ticket | None
    mark: str


def _mark(moment: datetime | None, pk: int) -> str:
    return f"{moment.timestamp() if moment else 0:.6f}_{pk}"


def _behind(field: str, mark: str, down: bool) -> Q:
    """The condition for what stands behind a mark; nothing for one that can't be read."""
    stamp, _, pk = mark.partition("_")
    try:
        moment, number = datetime.fromtimestamp(float(stamp)).astimezone(), int(pk)
    except (ValueError, OverflowError, OSError):
        return Q()
    step = "lt" if down else "gt"
    return Q(**{f"{field}__{step}": moment}) | Q(**{field: moment, f"id__{step}": number})


def rows(view: str, user: User, after: str = "") -> list[Row]:
    """A page of a list."""
    if view == "all":
        found = _page(Conversation.objects.select_related("agent"), "last_at", after, down=True)
        return [Row(each, None, _mark(each.last_at, each.pk)) for each in found]
    tickets = Ticket.objects.select_related("conversation", "conversation__agent", "agent", "group")
    field, down = "waiting_since", False
    if view == "closed":
        tickets, field, down = tickets.filter(state=State.CLOSED, closed_at__isnull=False), "closed_at", True
    elif view == "mine":
        tickets = tickets.filter(state=State.ACTIVE, agent=user)
    elif view == "active":
        tickets = tickets.filter(state=State.ACTIVE)
    else:
        tickets = tickets.filter(state=State.LEFT if view == "left" else State.WAITING)
    found_tickets = _page(tickets, field, after, down)
    return [Row(each.conversation, each, _mark(getattr(each, field), each.pk)) for each in found_tickets]


def _page(query: QuerySet[Any], field: str, after: str, down: bool) -> Sequence[Any]:
    sign = "-" if down else ""
    if after:
        query = query.filter(_behind(field, after, down))
    return list(query.order_by(f"{sign}{field}", f"{sign}id")[:PAGE])


def counts(user: User) -> dict[str, int]:
    """How many wait, are mine, were left."""
    found = Ticket.objects.filter(state__in=OPEN).aggregate(
        waiting=Count("id", filter=Q(state=State.WAITING)),
        mine=Count("id", filter=Q(state=State.ACTIVE, agent=user)),
        left=Count("id", filter=Q(state=State.LEFT)),
        active=Count("id", filter=Q(state=State.ACTIVE)),
    )
    return {name: int(count) for name, count in found.items()}


def bubbles(conversation: int, before: int | None = None, after: int | None = None) -> list[Message]:
    """Bubbles in order: the last ones, those before one, or all after one together with the last ones."""
    found = Message.objects.filter(conversation=conversation).select_related("agent")
    if before is not None:
        found = found.filter(pk__lt=before)
    newest = list(found.order_by("-id")[:TAIL])
    if after is not None and newest and after < newest[-1].pk:
        gap = found.filter(pk__gt=after, pk__lt=newest[-1].pk).order_by("-id")[:500]
        newest += list(gap)
    return newest[::-1]


def has_older(messages: Sequence[Model]) -> bool:
    """Whether there may be bubbles before the first of these."""
    return len(messages) >= TAIL
