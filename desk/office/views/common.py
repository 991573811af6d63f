"""What the office's pages share."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from desk.accounts.permissions import allowed
from desk.office.models import Draft, State

SECTIONS = {"versions", "source", "training", "privacy"}
TABS = {"answer", "blank", "contact", "chat", "hours", "canned", "file"}


def page(
    request: HttpRequest, template: str, tab: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """A page of the office, with the counts that its tabs show."""
    found = {
        "section": tab if tab in SECTIONS else "office",
        "tab": tab,
        "may_edit": allowed(request.user, "edit"),
        "waiting": Draft.objects.filter(state=State.WAITING).count(),
        "approved": Draft.objects.filter(state=State.APPROVED).count(),
    }
    return render(request, template, {**found, **context}, status=status)
