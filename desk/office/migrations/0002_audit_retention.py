"""Lets go of audit entries that are older than 180 days; younger ones stay fixed."""

from __future__ import annotations

from typing import Any

from django.db import migrations

TABLE = "handoff_auditentry"
_SQLITE = f"""
CREATE TRIGGER audit_no_DELETE BEFORE DELETE ON {TABLE} WHEN OLD.at > datetime('now', '-180 days')
    BEGIN SELECT RAISE(ABORT, 'append only'); END
"""
_POSTGRES = """
CREATE OR REPLACE FUNCTION audit_fixed() RETURNS trigger AS $$
BEGIN
    IF TG_OP = 'DELETE' AND OLD.at < now() - interval '180 days' THEN RETURN OLD; END IF;
    RAISE EXCEPTION 'append only';
END $$ LANGUAGE plpgsql;
"""
_POSTGRES_TRUNCATE = """
CREATE OR REPLACE FUNCTION audit_whole() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION 'append only'; END $$ LANGUAGE plpgsql;
"""


def change(apps: Any, editor: Any) -> None:
    """Put the new trigger in place of the old one, in the database's own words."""
    if editor.connection.vendor == "postgresql":
        editor.execute(_POSTGRES)
        editor.execute(_POSTGRES_TRUNCATE)
        editor.execute(f"DROP TRIGGER audit_no_truncate ON {TABLE}")
        editor.execute(
            f"CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON {TABLE} FOR EACH STATEMENT EXECUTE FUNCTION audit_whole()"
        )
    else:
        editor.execute("DROP TRIGGER audit_no_DELETE")
        editor.execute(_SQLITE)


class Migration(migrations.Migration):
    """Retention of the audit log."""

    dependencies = [("office", "0001_initial"), ("handoff", "0002_audit_fixed")]  # noqa: RUF012 - Django's way
    operations = [migrations.RunPython(change, migrations.RunPython.noop)]  # noqa: RUF012 - Django's way
