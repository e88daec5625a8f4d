"""The index's table on SQLite (FTS5) and on PostgreSQL (an array with a GIN index): make, add, take out, match."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from seta.oversight.search.tokens import CHARACTER_DIGITS, number, numbers

TABLE = "oversight_search"
Entry = tuple[int, str]
"""A message's id and its tokens, as `Tokens.words_of` writes them."""

_SQLITE = (
    # detail=none keeps only which message has a token: the recheck looks at the words themselves.
    f"CREATE VIRTUAL TABLE {TABLE} USING fts5(tokens, content='', detail=none, tokenize='ascii')",
)
_POSTGRESQL = (
    f"CREATE TABLE {TABLE} (message_id bigint PRIMARY KEY, tokens integer[] NOT NULL)",
    # The planner must know common tokens from rare ones: newest first for those, the index for these.
    f"ALTER TABLE {TABLE} ALTER COLUMN tokens SET STATISTICS 1000",
    f"CREATE INDEX {TABLE}_tokens ON {TABLE} USING gin (tokens) WITH (gin_pending_list_limit = 1024)",
)


def forwards(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make the index, empty."""
    vendor = schema_editor.connection.vendor
    assert vendor in ("sqlite", "postgresql"), f"the archive cannot be indexed on {vendor}"
    for statement in _SQLITE if vendor == "sqlite" else _POSTGRESQL:
        schema_editor.execute(statement)


def backwards(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Drop the index."""
    schema_editor.execute(f"DROP TABLE {TABLE}")


def add(entries: Iterable[Entry]) -> None:
    """Index messages, each once; call in the transaction that keeps them."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            # One by one: FTS5 writes out what it holds in memory before a statement of several rows.
            cursor.executemany(f"INSERT INTO {TABLE} (rowid, tokens) VALUES (%s, %s)", list(entries))
        else:
            sql = (
                f"INSERT INTO {TABLE} (message_id, tokens) VALUES (%s, %s::integer[]) ON CONFLICT DO NOTHING"
            )
            cursor.executemany(sql, [(message_id, numbers(words)) for message_id, words in entries])


def remove(entries: Iterable[Entry]) -> None:
    """Take messages out, given the tokens they went in with: FTS5 without contents cannot know them itself."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            sql = f"INSERT INTO {TABLE} ({TABLE}, rowid, tokens) VALUES ('delete', %s, %s)"
            cursor.executemany(sql, list(entries))
        else:
            ids = [message_id for message_id, _ in entries]
            cursor.execute(f"DELETE FROM {TABLE} WHERE message_id = ANY(%s)", [ids])


def empty() -> None:
    """Take everything out, before it is built anew."""
    sql = f"DELETE FROM {TABLE}"
    if connection.vendor == "sqlite":
        sql = f"INSERT INTO {TABLE} ({TABLE}) VALUES ('delete-all')"
    with connection.cursor() as cursor:
        cursor.execute(sql)


def compact() -> None:
    """Rewrite the index without what was taken out: until then the file still holds its tokens.

    Costs seconds a million messages; call outside a transaction.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"INSERT INTO {TABLE} ({TABLE}) VALUES ('optimize')")
        else:
            cursor.execute(f"VACUUM {TABLE}")


def settle() -> int:
    """Sort in what was added lately, which every search on PostgreSQL looks through until then; returns its pages.

    SQLite sorts in as it goes. Call when no more is coming. Only the index's owner may, and for others autovacuum does.
    """
    if connection.vendor == "sqlite":
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT gin_clean_pending_list(oid::regclass) FROM pg_class"
            " WHERE oid = %s::regclass AND pg_has_role(relowner, 'USAGE')",
            [f"{TABLE}_tokens"],
        )
        row = cursor.fetchone()
        return row[0] if row else 0


def indexed(ids: Sequence[int]) -> set[int]:
    """Which of these messages are in the index; at most 500 at a time."""
    if not ids:
        return set()
    table, column = (f"{TABLE}_docsize", "id") if connection.vendor == "sqlite" else (TABLE, "message_id")
    marks = ", ".join(["%s"] * len(ids))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table} WHERE {column} IN ({marks})", list(ids))
        return {row[0] for row in cursor.fetchall()}


def matching(asked_for: Collection[str]) -> tuple[str, str, str, Any]:
    """How to ask for messages that have all tokens: (table, its id column, condition, its parameter)."""
    if connection.vendor == "sqlite":
        # Words side by side must all be there; a star asks for every word that begins so.
        words = [word if len(word) > CHARACTER_DIGITS else f"{word}*" for word in asked_for]
        return f"{TABLE} s", "s.rowid", f"{TABLE} MATCH %s", " ".join(words)
    wanted = sorted({number(word) for word in asked_for})
    return f"{TABLE} s", "s.message_id", "s.tokens @> %s::integer[]", wanted
