"""The app's name in lists."""

from __future__ import annotations

from django.apps import AppConfig


class HandoffConfig(AppConfig):
    """Hand-off."""

    name = "desk.handoff"
    label = "handoff"
    verbose_name = "人工服务"
