"""Triggers that refuse to change or delete an audit entry."""

from __future__ import annotations

from typing import Any

from django.db import migrations

TABLE = "handoff_auditentry"
_SQLITE = (
    "CREATE TRIGGER audit_no_{what} BEFORE {what} ON {table} BEGIN SELECT RAISE(ABORT, 'append only'); END"
)
_POSTGRES = """
CREATE FUNCTION audit_fixed() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'append only'; END $$ LANGUAGE plpgsql;
CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION audit_fixed();
CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION audit_fixed();
"""


def add(apps: Any, editor: Any) -> None:
    """Add the triggers in the database's own words."""
    if editor.connection.vendor == "postgresql":
        editor.execute(_POSTGRES.format(table=TABLE))
    else:
        for what in ("UPDATE", "DELETE"):
            editor.execute(_SQLITE.format(what=what, table=TABLE))


class Migration(migrations.Migration):
    """Append-only audit log."""

    dependencies = [("handoff", "0001_initial")]  # noqa: RUF012 - Django's way
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]  # noqa: RUF012 - Django's way
