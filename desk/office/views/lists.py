"""The first page: everything that can be edited, with what is being changed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from bot.guide.model import Guide
from desk.accounts.guard import needs
from desk.editions import current
from desk.faqlog.models import DraftAnswer
from desk.office import chat, checking, items
from desk.office.models import Draft, State
from desk.office.views.common import TABS
from desk.office.views.common import page as show

_OPEN = (State.DRAFT, State.WAITING, State.APPROVED, State.RETURNED)


def _suggested(guide: Guide) -> list[tuple[DraftAnswer, list[tuple[str, str, str]]]]:
    """Answers drafted from what staff said, each with the things that it may go into: kind, target, title."""
    places: dict[str, list[tuple[str, str, str]]] = {}
    for topic in guide.topics:
        for each in topic.answers:
            short = guide.project(each.project).short if each.project else topic.label
            target = f"{topic.id}:{each.project}" if each.project else topic.id
            places.setdefault(topic.id, []).append(("answer", target, short))
        if topic.blank:
            places[topic.id] = [("blank", topic.blank, topic.label)]
    rows = DraftAnswer.objects.filter(used=False).order_by("-id")[:20]
    return [(each, places.get(each.topic, [])) for each in rows]


def _shown(guide: Guide | None, item: items.Item) -> str:
    """The words as applicants read them, with numbers and names filled in."""
    text = item.values.get("text", "")
    return chat.shown(guide, text) if guide and item.kind in ("answer", "chat") else text


@require_GET
@needs("office")
def page(request: HttpRequest) -> HttpResponse:
    """A kind of things, and the drafts that are open."""
    kind = request.GET.get("kind", "answer")
    kind = kind if kind in TABS else "answer"
    files = current.files()
    found = checking.check(files)
    words = request.GET.get("q", "").strip()
    listed = items.listed(kind, files, found.guide) if found.guide else []
    if words:
        listed = [each for each in listed if words in each.title or words in each.values.get("text", "")]
    open_drafts = list(Draft.objects.filter(state__in=_OPEN))
    busy = {(draft.kind, draft.target): draft for draft in open_drafts}
    rows = [(item, busy.get((item.kind, item.target)), _shown(found.guide, item)) for item in listed]
    return show(
        request,
        "office/list.html",
        kind,
        {
            "kinds": {name: each for name, each in items.KINDS.items() if name in TABS},
            "kind": kind,
            "about": items.KINDS[kind].about,
            "rows": rows,
            "drafts": open_drafts,
            "problems": found.problems,
            "words": words,
            "suggested": _suggested(found.guide) if found.guide and kind == "answer" else (),
        },
    )
