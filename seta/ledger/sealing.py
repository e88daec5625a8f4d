"""The triggers that make the books append-only, written for SQLite and for PostgreSQL."""

from collections.abc import Sequence
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

JOURNAL_TABLES = ("ledger_journal", "ledger_posting")
PENDING_TABLES = ("ledger_pending", "ledger_pendingline", "ledger_resolution")
SEALED_TABLES = (*JOURNAL_TABLES, *PENDING_TABLES)
_VERBS = ("UPDATE", "DELETE")
_MESSAGE = "the books are append-only: post a reversing journal instead"


def seal(connection: BaseDatabaseWrapper, tables: Sequence[str] = SEALED_TABLES) -> None:
    """Refuses every UPDATE and DELETE of a row of these tables, whoever sends it; twice is harmless."""
    unseal(connection, tables)
    with connection.cursor() as cursor:
        for statement in _statements(connection.vendor, tables):
            cursor.execute(statement)


def unseal(connection: BaseDatabaseWrapper, tables: Sequence[str] = SEALED_TABLES) -> None:
    """Takes the triggers away: to roll the schema back, or where a test database is emptied by DELETE."""
    with connection.cursor() as cursor:
        for table in tables:
            for verb in _VERBS:
                owner = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{verb.lower()}{owner}")


def forwards(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Seals journals and postings, in the form a migration calls."""
    seal(schema_editor.connection, JOURNAL_TABLES)


def backwards(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Unseals journals and postings, in the form a migration calls."""
    unseal(schema_editor.connection, JOURNAL_TABLES)


def forwards_pending(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Seals all tables: SQLite drops a table's triggers when a migration makes the table anew."""
    seal(schema_editor.connection)


def backwards_pending(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Unseals what `forwards_pending` added."""
    unseal(schema_editor.connection, PENDING_TABLES)


def _statements(vendor: str, tables: Sequence[str]) -> list[str]:
    if vendor == "sqlite":
        return [
            f"CREATE TRIGGER IF NOT EXISTS {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{_MESSAGE}'); END"
            for table in tables
            for verb in _VERBS
        ]
    assert vendor == "postgresql", f"the books cannot be sealed on {vendor}"
    refuse = (
        "CREATE OR REPLACE FUNCTION ledger_refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    triggers = [
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change()"
        for table in tables
        for verb in _VERBS
    ]
    return [refuse, *triggers]
