"""The app's name in lists."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Accounts of staff."""

    name = "desk.accounts"
    label = "accounts"
    verbose_name = "人员"
