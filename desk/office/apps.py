"""The app of the office."""

from __future__ import annotations

from django.apps import AppConfig


class OfficeConfig(AppConfig):
    """What the office does."""

    name = "desk.office"
    label = "office"
    verbose_name = "业务管理"

    def ready(self) -> None:
        """Hear of applicants who leave, come back, or want to be erased."""
        from desk.handoff import hooks
        from desk.office import people, retention

        hooks.unfollowed.append(retention.unfollowed)
        hooks.followed.append(retention.followed)
        hooks.erasure_wanted.append(people.wanted)
