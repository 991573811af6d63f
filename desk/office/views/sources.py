"""The official text: loading it, and reading it by clause."""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from bot.errors import GuideError
from bot.guide import editions as kept
from bot.guide import source
from desk.accounts.guard import needs
from desk.editions import current
from desk.office import checking, drafts, items, official
from desk.office.views.common import page as show


def clauses_in_use() -> dict[str, str]:
    """The official text in use; empty when none was published."""
    return dict(json.loads(current.files().get(kept.SOURCE) or "{}"))


def _used() -> dict[str, list[str]]:
    """Clause to what names it: answers and conditions of the guide in use."""
    guide = checking.now().guide
    found: dict[str, list[str]] = {}
    for topic in guide.topics if guide else ():
        for each in topic.answers:
            for clause in each.clauses:
                found.setdefault(clause, []).append(f"答复：{topic.label}")
    for project in guide.projects if guide else ():
        for condition in project.conditions:
            found.setdefault(condition.clause, []).append(f"条件：{condition.name}")
    return {clause: list(dict.fromkeys(names)) for clause, names in found.items()}


@require_GET
@needs("console")
def page(request: HttpRequest) -> HttpResponse:
    """The clauses, or only one, and what in the guide refers to each."""
    return _page(request)


def _page(request: HttpRequest, problems: tuple[str, ...] = ()) -> HttpResponse:
    clauses, used = clauses_in_use(), _used()
    wanted = request.GET.get("clause", "")
    missing = sorted(clause for clause in used if clauses and source.find(clauses, clause) is None)
    text = source.find(clauses, wanted) if wanted else None
    shown = clauses if not wanted else {wanted: text} if text else {}
    return show(
        request,
        "office/source.html",
        "source",
        {
            "clauses": [(clause, text, used.get(clause, [])) for clause, text in shown.items()],
            "wanted": wanted,
            "missing": missing,
            "problems": problems,
        },
        status=422 if problems else 200,
    )


@require_POST
@needs("edit")
def load(request: HttpRequest) -> HttpResponse:
    """Cut a file into clauses and begin a draft of it: it is approved and published like any change."""
    file = request.FILES.get("file")
    why = request.POST.get("why", "").strip()
    if file is None or not why:
        return _page(request, ("请选一个文件，并写明出处（文件名称、文号）。",))
    try:
        found = official.clauses(file.name or "", file.read(official.MOST_BYTES + 1))
    except GuideError as error:
        return _page(request, tuple(error.problems))
    guide = checking.now().guide
    item = items.listed("source", current.files(), guide)[0]  # type: ignore[arg-type]  # isn't looked at
    made = drafts.begin(request, item, {"text": source.dump(found)}, why)
    return redirect("office-draft", made.pk)
