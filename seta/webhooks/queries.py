"""Webhooks as the desk shows them: addresses with their counts, deliveries with their attempts. No secret is here."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q

from seta.webhooks.models import Attempt, Delivery, Endpoint
from seta.webhooks.rules.addresses import Refusal, WebhookRefused

PAGE_ROWS_MAX = 200


@dataclass(frozen=True)
class EndpointRow:
    """An address with how its deliveries stand."""

    id: int
    url: str
    note: str
    facts: tuple[str, ...]
    state: str
    created_at: datetime
    previous_until: datetime | None
    public_key: str
    waiting: int
    done: int
    dead: int
    last_done_at: datetime | None


@dataclass(frozen=True)
class AttemptRow:
    """One try and what came of it."""

    at: datetime
    status: int | None
    problem: str
    milliseconds: int
    answer: str


@dataclass(frozen=True)
class DeliveryRow:
    """A message for one address; `due_at` matters while it waits."""

    id: int
    endpoint_id: int
    code: str
    kind: str
    object_key: str
    sequence: int
    state: str
    attempts: int
    recorded_at: datetime
    due_at: datetime
    last: AttemptRow | None


@dataclass(frozen=True)
class DeliveryDetail:
    """A delivery with its very body and all attempts, newest first."""

    delivery: DeliveryRow
    body: str
    attempts: tuple[AttemptRow, ...]


def endpoints(house_id: int, *, endpoint_id: int | None = None) -> list[EndpointRow]:
    """The addresses of a house, oldest first."""
    rows = Endpoint.objects.filter(house_id=house_id)
    if endpoint_id is not None:
        rows = rows.filter(pk=endpoint_id)
    counted = rows.annotate(
        waiting=Count("deliveries", filter=Q(deliveries__state=Delivery.State.WAITING)),
        done=Count("deliveries", filter=Q(deliveries__state=Delivery.State.DONE)),
        dead=Count("deliveries", filter=Q(deliveries__state=Delivery.State.DEAD)),
        last_done_at=Max("deliveries__ended_at", filter=Q(deliveries__state=Delivery.State.DONE)),
    )
    return [
        EndpointRow(
            row.pk,
            row.url,
            row.note,
            tuple(row.facts),
            row.state,
            row.created_at,
            row.previous_until,
            row.public_key,
            row.waiting,
            row.done,
            row.dead,
            row.last_done_at,
        )
        for row in counted.order_by("id")
    ]


def endpoint(house_id: int, endpoint_id: int) -> EndpointRow:
    """One address; raises WebhookRefused(NOT_FOUND), also for another house's."""
    found = endpoints(house_id, endpoint_id=endpoint_id)
    if not found:
        raise WebhookRefused(Refusal.NOT_FOUND, str(endpoint_id))
    return found[0]


def public_keys(endpoint_id: int, *, now: datetime) -> list[str] | None:
    """The public keys that sign for an address now, the newest first; None when there is no such address."""
    row = Endpoint.objects.filter(pk=endpoint_id).first()
    if row is None:
        return None
    is_over = row.previous_until is None or row.previous_until <= now
    return (
        [row.public_key]
        if is_over or not row.previous_public_key
        else [row.public_key, row.previous_public_key]
    )


def keys_path(endpoint_id: int) -> str:
    """Where on this server an address's public keys are (see `views.keys`)."""
    return f"/webhooks/v1/keys/{endpoint_id}"


def deliveries(
    house_id: int, endpoint_id: int, *, state: str = "", limit: int = 50, offset: int = 0
) -> list[DeliveryRow]:
    """What was and is to be sent to an address, newest first."""
    rows = Delivery.objects.filter(endpoint__house_id=house_id, endpoint_id=endpoint_id)
    if state:
        rows = rows.filter(state=state)
    page = list(rows.select_related("message").order_by("-id")[offset : offset + min(limit, PAGE_ROWS_MAX)])
    newest = Attempt.objects.filter(delivery__in=[row.pk for row in page]).order_by("at", "id")
    last = {attempt.delivery_id: attempt for attempt in newest}
    return [_row(row, last.get(row.pk)) for row in page]


def delivery(house_id: int, delivery_id: int) -> DeliveryDetail:
    """One delivery in full; raises WebhookRefused(NOT_FOUND)."""
    row = (
        Delivery.objects.select_related("message").filter(pk=delivery_id, endpoint__house_id=house_id).first()
    )
    if row is None:
        raise WebhookRefused(Refusal.NOT_FOUND, str(delivery_id))
    tries = list(row.tries.order_by("-at", "-id")[:PAGE_ROWS_MAX])
    first = tries[0] if tries else None
    return DeliveryDetail(_row(row, first), row.message.body, tuple(_attempt(one) for one in tries))


def _row(row: Delivery, last: Attempt | None) -> DeliveryRow:
    return DeliveryRow(
        row.pk,
        row.endpoint_id,
        row.message.code,
        row.message.kind,
        row.object_key,
        row.sequence,
        row.state,
        row.attempts,
        row.message.recorded_at,
        row.due_at,
        _attempt(last) if last else None,
    )


def _attempt(row: Attempt) -> AttemptRow:
    return AttemptRow(row.at, row.status, row.problem, row.milliseconds, row.answer)
