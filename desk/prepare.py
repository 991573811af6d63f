"""Setting Django up, and bringing the database to the newest form, once, whoever comes first."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

import django
from django.conf import settings


def set_up() -> None:
    """Make Django ready in this process."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "desk.settings")
    django.setup()


@contextmanager
def _alone() -> Iterator[None]:
    """One process of this machine at a time."""
    settings.BOT.var.mkdir(parents=True, exist_ok=True)
    with (settings.BOT.var / ".desk.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def migrate() -> None:
    """Bring the database to the newest form; quick when it is."""
    from django.core.management import call_command

    with _alone():
        call_command("migrate", verbosity=0, interactive=False)


def first_link() -> str | None:
    """The one-time link of the first administrator, or None when somebody has a password already."""
    from desk.accounts import links

    with _alone():
        user = links.first_admin()
    if user is None:
        return None
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.BOT.host, settings.BOT.host)  # noqa: S104 - compared
    return f"http://{host}:{settings.BOT.desk_port}{links.path(user)}"
