"""The app's name in lists, and the search index that follows its tables."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class FaqLogConfig(AppConfig):
    """The log of turns."""

    name = "desk.faqlog"
    label = "faqlog"
    verbose_name = "问答日志"

    def ready(self) -> None:
        """Make the search index after each migration."""
        # Imported here: models can't be before the apps are ready.
        from desk.faqlog.search import make_index

        post_migrate.connect(make_index, sender=self, dispatch_uid="faqlog search")
