"""A desk at work for a whole module of tests: its pages and its consumer as processes, emptied in between."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.desk.place import Place
from tests.desk.processes import consuming, serving, until


@contextmanager
def open_(place: Place, redis_url: str) -> Iterator[str]:
    """Start it; gives the address of its pages."""
    from django.conf import settings

    var = place.folder / "var"
    var.mkdir(exist_ok=True)
    # Sessions are made here and read there: both need the same key.
    (var / "desk.secret").write_text(settings.SECRET_KEY, encoding="ascii")
    with serving(place, redis_url) as address, consuming(place, redis_url):
        yield address


def empty() -> None:
    """Empty Redis and all tables but the audit log, which can't be."""
    from django.apps import apps
    from django.db import connection, transaction

    from desk.bus import bus

    bus.call(lambda redis: redis.flushdb())
    # The consumer takes its lease before it reads: once it stands again, nothing old is on its way to SQL.
    until(lambda: bool(bus.call(lambda redis: redis.exists("desk:consumer"))))
    kept = {"handoff_auditentry", "django_content_type"}
    tables = [model._meta.db_table for model in apps.get_models(include_auto_created=True)]
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA defer_foreign_keys = ON")
        for table in set(tables) - kept:
            cursor.execute(f'DELETE FROM "{table}"')  # noqa: S608 - our own tables


def cookie(address: str, who: Any) -> dict[str, str]:
    """The cookie of somebody logged in, as the browser's driver takes it."""
    from django.conf import settings

    from tests.desk.make import signed_in

    client = signed_in(who)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    return {"name": settings.SESSION_COOKIE_NAME, "value": value, "url": address}
