"""A log of many weeks for `bench.office`, in whichever database Django has."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.db.models import Model

BLOCK = 20_000
"""Turns of one week, written in the ordinary way; the other weeks are copies of it."""


def _copy(weeks: int) -> None:
    """Add the first week again so many times, each time a week earlier and of other applicants."""
    from django.db import connection

    from desk.faqlog.models import Question, Screening, Turn, Visit
    from desk.handoff.models import Conversation

    postgres = connection.vendor == "postgresql"
    models: list[type[Model]] = [Conversation, Visit, Screening, Turn, Question]
    most = {model.__name__: model._default_manager.latest("pk").pk for model in models}
    for number in range(1, weeks):
        # Questions of the newest weeks only: the office settles what is older.
        for model in models if number < 10 else models[:-1]:
            columns = [str(field.column) for field in model._meta.concrete_fields]
            values = [_value(model.__name__, column, number, most, postgres) for column in columns]
            table = model._meta.db_table
            with connection.cursor() as cursor:
                cursor.execute(
                    f"INSERT INTO {table} ({', '.join(columns)}) "  # noqa: S608 - names of our own tables
                    f"SELECT {', '.join(values)} FROM {table} WHERE id <= {most[model.__name__]}"
                )


def _value(model: str, column: str, number: int, most: dict[str, int], postgres: bool) -> str:
    of = model if column == "id" else column.removesuffix("_id").capitalize()
    if of in most and (column == "id" or column.endswith("_id")):
        return f"{column} + {number * most[of]}"
    if column in {"event", "key"}:
        return f"{column} || '-{number}'"
    if column in {"at", "started_at", "last_at"}:
        earlier = f"strftime('%Y-%m-%d %H:%M:%S', {column}, '-{number * 7} days')"
        return f"{column} - interval '{number * 7} days'" if postgres else earlier
    if column == "day":
        return f"day - {number * 7}" if postgres else f"date(day, '-{number * 7} days')"
    return column


def build(turns: int) -> None:
    """Fill the database."""
    from django.db import connection

    from desk.faqlog import rollup
    from desk.faqlog.grouping import gather
    from tests.desk import biglog

    started = time.perf_counter()
    biglog.fill(BLOCK, days=7, people=BLOCK // 4)
    gather.run()
    print(f"one week written and grouped in {time.perf_counter() - started:.0f} s", flush=True)
    started = time.perf_counter()
    _copy(max(turns // BLOCK, 1))
    print(f"copied to {turns:,} turns in {time.perf_counter() - started:.0f} s", flush=True)
    started = time.perf_counter()
    with connection.cursor() as cursor:
        # What a PostgreSQL server does by itself in time, and SQLite calls by another name.
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    days = rollup.roll_finished(10_000)
    print(f"{days} days rolled in {time.perf_counter() - started:.0f} s", flush=True)
