"""Django on a database file of its own for each test, and the session's real Redis server."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import django
import msgspec
import pytest

_FOLDER = Path(tempfile.mkdtemp(prefix="desk-tests-"))
_ENVIRON = {
    "VAR_DIR": str(_FOLDER / "var"),
    "DATABASE_URL": f"sqlite:///{_FOLDER / 'template.sqlite3'}",
    "DJANGO_SETTINGS_MODULE": "desk.settings",
}


def _set_up() -> None:
    """Make Django ready with a database under a folder that is thrown away; other tests see no variable."""
    before = {name: os.environ.get(name) for name in _ENVIRON}
    os.environ.update(_ENVIRON)
    try:
        django.setup()
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


_set_up()


def pytest_unconfigure() -> None:
    shutil.rmtree(_FOLDER, ignore_errors=True)


@pytest.fixture(scope="session")
def template() -> Path:
    """An empty database in its newest form."""
    from django.core.management import call_command
    from django.db import connections

    call_command("migrate", verbosity=0, interactive=False)
    connections["default"].cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connections.close_all()
    return _FOLDER / "template.sqlite3"


@pytest.fixture
def database(template: Path, tmp_path: Path) -> Iterator[Path]:
    """An empty database of this test's own, for every thread of this process."""
    from django.db import connections

    path = tmp_path / "desk.sqlite3"
    shutil.copy(template, path)
    settings = connections["default"].settings_dict
    before, settings["NAME"] = settings["NAME"], str(path)
    try:
        yield path
    finally:
        connections.close_all()
        settings["NAME"] = before


@pytest.fixture
def desk(database: Path, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The desk with an empty database and an empty Redis; always within working hours."""
    from django.conf import settings

    from desk.bus import bus
    from desk.hours import Calendar

    monkeypatch.setattr(settings, "BOT", msgspec.structs.replace(settings.BOT, redis_url=redis_url))
    always = Calendar(weekdays=frozenset(range(1, 8)), spans=("00:00-23:59",))
    monkeypatch.setattr(settings, "ALLOWED_HOSTS", [*settings.ALLOWED_HOSTS, "testserver"])
    monkeypatch.setattr(settings, "CALENDAR", always, raising=False)
    bus.call(lambda redis: redis.flushdb())


@pytest.fixture(scope="session", autouse=True)
def _bus_closed() -> Iterator[None]:
    yield
    from desk.bus import bus

    bus.close()
