"""A reservation becomes an order, is paid, or lapses and goes to the next in line."""

from datetime import datetime

from django.db import transaction

from seta.boutique import queries as boutique
from seta.boutique.events import OrderPaid
from seta.boutique.operations import cancel_order, place_order
from seta.boutique.queries import OrderCard
from seta.boutique.rules import HAS_BEEN_PAID, Channel, Line
from seta.boutique.rules import State as OrderState
from seta.drops import rules
from seta.drops.events import DropPiecePaid, DropPieceReserved
from seta.drops.models import Drop, Reservation
from seta.drops.operations.control import give_back, locked_drop, stock_location
from seta.drops.operations.reserving import standing_of
from seta.drops.rules import DropRefused, Hold, Holding, Refusal, State
from seta.events.operations import publish, publish_many
from seta.people.events import PersonsMerged


@transaction.atomic
def join_line(*, house_id: int, drop_id: int, person_id: int, now: datetime) -> int:
    """Wait for a piece of a sold-out drop; returns the place in line, the same when asked again.

    Raises DropRefused: STILL_LEFT when there is a piece to reserve at the gate, or why the drop is not open.
    """
    drop = locked_drop(drop_id)
    refusal = rules.refusal(standing_of(drop), house_id=house_id, now=now)
    if refusal != Refusal.SOLD_OUT:
        raise DropRefused(refusal or Refusal.STILL_LEFT)
    row = Reservation.objects.filter(drop=drop, person_id=person_id).first()
    if row is not None and row.state != Hold.EXPIRED:
        return row.seq
    row = row or Reservation(drop=drop, person_id=person_id)
    row.seq, row.state, row.order_id = drop.next_seq, Hold.WAITING, None
    row.reserved_at, row.expires_at = now, drop.closes_at
    row.save()
    drop.next_seq += 1
    drop.save(update_fields=["next_seq"])
    return row.seq


@transaction.atomic
def claim(
    *, house_id: int, drop_id: int, person_id: int, source: str = "", campaign: str = "", now: datetime
) -> OrderCard:
    """Make the reservation an order, to be paid before the reservation ends; again gives the same order.

    Raises DropRefused (NO_RESERVATION, RESERVATION_EXPIRED) or OrderRefused.
    """
    row = (
        Reservation.objects.select_for_update(of=("self",))
        .select_related("drop")
        .filter(drop_id=drop_id, drop__house_id=house_id, person_id=person_id)
        .first()
    )
    if row is None or row.state == Hold.WAITING:
        raise DropRefused(Refusal.NO_RESERVATION)
    holding = Holding(person_id, row.seq, Hold(row.state), row.expires_at)
    if not holding.stands(now):
        raise DropRefused(Refusal.RESERVATION_EXPIRED)
    card = place_order(
        house_id=house_id,
        person_id=person_id,
        lines=[Line(row.drop.variant_id, 1)],
        source=source,
        channel=Channel.DROP,
        campaign=campaign,
        location=stock_location(drop_id),
        key=f"drop-{drop_id}-{row.seq}",
        expires_at=row.expires_at,
        now=now,
    )
    if row.order_id is None:
        row.order_id = card.order_id
        row.save(update_fields=["order"])
    return card


@transaction.atomic
def on_order_paid(fact: OrderPaid, now: datetime) -> None:
    """The piece of a paid drop order is the person's for good."""
    if fact.channel != Channel.DROP:
        return
    row = (
        Reservation.objects.select_for_update(of=("self",))
        .select_related("drop")
        .filter(order_id=fact.order_id)
        .first()
    )
    if row is None or row.state == Hold.PAID:
        return
    assert row.state == Hold.RESERVED, (
        "an order that lapsed was cancelled, and a cancelled order is never paid"
    )
    row.state = Hold.PAID
    row.save(update_fields=["state"])
    publish(
        DropPiecePaid(
            house_id=fact.house_id,
            occurred_at=fact.occurred_at,
            person_id=fact.person_id,
            campaign=fact.campaign,
            associate_id=fact.associate_id,
            drop_id=row.drop_id,
            drop_code=row.drop.code,
            seq=row.seq,
            order_id=fact.order_id,
            number=fact.number,
            amount=fact.amount,
            currency=fact.currency,
            settle_amount=fact.settle_amount,
            settle_currency=fact.settle_currency,
        )
    )


def lapse(now: datetime) -> int:
    """End the reservations whose time is over and hand their pieces on; returns how many ended.

    For the worker, every second: each drop in its own transaction, under its lock.
    """
    due = Reservation.objects.filter(state=Hold.RESERVED, expires_at__lte=now)
    drop_ids = list(due.order_by("drop_id").values_list("drop_id", flat=True).distinct())
    return sum(_lapse_drop(drop_id, now) for drop_id in drop_ids)


@transaction.atomic
def _lapse_drop(drop_id: int, now: datetime) -> int:
    drop = locked_drop(drop_id)
    due = Reservation.objects.select_for_update(of=("self",)).filter(
        drop=drop, state=Hold.RESERVED, expires_at__lte=now
    )
    ended = [row for row in due.order_by("seq")[:500] if _ends(row, now)]
    for row in ended:
        row.state = Hold.EXPIRED
        row.save(update_fields=["state"])
    followers = _hand_on(drop, len(ended), now)
    for row in ended[followers:]:
        if drop.state == State.CLOSED:
            give_back(drop, seq=row.seq, now=now)
        else:
            drop.left += 1
    drop.save(update_fields=["left", "returned"])
    return len(ended)


def _ends(row: Reservation, now: datetime) -> bool:
    """Whether the reservation is over; its unpaid order is cancelled, a paid one keeps the piece."""
    if row.order_id is None:
        return True
    state = boutique.order_state(row.order_id)
    if state in HAS_BEEN_PAID:
        return False
    if state == OrderState.PLACED:
        cancel_order(order_id=row.order_id, now=now)
    return True


def _hand_on(drop: Drop, freed: int, now: datetime) -> int:
    """Give freed pieces to those who have waited longest, while the drop is open; returns how many."""
    if drop.state != State.OPEN or now >= drop.closes_at:
        return 0
    rows = {row.seq: row for row in drop.reservations.filter(state=Hold.WAITING).order_by("seq")[:freed]}
    line = [Holding(row.person_id, row.seq, Hold(row.state), row.expires_at) for row in rows.values()]
    following = [rows[one.seq] for one in rules.next_in_line(line, freed=freed)]
    for row in following:
        row.state, row.reserved_at = Hold.RESERVED, now
        row.expires_at = rules.hold_until(now, drop.hold_seconds)
        row.save(update_fields=["state", "reserved_at", "expires_at"])
    publish_many(
        [
            DropPieceReserved(
                house_id=drop.house_id,
                occurred_at=now,
                person_id=row.person_id,
                drop_id=drop.pk,
                drop_code=drop.code,
                seq=row.seq,
                expires_at=row.expires_at,
            )
            for row in following
        ]
    )
    return len(following)


@transaction.atomic
def repoint_person(fact: PersonsMerged, now: datetime) -> None:
    """Reservations of a person who turned out to be another become the other's, unless they hold one there."""
    kept = list(Reservation.objects.filter(person_id=fact.kept_id).values_list("drop_id", flat=True))
    theirs = Reservation.objects.filter(drop__house_id=fact.house_id, person_id=fact.absorbed_id)
    theirs.exclude(drop_id__in=kept).update(person_id=fact.kept_id)
