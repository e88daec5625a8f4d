"""The desk plans, opens, pauses and closes a drop; pieces leave the online stock only while it runs."""

from datetime import datetime

from django.db import transaction

from seta.boutique.operations import transfer_stock
from seta.boutique.rules import ONLINE, OrderRefused
from seta.drops.models import Action, Drop
from seta.drops.rules import HOLD_SECONDS, DropRefused, Refusal, State, check_move, check_plan


def stock_location(drop_id: int) -> str:
    """Where the boutique keeps the pieces of a drop."""
    return f"drop-{drop_id}"


@transaction.atomic
def plan_drop(
    *,
    house_id: int,
    code: str,
    variant_id: int,
    pieces: int,
    opens_at: datetime,
    closes_at: datetime,
    hold_seconds: int = HOLD_SECONDS,
    user_id: int | None = None,
    now: datetime,
) -> int:
    """Keep a drop as a draft and return its id; planning the same code again changes the draft.

    Raises DropRefused for impossible plans, and WRONG_STATE when the code has been opened already.
    """
    check_plan(pieces=pieces, opens_at=opens_at, closes_at=closes_at, hold_seconds=hold_seconds)
    drop = Drop.objects.select_for_update(of=("self",)).filter(house_id=house_id, code=code).first()
    drop = drop or Drop(house_id=house_id, code=code)
    if drop.state != State.DRAFT:
        raise DropRefused(Refusal.WRONG_STATE, f"{code} is {drop.state}")
    drop.variant_id = variant_id
    drop.pieces = pieces
    drop.opens_at, drop.closes_at, drop.hold_seconds = opens_at, closes_at, hold_seconds
    drop.save()
    _note(drop, "plan", user_id, now)
    return drop.pk


@transaction.atomic
def open_drop(*, drop_id: int, user_id: int | None = None, now: datetime) -> None:
    """Open a draft, taking its pieces from the online stock, or go on after a pause.

    Reservations still wait for `opens_at`. Raises DropRefused: WRONG_STATE, NOT_ENOUGH_STOCK.
    """
    drop = locked_drop(drop_id)
    check_move(State(drop.state), State.OPEN)
    if drop.state == State.DRAFT:
        try:
            _transfer(drop, ONLINE, stock_location(drop.pk), drop.pieces, "open", now)
        except OrderRefused as problem:
            raise DropRefused(Refusal.NOT_ENOUGH_STOCK, problem.detail) from problem
        drop.left = drop.pieces
    drop.state = State.OPEN
    drop.save(update_fields=["state", "left"])
    _note(drop, "open", user_id, now)


@transaction.atomic
def pause_drop(*, drop_id: int, user_id: int | None = None, now: datetime) -> None:
    """Stop giving out pieces; what is reserved stays reserved and may be paid."""
    drop = locked_drop(drop_id)
    check_move(State(drop.state), State.PAUSED)
    drop.state = State.PAUSED
    drop.save(update_fields=["state"])
    _note(drop, "pause", user_id, now)


@transaction.atomic
def close_drop(*, drop_id: int, user_id: int | None = None, now: datetime) -> None:
    """End the drop and give what is left back to the online stock; reservations may still be paid."""
    drop = locked_drop(drop_id)
    check_move(State(drop.state), State.CLOSED)
    if drop.left:
        _transfer(drop, stock_location(drop.pk), ONLINE, drop.left, "close", now)
    drop.returned += drop.left
    drop.left = 0
    drop.state = State.CLOSED
    drop.save(update_fields=["state", "left", "returned"])
    _note(drop, "close", user_id, now)


def give_back(drop: Drop, *, seq: int, now: datetime) -> None:
    """A freed piece of a closed drop returns to the online stock; the drop must be locked."""
    _transfer(drop, stock_location(drop.pk), ONLINE, 1, f"lapse-{seq}", now)
    drop.returned += 1


def locked_drop(drop_id: int) -> Drop:
    """The drop, locked until the transaction ends; raises DropRefused(UNKNOWN_DROP)."""
    drop = Drop.objects.select_for_update(of=("self",)).filter(pk=drop_id).first()
    if drop is None:
        raise DropRefused(Refusal.UNKNOWN_DROP, str(drop_id))
    return drop


def _transfer(drop: Drop, source: str, target: str, quantity: int, errand: str, now: datetime) -> None:
    transfer_stock(
        variant_id=drop.variant_id,
        source=source,
        target=target,
        quantity=quantity,
        ref=f"drop-{drop.pk}-{errand}",
        now=now,
    )


def _note(drop: Drop, verb: str, user_id: int | None, now: datetime) -> None:
    Action.objects.create(drop=drop, verb=verb, user_id=user_id, at=now)
