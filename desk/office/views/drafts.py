"""Beginning a draft, and taking it from step to step."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from desk.accounts.guard import needs
from desk.editions import current
from desk.faqlog.models import DraftAnswer
from desk.office import checking, drafts, effects, items
from desk.office.models import Draft, State
from desk.office.patch import MissingError
from desk.office.views.common import page as show


@require_http_methods(["GET", "POST"])
@needs("edit")
def edit(request: HttpRequest, kind: str, target: str) -> HttpResponse:
    """The form of one thing; posted, it begins a draft."""
    return _edit(request, kind, target)


@require_http_methods(["GET", "POST"])
@needs("edit")
def edit_file(request: HttpRequest) -> HttpResponse:
    """The same for a file, whose name doesn't fit into an address."""
    return _edit(request, "file", request.GET.get("name", "") or request.POST.get("name", ""))


def _edit(request: HttpRequest, kind: str, target: str) -> HttpResponse:
    files = current.files()
    found = checking.check(files)
    try:
        if found.guide is None:
            raise MissingError
        item = items.one(kind, target, files, found.guide)
    except MissingError:
        raise Http404 from None
    fields = items.KINDS[kind].fields
    posted = request.method == "POST"
    values = {
        each.name: _typed(request, each.name, item) if posted else item.values.get(each.name, "")
        for each in fields
    }
    why = request.POST.get("why", "").strip()
    problems: tuple[str, ...] = ()
    if posted:
        draft = Draft(kind=kind, target=target, title=item.title, before=item.values, after=values)
        problems = _mistakes(draft, fields, why)
        if not problems:
            made = drafts.begin(request, item, values, why)
            DraftAnswer.objects.filter(pk=_suggestion(request)).update(used=True)
            return redirect("office-draft", made.pk)
    elif suggested := DraftAnswer.objects.filter(pk=_suggestion(request)).first():
        # Staff say no clause when they chat; an answer has to.
        values["text"] = suggested.text + ("{basis}" if kind == "answer" else "")
    return show(
        request,
        "office/edit.html",
        kind,
        {
            "item": item,
            "kind": items.KINDS[kind],
            "fields": [(each, values[each.name]) for each in fields],
            "why": why,
            "problems": problems,
            "history": Draft.objects.filter(kind=kind, target=target, state=State.PUBLISHED)[:20],
            "suggestion": _suggestion(request) or "",
        },
        status=422 if problems else 200,
    )


def _typed(request: HttpRequest, name: str, item: items.Item) -> str:
    return request.POST.get(name, item.values.get(name, "")).replace("\r\n", "\n").strip()


def _suggestion(request: HttpRequest) -> int:
    raw = request.GET.get("suggestion") or request.POST.get("suggestion") or ""
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 19 else 0


def _mistakes(draft: Draft, fields: tuple[items.Field, ...], why: str) -> tuple[str, ...]:
    wrong = [f"“{each.label}”还空着。" for each in fields if each.required and not draft.after[each.name]]
    if not why:
        wrong.append("请写明修改理由，审核的人要看。")
    same = {name: text.strip() for name, text in draft.before.items()}
    if all(draft.after[name] == same.get(name, "") for name in draft.after):
        wrong.append("内容没有变化。")
    return tuple(wrong) or drafts.problems(draft)


@require_GET
@needs("office")
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft: what changes, what follows from it, and a chat to try it."""
    return _page(request, get_object_or_404(Draft, pk=pk))


def _page(request: HttpRequest, draft: Draft, refused: tuple[str, ...] = ()) -> HttpResponse:
    open_ = draft.state not in (State.PUBLISHED, State.DROPPED)
    fields = items.KINDS[draft.kind].fields
    old, new, problems = checking.now().guide, None, refused
    if open_ and not refused:
        try:
            found = drafts.checked([draft])[1]
            new, problems = found.guide, found.problems
        except drafts.RefusedError as error:
            problems = error.problems
    changes = [
        (each, effects.lines(draft.before.get(each.name, ""), draft.after.get(each.name, "")))
        for each in fields
    ]
    return show(
        request,
        "office/draft.html",
        draft.kind,
        {
            "draft": draft,
            "changes": [(field, lines) for field, lines in changes if lines],
            "problems": problems,
            "stale": open_ and drafts.stale(draft),
            "effects": effects.effects(old, new) if old and new else [],
            "mine": draft.author_id == request.user.pk,
            "open": open_,
            "chat": new is not None and draft.kind not in ("hours", "canned", "source"),
        },
        status=409 if refused else 200,
    )


@require_POST
@needs("edit")
def step(request: HttpRequest, pk: int) -> HttpResponse:
    """One step on: submit, approve, return or drop."""
    draft = get_object_or_404(Draft, pk=pk)
    to = request.POST.get("to", "")
    if to not in (State.WAITING, State.APPROVED, State.RETURNED, State.DROPPED):
        return _page(request, draft, ("不认识这一步。",))
    try:
        drafts.move(request, draft, State(to), request.POST.get("note", "").strip())
    except drafts.RefusedError as error:
        return _page(request, draft, error.problems)
    return redirect("office-draft", pk)
