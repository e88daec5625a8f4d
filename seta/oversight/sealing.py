"""The audit log's table and the triggers that make it append-only, for SQLite and for PostgreSQL."""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TABLE = "oversight_auditevent"
MESSAGE = "the audit log is append-only"
_COLUMNS = (
    "house_id bigint NOT NULL, seq bigint NOT NULL, kind varchar(40) NOT NULL, body text NOT NULL, "
    "leaf varchar(64) NOT NULL, chain varchar(64) NOT NULL, at {instant} NOT NULL, UNIQUE (house_id, seq)"
)


def forwards(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make the table and seal it against UPDATE, DELETE and, on SQLite, REPLACE."""
    vendor = schema_editor.connection.vendor
    assert vendor in ("sqlite", "postgresql"), f"the audit log cannot be sealed on {vendor}"
    for statement in _sqlite() if vendor == "sqlite" else _postgresql():
        schema_editor.execute(statement)


def backwards(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Drop the table with its triggers, to roll the schema back."""
    schema_editor.execute(f"DROP TABLE {TABLE}")
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION IF EXISTS oversight_refuse_change()")


def _sqlite() -> list[str]:
    columns = _COLUMNS.format(instant="datetime")
    refuse = f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    taken = f"SELECT 1 FROM {TABLE} WHERE id = NEW.id OR (house_id = NEW.house_id AND seq >= NEW.seq)"
    return [
        f"CREATE TABLE {TABLE} (id integer NOT NULL PRIMARY KEY AUTOINCREMENT, {columns})",
        f"CREATE TRIGGER {TABLE}_no_update BEFORE UPDATE ON {TABLE} {refuse}",
        f"CREATE TRIGGER {TABLE}_no_delete BEFORE DELETE ON {TABLE} {refuse}",
        f"CREATE TRIGGER {TABLE}_no_replace BEFORE INSERT ON {TABLE} WHEN EXISTS ({taken}) {refuse}",
    ]


def _postgresql() -> list[str]:
    columns = _COLUMNS.format(instant="timestamp with time zone")
    return [
        f"CREATE TABLE {TABLE} (id bigserial PRIMARY KEY, {columns})",
        "CREATE FUNCTION oversight_refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
        f"CREATE TRIGGER {TABLE}_no_change BEFORE UPDATE OR DELETE ON {TABLE} "
        "FOR EACH ROW EXECUTE FUNCTION oversight_refuse_change()",
    ]
