"""The triggers that make the books append-only, written for SQLite and for PostgreSQL."""

from collections.abc import Sequence
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from seta.kit import append_only

JOURNAL_TABLES = ("ledger_journal", "ledger_posting")
PENDING_TABLES = ("ledger_pending", "ledger_pendingline", "ledger_resolution")
SEALED_TABLES = (*JOURNAL_TABLES, *PENDING_TABLES)
_FUNCTION = "ledger_refuse_change"
_MESSAGE = "the books are append-only: post a reversing journal instead"


def seal(connection: BaseDatabaseWrapper, tables: Sequence[str] = SEALED_TABLES) -> None:
    """Refuses every UPDATE and DELETE of a row of these tables, whoever sends it; twice is harmless."""
    unseal(connection, tables)
    statements = append_only.sealing(connection.vendor, tables, message=_MESSAGE, function=_FUNCTION)
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def unseal(connection: BaseDatabaseWrapper, tables: Sequence[str] = SEALED_TABLES) -> None:
    """Takes the triggers away: to roll the schema back, or where a test database is emptied by DELETE."""
    with connection.cursor() as cursor:
        for statement in append_only.unsealing(connection.vendor, tables):
            cursor.execute(statement)


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
