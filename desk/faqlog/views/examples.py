"""Ways of asking that were adopted: a second person approves them, or they are taken back."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from desk.accounts.guard import needs
from desk.faqlog import names, settle
from desk.faqlog.models import DraftAnswer, Example, Kind
from desk.handoff import audit
from desk.handoff.views.common import number, staff

_MOST = 300


@require_GET
@needs("faqlog")
def page(request: HttpRequest) -> HttpResponse:
    """Examples, those that wait for approval first; and drafts of answers that nobody took up yet."""
    state, topic = request.GET.get("state", "waiting"), request.GET.get("topic", "")
    found = Example.objects.select_related("by", "approved_by").order_by("-at", "-pk")
    if state in ("waiting", "approved"):
        found = found.filter(approved_by__isnull=state == "waiting")
    topics = names.topics() | {names.OFF_TOPIC: "与申报无关"}
    if topic:
        found = found.filter(topic=topic)
    context = {
        "section": "examples",
        "rows": list(found[:_MOST]),
        "count": found.count(),
        "most": _MOST,
        "state": state,
        "topic": topic,
        "topics": topics,
        "kinds": dict(Kind.choices),
        "drafts": DraftAnswer.objects.filter(used=False).select_related("by").order_by("-at")[:20],
        "told": request.GET.get("told", ""),
    }
    return render(request, "faqlog/examples.html", context)


@require_POST
@needs("review")
def decide(request: HttpRequest) -> HttpResponse:
    """Approve or withdraw the marked ones."""
    marked = [each for each in map(number, request.POST.getlist("example")[:_MOST]) if each is not None]
    who = staff(request)
    approving = request.POST.get("what") == "approve"
    with transaction.atomic():
        count = settle.approve(marked, who) if approving else settle.withdraw(marked)
        action = "approve" if approving else "withdraw"
        audit.record(request, action, subject=f"{count} 种说法")
    left = len(marked) - count if approving else 0
    told = f"{count}-{left}" if approving else ""
    return redirect(f"{reverse('examples')}?told={told}")
