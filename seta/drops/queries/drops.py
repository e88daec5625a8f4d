"""Drops as the mini program and the desk see them, with live counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count

from seta.boutique.queries import ProductCard, product_of_variant
from seta.boutique.rules.editing import edition
from seta.drops.models import Action, Drop, Reservation, Tally
from seta.drops.queries.screening import screened
from seta.drops.rules import Hold, Kind, State

REQUESTS = "requests"
REFUSED = "refused:"
_PLANNED = (
    "variant_id",
    "pieces",
    "opens_at",
    "closes_at",
    "hold_seconds",
    "kind",
    "turns_at",
    "needs_registration",
    "proof",
    "right",
    "needs_ticket",
    "check_rank",
    "refuse_rank",
)


@dataclass(frozen=True)
class DropCard:
    """A drop with its product in the reader's language; `left` is how many pieces nobody holds.

    `edition` is what a form that changes the draft was filled in from; empty once the drop has been opened.
    """

    id: int
    house_id: int
    code: str
    state: str
    pieces: int
    left: int
    hold_seconds: int
    opens_at: datetime
    closes_at: datetime
    product: ProductCard
    kind: str
    turns_at: datetime | None
    needs_registration: bool
    proof: str
    right: str
    needs_ticket: bool
    kept: int
    seed_hash: str
    committed_at: datetime | None
    drawn_at: datetime | None
    check_rank: int | None = None
    refuse_rank: int | None = None
    edition: str = ""


@dataclass(frozen=True)
class ReservationCard:
    """A person's place in a drop."""

    drop_id: int
    person_id: int
    seq: int
    state: str
    reserved_at: datetime
    expires_at: datetime
    order_id: int | None
    ahead: int


@dataclass(frozen=True)
class DropCounts:
    """A drop's live figures; `refused` by reason, `screened` by what WeChat's rank came to.

    Requests and refusals lag by about a second.
    """

    pieces: int
    left: int
    returned: int
    requests: int
    reserved: int
    paid: int
    expired: int
    waiting: int
    refused: Mapping[str, int]
    entries: int
    registered: int
    invited: int
    kept: int
    screened: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class ActionRow:
    """What somebody of the house did with a drop."""

    verb: str
    user_id: int | None
    at: datetime
    detail: str = ""


def drops(*, house_id: int, language: str = "zh", with_drafts: bool = False) -> Sequence[DropCard]:
    """The house's drops, the next to open first; drafts only for the desk."""
    rows = Drop.objects.filter(house_id=house_id).order_by("opens_at", "id")
    if not with_drafts:
        rows = rows.exclude(state=State.DRAFT)
    return [_card(row, language) for row in rows]


def drop(*, house_id: int, drop_id: int, language: str = "zh", with_drafts: bool = False) -> DropCard | None:
    """A drop of the house."""
    row = Drop.objects.filter(house_id=house_id, pk=drop_id).first()
    if row is None or (row.state == State.DRAFT and not with_drafts):
        return None
    return _card(row, language)


def drop_by_code(*, house_id: int, code: str, language: str = "zh") -> DropCard | None:
    """A drop of the house by its code, draft or not."""
    row = Drop.objects.filter(house_id=house_id, code=code).first()
    return _card(row, language) if row else None


def _card(row: Drop, language: str) -> DropCard:
    piece = product_of_variant(variant_id=row.variant_id, language=language, location=f"drop-{row.pk}")
    assert piece is not None, "a drop's variant is protected"
    return DropCard(
        id=row.pk,
        house_id=row.house_id,
        code=row.code,
        state=row.state,
        pieces=row.pieces,
        left=row.left,
        hold_seconds=row.hold_seconds,
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        product=piece,
        kind=row.kind,
        turns_at=row.turns_at,
        needs_registration=row.needs_registration,
        proof=row.proof,
        right=row.right,
        needs_ticket=row.needs_ticket,
        kept=row.kept,
        seed_hash=row.seed_hash if row.committed_at is not None or row.state != State.DRAFT else "",
        committed_at=row.committed_at,
        drawn_at=row.drawn_at,
        check_rank=row.check_rank,
        refuse_rank=row.refuse_rank,
        edition=edition_of(row) if row.state == State.DRAFT else "",
    )


def edition_of(row: Drop) -> str:
    """A mark of a kept plan, so that a change made meanwhile is noticed."""
    return edition({name: str(getattr(row, name)) for name in _PLANNED})


def reservation(*, drop_id: int, person_id: int) -> ReservationCard | None:
    """A person's place in a drop, with how many wait before them."""
    row = Reservation.objects.filter(drop_id=drop_id, person_id=person_id).first()
    return _reservation_card(row) if row else None


def reservations(*, drop_id: int, states: Sequence[str] = (), limit: int = 500) -> Sequence[ReservationCard]:
    """The drop's reservations in line order, for the desk."""
    rows = Reservation.objects.filter(drop_id=drop_id).order_by("seq")
    if states:
        rows = rows.filter(state__in=states)
    return [_plain_card(row, ahead=0) for row in rows[:limit]]


def _reservation_card(row: Reservation) -> ReservationCard:
    ahead = 0
    if row.state == Hold.WAITING:
        line = Reservation.objects.filter(drop_id=row.drop_id, state=Hold.WAITING, seq__lt=row.seq)
        ahead = line.count()
    return _plain_card(row, ahead=ahead)


def _plain_card(row: Reservation, *, ahead: int) -> ReservationCard:
    return ReservationCard(
        drop_id=row.drop_id,
        person_id=row.person_id,
        seq=row.seq,
        state=row.state,
        reserved_at=row.reserved_at,
        expires_at=row.expires_at,
        order_id=row.order_id,
        ahead=ahead,
    )


def counts(*, drop_id: int) -> DropCounts | None:
    """The drop's live figures."""
    row = Drop.objects.filter(pk=drop_id).first()
    if row is None:
        return None
    groups = Reservation.objects.filter(drop_id=drop_id).values("state").annotate(people=Count("pk"))
    by_state = {group["state"]: group["people"] for group in groups}
    tallies = dict(Tally.objects.filter(drop_id=drop_id).values_list("name", "count"))
    return DropCounts(
        pieces=row.pieces,
        left=row.left,
        returned=row.returned,
        requests=tallies.get(REQUESTS, 0),
        reserved=by_state.get(Hold.RESERVED, 0),
        paid=by_state.get(Hold.PAID, 0),
        expired=by_state.get(Hold.EXPIRED, 0),
        waiting=by_state.get(Hold.WAITING, 0),
        refused={
            name.removeprefix(REFUSED): count for name, count in tallies.items() if name.startswith(REFUSED)
        },
        entries=row.entries.count() if row.kind == Kind.DRAW else 0,
        registered=row.registrations.count() if row.needs_registration else 0,
        invited=row.invitations.count() if row.kind == Kind.INVITED else 0,
        kept=row.kept,
        screened=screened(drop_id=drop_id),
    )


def actions(*, drop_id: int) -> Sequence[ActionRow]:
    """What the house's people did with the drop, in order."""
    rows = Action.objects.filter(drop_id=drop_id).order_by("id")
    return [ActionRow(row.verb, row.user_id, row.at, row.detail) for row in rows]
