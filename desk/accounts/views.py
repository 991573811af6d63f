"""Logging in and out, and setting a password."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import login, views
from django.contrib.auth.forms import AuthenticationForm, SetPasswordForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters

from desk.accounts import links, wecom
from desk.accounts.guard import to_login
from desk.handoff import audit


class LoginForm(AuthenticationForm):
    """Name and password, with sentences that say what to do."""

    error_messages = {  # noqa: RUF012 - Django's way
        "invalid_login": "登录名或密码不对。连续输错 5 次会锁定 15 分钟。",
        "inactive": "这个账号已停用，请联系管理员。",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "登录名"
        self.fields["password"].label = "密码"


class Login(views.LoginView):
    """The login page."""

    template_name = "accounts/login.html"
    authentication_form = LoginForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Whether scanning with WeCom is set up."""
        return super().get_context_data(scan=wecom.app() is not None, **kwargs)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Log in, and write it down."""
        response = super().form_valid(form)
        audit.record(self.request, "login")
        return response


class Logout(views.LogoutView):
    """Logs out, by POST only."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Write it down, and log out."""
        if request.user.is_authenticated:
            audit.record(request, "logout")
        return super().post(request, *args, **kwargs)


@sensitive_post_parameters()
def start(request: HttpRequest, uid: str, token: str) -> HttpResponse:
    """Set a password by a one-time link, and log in."""
    user = links.owner(uid, token)
    if user is None:
        return render(request, "accounts/void.html", status=410)
    form = SetPasswordForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.save()
        user.end_sessions()
        login(request, user, backend="django.contrib.auth.backends.ModelBackend")
        audit.record(request, "password", subject=user.username)
        return redirect("console")
    return render(request, "accounts/start.html", {"form": form, "owner": user})


@sensitive_post_parameters()
def password(request: HttpRequest) -> HttpResponse:
    """Change one's own password; other sessions of the account end."""
    if not request.user.is_authenticated:
        return to_login(request)
    form = views.PasswordChangeView.form_class(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = form.save()
        user.end_sessions()
        login(request, user, backend="django.contrib.auth.backends.ModelBackend")
        audit.record(request, "password", subject=user.username)
        return redirect("console")
    return render(request, "accounts/password.html", {"form": form})


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that came from elsewhere, or from a page that lay open too long."""
    return render(request, "403_csrf.html", status=403)
