"""The SQL of triggers that let a table only grow, for SQLite and for PostgreSQL; pure text, run by whoever owns it.

Names and messages are ours and never come from outside: they go into the text as they are.
"""

from collections.abc import Sequence

VENDORS = ("sqlite", "postgresql")
_VERBS = ("UPDATE", "DELETE")


def refusing_function(name: str, message: str) -> str:
    """PostgreSQL: the function that triggers call to refuse a change with an integrity error."""
    return (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )


def sealing(vendor: str, tables: Sequence[str], *, message: str, function: str) -> list[str]:
    """Statements after which no UPDATE and no DELETE changes a row of these tables, whoever sends it.

    PostgreSQL refuses through `function`, which is made first; SQLite needs none.
    """
    assert vendor in VENDORS, f"tables cannot be sealed on {vendor}"
    if vendor == "sqlite":
        return [statement for table in tables for statement in sqlite_triggers(table, message)]
    return [refusing_function(function, message)] + [
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {function}()"
        for table in tables
        for verb in _VERBS
    ]


def unsealing(vendor: str, tables: Sequence[str]) -> list[str]:
    """Statements that take the triggers of `sealing` away; harmless where there are none."""
    return [
        f"DROP TRIGGER IF EXISTS {table}_no_{verb.lower()}"
        + (f" ON {table}" if vendor == "postgresql" else "")
        for table in tables
        for verb in _VERBS
    ]


def sqlite_triggers(table: str, message: str, *, taken: str = "") -> list[str]:
    """SQLite: refuse UPDATE and DELETE; and, with a query of rows that NEW would replace, REPLACE as well.

    INSERT OR REPLACE deletes without firing a DELETE trigger, so that it has to be caught before it inserts.
    """
    refuse = f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
    made = [f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} {refuse}" for verb in _VERBS]
    if taken:
        made.append(
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN EXISTS ({taken}) {refuse}"
        )
    return made


def postgresql_no_change(table: str, function: str) -> str:
    """PostgreSQL: one trigger against UPDATE and DELETE."""
    return (
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {function}()"
    )


def postgresql_no_truncate(table: str, function: str) -> str:
    """PostgreSQL: one trigger against TRUNCATE."""
    return (
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {function}()"
    )
