"""The app of the editions."""

from __future__ import annotations

from django.apps import AppConfig


class EditionsConfig(AppConfig):
    """Editions of the guide."""

    name = "desk.editions"
    label = "editions"
    verbose_name = "指南版本"
