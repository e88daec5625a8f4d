"""The triggers that keep the ledger of merit as it was written: only whose it is may change, and nothing is deleted."""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from seta.kit import append_only

TABLE = "loyalty_merit"
_MESSAGE = "the ledger of merit is append-only: take points back with a line of their own"
_FUNCTION = "loyalty_refuse_change"
_KEPT = (
    "id, house_id, rule_set_id, key, deed, way, points, daily_cap, label, at, day, expires_at, noted_by_id,"
    " recorded_at"
)


def seal(connection: BaseDatabaseWrapper) -> None:
    """Refuse every DELETE and every UPDATE but that of the person; twice is harmless."""
    unseal(connection)
    refuse = {
        "sqlite": f"BEGIN SELECT RAISE(ABORT, '{_MESSAGE}'); END",
        "postgresql": f"FOR EACH ROW EXECUTE FUNCTION {_FUNCTION}()",
    }[connection.vendor]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(append_only.refusing_function(_FUNCTION, _MESSAGE))
        cursor.execute(f"CREATE TRIGGER {TABLE}_no_update BEFORE UPDATE OF {_KEPT} ON {TABLE} {refuse}")
        cursor.execute(f"CREATE TRIGGER {TABLE}_no_delete BEFORE DELETE ON {TABLE} {refuse}")


def unseal(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers away: to roll the schema back, or where a test database is emptied by DELETE."""
    with connection.cursor() as cursor:
        for statement in append_only.unsealing(connection.vendor, [TABLE]):
            cursor.execute(statement)
        if connection.vendor == "postgresql":
            cursor.execute(f"DROP FUNCTION IF EXISTS {_FUNCTION}()")


def forwards(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """`seal`, in the form a migration calls."""
    seal(schema_editor.connection)


def backwards(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """`unseal`, in the form a migration calls."""
    unseal(schema_editor.connection)
