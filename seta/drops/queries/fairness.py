"""What is published of a drop when it has ended, without a name in it: everybody can check their own place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any

from seta.drops.models import Action, Drop, Entry, Lapse, Reservation
from seta.drops.queries.drops import counts
from seta.drops.rules import Hold, Kind, State, draw
from seta.houses.queries import house


@dataclass(frozen=True)
class Served:
    """A place in line that holds, or held last, a piece."""

    seq: int
    state: str
    reserved_at: datetime


@dataclass(frozen=True)
class Passage:
    """A reservation that ended unpaid: its piece went to the place `next_seq`, to sale again, or back online."""

    seq: int
    reserved_at: datetime
    at: datetime
    went: str
    next_seq: int | None


@dataclass(frozen=True)
class Draw:
    """A draw in the report: its promise, and its seed and fingerprint once it is made."""

    seed_hash: str
    committed_at: datetime | None
    drawn_at: datetime | None
    seed: str
    entries: int
    digest: str
    is_sound: bool


@dataclass(frozen=True)
class FairnessReport:
    """Arrivals, who was served in which order, who was refused and why, and where every piece is.

    `in_order` says that no place was served before one that came earlier: in a first-come release by the clock
    of the gate, in a draw by rank. `is_complete` says that the pieces add up. `screened` counts people by what
    WeChat's risk rank came to.
    """

    drop_id: int
    code: str
    kind: str
    pieces: int
    requests: int
    given: int
    paid: int
    reserved: int
    left: int
    returned: int
    waiting: int
    refused: Mapping[str, int]
    served: Sequence[Served]
    passages: Sequence[Passage]
    actions: Sequence[tuple[str, bool, datetime]]
    draw: Draw | None
    in_order: bool
    is_complete: bool
    is_final: bool
    screened: Mapping[str, int] = field(default_factory=dict)


def fairness(*, house_id: int, drop_id: int) -> FairnessReport | None:
    """The report of a drop of the house; `is_final` once it is closed and nothing is reserved unpaid."""
    drop = Drop.objects.filter(house_id=house_id, pk=drop_id).exclude(state=State.DRAFT).first()
    figures = counts(drop_id=drop_id)
    if drop is None or figures is None:
        return None
    served = [
        Served(row.seq, row.state, row.reserved_at)
        for row in Reservation.objects.filter(drop=drop, state__in=(Hold.RESERVED, Hold.PAID)).order_by("seq")
    ]
    passages = [
        Passage(row.seq, row.reserved_at, row.at, row.went, row.next_seq)
        for row in Lapse.objects.filter(drop=drop).order_by("id")
    ]
    acts = Action.objects.filter(drop=drop).order_by("id")
    return FairnessReport(
        drop_id=drop.pk,
        code=drop.code,
        kind=drop.kind,
        pieces=drop.pieces,
        requests=figures.requests,
        given=len(served) + len(passages),
        paid=figures.paid,
        reserved=figures.reserved,
        left=drop.left,
        returned=drop.returned,
        waiting=figures.waiting,
        refused=figures.refused,
        served=served,
        passages=passages,
        actions=[(act.verb, act.user_id is not None, act.at) for act in acts],
        draw=_draw(drop),
        in_order=_in_order(drop, served, passages),
        is_complete=figures.paid + figures.reserved + drop.left + drop.returned == drop.pieces,
        is_final=drop.state == State.CLOSED and not figures.reserved,
        screened=figures.screened,
    )


def _in_order(drop: Drop, served: Sequence[Served], passages: Sequence[Passage]) -> bool:
    """Whether an earlier place was never given its piece later than a later one; kept pieces stand apart."""
    named = drop.invitations.exclude(taken_at=None).values_list("person_id", flat=True)
    apart = set(drop.reservations.filter(person_id__in=list(named)).values_list("seq", flat=True))
    times = [(one.seq, one.reserved_at) for one in served] + [(one.seq, one.reserved_at) for one in passages]
    in_line = sorted(time for time in times if time[0] not in apart)
    return all(earlier[1] <= later[1] for earlier, later in pairwise(in_line))


def _draw(drop: Drop) -> Draw | None:
    if drop.kind != Kind.DRAW:
        return None
    record = _record(drop)
    if record is None:
        entries = drop.entries.count()
        return Draw(drop.seed_hash, drop.committed_at, None, "", entries, "", True)
    return Draw(
        drop.seed_hash,
        drop.committed_at,
        drop.drawn_at,
        drop.seed,
        len(record.order),
        draw.digest(record.order),
        not draw.faults(record),
    )


def draw_record(*, house_id: int, drop_id: int) -> dict[str, Any] | None:
    """The published record of a draw, which anybody can redo; None before it is made."""
    drop = Drop.objects.filter(house_id=house_id, pk=drop_id).first()
    record = _record(drop) if drop is not None else None
    return draw.write(record) if record is not None else None


def _record(drop: Drop) -> draw.Record | None:
    if drop.drawn_at is None or drop.committed_at is None:
        return None
    codes = Entry.objects.filter(drop=drop, rank__isnull=False).order_by("rank")
    return draw.Record(
        house=house(drop.house_id).code,
        drop=drop.code,
        pieces=drop.pieces,
        seed_hash=drop.seed_hash,
        seed=drop.seed,
        committed_at=drop.committed_at,
        drawn_at=drop.drawn_at,
        order=tuple(codes.values_list("code", flat=True)),
    )
