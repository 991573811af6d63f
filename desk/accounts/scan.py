"""Logging in by scanning a code with WeCom."""

from __future__ import annotations

import secrets

from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from bot.errors import LoginError
from desk.accounts import wecom
from desk.accounts.models import User
from desk.handoff import audit

_STATE = "wecom_state"


def _app() -> wecom.App:
    app = wecom.app()
    if app is None:
        raise Http404
    return app


@require_GET
def begin(request: HttpRequest) -> HttpResponse:
    """To WeCom's page with the code."""
    app = _app()
    # Ties what comes back to this browser, so that nobody is logged in by another's link.
    state = request.session[_STATE] = secrets.token_urlsafe(24)
    return redirect(wecom.scan_page(app, request.build_absolute_uri(reverse("wecom-back")), state))


@require_GET
def back(request: HttpRequest) -> HttpResponse:
    """Back from WeCom: in, or told why not."""
    app = _app()
    expected = request.session.pop(_STATE, "")
    given, code = request.GET.get("state", ""), request.GET.get("code", "")
    if not expected or not secrets.compare_digest(expected.encode(), given.encode()):
        return _refuse(request, "这次扫码不是从本页开始的，请重新扫码。")
    if not code:
        return _refuse(request, "您取消了扫码。")
    try:
        id = wecom.member(app, code)
    except LoginError as error:
        return _refuse(request, str(error))
    user = User.objects.filter(wecom_id=id, is_active=True).first()
    if user is None:
        return _refuse(request, f"企业微信账号“{id}”还没有对应的服务台账号，请管理员在“账号”里填上。")
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    audit.record(request, "login", subject="企业微信扫码")
    return redirect("console")


def _refuse(request: HttpRequest, why: str) -> HttpResponse:
    return render(request, "accounts/refused.html", {"why": why}, status=403)
