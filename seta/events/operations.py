"""Publish a fact in the transaction that makes it true, and deliver it to its hearers until each is done."""

import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction

from seta.events import rules
from seta.events.events import Fact
from seta.events.models import Delivery, Event
from seta.events.routes import installed, tap_of
from seta.kit.inserting import insert_many
from seta.kit.limits import DELIVERY_ATTEMPTS_MAX, DELIVERY_BATCH_MAX

log = logging.getLogger(__name__)

FACTS_A_STATEMENT = 2_000
"""Seven bound values each: SQLite takes 32,766 a statement, PostgreSQL 65,535."""


def publish(fact: Fact) -> None:
    """Keep a fact and one delivery a hearer; must be called inside the transaction that makes it true."""
    publish_many([fact])


def publish_many(facts: Sequence[Fact]) -> None:
    """Keep several facts and their deliveries with two statements, whatever their number up to some thousands."""
    assert connection.in_atomic_block, "publish inside the transaction that makes it true"
    for start in range(0, len(facts), FACTS_A_STATEMENT):
        _publish(facts[start : start + FACTS_A_STATEMENT])


def _publish(facts: Sequence[Fact]) -> None:
    recorded_at = datetime.now(UTC)
    hearers = {kind: installed().hearers(kind) for kind in {type(fact) for fact in facts}}
    tap = tap_of(facts)
    if len(facts) == 1 and tap is None and connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(*statement_of(facts[0]))
        return
    rows = _rows(facts, recorded_at)
    if tap is None and not any(hearers.values()):
        _insert_unheard(rows)
        return
    events = _insert(rows)
    _insert_deliveries(
        [
            (event_id, handler)
            for event_id, fact in zip(events, facts, strict=True)
            for handler in hearers[type(fact)]
        ],
        connection.ops.adapt_datetimefield_value(recorded_at),
    )
    if tap is not None:
        tap(list(zip(events, facts, strict=True)), recorded_at)


def statement_of(fact: Fact) -> tuple[str, list[Any]]:
    """What keeps a fact that nothing taps, and its deliveries, as one statement of PostgreSQL and its values.

    For who sends several statements in one message; it must run in the transaction that makes the fact true.
    """
    assert tap_of([fact]) is None, f"{fact.name} is tapped"
    recorded_at = datetime.now(UTC)
    (row,) = _rows([fact], recorded_at)
    keeping = f"INSERT INTO {_INTO} VALUES {_ROW}"
    hearers = list(installed().hearers(type(fact)))
    if not hearers:
        return keeping, list(row)
    heard = ", ".join(["(%s)"] * len(hearers))
    return (
        f"WITH told AS ({keeping} RETURNING id) INSERT INTO {_DELIVERIES}"
        f" SELECT told.id, heard.handler, %s, 0, FALSE, '' FROM told, (VALUES {heard}) AS heard(handler)",
        [*row, connection.ops.adapt_datetimefield_value(recorded_at), *hearers],
    )


def _rows(facts: Sequence[Fact], recorded_at: datetime) -> list[tuple[Any, ...]]:
    """What is kept of each fact. By hand: every callback tells two facts, and the ORM spends ten times what the
    statement itself takes on assembling it."""
    recorded, encoded = connection.ops.adapt_datetimefield_value(recorded_at), rules.encoded
    return [
        (
            fact.name,
            fact.house_id,
            fact.person_id,
            occurred,
            recorded,
            encoded(fact),
            not fact.is_for_the_lake,
        )
        for fact, occurred in zip(facts, _instants([fact.occurred_at for fact in facts]), strict=True)
    ]


def _instants(ats: Sequence[datetime]) -> list[Any]:
    """Instants as this database's driver takes them; a batch of messages has as many as it has facts."""
    # A fact alone pays more for the question whether there is a quicker way than the way takes.
    if len(ats) > 8 and _are_plain(ats):
        # What Django's adapter comes to for such instants, in a fifth of its time.
        return [at.replace(tzinfo=None).isoformat(" ") for at in ats]
    adapted = connection.ops.adapt_datetimefield_value
    return [adapted(at) for at in ats]


def _are_plain(ats: Sequence[datetime]) -> bool:
    """Whether all are in the zone that SQLite keeps instants in, so that only their text is wanted."""
    return (
        connection.vendor == "sqlite" and connection.timezone is UTC and all(at.tzinfo is UTC for at in ats)
    )


_INTO = f"{Event._meta.db_table} (name, house_id, person_id, occurred_at, recorded_at, body, laked)"
_ROW = "(%s, %s, %s, %s, %s, %s, %s)"
_DELIVERIES = f"{Delivery._meta.db_table} (event_id, handler, due_at, attempts, resting, error)"


def _insert_unheard(rows: Sequence[tuple[Any, ...]]) -> None:
    """Keep facts that only the lake takes: nobody needs their ids now."""
    with connection.cursor() as cursor:
        insert_many(cursor, _INTO, rows)


def _insert(rows: Sequence[tuple[Any, ...]]) -> list[int]:
    """Keep facts with one statement and return their ids in order."""
    values = [value for row in rows for value in row]
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {_INTO} VALUES {', '.join([_ROW] * len(rows))} RETURNING id", values)
        # Neither database promises an order of what it returns; ids are drawn in the order of the rows.
        return sorted(row[0] for row in cursor.fetchall())


def _insert_deliveries(due: Sequence[tuple[int, str]], at: Any) -> None:
    if not due:
        return
    rows = ", ".join(["(%s, %s, %s, 0, FALSE, '')"] * len(due))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {_DELIVERIES} VALUES {rows}",
            [value for event_id, handler in due for value in (event_id, handler, at)],
        )


def deliver_due(*, now: datetime, limit: int = DELIVERY_BATCH_MAX) -> int:
    """Hand due deliveries to their hearers; returns how many were taken.

    A hearer runs outside any transaction, so it may talk to a platform; it must bear to run again, since a
    process may die between its work and the mark that it is done. On PostgreSQL several workers share the
    table by SKIP LOCKED: each delivery is claimed by moving its due time before the hearer runs.
    """
    taken = _claim(now=now, limit=limit)
    for delivery in taken:
        _hand_over(delivery, now=now)
    return len(taken)


@transaction.atomic
def _claim(*, now: datetime, limit: int) -> list[Delivery]:
    due = Delivery.objects.filter(done_at__isnull=True, resting=False, due_at__lte=now).order_by(
        "due_at", "id"
    )
    if connection.features.has_select_for_update_skip_locked:
        due = due.select_for_update(skip_locked=True, of=("self",))
    taken = list(due.select_related("event")[:limit])
    for delivery in taken:
        delivery.attempts += 1
        delivery.due_at = now + rules.retry_after(delivery.attempts)
    Delivery.objects.bulk_update(taken, ["attempts", "due_at"])
    return taken


def _hand_over(delivery: Delivery, *, now: datetime) -> None:
    found = installed().find(delivery.event.name, delivery.handler)
    if found is None:
        _rest(delivery, f"no hearer named {delivery.handler} in the table")
        return
    kind, hearer = found
    try:
        hearer(rules.restored(kind, delivery.event.body), now)
    except Exception as problem:
        _note_failure(delivery, problem)
        return
    Delivery.objects.filter(pk=delivery.pk).update(done_at=datetime.now(UTC), error="")


def _note_failure(delivery: Delivery, problem: Exception) -> None:
    reason = f"{type(problem).__name__}: {problem}"[:2000]
    if delivery.attempts >= DELIVERY_ATTEMPTS_MAX:
        _rest(delivery, reason)
        return
    log.warning(
        "delivery %s failed (%s of %s): %s", delivery, delivery.attempts, DELIVERY_ATTEMPTS_MAX, reason
    )
    Delivery.objects.filter(pk=delivery.pk).update(error=reason)


def _rest(delivery: Delivery, reason: str) -> None:
    log.error("delivery %s rests: %s", delivery, reason)
    Delivery.objects.filter(pk=delivery.pk).update(resting=True, error=reason)


def wake_resting(*, now: datetime) -> int:
    """Try all resting deliveries again, for when their cause is mended; returns how many."""
    return Delivery.objects.filter(resting=True).update(resting=False, attempts=0, due_at=now)


def mark_laked(*, event_ids: Sequence[int]) -> None:
    """Remember that these events are safe in the lake."""
    Event.objects.filter(pk__in=event_ids).update(laked=True)
