"""The console: the page, and the parts of it that are fetched again."""

from __future__ import annotations

import time
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from desk.accounts.guard import needs
from desk.faqlog.models import Turn
from desk.handoff import audit, canned, duty, feed, guidebook, hub, queries, sending
from desk.handoff.models import Conversation, State, Ticket
from desk.handoff.split import size, split
from desk.handoff.texts import guide
from desk.handoff.views.common import colleagues, conversation_of, number, pane_context

LOOKING = 600
"""Seconds."""
EARLIER = 200
"""Bubbles of an earlier ticket that are shown."""


def _queue(request: HttpRequest) -> dict[str, Any]:
    view = request.GET.get("view", "waiting")
    view = view if view in queries.VIEWS else "waiting"
    user: Any = request.user
    rows = queries.rows(view, user, request.GET.get("after", ""))
    return {
        "view": view,
        "rows": rows,
        "more": rows[-1].mark if len(rows) == queries.PAGE else "",
        "counts": queries.counts(user),
        "views": queries.VIEWS,
        "open_id": number(request.GET.get("open")),
    }


def _look(request: HttpRequest, conversation: Conversation) -> None:
    """Write down that somebody looks at this conversation.

    One stretch of looking is one entry: a page that refreshes itself goes on with it, and ``LOOKING`` seconds
    without any look end it.
    """
    now = int(time.time())
    seen = {key: at for key, at in request.session.get("looked", {}).items() if now - at < LOOKING}
    last = seen.get(str(conversation.pk))
    if last is None:
        audit.record(request, "view", conversation)
    if last is None or now - last > LOOKING / 10:
        # Not at each refresh: the session is a row that is written.
        request.session["looked"] = {**seen, str(conversation.pk): now}


def _seen(request: HttpRequest, pk: int) -> Conversation:
    """The conversation, looked at by this user. Raises Http404."""
    conversation = conversation_of(pk)
    _look(request, conversation)
    return conversation


@needs("console")
@require_GET
def page(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """The whole console, with a conversation open or none."""
    context = _queue(request) | {"section": "console", "last": hub.newest(), "duty": _duty()}
    if pk is not None:
        conversation = _seen(request, pk)
        context |= pane_context(request, conversation) | _context(conversation) | {"open_id": pk}
    return render(request, "console/page.html", context)


@needs("console")
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """The list on the left, or its next page."""
    template = "console/rows.html" if request.GET.get("after") else "console/queue.html"
    return render(request, template, _queue(request))


@needs("console")
@require_GET
def pane(request: HttpRequest, pk: int) -> HttpResponse:
    """The middle and the right pane of a conversation."""
    conversation = _seen(request, pk)
    context = pane_context(request, conversation) | _context(conversation)
    return render(request, "console/both.html", context)


@needs("console")
@require_GET
def live(request: HttpRequest, pk: int) -> HttpResponse:
    """What may have changed of an open conversation: its head, bubbles from ``after`` on, its composer."""
    after = number(request.GET.get("after"), 0)
    return render(request, "console/pane.html", pane_context(request, _seen(request, pk), after=after))


@needs("console")
@require_GET
def older(request: HttpRequest, pk: int) -> HttpResponse:
    """Bubbles before one."""
    before = number(request.GET.get("before"), 0)
    context = pane_context(request, _seen(request, pk), before=before)
    return render(request, "console/bubbles.html", context)


def _duty() -> dict[str, Any]:
    now, times = timezone.now(), duty.calendar()
    return {"open": times.open_at(now), "hours": times.wording(), "opening": duty.opening(now)}


def _context(conversation: Any) -> dict[str, Any]:
    turns = Turn.objects.filter(conversation=conversation).exclude(topic="").order_by("-id")[:12]
    topics = {topic.id: topic.label for topic in guide().topics}
    return {
        "standing": guidebook.standing(conversation),
        "asked": [(topics.get(turn.topic, turn.topic), turn) for turn in turns],
        "earlier": Ticket.objects.filter(conversation=conversation, state=State.CLOSED)
        .select_related("agent")
        .order_by("-id")[:8],
        "canned": canned.replies(conversation),
    }


@needs("console")
@require_GET
def context(request: HttpRequest, pk: int) -> HttpResponse:
    """The right pane."""
    conversation = _seen(request, pk)
    mine = pane_context(request, conversation)["can_write"]
    return render(
        request,
        "console/context.html",
        {"conversation": conversation, "can_write": mine, **_context(conversation)},
    )


@needs("console")
@require_GET
def earlier(request: HttpRequest, pk: int, ticket: int) -> HttpResponse:
    """What was said while a human was due, earlier."""
    conversation = _seen(request, pk)
    found = get_object_or_404(Ticket.objects.select_related("agent"), pk=ticket, conversation=conversation)
    bubbles = found.messages.select_related("agent").order_by("-id")[:EARLIER]
    return render(request, "console/earlier.html", {"ticket": found, "bubbles": list(bubbles)[::-1]})


@needs("console")
@require_GET
def search_guide(request: HttpRequest, pk: int) -> HttpResponse:
    """What the guide says about some words."""
    query = request.GET.get("q", "")[:60]
    return render(request, "console/found.html", {"found": guidebook.search(query), "query": query})


@needs("console")
@require_GET
def search_canned(request: HttpRequest, pk: int) -> HttpResponse:
    """Replies kept ready that fit some words."""
    found = canned.replies(conversation_of(pk), request.GET.get("q", "")[:60])
    return render(request, "console/canned.html", {"canned": found})


@needs("console")
@require_GET
def transfer_form(request: HttpRequest, pk: int) -> HttpResponse:
    """The form for a transfer."""
    users, groups = colleagues(request)
    data = {"conversation": conversation_of(pk), "users": users, "groups": groups}
    return render(request, "console/transfer.html", data)


@needs("console")
@require_POST
def measure(request: HttpRequest) -> JsonResponse:
    """How many bytes a text has, and how it would be split."""
    text = request.POST.get("text", "")[:60_000]
    pieces = split(text, reserve=len(sending.STAFF_MARK.encode()))
    return JsonResponse({"bytes": size(text), "pieces": pieces if len(pieces) > 1 else []})


@needs("console")
@require_GET
def changes(request: HttpRequest) -> JsonResponse:
    """For pages whose stream is cut: what changed since."""
    after = number(request.GET.get("after"), 0) or 0
    found = feed.since(after, request.user.pk or 0, 500)
    return JsonResponse(
        {
            "last": found[-1][0] if found else after,
            "changes": [[conversation, what] for _, conversation, what in found],
        }
    )
