"""What PostgreSQL may believe of a table that one release fills in seconds: that a release has many rows in it."""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TABLES = (
    "drops_reservation",
    "drops_registration",
    "drops_ticketcount",
    "drops_screening",
    "drops_entry",
    "drops_invitation",
)
"""Those that have a row for each person of a release."""


def forwards(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Keep no statistics of which release a row is of.

    With them a release that opened after the last look has no rows at all, and to pick a person's row by whatever
    index begins with the release seems as good as by the person: each request would then read all of the rush.
    Without them the database takes a release for a two-hundredth of the table, and goes by the person.
    """
    if schema_editor.connection.vendor == "postgresql":
        for table in TABLES:
            schema_editor.execute(f"ALTER TABLE {table} ALTER COLUMN drop_id SET STATISTICS 0")


def backwards(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Let the database look again."""
    if schema_editor.connection.vendor == "postgresql":
        for table in TABLES:
            schema_editor.execute(f"ALTER TABLE {table} ALTER COLUMN drop_id SET STATISTICS -1")
