"""Keep pushes once, hand them to their handlers in the same transaction, and remember the answers."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import F

from seta.callbacks.models import Callback, Refusal
from seta.callbacks.rules import Answer, CallbackTable, Handler, Inbound, Reason, Verified
from seta.houses.queries import Account
from seta.platforms.core.messages import parse_push

log = logging.getLogger(__name__)

Key = tuple[str, int, str]
"""Source, account and the platform's own identity of a push: by what a repeat of the same push is known."""

__all__ = ["Arrival", "Kept", "each", "finish_unhandled", "keep", "note_refusal"]


@dataclass(frozen=True, slots=True)
class Arrival:
    """A verified push and the account whose door it came to."""

    account: Account
    push: Verified
    received_at: datetime

    @property
    def key(self) -> Key:
        """By what a repeat of the same push is known."""
        return (self.push.source, self.account.id, self.push.external_id)


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of an arrival; `refused` means that the platform shall send it again."""

    answer: Answer
    repeated: bool = False
    refused: bool = False


def each(handle: Callable[[Inbound, datetime], Answer]) -> Handler:
    """A handler of many from an operation on one."""

    def handle_all(batch: Sequence[Inbound], now: datetime) -> Sequence[Answer]:
        return [handle(inbound, now) for inbound in batch]

    return handle_all


def keep(*, arrivals: Sequence[Arrival], table: CallbackTable, now: datetime) -> list[Kept]:
    """Keep a batch of pushes in one transaction and answer each.

    A repeat gets the answer that was stored the first time and changes nothing. One push that its handler cannot
    bear does not sink its neighbours: the batch is then rolled back and handled one by one, each in a savepoint.
    Savepoints cost statements, so a batch that goes well, as nearly all do, has none.
    """
    by_key: dict[Key, Arrival] = {}
    keys = [arrival.key for arrival in arrivals]
    for key, arrival in zip(keys, arrivals, strict=True):
        by_key.setdefault(key, arrival)
    if len(by_key) > 1:
        try:
            return _keep(keys, by_key, table, _handle_together, now)
        except Exception as problem:
            log.warning("%s callbacks are handled one by one: %s", len(by_key), problem)
    return _keep(keys, by_key, table, _handle_apart, now)


_Failed = object()

_Handling = Callable[[Handler, Sequence[Inbound], datetime], Sequence[Any]]


def _keep(
    keys: Sequence[Key],
    by_key: Mapping[Key, Arrival],
    table: CallbackTable,
    handling: _Handling,
    now: datetime,
) -> list[Kept]:
    with transaction.atomic():
        fresh, kept = _store(by_key)
        answers = _handle(fresh, table, handling, now)
        _store_answers(fresh, answers, table)
    for key, inbound in fresh.items():
        answer = answers[inbound.callback_id]
        failed = answer is _Failed
        kept[key] = Kept(None if failed else answer, refused=failed and inbound.source in table.insisting)
    return [kept[key] for key in keys]


def _store(by_key: Mapping[Key, Arrival]) -> tuple[dict[Key, Inbound], dict[Key, Kept]]:
    """Insert what is new with one statement; returns what was new in the order of arrival, and what was not."""
    ids = _insert(by_key)
    fresh = {key: _inbound(arrival, ids[key]) for key, arrival in by_key.items() if key in ids}
    repeated: dict[Key, Kept] = {}
    for key in by_key.keys() - ids.keys():
        source, account_id, external_id = key
        rows = Callback.objects.filter(source=source, account_id=account_id, external_id=external_id)
        rows.update(repeats=F("repeats") + 1)
        repeated[key] = Kept(rows.values_list("answer", flat=True).get() or None, repeated=True)
    return fresh, repeated


def _insert(by_key: Mapping[Key, Arrival]) -> dict[Key, int]:
    values: list[Any] = []
    # Sorted, since two processes that insert the same pushes crosswise would wait for each other.
    for key in sorted(by_key):
        arrival = by_key[key]
        push = arrival.push
        received = connection.ops.adapt_datetimefield_value(arrival.received_at)
        values += (*key, arrival.account.house_id, push.kind, push.body, received)
    rows = ",".join(["(%s,%s,%s,%s,%s,%s,'',%s,true,0)"] * len(by_key))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO callbacks_callback (source, account_id, external_id, house_id, kind, body, answer,"
            f" received_at, handled, repeats) VALUES {rows}"
            " ON CONFLICT (source, account_id, external_id) DO NOTHING"
            " RETURNING source, account_id, external_id, id",
            values,
        )
        return {(row[0], row[1], row[2]): row[3] for row in cursor.fetchall()}


def _inbound(arrival: Arrival, callback_id: int) -> Inbound:
    push, account = arrival.push, arrival.account
    return Inbound(
        callback_id=callback_id,
        house_id=account.house_id,
        account_id=account.id,
        app_id=account.app_id,
        source=push.source,
        external_id=push.external_id,
        kind=push.kind,
        fields=push.fields,
        received_at=arrival.received_at,
    )


def _handle(
    fresh: Mapping[Key, Inbound], table: CallbackTable, handling: _Handling, now: datetime
) -> dict[int, Any]:
    groups: dict[tuple[str, str], list[Inbound]] = {}
    for inbound in fresh.values():
        groups.setdefault((inbound.source, inbound.kind), []).append(inbound)
    answers: dict[int, Any] = {}
    for (source, kind), batch in groups.items():
        handler = table.find(source, kind)
        assert handler is not None, "the door refuses kinds that nobody handles"
        found = handling(handler, batch, now)
        answers.update(zip((inbound.callback_id for inbound in batch), found, strict=True))
    return answers


def _handle_together(handler: Handler, batch: Sequence[Inbound], now: datetime) -> Sequence[Any]:
    return handler(batch, now)


def _handle_apart(handler: Handler, batch: Sequence[Inbound], now: datetime) -> Sequence[Any]:
    return [_handle_one(handler, inbound, now) for inbound in batch]


def _handle_one(handler: Handler, inbound: Inbound, now: datetime) -> Any:
    try:
        with transaction.atomic():
            (answer,) = handler([inbound], now)
    except Exception as problem:
        log.exception("handler of %s %s failed: %s", inbound.source, inbound.kind, problem)
        return _Failed
    return answer


def _store_answers(fresh: Mapping[Key, Inbound], answers: Mapping[int, Any], table: CallbackTable) -> None:
    given = {key: answer for key, answer in answers.items() if isinstance(answer, str)}
    if given:
        rows = ",".join("(%s,%s)" for _ in given)
        values = [value for pair in given.items() for value in pair]
        with connection.cursor() as cursor:
            cursor.execute(
                f"WITH given (id, answer) AS (VALUES {rows})"
                " UPDATE callbacks_callback SET answer = given.answer FROM given"
                " WHERE callbacks_callback.id = given.id",
                values,
            )
    failed = [inbound for inbound in fresh.values() if answers[inbound.callback_id] is _Failed]
    again = [one.callback_id for one in failed if one.source in table.insisting]
    later = [one.callback_id for one in failed if one.source not in table.insisting]
    if again:
        Callback.objects.filter(pk__in=again).delete()
    if later:
        Callback.objects.filter(pk__in=later).update(handled=False)


def finish_unhandled(
    *, table: CallbackTable, accounts: Callable[[int], Account | None], now: datetime
) -> int:
    """Handle kept messages whose handler had failed, and pass their answers on; returns how many are done."""
    done = 0
    for row in Callback.objects.filter(handled=False).order_by("id")[:50]:
        account = accounts(row.account_id)
        handler = table.find(row.source, row.kind)
        if account is None or handler is None:
            continue
        push = Verified(row.source, row.external_id, row.kind, parse_push(bytes(row.body)), bytes(row.body))
        inbound = _inbound(Arrival(account, push, row.received_at), row.pk)
        answer = _finish(inbound, handler, now)
        if answer is _Failed:
            continue
        done += 1
        if isinstance(answer, str) and table.answer_late is not None:
            table.answer_late(inbound, answer, now)
    return done


def _finish(inbound: Inbound, handler: Handler, now: datetime) -> Any:
    with transaction.atomic():
        answer = _handle_one(handler, inbound, now)
        if answer is not _Failed:
            Callback.objects.filter(pk=inbound.callback_id).update(handled=True, answer=answer or "")
    return answer


def note_refusal(
    *, source: str, account_id: int | None, reason: Reason, detail: str, size: int, now: datetime
) -> None:
    """Keep that a push was turned away, without its body."""
    Refusal.objects.create(
        source=source, account_id=account_id, reason=reason, detail=detail[:300], size=size, at=now
    )
