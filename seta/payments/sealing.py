"""The triggers that keep what was proposed and decided about rates and terms as it was written."""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SEALED_TABLES = ("payments_change", "payments_changedecision")
_REFUSAL = "the record of changes is append-only: propose another change instead"
_VERBS = ("UPDATE", "DELETE")


def seal(connection: BaseDatabaseWrapper) -> None:
    """Refuse every UPDATE and DELETE of the record, whoever sends it; twice is harmless."""
    unseal(connection)
    make = _sqlite() if connection.vendor == "sqlite" else _postgresql()
    with connection.cursor() as cursor:
        for statement in make:
            cursor.execute(statement)


def unseal(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers away: to roll the schema back, or where a test database is emptied by DELETE."""
    is_postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        for table in SEALED_TABLES:
            for verb in _VERBS:
                owner = f" ON {table}" if is_postgresql else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{verb.lower()}{owner}")
        if is_postgresql:
            cursor.execute("DROP FUNCTION IF EXISTS payments_refuse_change()")


def forwards(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """`seal`, in the form a migration calls."""
    seal(schema_editor.connection)


def backwards(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """`unseal`, in the form a migration calls."""
    unseal(schema_editor.connection)


def _sqlite() -> list[str]:
    return [
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
        for table in SEALED_TABLES
        for verb in _VERBS
    ]


def _postgresql() -> list[str]:
    refuse = (
        "CREATE OR REPLACE FUNCTION payments_refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    return [refuse] + [
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION payments_refuse_change()"
        for table in SEALED_TABLES
        for verb in _VERBS
    ]
