"""Tables that only grow: made by hand with triggers that refuse any change, for SQLite and for PostgreSQL."""

from collections.abc import Mapping
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from seta.kit import append_only
from seta.oversight.sealing import FUNCTION, MESSAGE

TABLES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "oversight_subtree": (
        "house_id bigint NOT NULL, level integer NOT NULL, number bigint NOT NULL, digest varchar(64) NOT NULL",
        ("house_id", "level", "number"),
    ),
    "oversight_treehead": (
        "house_id bigint NOT NULL, size bigint NOT NULL, body text NOT NULL, signature varchar(128) NOT NULL, "
        "at {instant} NOT NULL",
        ("house_id", "size"),
    ),
    "oversight_cosignature": (
        "house_id bigint NOT NULL, size bigint NOT NULL, witness varchar(120) NOT NULL, "
        "public varchar(64) NOT NULL, signature varchar(128) NOT NULL, at {instant} NOT NULL",
        ("house_id", "size", "witness"),
    ),
    "oversight_witnessedhead": (
        "origin varchar(120) NOT NULL, size bigint NOT NULL, body text NOT NULL, signature varchar(128) NOT NULL, "
        "cosignature varchar(128) NOT NULL, at {instant} NOT NULL",
        ("origin", "size"),
    ),
    "oversight_certificate": (
        "house_id bigint NOT NULL, run_id bigint NOT NULL, body text NOT NULL, key varchar(16) NOT NULL, "
        "signature varchar(128) NOT NULL, at {instant} NOT NULL",
        ("house_id", "run_id"),
    ),
}
"""Columns, and what must be unique, of each table of the evidence."""


def forwards(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make the tables and seal them against UPDATE, DELETE and, on SQLite, REPLACE; on PostgreSQL also TRUNCATE."""
    vendor = schema_editor.connection.vendor
    assert vendor in ("sqlite", "postgresql"), f"evidence cannot be sealed on {vendor}"
    make = _sqlite if vendor == "sqlite" else _postgresql
    for table, (columns, unique) in TABLES.items():
        for statement in make(table, columns, unique):
            schema_editor.execute(statement)
    if vendor == "postgresql":
        schema_editor.execute(append_only.postgresql_no_truncate("oversight_auditevent", FUNCTION))


def backwards(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Drop the tables with their triggers, to roll the schema back."""
    for table in TABLES:
        schema_editor.execute(f"DROP TABLE {table}")
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER oversight_auditevent_no_truncate ON oversight_auditevent")


def _sqlite(table: str, columns: str, unique: tuple[str, ...]) -> list[str]:
    same = " AND ".join(f"{name} = NEW.{name}" for name in unique)
    taken = f"SELECT 1 FROM {table} WHERE id = NEW.id OR ({same})"
    kept = columns.format(instant="datetime")
    return [
        f"CREATE TABLE {table} (id integer NOT NULL PRIMARY KEY AUTOINCREMENT, {kept}, UNIQUE ({', '.join(unique)}))",
        *append_only.sqlite_triggers(table, MESSAGE, taken=taken),
    ]


def _postgresql(table: str, columns: str, unique: tuple[str, ...]) -> list[str]:
    kept = columns.format(instant="timestamp with time zone")
    return [
        f"CREATE TABLE {table} (id bigserial PRIMARY KEY, {kept}, UNIQUE ({', '.join(unique)}))",
        append_only.postgresql_no_change(table, FUNCTION),
        append_only.postgresql_no_truncate(table, FUNCTION),
    ]
