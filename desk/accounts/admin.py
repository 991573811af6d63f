"""Managing accounts: new ones get a one-time link, and any can be cut off at once."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import register
from django.http import HttpRequest
from unfold.decorators import display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldBooleanSwitchWidget

from desk.accounts import links
from desk.accounts.models import User
from desk.accounts.permissions import Role
from desk.handoff import audit
from desk.manage import Managed, site


class _UserForm(forms.ModelForm):  # type: ignore[type-arg]
    """Roles as boxes to tick, and two things to do when saving: by POST, so that no link can do them."""

    roles = forms.MultipleChoiceField(
        label="角色", choices=Role.choices, widget=UnfoldAdminCheckboxSelectMultipleWidget
    )
    invite = forms.BooleanField(
        label="生成一次性链接", required=False, widget=UnfoldBooleanSwitchWidget, help_text="本人用它重设密码"
    )
    revoke = forms.BooleanField(
        label="立即退出所有登录",
        required=False,
        widget=UnfoldBooleanSwitchWidget,
        help_text="在所有电脑上马上退出",
    )

    class Meta:
        model = User
        fields = ("username", "name", "wecom_id", "roles", "is_active")


@register(User, site=site)
class UserAdmin(Managed):
    """The accounts."""

    right = "accounts"
    form = _UserForm
    list_display = ("username", "name", "held", "is_active", "last_login")
    add_fields = ("username", "name", "wecom_id", "roles", "is_active")

    @display(description="角色")
    def held(self, user: User) -> str:
        """The roles in Chinese."""
        return user.role_names

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A new account gets its link anyway."""
        return (*self.add_fields, "invite", "revoke") if obj else self.add_fields

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Accounts are switched off, never deleted: the audit log speaks of them."""
        return False

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """A new account has no password; a changed one is logged out everywhere, so that it counts now."""
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        chosen = form.cleaned_data
        if change and (chosen["revoke"] or {"roles", "is_active"}.intersection(form.changed_data)):
            obj.end_sessions()
            audit.record(request, "revoke", subject=obj.username)
            messages.success(request, f"{obj.name} 的登录已全部退出。")
        if not change or chosen["invite"]:
            audit.record(request, "invite", subject=obj.username)
            link = request.build_absolute_uri(links.path(obj))
            messages.success(request, f"请把这个一次性链接交给 {obj.name} 本人（三天内有效）：{link}")
