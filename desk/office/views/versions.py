"""Publishing what was approved, every version so far, and the way back."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from bot.bus import editions as board
from bot.errors import BusError
from bot.guide import editions as kept
from desk.accounts.guard import needs
from desk.bus import bus
from desk.editions import current
from desk.editions.models import Edition, Publication
from desk.office import drafts
from desk.office.models import Draft, State
from desk.office.views.common import page as show

_SHOWN = 100


@require_GET
@needs("office")
def page(request: HttpRequest) -> HttpResponse:
    """All publications, the newest first, and which worker uses what."""
    return _page(request)


def _page(request: HttpRequest, problems: tuple[str, ...] = ()) -> HttpResponse:
    now = current.edition()
    return show(
        request,
        "office/versions.html",
        "versions",
        {
            "publications": Publication.objects.prefetch_related("drafts")[:_SHOWN],
            "now": now.version if now else "",
            "newer_base": now is not None and now.base != kept.digest(current.base_files()),
            "ready": Draft.objects.filter(state=State.APPROVED),
            "base": Edition.objects.filter(publications=None).values_list("pk", flat=True).first(),
            "workers": workers("guide"),
            "problems": problems,
        },
        status=409 if problems else 200,
    )


def workers(what: board.What) -> list[tuple[str, Any]] | None:
    """What each worker has loaded; None when Redis is away."""
    try:
        return sorted(bus.call(lambda redis: board.loaded(redis, what)).items())
    except BusError:
        return None


@require_POST
@needs("edit")
def publish(request: HttpRequest) -> HttpResponse:
    """Publish everything that was approved."""
    try:
        drafts.publish(request, request.POST.get("why", "").strip())
    except drafts.RefusedError as error:
        return _page(request, error.problems)
    return redirect("office-versions")


@require_POST
@needs("edit")
def back(request: HttpRequest) -> HttpResponse:
    """Go back to an earlier edition."""
    why = request.POST.get("why", "").strip() or "退回旧版本"
    try:
        drafts.back(request, request.POST.get("version", ""), why)
    except drafts.RefusedError as error:
        return _page(request, error.problems)
    return redirect("office-versions")
