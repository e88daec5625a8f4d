"""The triggers that keep what was proposed and decided about rates and terms as it was written."""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from seta.kit import append_only

SEALED_TABLES = ("payments_change", "payments_changedecision")
_REFUSAL = "the record of changes is append-only: propose another change instead"
_FUNCTION = "payments_refuse_change"


def seal(connection: BaseDatabaseWrapper) -> None:
    """Refuse every UPDATE and DELETE of the record, whoever sends it; twice is harmless."""
    unseal(connection)
    statements = append_only.sealing(connection.vendor, SEALED_TABLES, message=_REFUSAL, function=_FUNCTION)
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def unseal(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers away: to roll the schema back, or where a test database is emptied by DELETE."""
    with connection.cursor() as cursor:
        for statement in append_only.unsealing(connection.vendor, SEALED_TABLES):
            cursor.execute(statement)
        if connection.vendor == "postgresql":
            cursor.execute(f"DROP FUNCTION IF EXISTS {_FUNCTION}()")


def forwards(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """`seal`, in the form a migration calls."""
    seal(schema_editor.connection)


def backwards(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """`unseal`, in the form a migration calls."""
    unseal(schema_editor.connection)
