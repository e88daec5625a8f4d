"""Keep messages and deliveries in the very commit that tells their facts, and put them in line again on request."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from seta.events.events import Fact
from seta.events.queries import told_between
from seta.events.rules import plain
from seta.kit.ids import new_id
from seta.webhooks.models import Delivery, Endpoint, Message
from seta.webhooks.operations.endpoints import get
from seta.webhooks.rules import catalogue
from seta.webhooks.rules.addresses import Refusal, WebhookRefused

RANGE_MAX = timedelta(days=31)
RANGE_FACTS_MAX = 20_000


def enlist(told: Sequence[tuple[int, Fact]], recorded_at: datetime) -> None:
    """Keep a message for each public fact that somebody hears, and a delivery for each who does.

    Runs inside the transaction that tells the facts, so that a fact and its deliveries are durable together or not
    at all. The event's number orders the messages of one object.
    """
    assert connection.in_atomic_block, "enlist inside the transaction that tells the facts"
    public = [(event_id, fact) for event_id, fact in told if fact.name in catalogue.CATALOGUE]
    if not public:
        return
    endpoints = list(
        Endpoint.objects.filter(
            house_id__in={fact.house_id for _, fact in public}, state=Endpoint.State.ACTIVE
        ).only("house_id", "facts")
    )
    heard = [
        _message(fact.house_id, fact.name, plain(fact), event_id, recorded_at)
        for event_id, fact in public
        if any(_hears(endpoint, fact.house_id, fact.name) for endpoint in endpoints)
    ]
    messages = Message.objects.bulk_create(heard)
    Delivery.objects.bulk_create(
        _delivery(endpoint.pk, message, recorded_at)
        for message in messages
        for endpoint in endpoints
        if _hears(endpoint, message.house_id, message.kind)
    )


@transaction.atomic
def ping(*, endpoint_id: int, house_id: int, now: datetime) -> int:
    """Send an endpoint a test message; returns its delivery. Raises WebhookRefused when it is switched off."""
    endpoint = get(endpoint_id, house_id)
    if endpoint.state != Endpoint.State.ACTIVE:
        raise WebhookRefused(Refusal.NOT_ACTIVE)
    key = f"endpoint:{endpoint.pk}"
    message = Message.objects.create(
        house_id=house_id,
        code=new_id("msg"),
        kind=catalogue.PING,
        object_key=key,
        sequence=0,
        body=catalogue.ping_body(object_key=key, at=now.isoformat(), sequence=0),
        recorded_at=now,
    )
    row = _delivery(endpoint.pk, message, now)
    row.save()
    return row.pk


@transaction.atomic
def redeliver(*, delivery_id: int, house_id: int, now: datetime) -> None:
    """Put one delivery in line again under its own message id, with a whole schedule of attempts before it."""
    rows = Delivery.objects.filter(pk=delivery_id, endpoint__house_id=house_id)
    if not rows.update(**_again(now)):
        raise WebhookRefused(Refusal.NOT_FOUND, str(delivery_id))


@transaction.atomic
def redeliver_range(
    *,
    endpoint_id: int,
    house_id: int,
    since: datetime,
    until: datetime,
    now: datetime,
    also_done: bool = False,
) -> int:
    """Put what was told from `since` up to before `until` in line for an endpoint; returns how many messages.

    Also facts that the endpoint never heard, since it was switched off or not open yet, as long as they are chosen
    now. What it has acknowledged is left alone unless `also_done`. Receivers tell repeats by the message id.
    """
    endpoint = get(endpoint_id, house_id)
    if endpoint.state != Endpoint.State.ACTIVE:
        raise WebhookRefused(Refusal.NOT_ACTIVE)
    if not since < until or until - since > RANGE_MAX:
        raise WebhookRefused(Refusal.BAD_RANGE)
    messages = _messages_between(endpoint, since, until)
    states = dict(
        Delivery.objects.filter(endpoint=endpoint, message__in=messages).values_list("message_id", "state")
    )
    wanted = {Delivery.State.DEAD} | ({Delivery.State.DONE} if also_done else set())
    again = [message.pk for message in messages if states.get(message.pk) in wanted]
    never = [message for message in messages if message.pk not in states]
    for start in range(0, len(again), 500):
        chunk = again[start : start + 500]
        Delivery.objects.filter(endpoint=endpoint, message_id__in=chunk).update(**_again(now))
    Delivery.objects.bulk_create([_delivery(endpoint.pk, message, now) for message in never], batch_size=500)
    return len(again) + len(never)


def _messages_between(endpoint: Endpoint, since: datetime, until: datetime) -> list[Message]:
    """The messages of the span, in order; those that nobody heard at the time are made from the facts."""
    told = told_between(
        house_id=endpoint.house_id, names=endpoint.facts, since=since, until=until, limit=RANGE_FACTS_MAX + 1
    )
    if len(told) > RANGE_FACTS_MAX:
        raise WebhookRefused(Refusal.BAD_RANGE, f"more than {RANGE_FACTS_MAX} facts")
    kept: dict[int, Message] = {}
    if told:
        rows = Message.objects.filter(
            house_id=endpoint.house_id, sequence__gte=told[0].id, sequence__lte=told[-1].id
        )
        kept = {row.sequence: row for row in rows.defer("body")}
    missing = [
        _message(event.house_id, event.name, event.body, event.id, event.occurred_at)
        for event in told
        if event.id not in kept
    ]
    made = {row.sequence: row for row in Message.objects.bulk_create(missing, batch_size=500)}
    return [kept.get(event.id) or made[event.id] for event in told]


def _hears(endpoint: Endpoint, house_id: int, kind: str) -> bool:
    return endpoint.house_id == house_id and kind in endpoint.facts


def _message(house_id: int, kind: str, fact: Mapping[str, Any], event_id: int, at: datetime) -> Message:
    return Message(
        house_id=house_id,
        code=new_id("msg"),
        kind=kind,
        object_key=catalogue.object_key(kind, fact),
        sequence=event_id,
        body=catalogue.body(kind, fact, sequence=event_id),
        recorded_at=at,
    )


def _delivery(endpoint_id: int, message: Message, now: datetime) -> Delivery:
    return Delivery(
        endpoint_id=endpoint_id,
        message=message,
        object_key=message.object_key,
        sequence=message.sequence,
        due_at=now,
    )


def _again(now: datetime) -> dict[str, Any]:
    return {"state": Delivery.State.WAITING, "attempts": 0, "due_at": now, "ended_at": None}
