"""Where a test's desk keeps its things, and the variables that tell a process of it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.conftest import redis_server


class Place(NamedTuple):
    """A folder for files, and the address of a database (``DATABASE_URL``)."""

    folder: Path
    url: str

    @property
    def sqlite(self) -> Path:
        """The database's file; for what only SQLite can do."""
        return Path(self.url.removeprefix("sqlite:///"))


def environ(place: Place, redis_url: str, **more: str) -> dict[str, str]:
    """Variables for a process that works there."""
    return {
        **os.environ,
        "VAR_DIR": str(place.folder / "var"),
        "DATABASE_URL": place.url,
        "REDIS_URL": redis_url,
        "DJANGO_SETTINGS_MODULE": "desk.settings",
        **more,
    }


@contextmanager
def own(database_url: str = "") -> Iterator[tuple[Place, str]]:
    """For commands: a new place and a Redis, with Django ready on them in this process; thrown away after.

    Args:
        database_url: an empty database to use instead of a file.
    """
    with tempfile.TemporaryDirectory() as name, redis_server(Path(name) / "redis") as redis:
        place = Place(Path(name), database_url or f"sqlite:///{name}/desk.sqlite3")
        url = f"redis://127.0.0.1:{redis.port}/0"
        # The browser's driver runs an event loop in this thread, though nothing here is asynchronous.
        os.environ |= environ(place, url, DJANGO_ALLOW_ASYNC_UNSAFE="1")
        from desk import prepare
        from desk.bus import bus

        prepare.set_up()
        prepare.migrate()
        from django.conf import settings
        from django.db import connections

        settings.ALLOWED_HOSTS.append("testserver")
        settings.WHITENOISE_USE_FINDERS = False
        yield place, url
        bus.close()
        connections.close_all()
