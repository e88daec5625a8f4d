"""Hand-overs and how far each client of them is; what the successor reads first."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from seta.clienteling.models import ClientBookEntry, Handover, HandoverClient
from seta.people import queries as people


@dataclass(frozen=True)
class HandoverRow:
    """A hand-over with its clients counted."""

    id: int
    giver_id: int
    giver: str
    taker_id: int
    taker: str
    kind: str
    reason: str
    started_at: datetime
    finished_at: datetime | None
    clients: int
    taken: int
    waiting: int
    failed: int


@dataclass(frozen=True)
class HandoverClientRow:
    """A client of a hand-over; `code` is WeCom's errcode when it would not begin."""

    person_id: int
    name: str
    state: str
    code: str
    effective_at: datetime | None
    ended_at: datetime | None


def handovers(house_id: int, *, limit: int = 50) -> list[HandoverRow]:
    """Hand-overs of a house, newest first."""
    return _rows(Q(house_id=house_id), limit)


def handover(*, house_id: int, handover_id: int) -> HandoverRow | None:
    """A hand-over of the house."""
    found = _rows(Q(house_id=house_id, pk=handover_id), 1)
    return found[0] if found else None


def _rows(wanted: Q, limit: int) -> list[HandoverRow]:
    rows = Handover.objects.filter(wanted).select_related("giver", "taker")
    failed = Q(clients__state__in=["refused", "limit_reached", "not_begun", "cancelled"])
    counted = rows.annotate(
        number=Count("clients"),
        taken=Count("clients", filter=Q(clients__state="taken_over")),
        waiting=Count("clients", filter=Q(clients__state__in=["planned", "waiting"])),
        failed=Count("clients", filter=failed),
    )
    return [
        HandoverRow(
            row.pk,
            row.giver_id,
            row.giver.name,
            row.taker_id,
            row.taker.name,
            row.kind,
            row.reason,
            row.started_at,
            row.finished_at,
            row.number,
            row.taken,
            row.waiting,
            row.failed,
        )
        for row in counted.order_by("-started_at", "-id")[:limit]
    ]


def handover_clients(handover_id: int) -> list[HandoverClientRow]:
    """The clients of a hand-over by name."""
    rows = list(HandoverClient.objects.filter(handover_id=handover_id))
    named = people.cards({row.person_id for row in rows})
    found = [
        HandoverClientRow(
            row.person_id,
            named[row.person_id].display_name,
            row.state,
            row.code,
            row.effective_at,
            row.ended_at,
        )
        for row in rows
    ]
    return sorted(found, key=lambda each: (each.name, each.person_id))


def clients_to_hand(associate_id: int, *, limit: int = 500) -> list[HandoverClientRow]:
    """An associate's open clients that no hand-over has yet, by name."""
    busy = HandoverClient.objects.filter(state__in=["planned", "waiting"]).values("person_id")
    entries = ClientBookEntry.objects.filter(associate_id=associate_id, ended_at__isnull=True)
    ids = list(
        entries.exclude(person_id__in=busy).order_by("since").values_list("person_id", flat=True)[:limit]
    )
    named = people.cards(ids)
    rows = [HandoverClientRow(one, named[one].display_name, "", "", None, None) for one in ids]
    return sorted(rows, key=lambda each: (each.name, each.person_id))


def came_by_handover(*, associate_id: int, person_id: int) -> HandoverRow | None:
    """The hand-over by which an associate got a client, if any: the page then shows the dossier's heading."""
    row = (
        HandoverClient.objects.filter(
            handover__taker_id=associate_id, person_id=person_id, state=HandoverClient.State.TAKEN_OVER
        )
        .order_by("-ended_at")
        .first()
    )
    return handover(house_id=row.house_id, handover_id=row.handover_id) if row else None
