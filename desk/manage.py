"""The managing pages: Django's admin in its theme, with our rights and our audit log."""

from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from unfold.admin import ModelAdmin
from unfold.sites import UnfoldAdminSite

from desk.accounts.guard import to_login
from desk.accounts.permissions import Action, allowed
from desk.accounts.views import Logout
from desk.handoff import audit


class ManageSite(UnfoldAdminSite):
    """The site of the managing pages. Logging in is the desk's own."""

    def has_permission(self, request: HttpRequest) -> bool:
        """Whoever may manage anything."""
        return request.user.is_authenticated and request.user.is_staff

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """To the desk's login page, or 403 for those who are logged in and may not."""
        if self.has_permission(request):
            return redirect("admin:index")
        if request.user.is_authenticated:
            return HttpResponse("没有权限。", status=403, content_type="text/plain; charset=utf-8")
        return to_login(request)

    def logout(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Out of the whole desk."""
        return Logout.as_view()(request) if request.user.is_authenticated else to_login(request)

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The desk has a page of its own, which ends other sessions."""
        return redirect("password")


site = ManageSite(name="admin")


class Managed(ModelAdmin):
    """A table that may be changed by those with the right ``right``; each change is written down."""

    right: Action
    actions = None
    list_fullwidth = True
    compressed_fields = True
    warn_unsaved_form = False

    def _may(self, request: HttpRequest) -> bool:
        return allowed(request.user, self.right)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """See it listed."""
        return self._may(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Look at it."""
        return self._may(request)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Add to it."""
        return self._may(request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Change it."""
        return self._may(request)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Delete from it."""
        return self._may(request)

    def _write(self, request: HttpRequest, action: str, obj: Model, fields: str = "") -> None:
        subject = f"{obj._meta.verbose_name}：{obj}"
        audit.record(request, action, subject=f"{subject}（{fields}）" if fields else subject)

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> None:
        """Write it to the audit log, which replaces Django's own."""
        self._write(request, "manage_add", obj)

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> None:
        """The same for a change, with the names of the fields."""
        fields = [name for part in message for name in part.get("changed", {}).get("fields", [])]
        self._write(request, "manage_change", obj, "、".join(fields))

    def log_deletions(self, request: HttpRequest, queryset: Any) -> None:
        """The same for what is deleted."""
        for obj in queryset:
            self._write(request, "manage_delete", obj)
