"""All addresses of the desk."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from desk.manage import site


def healthy(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain")


def ready(request: HttpRequest) -> HttpResponse:
    """The database answers, so pages can be served."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("database", status=503, content_type="text/plain")
    return HttpResponse("ok", content_type="text/plain")


urlpatterns = [
    path("readyz", ready, name="readyz"),
    path("healthz", healthy, name="healthz"),
    path("", include("desk.accounts.urls")),
    path("", include("desk.handoff.urls")),
    path("faq/", include("desk.faqlog.urls")),
    path("", include("desk.office.urls")),
    path("manage/", site.urls),
]
