"""The dashboard, and the monthly report as a page to print."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from desk.accounts.guard import needs
from desk.faqlog import filters, names
from desk.faqlog.reports import figures, svg
from desk.faqlog.reports import month as months
from desk.faqlog.reports.figures import Report

_BARS = 12


def _charts(report: Report) -> dict[str, Any]:
    return {
        "days": {
            "labels": [day.name for day in report.days],
            "turns": [day.turns for day in report.days],
            "answered": [day.answered for day in report.days],
            "unanswered": [day.unanswered for day in report.days],
        },
        "topics": {
            "labels": [topic.name for topic in report.topics[:_BARS]],
            "turns": [topic.turns for topic in report.topics[:_BARS]],
            "before": [topic.before for topic in report.topics[:_BARS]],
        },
    }


@require_GET
@needs("faqlog")
def page(request: HttpRequest) -> HttpResponse:
    """All figures of some days."""
    report = figures.report(filters.read(request.GET, "7"))
    context = {
        "section": "report",
        "report": report,
        "ranges": filters.RANGES,
        "chosen": request.GET.get("days", "" if request.GET.get("first") else "7"),
        "channels": names.channels(),
        "hours": range(24),
        "heat": list(zip(names.DAYS, report.heat, strict=True)),
        "charts": _charts(report),
        "month": months.first_of(""),
    }
    return render(request, "faqlog/report.html", context)


@require_GET
@needs("faqlog")
def month(request: HttpRequest) -> HttpResponse:
    """One month on one page of paper."""
    found = months.month(months.first_of(request.GET.get("month", "")))
    report = found.report
    topics = report.topics[: months.TOPICS]
    context = {
        "section": "report",
        "month": found,
        "report": report,
        "topics": topics,
        "days": svg.columns(
            "每天的问答",
            [day.name.rpartition("月")[2] for day in report.days],
            [day.turns for day in report.days],
            [day.unanswered for day in report.days],
        ),
        "bars": svg.bars("问得最多的主题", [each.name for each in topics], [each.turns for each in topics]),
    }
    return render(request, "faqlog/month.html", context)
