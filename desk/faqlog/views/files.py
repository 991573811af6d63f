"""Exports: every one is written into the audit log, with the filter that it was made by."""

from __future__ import annotations

from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET

from desk.accounts.guard import needs
from desk.faqlog import book, export, filters, shapes
from desk.faqlog.cells import csv_lines
from desk.faqlog.files import csv_file, xlsx_file
from desk.faqlog.filters import Filter
from desk.faqlog.reports import figures, sheets
from desk.faqlog.reports import month as months
from desk.faqlog.reports.pdf import pdf
from desk.faqlog.rollup import today
from desk.faqlog.views.rows import asked
from desk.handoff import audit


def _told(request: HttpRequest, what: str, wanted: Filter) -> None:
    audit.record(request, "export", subject=what, reason="；".join(filters.words(wanted)) or "全部")


@require_GET
@needs("faqlog")
def log_csv(request: HttpRequest) -> HttpResponseBase:
    """The rows of the log's page."""
    wanted = filters.read(request.GET, "30")
    _told(request, "问答日志 CSV", wanted)
    return csv_file(request, f"问答日志-{today()}.csv", export.csv_pieces(wanted))


@require_GET
@needs("faqlog")
def log_xlsx(request: HttpRequest) -> HttpResponseBase:
    """The same, and one row a visit."""
    wanted = filters.read(request.GET, "30")
    _told(request, "问答日志 XLSX", wanted)

    def write(path: Path) -> None:
        book.write(path, export.tables(wanted))

    return xlsx_file(request, f"问答日志-{today()}.xlsx", write)


@require_GET
@needs("faqlog")
def rows_csv(request: HttpRequest, what: str) -> HttpResponseBase:
    """The rows of a list behind a figure."""
    shape, span, more = asked(request, what)
    _told(request, f"{shape.title} CSV", span)
    pieces = csv_lines(shape.head, shapes.lines(what, span, more))
    return csv_file(request, f"{shape.title}-{today()}.csv", pieces)


@require_GET
@needs("faqlog")
def report_xlsx(request: HttpRequest) -> HttpResponseBase:
    """The dashboard's tables."""
    wanted = filters.read(request.GET, "7")
    _told(request, "问答报表 XLSX", wanted)

    def write(path: Path) -> None:
        book.write(path, sheets.tables(figures.report(wanted)))

    return xlsx_file(request, f"问答报表-{today()}.xlsx", write)


@require_GET
@needs("faqlog")
def month_pdf(request: HttpRequest) -> HttpResponse:
    """The monthly report on one page."""
    found = months.month(months.first_of(request.GET.get("month", "")))
    audit.record(request, "export", subject=f"问答月报 PDF {found.name}")
    response = HttpResponse(pdf(found), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="faq-{found.value}.pdf"'
    return response
