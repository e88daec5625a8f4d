"""The triggers that make the books append-only, written for SQLite and for PostgreSQL."""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SEALED_TABLES = ("ledger_journal", "ledger_posting")
_VERBS = ("UPDATE", "DELETE")


def seal(connection: BaseDatabaseWrapper) -> None:
    """Refuses every UPDATE and DELETE of a journal or posting, whoever sends it; twice is harmless."""
    unseal(connection)
    with connection.cursor() as cursor:
        for statement in _statements(connection.vendor):
            cursor.execute(statement)


def unseal(connection: BaseDatabaseWrapper) -> None:
    """Takes the triggers away: to roll the schema back, or where a test database is emptied by DELETE."""
    is_postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        for table in SEALED_TABLES:
            for verb in _VERBS:
                owner = f" ON {table}" if is_postgresql else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{verb.lower()}{owner}")
        if is_postgresql:
            cursor.execute("DROP FUNCTION IF EXISTS ledger_refuse_change()")


def forwards(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """`seal`, in the form a migration calls."""
    seal(schema_editor.connection)


def backwards(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """`unseal`, in the form a migration calls."""
    unseal(schema_editor.connection)


def _statements(vendor: str) -> list[str]:
    message = "the books are append-only: post a reversing journal instead"
    if vendor == "sqlite":
        return [
            f"CREATE TRIGGER IF NOT EXISTS {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
            for table in SEALED_TABLES
            for verb in _VERBS
        ]
    assert vendor == "postgresql", f"the books cannot be sealed on {vendor}"
    refuse = (
        "CREATE OR REPLACE FUNCTION ledger_refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    triggers = [
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change()"
        for table in SEALED_TABLES
        for verb in _VERBS
    ]
    return [refuse, *triggers]
