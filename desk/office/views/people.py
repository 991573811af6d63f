"""Personal data: what is kept how long, who asked to be erased, export and erasure of one applicant."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_POST

from bot.errors import BusError
from desk.accounts.guard import needs
from desk.handoff import audit
from desk.handoff.models import Conversation
from desk.office import people, retention
from desk.office.models import Erasure
from desk.office.views.common import page as show


@require_GET
@needs("erase")
def page(request: HttpRequest) -> HttpResponse:
    """What is kept, the requests, and finding a conversation by its number."""
    return _page(request)


def _page(request: HttpRequest, problems: tuple[str, ...] = (), status: int = 422) -> HttpResponse:
    raw = request.GET.get("conversation", "")
    found = None
    if raw.isascii() and raw.isdigit() and len(raw) < 19:
        found = Conversation.objects.filter(pk=int(raw)).first()
    open_ = Erasure.objects.filter(conversation=found.pk, done_at=None).first() if found else None
    return show(
        request,
        "office/privacy.html",
        "privacy",
        {
            "rules": retention.rules(),
            "requests": Erasure.objects.all()[:50],
            "wanted": raw,
            "found": found if found and not found.key.startswith("erased:") else None,
            "gone": found is not None and found.key.startswith("erased:"),
            "open": open_,
            "problems": problems,
        },
        status=status if problems else 200,
    )


@require_POST
@needs("erase")
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything known of one applicant as a ZIP; the reason goes into the audit log."""
    conversation = get_object_or_404(Conversation, pk=pk)
    reason = request.POST.get("reason", "").strip()
    if not reason:
        return _page(request, ("请写明理由，例如：申请人本人要求查看。",))
    try:
        packed = people.export(conversation)
    except BusError:
        return _page(request, ("连不上 Redis，现在导不全，请稍后再试。",), 503)
    audit.record(request, "export_person", conversation, reason=reason)
    response = HttpResponse(packed, content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="applicant-{pk}.zip"'
    return response


@require_POST
@needs("erase")
def erase(request: HttpRequest, pk: int) -> HttpResponse:
    """Have one applicant erased; it can't be undone, so the conversation's number is typed again."""
    conversation = get_object_or_404(Conversation, pk=pk)
    reason = request.POST.get("reason", "").strip()
    if not reason or request.POST.get("again", "").strip() != str(pk):
        return _page(request, ("请写明理由，并把会话号再输一遍。删除以后不能恢复。",))
    people.ask(conversation, reason, request.user)
    audit.record(request, "erase", conversation, reason=reason)
    return redirect("office-privacy")
