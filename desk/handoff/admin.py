"""Managing what staff work with."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import register
from django.http import HttpRequest
from unfold.decorators import display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from desk.accounts.models import User
from desk.handoff.canned import PLACEHOLDERS
from desk.handoff.models import CannedReply, Group
from desk.manage import Managed, site


@register(CannedReply, site=site)
class CannedReplyAdmin(Managed):
    """Replies kept ready."""

    right = "canned"
    list_display = ("title", "shortcut", "position", "active")
    fieldsets = (
        (
            None,
            {
                "fields": ("title", "shortcut", "text", "position", "active"),
                "description": "可以用的占位："
                + "；".join(f"{{{name}}} {about}" for name, about in PLACEHOLDERS.items()),
            },
        ),
    )


@register(Group, site=site)
class GroupAdmin(Managed):
    """Groups to transfer to."""

    right = "groups"
    list_display = ("name", "people")

    @display(description="成员")
    def people(self, group: Group) -> str:
        """Their names."""
        return "、".join(str(user) for user in group.members.all()) or "—"

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Boxes to tick: an office has few people, and they work by keyboard."""
        kwargs["widget"] = UnfoldAdminCheckboxSelectMultipleWidget
        kwargs["queryset"] = User.objects.filter(is_active=True)
        return super().formfield_for_manytomany(db_field, request, **kwargs)
