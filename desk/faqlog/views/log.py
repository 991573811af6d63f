"""The log: a page of turns, one turn with the conversation around it, and saved views."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from desk.accounts.guard import needs
from desk.faqlog import filters, inbox, listing, names
from desk.faqlog.models import SavedView, Turn, Why
from desk.handoff import audit
from desk.handoff.views.common import notify

_VIEWS = 24
"""Saved views that are shown."""


def choices() -> dict[str, Any]:
    """What the filter's lists offer."""
    return {
        "channels": names.channels(),
        "projects": names.projects(),
        "topics": names.topics(),
        "outcomes": names.OUTCOMES,
        "feedbacks": names.FEEDBACK,
        "verdicts": names.VERDICTS,
        "ranges": filters.RANGES,
    }


def _saved(request: HttpRequest) -> list[SavedView]:
    mine = Q(owner=request.user.pk) | Q(shared=True)
    return list(SavedView.objects.filter(mine).select_related("owner").order_by("name")[:_VIEWS])


def _rows(found: listing.Page, wanted: filters.Filter) -> dict[str, Any]:
    return {"rows": found.rows, "mark": found.mark, "wanted": wanted, "topics": names.topics()}


@require_GET
@needs("faqlog")
def page(request: HttpRequest) -> HttpResponse:
    """Turns, newest first."""
    wanted = filters.read(request.GET, "30")
    behind = request.GET.get("behind", "")
    if request.headers.get("HX-Request"):
        return render(request, "faqlog/log_rows.html", _rows(listing.page(wanted, behind), wanted))
    found, count, exact = listing.counted(wanted, behind)
    saved = _saved(request)
    context = _rows(found, wanted) | {
        "section": "log",
        "count": count,
        "exact": exact,
        "saved": saved,
        "chosen": request.GET.get("days", ""),
    }
    return render(request, "faqlog/log.html", context | choices())


def _one(pk: int) -> Turn:
    found = Turn.objects.select_related("conversation", "screening", "visit", "question")
    return get_object_or_404(found, pk=pk)


@require_GET
@needs("faqlog")
def turn(request: HttpRequest, pk: int) -> HttpResponse:
    """One turn, whole, within its conversation."""
    return _turn(request, pk)


def _turn(request: HttpRequest, pk: int) -> HttpResponse:
    chosen = _one(pk)
    context = {"turn": chosen, "around": listing.around(chosen), "topics": names.topics(), "section": "log"}
    inside = request.headers.get("HX-Request")
    return render(request, "faqlog/turn.html" if inside else "faqlog/turn_page.html", context | choices())


@require_POST
@needs("review")
def wrong(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that an answer was wrong: the question goes into the inbox."""
    chosen = _one(pk)
    with transaction.atomic():
        inbox.put(chosen, Why.CORRECTED)
        audit.record(request, "wrong", chosen.conversation, subject=f"问答 {chosen.pk}")
    return notify(_turn(request, pk), "已放进“没答好的”。")


@require_POST
@needs("faqlog")
def save_view(request: HttpRequest) -> HttpResponse:
    """Keep a filter under a name."""
    name = request.POST.get("name", "").strip()[:24]
    wanted = filters.read(QueryDict(request.POST.get("query", "")[:2_000]))
    if name:
        days = request.POST.get("days", "")
        # A range like 近 7 天 goes on moving; days that were chosen stay.
        query = (
            f"days={days}&{wanted.but(first=None, last=None).query}"
            if days in filters.RANGES
            else wanted.query
        )
        SavedView.objects.update_or_create(
            owner_id=request.user.pk,
            name=name,
            defaults={"query": query[:600], "shared": request.POST.get("shared") == "1"},
        )
    return redirect(f"{reverse('log')}?{wanted.query}")


@require_POST
@needs("faqlog")
def delete_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget a view of one's own."""
    get_object_or_404(SavedView, pk=pk, owner=request.user.pk).delete()
    return redirect("log")
