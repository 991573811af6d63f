"""The door of every view: which right it needs, said in one place beside it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url

from desk.accounts.permissions import Action, allowed

View = Callable[..., HttpResponseBase]
LOGIN_HEADER = "HX-Redirect"


def to_login(request: HttpRequest) -> HttpResponse:
    """To the login page; a fragment can't be redirected, so the whole page is told to go there."""
    if "HX-Request" not in request.headers:
        return redirect_to_login(request.get_full_path())
    response = HttpResponse(status=401)
    response.headers[LOGIN_HEADER] = resolve_url("login")
    return response


def needs(action: Action) -> Callable[[View], View]:
    """Only for those who may do ``action``: others get 403, and those not logged in the login page."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return to_login(request)
            if not allowed(request.user, action):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.needs = action  # type: ignore[attr-defined]  # for the table in the tests
        return guarded

    return guard
