"""The console: the page, and the parts of it that are fetched again."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from desk.accounts.guard import needs
from desk.faqlog.models import Turn
from desk.handoff import audit, canned, duty, feed, guidebook, hub, queries, sending
from desk.handoff.models import Ticket
from desk.handoff.split import size, split
from desk.handoff.texts import guide
from desk.handoff.views.common import colleagues, conversation_of, number, pane_context


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


def _look(request: HttpRequest, pk: int) -> None:
    """Write down that somebody opened this conversation: once in a while, not for each refresh."""
    seen = request.session.setdefault("looked", [])
    if pk not in seen:
        request.session["looked"] = [*seen[-49:], pk]
        audit.record(request, "view", conversation_of(pk))


@require_GET
@needs("console")
def page(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """The whole console, with a conversation open or none."""
    context = _queue(request) | {"section": "console", "last": hub.newest(), "duty": _duty()}
    if pk is not None:
        conversation = conversation_of(pk)
        _look(request, pk)
        context |= pane_context(request, conversation) | _context(conversation) | {"open_id": pk}
    return render(request, "console/page.html", context)


@require_GET
@needs("console")
def queue(request: HttpRequest) -> HttpResponse:
    """The list on the left, or its next page."""
    template = "console/rows.html" if request.GET.get("after") else "console/queue.html"
    return render(request, template, _queue(request))


@require_GET
@needs("console")
def pane(request: HttpRequest, pk: int) -> HttpResponse:
    """The middle and the right pane of a conversation."""
    conversation = conversation_of(pk)
    _look(request, pk)
    context = pane_context(request, conversation) | _context(conversation)
    return render(request, "console/both.html", context)


@require_GET
@needs("console")
def live(request: HttpRequest, pk: int) -> HttpResponse:
    """What may have changed of an open conversation: its head, bubbles from ``after`` on, its composer."""
    after = number(request.GET.get("after"), 0)
    return render(request, "console/pane.html", pane_context(request, conversation_of(pk), after=after))


@require_GET
@needs("console")
def older(request: HttpRequest, pk: int) -> HttpResponse:
    """Bubbles before one."""
    context = pane_context(request, conversation_of(pk), before=number(request.GET.get("before"), 0))
    return render(request, "console/bubbles.html", context)


def _duty() -> dict[str, Any]:
    from django.utils import timezone

    now, times = timezone.now(), duty.calendar()
    return {"open": times.open_at(now), "hours": times.wording(), "opening": duty.opening(now)}


def _context(conversation: Any) -> dict[str, Any]:
    turns = Turn.objects.filter(conversation=conversation).exclude(topic="").order_by("-id")[:12]
    topics = {topic.id: topic.label for topic in guide().topics}
    return {
        "standing": guidebook.standing(conversation),
        "asked": [(topics.get(turn.topic, turn.topic), turn) for turn in turns],
        "earlier": Ticket.objects.filter(conversation=conversation)
        .select_related("agent")
        .order_by("-id")[:8],
        "canned": canned.replies(conversation),
    }


@require_GET
@needs("console")
def context(request: HttpRequest, pk: int) -> HttpResponse:
    """The right pane."""
    conversation = conversation_of(pk)
    mine = pane_context(request, conversation)["can_write"]
    return render(
        request,
        "console/context.html",
        {"conversation": conversation, "can_write": mine, **_context(conversation)},
    )


@require_GET
@needs("console")
def search_guide(request: HttpRequest, pk: int) -> HttpResponse:
    """What the guide says about some words."""
    query = request.GET.get("q", "")[:60]
    return render(request, "console/found.html", {"found": guidebook.search(query), "query": query})


@require_GET
@needs("console")
def search_canned(request: HttpRequest, pk: int) -> HttpResponse:
    """Replies kept ready that fit some words."""
    found = canned.replies(conversation_of(pk), request.GET.get("q", "")[:60])
    return render(request, "console/canned.html", {"canned": found})


@require_GET
@needs("console")
def transfer_form(request: HttpRequest, pk: int) -> HttpResponse:
    """The form for a transfer."""
    users, groups = colleagues(request)
    data = {"conversation": conversation_of(pk), "users": users, "groups": groups}
    return render(request, "console/transfer.html", data)


@require_POST
@needs("console")
def measure(request: HttpRequest) -> JsonResponse:
    """How many bytes a text has, and how it would be split."""
    text = request.POST.get("text", "")[:60_000]
    pieces = split(text, reserve=len(sending.STAFF_MARK.encode()))
    return JsonResponse({"bytes": size(text), "pieces": pieces if len(pieces) > 1 else []})


@require_GET
@needs("console")
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
