"""The audit log's table and the triggers that make it append-only, for SQLite and for PostgreSQL."""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from seta.kit import append_only

TABLE = "oversight_auditevent"
MESSAGE = "the audit log is append-only"
FUNCTION = "oversight_refuse_change"
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
        schema_editor.execute(f"DROP FUNCTION IF EXISTS {FUNCTION}()")


def _sqlite() -> list[str]:
    columns = _COLUMNS.format(instant="datetime")
    taken = f"SELECT 1 FROM {TABLE} WHERE id = NEW.id OR (house_id = NEW.house_id AND seq >= NEW.seq)"
    return [
        f"CREATE TABLE {TABLE} (id integer NOT NULL PRIMARY KEY AUTOINCREMENT, {columns})",
        *append_only.sqlite_triggers(TABLE, MESSAGE, taken=taken),
    ]


def _postgresql() -> list[str]:
    columns = _COLUMNS.format(instant="timestamp with time zone")
    return [
        f"CREATE TABLE {TABLE} (id bigserial PRIMARY KEY, {columns})",
        append_only.refusing_function(FUNCTION, MESSAGE),
        append_only.postgresql_no_change(TABLE, FUNCTION),
    ]
