"""The chat in which a draft is tried."""

from __future__ import annotations

import json

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from desk.accounts.guard import needs
from desk.office import chat as talk
from desk.office import drafts
from desk.office.models import Draft


@require_POST
@needs("office")
def chat(request: HttpRequest, pk: int) -> HttpResponse:
    """One step of the chat: what was tapped, and what the assistant would say."""
    draft = get_object_or_404(Draft, pk=pk)
    try:
        guide = drafts.checked([draft])[1].guide
    except drafts.RefusedError:
        guide = None
    if guide is None:
        raise Http404
    tap = request.POST.get("tap", "") or talk.first_tap(guide, draft.kind, draft.target)
    bubbles: list[talk.Bubble] = []
    answers = _answers(request)
    try:
        if tap:
            bubbles.append(talk.Bubble(True, talk.label(guide, tap)))
            said, answers = talk.reply(guide, tap, answers)
            bubbles += said
        else:
            bubbles = talk.opening(guide)
    except (KeyError, ValueError):
        bubbles = [talk.Bubble(False, "预览里没有这一项。")]
    context = {
        "bubbles": bubbles,
        "answers": json.dumps(answers),
        "draft": draft,
        "topics": guide.topics,
        "asked": tap.removeprefix("topic:").partition(":")[0],
    }
    return render(request, "office/chat.html", context)


def _answers(request: HttpRequest) -> dict[str, str]:
    try:
        found = json.loads(request.POST.get("answers") or "{}")
    except ValueError:
        return {}
    return {str(fact): str(choice) for fact, choice in found.items()} if isinstance(found, dict) else {}
