"""Rows that stand in an order people choose: the next place at the end, and one place to the front."""

from typing import Any

from django.db.models import Max, QuerySet


def next_place(rows: QuerySet[Any]) -> int:
    """The place after the last one."""
    last = rows.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


def advance(rows: QuerySet[Any], pk: int) -> bool:
    """Let the row change places with the one before it; whether there is one. Call with the rows' owner locked."""
    ids = list(rows.values_list("pk", flat=True))
    at = ids.index(pk)
    if not at:
        return False
    ids[at - 1], ids[at] = ids[at], ids[at - 1]
    for position, each in enumerate(ids):
        rows.filter(pk=each).update(position=position)
    return True
