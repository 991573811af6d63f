"""Addresses of the log, the inbox and the reports."""

from __future__ import annotations

from django.urls import path

from desk.faqlog.views import examples, files, inbox, log, report, rows

urlpatterns = [
    path("log/", log.page, name="log"),
    path("log/export.csv", files.log_csv, name="log-csv"),
    path("log/export.xlsx", files.log_xlsx, name="log-xlsx"),
    path("log/views/", log.save_view, name="log-save-view"),
    path("log/views/<int:pk>/delete/", log.delete_view, name="log-delete-view"),
    path("log/<int:pk>/", log.turn, name="log-turn"),
    path("log/<int:pk>/wrong/", log.wrong, name="log-wrong"),
    path("rows/<slug:what>/", rows.page, name="report-rows"),
    path("rows/<slug:what>/export.csv", files.rows_csv, name="rows-csv"),
    path("inbox/", inbox.page, name="inbox"),
    path("inbox/groups/", inbox.groups, name="inbox-groups"),
    path("inbox/settle/", inbox.settle_, name="inbox-settle"),
    path("inbox/draft/<int:message>/", inbox.draft, name="inbox-draft"),
    path("inbox/<int:pk>/", inbox.group, name="inbox-group"),
    path("examples/", examples.page, name="examples"),
    path("examples/decide/", examples.decide, name="examples-decide"),
    path("report/", report.page, name="report"),
    path("report/month/", report.month, name="report-month"),
    path("report/month.pdf", files.month_pdf, name="report-pdf"),
    path("report/export.xlsx", files.report_xlsx, name="report-xlsx"),
]
