"""Whether people are there, and what applicants are told about it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from bot.bus.duty import ahead as words
from desk import hours
from desk.editions import current
from desk.handoff import feed, ownership, resuming, sending
from desk.handoff.models import OPEN, State, Ticket
from desk.handoff.texts import say


def calendar() -> hours.Calendar:
    """The calendar in use, read again when it changed. Raises `SettingsError`."""
    fixed: hours.Calendar | None = getattr(settings, "CALENDAR", None)
    return fixed or current.calendar()


def opening(now: datetime) -> str:
    """When staff are there next, in words; empty when the calendar doesn't say."""
    moment = calendar().next_opening(now)
    return hours.when(moment, now) if moment else "下一个工作日"


def ahead(ticket: Ticket) -> int:
    """How many wait before this one."""
    return Ticket.objects.filter(
        Q(waiting_since__lt=ticket.waiting_since) | Q(waiting_since=ticket.waiting_since, pk__lt=ticket.pk),
        state=State.WAITING,
    ).count()


def order(most: int = 200) -> tuple[str, ...]:
    """The conversations that wait, in the order of the queue."""
    waiting = Ticket.objects.filter(state=State.WAITING).order_by("waiting_since", "pk")
    return tuple(waiting.values_list("conversation__key", flat=True)[:most])


def received(ticket: Ticket, told: bool, now: datetime) -> None:
    """A ticket was opened: tell the applicant the place in the queue, or when we are open.

    Args:
        told: whoever opened it has told the applicant already.
    """
    times = calendar()
    if times.open_at(now):
        feed.tell(ticket.conversation_id, "waiting")
        if not told:
            _tell(ticket, say("handoff_queued", ahead=words(ahead(ticket)), hours=times.wording()))
        return
    ticket.refresh_from_db()
    if ownership.leave(ticket, "现在不在服务时间，转为留言") and not told:
        _tell(ticket, say("handoff_closed", hours=times.wording(), opening=opening(now)))


def _tell(ticket: Ticket, text: str) -> None:
    sending.from_desk(ticket.conversation_id, ticket, text)


def give_up(now: datetime | None = None) -> int:
    """Let the bot go on where nobody came in time, and after closing time; returns how many."""
    now, times = now or timezone.now(), calendar()
    late = Ticket.objects.filter(state=State.WAITING).select_related("conversation")
    if times.open_at(now):
        late = late.filter(waiting_since__lt=now - timedelta(minutes=times.wait_minutes))
    count = 0
    for ticket in late.order_by("waiting_since")[:50]:
        with transaction.atomic():
            if ownership.leave(ticket, "没有人接，转为留言，自动助手继续"):
                key = "handoff_timeout" if times.open_at(now) else "handoff_closed"
                _tell(ticket, say(key, hours=times.wording(), opening=opening(now)))
                resuming.put(ticket.conversation_id)
                count += 1
    return count


def waiting_count() -> dict[str, int]:
    """How many tickets stand in each state that isn't closed."""
    rows = Ticket.objects.filter(state__in=OPEN).values("state").annotate(n=Count("id"))
    return {row["state"]: row["n"] for row in rows}
