"""A key that a row shares with the row it says more about."""

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper


class SharedKey(models.OneToOneField[models.Model, models.Model]):
    """The primary key of a row beside another's, by that row's own number.

    SQLite keeps a table in the order of a key only when its type is `integer`; under Django's `bigint` each row would
    be kept twice over, in the table and in an index of the key.
    """

    def db_type(self, connection: BaseDatabaseWrapper) -> str | None:
        """`integer` on SQLite, where it holds 64 bits too."""
        return "integer" if connection.vendor == "sqlite" else super().db_type(connection)
