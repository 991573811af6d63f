"""Moments as whole numbers in SQL: lists of many rows are counted without making a datetime of each."""

from __future__ import annotations

from typing import Any

from django.db.models import BigIntegerField, Func


class Micros(Func):
    """A moment as microseconds since 1970."""

    output_field = BigIntegerField()
    template = "(EXTRACT(EPOCH FROM %(expressions)s) * 1000000)::bigint"

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        """SQLite keeps a text: seconds, and a fraction of six digits unless it is nothing.

        Its own reading of a fraction rounds to milliseconds: 59.9996 would be the next minute.
        """
        moment, values = compiler.compile(self.source_expressions[0])
        seconds = f"CAST(strftime('%%s', substr({moment}, 1, 19)) AS integer)"
        fraction = f"CAST(substr(substr({moment}, 21) || '000000', 1, 6) AS integer)"
        return f"({seconds} * 1000000 + {fraction})", [*values, *values]
