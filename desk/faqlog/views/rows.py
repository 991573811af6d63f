"""The rows behind a report's figures: visits, applicants, screenings, hand-overs."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from desk.accounts.guard import needs
from desk.faqlog import filters, shapes
from desk.faqlog.filters import Filter
from desk.faqlog.reports import walks

MOST = 500


def asked(request: HttpRequest, what: str) -> tuple[shapes.Shape, Filter, Mapping[str, str]]:
    """The list, its days and what else it is narrowed to. Raises Http404."""
    if what not in shapes.SHAPES:
        raise Http404
    more = {name: request.GET.get(name, "").replace("\0", "")[:60] for name in walks.FIELDS}
    return shapes.SHAPES[what], filters.read(request.GET, "30").span, more


@require_GET
@needs("faqlog")
def page(request: HttpRequest, what: str) -> HttpResponse:
    """The newest rows, and how many there are."""
    shape, span, more = asked(request, what)
    rows = shape.rows(span, more)
    count = shapes.count(what, rows, span)
    found = [shape.cells(row) for row in rows[:MOST]]
    context = {"section": "report", "what": what, "shape": shape, "count": count, "most": MOST, "span": span}
    lines = [(cells[0], cells[1:]) for cells in found]
    return render(
        request,
        "faqlog/rows.html",
        context | {"lines": lines, "query": request.GET.urlencode(), "words": filters.words(span)},
    )
