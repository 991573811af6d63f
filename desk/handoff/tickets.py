"""The life of a ticket. Each function runs inside the transaction that changes the owner."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F
from django.utils import timezone

from desk.accounts.models import User
from desk.handoff.models import OPEN, Group, Outcome, Reason, State, Ticket


def current(conversation: int) -> Ticket | None:
    """The open ticket of a conversation."""
    return Ticket.objects.filter(conversation=conversation, state__in=OPEN).first()


def open_(conversation: int, reason: Reason, at: datetime) -> Ticket:
    """A ticket that waits; one that was left is taken up again."""
    ticket = current(conversation)
    if ticket is None:
        return Ticket.objects.create(
            conversation_id=conversation, reason=reason, opened_at=at, waiting_since=at
        )
    _set(ticket, state=State.WAITING, reason=reason, waiting_since=at, agent=None)
    return ticket


def claim(conversation: int, user: User) -> Ticket:
    """The open ticket becomes this user's; without one, a new one: they came uninvited."""
    now = timezone.now()
    ticket = current(conversation)
    if ticket is None:
        return Ticket.objects.create(
            conversation_id=conversation,
            reason=Reason.TAKEOVER,
            state=State.ACTIVE,
            agent=user,
            claimed_at=now,
            opened_at=now,
        )
    _set(ticket, state=State.ACTIVE, agent=user, claimed_at=ticket.claimed_at or now)
    return ticket


def requeue(conversation: int) -> Ticket | None:
    """Back into the queue, at the end of it."""
    ticket = current(conversation)
    if ticket is not None:
        _set(ticket, state=State.WAITING, agent=None, waiting_since=timezone.now())
    return ticket


def transfer(conversation: int, agent: User | None, group: Group | None) -> Ticket | None:
    """To a colleague at once, or into the queue for a group."""
    ticket = current(conversation)
    if ticket is None:
        return None
    Ticket.objects.filter(pk=ticket.pk).update(transfers=F("transfers") + 1)
    if agent is not None:
        _set(ticket, state=State.ACTIVE, agent=agent, group=None)
    else:
        _set(ticket, state=State.WAITING, agent=None, group=group, waiting_since=timezone.now())
    return ticket


def close(conversation: int, outcome: Outcome, at: datetime | None = None) -> Ticket | None:
    """The end of the open ticket, if there is one."""
    ticket = current(conversation)
    if ticket is not None:
        _set(ticket, state=State.CLOSED, outcome=outcome, closed_at=at or timezone.now())
    return ticket


def leave(ticket: Ticket) -> bool:
    """A waiting ticket becomes a message to be answered; False when it doesn't wait any more."""
    changed = Ticket.objects.filter(pk=ticket.pk, state=State.WAITING).update(
        state=State.LEFT, timed_out=True, agent=None
    )
    return changed == 1


def replied(conversation: int) -> Ticket | None:
    """A member of staff wrote: the first time counts."""
    ticket = current(conversation)
    if ticket is not None and ticket.replied_at is None:
        _set(ticket, replied_at=timezone.now())
    return ticket


def _set(ticket: Ticket, **values: object) -> None:
    for name, value in values.items():
        setattr(ticket, name, value)
    ticket.save(update_fields=list(values))
