"""Two small middlewares: what a page may load, and how long a session may lie idle."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

Handler = Callable[[HttpRequest], HttpResponse]

_STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
# The theme's lists use Alpine, which makes functions from attributes and sets styles. They show
# accounts and canned replies, no text of applicants.
_MANAGE = _STRICT.replace("script-src 'self'", "script-src 'self' 'unsafe-eval'").replace(
    "style-src 'self'", "style-src 'self' 'unsafe-inline'"
)
BACKGROUND = "X-Desk-Background"
"""The header of requests that a page makes by itself: they don't count as use."""


def content_security(get_response: Handler) -> Handler:
    """No inline script, nothing from elsewhere, no page kept in a cache."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault(
            "Content-Security-Policy", _MANAGE if request.path.startswith("/manage/") else _STRICT
        )
        if not request.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    return handle


def idle_time_out(get_response: Handler) -> Handler:
    """Log out whoever did nothing for ``IDLE_SECONDS``."""

    def handle(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = int(time.time())
            seen = request.session.get("seen", now)
            if now - seen > settings.IDLE_SECONDS:
                logout(request)
            elif BACKGROUND not in request.headers and (now - seen > 30 or "seen" not in request.session):
                # Written at most twice a minute: a write for each request would wait for other writers.
                request.session["seen"] = now
        return get_response(request)

    return handle
