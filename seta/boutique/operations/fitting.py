"""A piece is taken off the shelf for a client who comes to try it on, and put back when they do not take it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from seta.boutique.events import FittingEnded, FittingHeld
from seta.boutique.models import Fitting
from seta.boutique.operations.orders import place_order, variants_for
from seta.boutique.operations.stock import move
from seta.boutique.queries import sales_points
from seta.boutique.queries.promises import terms
from seta.boutique.rules.availability import Door
from seta.boutique.rules.orders import Channel, Line, merged
from seta.boutique.rules.refusals import OrderRefused, Refusal
from seta.boutique.rules.service import (
    FITTINGS_MAX,
    HOLDING,
    FittingState,
    fitting_becomes,
    fitting_until,
)
from seta.events.operations import publish


@dataclass(frozen=True)
class HeldPiece:
    """A piece that was asked for: the fitting that holds it, or why it could not be held."""

    variant_id: int
    fitting_id: int | None = None
    refused: OrderRefused | None = None


@transaction.atomic
def hold_fittings(
    *,
    house_id: int,
    person_id: int,
    variant_ids: Sequence[int],
    boutique: str,
    wanted_at: datetime | None = None,
    appointment: str = "",
    key: str,
    now: datetime,
) -> list[HeldPiece]:
    """Hold the pieces of a bag for one visit, each as `hold_fitting` does; one that cannot be held keeps no other back.

    Answers in the order asked, each piece once; the same `key` holds once. Raises the first piece's OrderRefused when
    none can be held.
    """
    found: dict[int, HeldPiece] = {}
    # Everybody takes pieces in the order of their ids, so that two bags at once wait for each other only one way.
    for variant_id in sorted(set(variant_ids)):
        try:
            held = hold_fitting(
                house_id=house_id,
                person_id=person_id,
                variant_id=variant_id,
                boutique=boutique,
                wanted_at=wanted_at,
                appointment=appointment,
                key=f"{key}-{variant_id}",
                now=now,
            )
            found[variant_id] = HeldPiece(variant_id, fitting_id=held)
        except OrderRefused as refused:
            found[variant_id] = HeldPiece(variant_id, refused=refused)
    pieces = [found[variant_id] for variant_id in dict.fromkeys(variant_ids)]
    if not pieces:
        raise OrderRefused(Refusal.EMPTY_BAG)
    if pieces[0].refused and all(piece.refused for piece in pieces):
        raise pieces[0].refused
    return pieces


@transaction.atomic
def hold_fitting(
    *,
    house_id: int,
    person_id: int,
    variant_id: int,
    boutique: str,
    wanted_at: datetime | None = None,
    appointment: str = "",
    key: str,
    now: datetime,
) -> int:
    """Take one piece out of the boutique's stock for the client; returns the fitting's id.

    It waits for the hours the house gives, or until two hours after `wanted_at`. The same `key` holds once. Raises
    OrderRefused: UNKNOWN_VARIANT, UNKNOWN_BOUTIQUE, OUT_OF_STOCK, WRONG_TIME, TOO_MANY_FITTINGS.
    """
    earlier = Fitting.objects.filter(house_id=house_id, key=key).first()
    if earlier is not None:
        return earlier.pk
    variants_for(house_id, merged([Line(variant_id, 1)]), door=Door.TILL, now=now)
    if boutique not in {point.code for point in sales_points(house_id=house_id)}:
        raise OrderRefused(Refusal.UNKNOWN_BOUTIQUE, boutique[:40])
    held_until = fitting_until(wanted_at, hours=terms(house_id).fitting_hours, now=now)
    # The stock's row is locked first, so that two taps at once count each other.
    row = Fitting(
        house_id=house_id,
        person_id=person_id,
        variant_id=variant_id,
        key=key,
        boutique_code=boutique,
        appointment=appointment[:40],
        held_at=now,
        held_until=held_until,
    )
    row.save()
    _shelf(row, -1, "fitting", now)
    mine = Fitting.objects.filter(house_id=house_id, person_id=person_id, state__in=sorted(HOLDING))
    if mine.count() > FITTINGS_MAX:
        raise OrderRefused(Refusal.TOO_MANY_FITTINGS)
    publish(
        FittingHeld(
            house_id=house_id,
            occurred_at=now,
            person_id=person_id,
            fitting_id=row.pk,
            product_code=row.variant.product.code,
            boutique=boutique,
        )
    )
    return row.pk


@transaction.atomic
def try_fitting(*, house_id: int, fitting_id: int, user_id: int, now: datetime) -> None:
    """The client is trying it on. Raises OrderRefused: UNKNOWN_FITTING, FITTING_ENDED."""
    row = _locked(house_id, fitting_id)
    row.state = fitting_becomes(FittingState(row.state), FittingState.TRIED)
    row.save(update_fields=["state"])


@transaction.atomic
def leave_fitting(*, house_id: int, fitting_id: int, user_id: int | None = None, now: datetime) -> None:
    """Put the piece back: the client did not take it, or (no `user_id`) does not come. Raises OrderRefused."""
    row = _locked(house_id, fitting_id)
    outcome = FittingState.LEFT if user_id is not None else FittingState.CANCELLED
    _end(row, outcome, now, user_id)


@transaction.atomic
def buy_fitting(
    *, house_id: int, fitting_id: int, user_id: int, associate_id: int | None = None, now: datetime
) -> int:
    """The client takes it: the piece goes from the hold into an order at the till; returns the order's id.

    Raises OrderRefused: UNKNOWN_FITTING, FITTING_ENDED.
    """
    row = _locked(house_id, fitting_id)
    fitting_becomes(FittingState(row.state), FittingState.BOUGHT)
    _shelf(row, 1, "fitting_end", now)
    placed = place_order(
        house_id=house_id,
        person_id=row.person_id,
        lines=[Line(row.variant_id, 1)],
        channel=Channel.TILL,
        boutique=row.boutique_code,
        associate_id=associate_id,
        key=f"fitting-{row.pk}",
        door="",
        now=now,
    )
    row.order_id = placed.order_id
    _ended(row, FittingState.BOUGHT, now, user_id)
    return placed.order_id


def expire_fittings(now: datetime, limit: int = 200) -> int:
    """Put pieces back that nobody came for; returns how many. For the worker."""
    due = Fitting.objects.filter(state__in=sorted(HOLDING), held_until__lte=now).order_by("held_until", "id")
    return sum(_expire(house_id, pk, now) for house_id, pk in list(due.values_list("house_id", "pk")[:limit]))


@transaction.atomic
def _expire(house_id: int, fitting_id: int, now: datetime) -> bool:
    row = _locked(house_id, fitting_id)
    if row.state not in HOLDING or row.held_until > now:
        return False
    _end(row, FittingState.EXPIRED, now, None)
    return True


def _locked(house_id: int, fitting_id: int) -> Fitting:
    rows = Fitting.objects.select_for_update(of=("self",)).select_related("variant__product")
    row = rows.filter(pk=fitting_id, house_id=house_id).first()
    if row is None:
        raise OrderRefused(Refusal.UNKNOWN_FITTING, str(fitting_id))
    return row


def _shelf(row: Fitting, quantity: int, reason: str, now: datetime) -> None:
    move(
        variant_id=row.variant_id,
        location=row.boutique_code,
        quantity=quantity,
        reason=reason,
        ref=f"F{row.pk}",
        now=now,
    )


def _end(row: Fitting, outcome: FittingState, now: datetime, user_id: int | None) -> None:
    fitting_becomes(FittingState(row.state), outcome)
    _shelf(row, 1, "fitting_end", now)
    _ended(row, outcome, now, user_id)


def _ended(row: Fitting, outcome: FittingState, now: datetime, user_id: int | None) -> None:
    row.state, row.ended_at, row.ended_by = outcome, now, user_id
    row.save()
    publish(
        FittingEnded(
            house_id=row.house_id,
            occurred_at=now,
            person_id=row.person_id,
            fitting_id=row.pk,
            product_code=row.variant.product.code,
            boutique=row.boutique_code,
            outcome=outcome,
        )
    )
