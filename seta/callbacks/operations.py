"""Keep pushes once, hand them to their handlers in the same transaction, and remember the answers."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from seta.callbacks.models import Callback, Refusal
from seta.callbacks.rules import Answer, CallbackTable, Handler, Inbound, Reason, Verified
from seta.houses.queries import Account
from seta.platforms.core.messages import parse_push

log = logging.getLogger(__name__)

__all__ = ["Arrival", "Kept", "each", "finish_unhandled", "keep", "note_refusal"]


@dataclass(frozen=True, slots=True)
class Arrival:
    """A verified push and the account whose door it came to."""

    account: Account
    push: Verified
    received_at: datetime

    @property
    def key(self) -> tuple[str, int, str]:
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
    bear does not sink its neighbours: the batch is then handled one by one.
    """
    with transaction.atomic():
        fresh, repeated = _store(arrivals, now)
        answers = _handle(fresh, table, now)
        _store_answers(fresh, answers, table)
    return [_outcome(arrival, fresh, answers, repeated, table) for arrival in arrivals]


_Failed = object()


def _outcome(
    arrival: Arrival,
    fresh: Mapping[tuple[str, int, str], Inbound],
    answers: Mapping[int, Any],
    repeated: Mapping[tuple[str, int, str], str],
    table: CallbackTable,
) -> Kept:
    if arrival.key in repeated:
        return Kept(repeated[arrival.key] or None, repeated=True)
    answer = answers[fresh[arrival.key].callback_id]
    if answer is _Failed:
        return Kept(None, refused=arrival.push.source in table.insisting)
    return Kept(answer)


def _store(
    arrivals: Sequence[Arrival], now: datetime
) -> tuple[dict[tuple[str, int, str], Inbound], dict[tuple[str, int, str], str]]:
    """Insert what is new with one statement; returns what was new, and the stored answers of what was not.

    A failed handler's row that is being sent again counts as new.
    """
    by_key = {arrival.key: arrival for arrival in arrivals}
    ids = _insert(list(by_key.values()))
    fresh = {key: _inbound(by_key[key], callback_id) for key, callback_id in ids.items()}
    repeated: dict[tuple[str, int, str], str] = {}
    for key in by_key.keys() - ids.keys():
        source, account_id, external_id = key
        row = Callback.objects.get(source=source, account_id=account_id, external_id=external_id)
        Callback.objects.filter(pk=row.pk).update(repeats=row.repeats + 1)
        repeated[key] = row.answer
    return fresh, repeated


def _insert(arrivals: Sequence[Arrival]) -> dict[tuple[str, int, str], int]:
    values: list[Any] = []
    for arrival in arrivals:
        push, account = arrival.push, arrival.account
        received = connection.ops.adapt_datetimefield_value(arrival.received_at)
        values += [
            push.source,
            account.id,
            push.external_id,
            account.house_id,
            push.kind,
            push.body,
            received,
        ]
    rows = ",".join("(%s,%s,%s,%s,%s,%s,'',%s,true,0)" for _ in arrivals)
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
    fresh: Mapping[tuple[str, int, str], Inbound], table: CallbackTable, now: datetime
) -> dict[int, Any]:
    groups: dict[tuple[str, str], list[Inbound]] = {}
    for inbound in fresh.values():
        groups.setdefault((inbound.source, inbound.kind), []).append(inbound)
    answers: dict[int, Any] = {}
    for (source, kind), batch in groups.items():
        handler = table.find(source, kind)
        assert handler is not None, "the door refuses kinds that nobody handles"
        answers.update(_handle_group(handler, batch, now))
    return answers


def _handle_group(handler: Handler, batch: Sequence[Inbound], now: datetime) -> dict[int, Any]:
    try:
        with transaction.atomic():
            found = handler(batch, now)
        assert len(found) == len(batch), "a handler answers each push"
    except Exception as problem:
        if len(batch) > 1:
            return {key: value for one in batch for key, value in _handle_group(handler, [one], now).items()}
        log.exception("handler of %s %s failed: %s", batch[0].source, batch[0].kind, problem)
        return {batch[0].callback_id: _Failed}
    return {inbound.callback_id: answer for inbound, answer in zip(batch, found, strict=True)}


def _store_answers(
    fresh: Mapping[tuple[str, int, str], Inbound], answers: Mapping[int, Any], table: CallbackTable
) -> None:
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
        answer = _handle_group(handler, [inbound], now)[inbound.callback_id]
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
