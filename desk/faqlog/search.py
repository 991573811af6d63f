"""Full-text search over the turns, in the database's own index.

SQLite has an FTS5 table over the column ``grams``, kept by triggers; PostgreSQL a GIN index over it.
Both are made after every ``migrate``: on SQLite a migration that rebuilds the table drops its triggers.
"""

from __future__ import annotations

from typing import Any

from django.db import connections
from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL

from desk.faqlog.grams import phrases
from desk.faqlog.models import Turn

_SQLITE = (
    "CREATE VIRTUAL TABLE faqlog_search USING fts5("
    "grams, content='faqlog_turn', content_rowid='id', columnsize=0, prefix='1', tokenize='unicode61')",
    "INSERT INTO faqlog_search(faqlog_search) VALUES('rebuild')",
)
_REMOVE = "INSERT INTO faqlog_search(faqlog_search, rowid, grams) VALUES('delete', old.id, old.grams);"
_ADD = "INSERT INTO faqlog_search(rowid, grams) VALUES(new.id, new.grams);"
_TRIGGERS = (
    f"CREATE TRIGGER IF NOT EXISTS search_added AFTER INSERT ON faqlog_turn BEGIN {_ADD} END",
    f"CREATE TRIGGER IF NOT EXISTS search_removed AFTER DELETE ON faqlog_turn BEGIN {_REMOVE} END",
    "CREATE TRIGGER IF NOT EXISTS search_changed AFTER UPDATE OF grams ON faqlog_turn "
    f"BEGIN {_REMOVE} {_ADD} END",
)
_FOUND = "SELECT rowid FROM faqlog_search WHERE faqlog_search"
_COMMON = 20_000
"""Turns from which on a word is no help in finding few."""
_VECTOR = "to_tsvector('simple', grams)"
_POSTGRES = f"CREATE INDEX IF NOT EXISTS turn_grams ON faqlog_turn USING gin ({_VECTOR})"


def make_index(using: str = "default", **_: Any) -> None:
    """Make the index where it isn't there yet. A receiver of ``post_migrate``."""
    connection = connections[using]
    tables = connection.introspection.table_names()
    if "faqlog_turn" not in tables:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRES)
            return
        for statement in (() if "faqlog_search" in tables else _SQLITE) + _TRIGGERS:
            cursor.execute(statement)


def containing(turns: QuerySet[Turn], query: str) -> QuerySet[Turn]:
    """Those of the turns whose question has all the words of the query; none when it has no word."""
    wanted = phrases(query)
    if not wanted:
        return turns.none()
    if connections[turns.db].vendor == "postgresql":
        match = " & ".join(
            " <-> ".join([*phrase[:-1], f"{phrase[-1]}{':*' if _star(phrase) else ''}"]) for phrase in wanted
        )
        where = f"{_VECTOR} @@ to_tsquery('simple', %s)"
        return turns.filter(RawSQL(where, [match], output_field=BooleanField()))  # noqa: S611 - a fixed text
    # NEAR isn't needed: words in one string stand side by side.
    match = " AND ".join(f'"{" ".join(phrase)}"{_star(phrase)}' for phrase in wanted)
    if _common(turns.db, match):
        # Most turns have it: look at them in the order of the page until it is full.
        inside = (
            "EXISTS (SELECT 1 FROM faqlog_search WHERE rowid = faqlog_turn.id AND faqlog_search MATCH %s)"
        )
        return turns.filter(RawSQL(inside, [match], output_field=BooleanField()))  # noqa: S611 - a fixed text
    return turns.filter(pk__in=RawSQL(f"{_FOUND} MATCH %s", [match]))  # noqa: S611 - the same


def _star(phrase: list[str]) -> str:
    """A single character stands for all pairs that begin with it, a Latin word for its beginnings."""
    return "*" if len(phrase[-1]) == 1 or phrase[-1].isascii() else ""


def _common(using: str, match: str) -> bool:
    with connections[using].cursor() as cursor:
        counted = f"SELECT count(*) FROM ({_FOUND} MATCH %s LIMIT {_COMMON})"  # noqa: S608 - fixed texts
        cursor.execute(counted, [match])
        return int(cursor.fetchone()[0]) >= _COMMON
