"""What the console's views share: the pane of a conversation, and short notices."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from desk.accounts.models import User
from desk.accounts.permissions import Role, allowed
from desk.handoff import allowance, ownership, queries, tickets
from desk.handoff.models import Conversation, Group, Message, Who


def conversation_of(pk: int) -> Conversation:
    """The conversation, with who has it. Raises Http404."""
    return get_object_or_404(Conversation.objects.select_related("agent"), pk=pk)


def pane_context(request: HttpRequest, conversation: Conversation, **bubbles: Any) -> dict[str, Any]:
    """Everything the middle pane shows."""
    mine = conversation.owner == Who.AGENT and conversation.agent_id == request.user.pk
    messages = queries.bubbles(conversation.pk, **bubbles)
    may = allowed(request.user, "answer")
    return {
        "conversation": conversation,
        "ticket": tickets.current(conversation.pk),
        "messages_": messages,
        "older": queries.has_older(messages),
        "mine": mine,
        "human": conversation.owner == Who.AGENT,
        "holder": ownership.holder(conversation),
        "can_write": mine and may,
        "allowance": allowance.left(conversation) if mine and may else None,
    }


def pane(
    request: HttpRequest, pk: int, notice: str = "", good: bool = True, status: int = 200
) -> HttpResponse:
    """The middle pane, with a notice for a moment."""
    context = pane_context(request, conversation_of(pk))
    return notify(render(request, "console/pane.html", context, status=status), notice, good)


def notify(response: HttpResponse, notice: str, good: bool = True, **events: Any) -> HttpResponse:
    """Have the page show a notice, and fire further events there."""
    told = dict(events)
    if notice:
        told["desk:notice"] = {"text": notice, "good": good}
    if told:
        response.headers["HX-Trigger"] = json.dumps(told)  # ASCII, as headers must be
    return response


def colleagues(request: HttpRequest) -> tuple[list[User], list[Group]]:
    """Whom a conversation can be transferred to."""
    users = User.objects.filter(is_active=True).exclude(username=request.user.get_username())
    can = [user for user in users if {Role.AGENT, Role.LEAD}.intersection(user.roles)]
    return can, list(Group.objects.all())


def message_of(pk: int, message: int) -> Message:
    """A bubble of a conversation. Raises Http404."""
    found = Message.objects.select_related("agent", "conversation", "ticket")
    return get_object_or_404(found, pk=message, conversation=pk)


def staff(request: HttpRequest) -> User:
    """Whose request it is; the view's guard has let nobody else in."""
    return User.objects.get(pk=request.user.pk or 0)


def number(text: str | None, otherwise: int | None = None) -> int | None:
    """A whole number from a request; what can't be read is ``otherwise``."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else otherwise
