"""The audit log, newest first."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from desk.accounts.guard import needs
from desk.accounts.models import User
from desk.handoff.audit import ACTIONS
from desk.handoff.models import AuditEntry
from desk.handoff.views.common import number

_PAGE = 100


@needs("audit")
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Entries, by action, person and conversation."""
    action = request.GET.get("action", "")
    actor, conversation = number(request.GET.get("actor")), number(request.GET.get("conversation"))
    before = number(request.GET.get("before"))
    found = AuditEntry.objects.select_related("actor").order_by("-id")
    if action in ACTIONS:
        found = found.filter(action=action)
    if actor is not None:
        found = found.filter(actor=actor)
    if conversation is not None:
        found = found.filter(conversation=conversation)
    if before is not None:
        found = found.filter(pk__lt=before)
    entries = list(found[:_PAGE])
    return render(
        request,
        "audit/page.html",
        {
            "section": "audit",
            "entries": entries,
            "actions": ACTIONS,
            "action": action,
            "people": User.objects.all(),
            "actor": actor,
            "conversation": conversation,
            "before": entries[-1].pk if len(entries) == _PAGE else None,
        },
    )
