"""Events that change who owns a conversation, or wish to."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from desk.handoff import duty, feed, ownership
from desk.handoff.models import Conversation, Reason, Ticket

_ALIASES = {"human": Reason.ASKED, "offer": Reason.ACCEPTED, "rude": Reason.ANGER, "complaint": Reason.ANGER}


def reason_of(data: dict[str, Any]) -> Reason:
    """Why a human is due, as far as the event says so."""
    raw = str(data.get("reason") or "")
    if raw in Reason.values:
        return Reason(raw)
    return _ALIASES.get(raw, Reason.ASKED if not raw else Reason.OTHER)


def wanted(conversation: Conversation, data: dict[str, Any], at: datetime) -> None:
    """A turn ended with a hand-off: the bot still has it, so it is put into the queue from here."""
    ticket = ownership.request(conversation.pk, reason_of(data), at)
    if ticket is not None:
        _opened(conversation, ticket, told=False)


def left(conversation: Conversation, data: dict[str, Any], at: datetime) -> None:
    """The bot goes on, and somebody owes the applicant an answer: nobody was there, or a message failed."""
    ticket = ownership.note(conversation.pk, reason_of(data), at)
    if ticket is not None:
        feed.line(conversation.pk, ticket, f"留言待回：{Reason(ticket.reason).label}")


def changed(conversation: Conversation, data: dict[str, Any], at: datetime) -> None:
    """Redis has a new owner already: SQL follows, unless staff were quicker."""
    epoch = int(data["epoch"])
    if data["owner"] == "queue":
        ticket = ownership.request(conversation.pk, reason_of(data), at, epoch)
        if ticket is not None:
            _opened(conversation, ticket, told=bool(data.get("told")))
    elif data["owner"] == "bot":
        ownership.withdraw(conversation.pk, at, epoch)
    else:
        raise ValueError(f"owner {data['owner']!r}")


def _opened(conversation: Conversation, ticket: Ticket, told: bool) -> None:
    feed.line(conversation.pk, ticket, f"转人工：{Reason(ticket.reason).label}")
    duty.received(ticket, told, timezone.now())
