"""Managing what staff work with."""

from __future__ import annotations

from django.contrib.admin import register

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
    list_display = ("name",)
    filter_horizontal = ("members",)
