"""Django on a database of its own for each test, and the session's real Redis server.

With ``DESK_TEST_SERVER`` (the address of a PostgreSQL server, ending in ``/``) the databases are made there.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import django
import msgspec
import pytest

from tests.desk import postgres
from tests.desk.place import Place

_FOLDER = Path(tempfile.mkdtemp(prefix="desk-tests-"))
_SERVER = os.environ.get("DESK_TEST_SERVER", "")
_TEMPLATE = (
    f"{_SERVER}{_FOLDER.name.replace('-', '_').lower()}" if _SERVER else f"sqlite:///{_FOLDER}/template"
)
_ENVIRON = {
    "VAR_DIR": str(_FOLDER / "var"),
    "DATABASE_URL": _TEMPLATE,
    "DJANGO_SETTINGS_MODULE": "desk.settings",
}


def _set_up() -> None:
    """Make Django ready with a database that is thrown away; other tests see no variable."""
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


@contextmanager
def _a_database(folder: Path) -> Iterator[Place]:
    """A copy of the template, for every thread of this process."""
    from django.db import connections

    settings = connections["default"].settings_dict
    if _SERVER:
        name = postgres.copy(_SERVER, settings["NAME"])
        place = Place(folder, _SERVER + name)
    else:
        name = str(folder / "desk.sqlite3")
        shutil.copy(_FOLDER / "template", name)
        place = Place(folder, f"sqlite:///{name}")
    before, settings["NAME"] = settings["NAME"], name
    try:
        yield place
    finally:
        connections.close_all()
        settings["NAME"] = before
        if _SERVER:
            postgres.drop(_SERVER, name)


@pytest.fixture(scope="session", autouse=True)
def _bus_closed() -> Iterator[None]:
    yield
    from desk.bus import bus

    bus.close()


@pytest.fixture(scope="session")
def _template() -> Iterator[None]:
    """An empty database in its newest form."""
    from django.core.management import call_command
    from django.db import connections

    if _SERVER:
        postgres.create(_TEMPLATE)
    call_command("migrate", verbosity=0, interactive=False)
    if not _SERVER:
        connections["default"].cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connections.close_all()
    yield
    if _SERVER:
        postgres.drop(_SERVER, _TEMPLATE.removeprefix(_SERVER))


@contextmanager
def _settings(redis_url: str) -> Iterator[None]:
    from django.conf import settings

    from desk.hours import Calendar

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "BOT", msgspec.structs.replace(settings.BOT, redis_url=redis_url))
        always = Calendar(weekdays=frozenset(range(1, 8)), spans=("00:00-23:59",))
        patch.setattr(settings, "ALLOWED_HOSTS", [*settings.ALLOWED_HOSTS, "testserver"])
        patch.setattr(settings, "CALENDAR", always, raising=False)
        # Each client of a test would look through all static files first; processes still do.
        patch.setattr(settings, "WHITENOISE_USE_FINDERS", False)
        # The browser's driver runs an event loop in this thread, though nothing here is asynchronous.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield


@pytest.fixture
def database(_template: None, tmp_path: Path) -> Iterator[Place]:
    """An empty database of this test's own."""
    with _a_database(tmp_path) as place:
        yield place


@pytest.fixture
def desk(database: Place, redis_url: str) -> Iterator[None]:
    """The desk with an empty database and an empty Redis; always within working hours."""
    from desk.bus import bus

    with _settings(redis_url):
        bus.call(lambda redis: redis.flushdb())
        yield


Office = tuple[str, Callable[[], None]]


@pytest.fixture(scope="module")
def _office(_template: None, redis_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    from desk.bus import bus
    from tests.desk import office

    folder = tmp_path_factory.mktemp("office")
    with _settings(redis_url), _a_database(folder) as place:
        bus.call(lambda redis: redis.flushdb())
        with office.open_(place, redis_url) as address:
            yield address, office.empty


@pytest.fixture
def address(_office: Office) -> str:
    """The address of a desk at work, one for the whole module, emptied for each test."""
    address, empty = _office
    empty()
    return address
