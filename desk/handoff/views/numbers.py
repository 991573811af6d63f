"""The supervisor's numbers: charts with tables beside them, each number opening its rows."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from desk.accounts.guard import needs
from desk.handoff import duty, numbers
from desk.hours import CHINA

_FILTERS = ("day", "hour", "agent", "reason", "score", "what")
_MOST = 200


def _span(request: HttpRequest) -> numbers.Span:
    days, first, last = (request.GET.get(name, "") for name in ("days", "first", "last"))
    return numbers.span(days, first, last, timezone.now().astimezone(CHINA).date())


def _chart(groups: list[numbers.Group]) -> dict[str, Any]:
    return {
        "labels": [group.name for group in groups],
        "opened": [group.opened for group in groups],
        "timed_out": [group.timed_out for group in groups],
        "first": [round(group.first / 60, 1) if group.first is not None else None for group in groups],
    }


@needs("numbers")
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """All numbers of some days."""
    stretch = _span(request)
    report = numbers.report(stretch)
    charts = {name: _chart(report[name]) for name in ("days", "hours", "agents")}
    charts["scores"] = {
        "labels": [f"{score} 分" for score, _ in report["scores"]],
        "opened": [count for _, count in report["scores"]],
    }
    return render(
        request,
        "numbers/page.html",
        {
            **report,
            "newest": report["days"][::-1],
            "section": "numbers",
            "span": stretch,
            "ranges": numbers.RANGES,
            "chosen": request.GET.get("days", "" if request.GET.get("first") else "7"),
            "query": urlencode({"first": stretch.first.isoformat(), "last": stretch.last.isoformat()}),
            "charts": charts,
            "waiting": duty.waiting_count(),
        },
    )


@needs("numbers")
@require_GET
def rows(request: HttpRequest) -> HttpResponse:
    """The tickets behind one number."""
    stretch = _span(request)
    values = {name: request.GET.get(name, "") for name in _FILTERS}
    count, found = numbers.chosen(stretch, values, _MOST)
    data = {"section": "numbers", "rows": found, "count": count, "most": _MOST, "span": stretch}
    return render(request, "numbers/rows.html", data)
