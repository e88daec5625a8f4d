"""Take deliveries that are due and first in their object's line, send them side by side, and keep what came of it.

A delivery is claimed in one commit, sent outside any transaction, and marked in another. A process that dies between
sending and marking leaves a lease behind; when it runs out the same message is sent again under the same id.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet

from seta.webhooks.courier import Courier, Outcome, Parcel
from seta.webhooks.models import Attempt, Delivery, Endpoint, Message
from seta.webhooks.rules import signing
from seta.webhooks.rules.schedule import LEASE, Verdict, judge, wait_after
from seta.webhooks.sealing import unseal, unseal_key

KEPT_FOR = timedelta(days=90)
_courier: list[Courier] = []


def deliver_due(now: datetime) -> int:
    """One turn of this process's courier: keep what has come back, send what is due; returns how many were sent.

    It does not wait for receivers, so that a slow one holds up neither the other addresses nor the worker.
    """
    if not _courier:
        if not _due(now).exists():
            return 0
        _courier.append(Courier(private_allowed=settings.WEBHOOKS_ALLOW_PRIVATE))
    return turn(_courier[0], now=now)


def turn(courier: Courier, *, now: datetime) -> int:
    """Keep what a courier brings back, and hand it what is due; repeated while answers come quickly."""
    sent = 0
    while True:
        record(courier.come_back(), now=now)
        parcels = claim(now=now, room=courier.room)
        for parcel in parcels:
            courier.send(parcel)
        sent += len(parcels)
        if not parcels or not courier.someone_is_back():
            return sent


def claim(*, now: datetime, room: Callable[[int], int]) -> list[Parcel]:
    """Deliveries to send now, at most `room(endpoint id)` for each endpoint, each claimed for the length of a lease.

    Only the first that waits in an endpoint's line of an object is taken, so that an order's refund never comes before
    its payment; other objects pass one that fails.
    """
    # Looked at outside a transaction first: one that may write shuts other writers out on SQLite.
    waiting = _due(now).values_list("endpoint_id", flat=True).distinct()
    slots = {endpoint_id: room(endpoint_id) for endpoint_id in waiting}
    return [
        parcel
        for endpoint_id, count in slots.items()
        if count > 0
        for parcel in _claim_of(endpoint_id, count, now)
    ]


def _due(now: datetime) -> QuerySet[Delivery]:
    return Delivery.objects.filter(
        state=Delivery.State.WAITING, due_at__lte=now, endpoint__state=Endpoint.State.ACTIVE
    )


@transaction.atomic
def _claim_of(endpoint_id: int, count: int, now: datetime) -> list[Parcel]:
    earlier = Delivery.objects.filter(
        endpoint_id=endpoint_id,
        object_key=OuterRef("object_key"),
        state=Delivery.State.WAITING,
        sequence__lt=OuterRef("sequence"),
    )
    first = _due(now).filter(~Exists(earlier), endpoint_id=endpoint_id).order_by("due_at", "sequence")
    if connection.features.has_select_for_update_skip_locked:
        first = first.select_for_update(skip_locked=True, of=("self",))
    taken = list(first.select_related("message", "endpoint")[:count])
    for delivery in taken:
        delivery.attempts += 1
        delivery.due_at = now + LEASE
    Delivery.objects.bulk_update(taken, ["attempts", "due_at"])
    return [_parcel(delivery, now) for delivery in taken]


def _parcel(delivery: Delivery, now: datetime) -> Parcel:
    endpoint, message = delivery.endpoint, delivery.message
    secrets, keys = [unseal(bytes(endpoint.sealed_secret))], [unseal_key(bytes(endpoint.sealed_key))]
    if endpoint.previous_until and endpoint.previous_until > now:
        if endpoint.sealed_previous:
            secrets.append(unseal(bytes(endpoint.sealed_previous)))
        if endpoint.sealed_previous_key:
            keys.append(unseal_key(bytes(endpoint.sealed_previous_key)))
    headers = signing.headers(
        secrets, keys, code=message.code, timestamp=int(now.timestamp()), body=message.body
    )
    return Parcel(delivery.pk, endpoint.pk, endpoint.url, headers, message.body.encode())


@transaction.atomic
def _record(outcomes: Sequence[Outcome], now: datetime) -> None:
    rows = {
        row.pk: row
        for row in Delivery.objects.select_for_update(of=("self",)).filter(
            pk__in=[outcome.delivery_id for outcome in outcomes]
        )
    }
    for outcome in outcomes:
        row = rows.get(outcome.delivery_id)
        if row is None:
            continue
        Attempt.objects.create(
            delivery=row,
            at=now,
            status=outcome.status,
            problem=outcome.problem,
            milliseconds=outcome.milliseconds,
            answer=outcome.answer,
        )
        if row.state == Delivery.State.WAITING:
            _advance(row, judge(outcome.status), now)


def record(outcomes: Sequence[Outcome], *, now: datetime) -> None:
    """Keep what came of attempts: done, due again after the published wait, or dead after the last of them."""
    if outcomes:
        _record(outcomes, now)


def _advance(row: Delivery, verdict: Verdict, now: datetime) -> None:
    wait = wait_after(max(row.attempts, 1)) if verdict is Verdict.AGAIN else None
    if verdict is Verdict.DONE:
        row.state, row.ended_at = Delivery.State.DONE, now
    elif wait is not None:
        row.due_at = now + wait
    else:
        row.state, row.ended_at = Delivery.State.DEAD, now
    row.save(update_fields=["state", "ended_at", "due_at"])
    if verdict is Verdict.GONE:
        Endpoint.objects.filter(pk=row.endpoint_id).update(state=Endpoint.State.GONE, changed_at=now)


def forget_old(now: datetime) -> int:
    """Delete messages of more than 90 days ago that no longer wait anywhere, with their attempts."""
    waiting = Delivery.objects.filter(message=OuterRef("pk"), state=Delivery.State.WAITING)
    old = Message.objects.filter(~Exists(waiting), recorded_at__lt=now - KEPT_FOR)
    return old.delete()[0]
