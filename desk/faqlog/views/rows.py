"""The rows behind a report's figures: visits, applicants, screenings, hand-overs."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from desk.accounts.guard import needs
from desk.faqlog import filters, names, shapes
from desk.faqlog.filters import Filter
from desk.faqlog.reports import walks

MOST = 200


def asked(request: HttpRequest, what: str) -> tuple[shapes.Shape, Filter, Mapping[str, str]]:
    """The list, its days and what else it is narrowed to. Raises Http404."""
    if what not in shapes.SHAPES:
        raise Http404
    more = {name: request.GET.get(name, "").replace("\0", "")[:60] for name in walks.FIELDS}
    return shapes.SHAPES[what], filters.read(request.GET, "30").span, more


def _narrowed(more: Mapping[str, str]) -> list[str]:
    """What a list is narrowed to besides its days, in Chinese."""
    project = more["project"]
    verdict = {"": "", "any": "有结论", walks.NONE: "没有结论"}.get(more["verdict"], more["verdict"])
    failed = names.conditions(project).get(more["failed"], more["failed"])
    open_ = names.facts(project).get(more["open"], more["open"])
    words = [names.projects().get(project, project), verdict, failed, f"停在“{open_}”" if open_ else ""]
    return [word for word in words if word]


@require_GET
@needs("faqlog")
def page(request: HttpRequest, what: str) -> HttpResponse:
    """The newest rows, and how many there are."""
    shape, span, more = asked(request, what)
    rows = shape.rows(span, more)
    count = shapes.count(what, rows, span)
    context = {"section": "report", "what": what, "shape": shape, "count": count, "most": MOST, "span": span}
    lines = [(cells[0], cells[1:]) for cells in shapes.cells(what, rows[:MOST])]
    return render(
        request,
        "faqlog/rows.html",
        context
        | {
            "lines": lines,
            "query": request.GET.urlencode(),
            "words": [*filters.words(span), *_narrowed(more)],
        },
    )
