"""Keep pushes once, hand them to their handlers in the same transaction, and remember the answers."""

import hashlib
import logging
from collections.abc import Callable, Collection, Mapping, Sequence
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

_IDS_AT_ONCE = 500
LATE_BATCH_MAX = 50
"""Messages finished in one turn of the worker."""

__all__ = ["Arrival", "Kept", "each", "finish_unhandled", "forget_pushes", "keep", "note_refusal"]


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
        kept = _kept_before(by_key)
        fresh = {
            key: _inbound(arrival, number)
            for number, (key, arrival) in enumerate(by_key.items(), start=1)
            if key not in kept
        }
        answers = _handle(fresh, table, handling, now)
        for key, answer in answers.items():
            failed = answer is _Failed
            kept[key] = Kept(None if failed else answer, refused=failed and key[0] in table.insisting)
        # Last, so that each is written once, with its answer. The unique key decides when two processes keep
        # the same push at once: the slower one is rolled back, handler and all, and then finds what was kept.
        _insert([(key, by_key[key], answer) for key, answer in answers.items() if not kept[key].refused])
    return [kept[key] for key in keys]


def _kept_before(by_key: Mapping[Key, Arrival]) -> dict[Key, Kept]:
    """What was kept of these before, with its answer; a repeat is counted."""
    ids: dict[tuple[str, int], list[str]] = {}
    for source, account_id, external_id in by_key:
        ids.setdefault((source, account_id), []).append(external_id)
    found: dict[Key, Kept] = {}
    numbers: list[int] = []
    for (source, account_id), external_ids in ids.items():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id, external_id, answer FROM callbacks_callback WHERE source = %s AND account_id = %s"
                f" AND external_id IN ({','.join(['%s'] * len(external_ids))})",
                [source, account_id, *external_ids],
            )
            for number, external_id, answer in cursor.fetchall():
                found[source, account_id, external_id] = Kept(answer or None, repeated=True)
                numbers.append(number)
    if numbers:
        Callback.objects.filter(pk__in=numbers).update(repeats=F("repeats") + 1)
    return found


def _insert(rows: Sequence[tuple[Key, Arrival, Any]]) -> None:
    if not rows:
        return
    values: list[Any] = []
    # Sorted, since two processes that insert the same pushes crosswise would wait for each other.
    for key, arrival, answer in sorted(rows, key=lambda row: row[0]):
        failed = answer is _Failed
        push = arrival.push
        received = connection.ops.adapt_datetimefield_value(arrival.received_at)
        told = "" if failed or answer is None else answer
        values += (*key, arrival.account.house_id, push.kind, push.body, told, received, not failed)
    one = "(%s, %s, %s, %s, %s, %s, %s, %s, %s, 0)"
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO callbacks_callback (source, account_id, external_id, house_id, kind, body, answer,"
            f" received_at, handled, repeats) VALUES {', '.join([one] * len(rows))}",
            values,
        )


def _inbound(arrival: Arrival, number: int) -> Inbound:
    push, account = arrival.push, arrival.account
    return Inbound(
        callback_id=number,
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
) -> dict[Key, Any]:
    groups: dict[tuple[str, str], list[Key]] = {}
    for key, inbound in fresh.items():
        groups.setdefault((inbound.source, inbound.kind), []).append(key)
    answers: dict[Key, Any] = {}
    for (source, kind), keys in groups.items():
        handler = table.find(source, kind)
        assert handler is not None, "the door refuses kinds that nobody handles"
        found = handling(handler, [fresh[key] for key in keys], now)
        answers.update(zip(keys, found, strict=True))
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


def finish_unhandled(
    *, table: CallbackTable, accounts: Callable[[int], Account | None], now: datetime
) -> int:
    """Handle kept messages whose handler had failed, and pass their answers on; returns how many are done.

    Those tried least come first, so that some which always fail cannot keep newer ones from their turn.
    """
    done = 0
    rows = list(Callback.objects.filter(handled=False).order_by("tries", "id")[:LATE_BATCH_MAX])
    Callback.objects.filter(pk__in=[row.pk for row in rows]).update(tries=F("tries") + 1)
    for row in rows:
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
        row = Callback.objects.select_for_update().filter(pk=inbound.callback_id).first()
        if row is None or row.handled:
            return _Failed  # another worker was quicker
        answer = _handle_one(handler, inbound, now)
        if answer is not _Failed:
            Callback.objects.filter(pk=row.pk).update(handled=True, answer=answer or "")
    return answer


def note_refusal(
    *, source: str, account_id: int | None, reason: Reason, detail: str, size: int, now: datetime
) -> None:
    """Keep that a push was turned away, without its body."""
    Refusal.objects.create(
        source=source, account_id=account_id, reason=reason, detail=detail[:300], size=size, at=now
    )


@transaction.atomic
def forget_pushes(*, account_id: int, external_ids: Collection[str], sender: str = "") -> int:
    """Empty the pushes named by the platform's ids, and the events of `sender`; returns how many.

    An event's id begins with its sender (WeChat gives events none), so it is replaced by its digest: still unique.
    """
    wanted = sorted(external_ids)
    rows = Callback.objects.filter(account_id=account_id, handled=True)
    emptied = sum(
        rows.filter(external_id__in=wanted[at : at + _IDS_AT_ONCE]).update(body=b"", answer="")
        for at in range(0, len(wanted), _IDS_AT_ONCE)
    )
    events = rows.filter(external_id__startswith=f"{sender}:") if sender else rows.none()
    for row in events:
        row.external_id = hashlib.sha256(row.external_id.encode()).hexdigest()
        row.body, row.answer = b"", ""
        row.save(update_fields=["external_id", "body", "answer"])
        emptied += 1
    return emptied
