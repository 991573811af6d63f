"""The app's name in lists."""

from __future__ import annotations

from django.apps import AppConfig


class FaqLogConfig(AppConfig):
    """The log of turns."""

    name = "desk.faqlog"
    label = "faqlog"
    verbose_name = "问答日志"
