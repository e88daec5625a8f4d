"""The desk plans, opens, pauses and closes a drop; pieces leave the online stock only while it runs."""

import secrets
from datetime import datetime

from django.db import IntegrityError, transaction

from seta.boutique import queries as boutique
from seta.boutique.operations import must_be_sold_through
from seta.boutique.rules import ONLINE, OrderRefused
from seta.boutique.rules.availability import Door
from seta.drops.models import Drop
from seta.drops.operations.line import serve_line
from seta.drops.operations.places import locked_drop, note, stock_location, transfer
from seta.drops.queries.drops import edition_of
from seta.drops.rules import (
    HOLD_SECONDS,
    DropRefused,
    Kind,
    Refusal,
    State,
    Terms,
    check_move,
    check_plan,
)
from seta.drops.rules.draw import promise
from seta.houses.operations import seal_secret

OPEN_TO_ALL = Terms()


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
    terms: Terms = OPEN_TO_ALL,
    seen: str | None = None,
    user_id: int | None = None,
    now: datetime,
) -> int:
    """Keep a drop as a draft and return its id; planning the same code again changes the draft.

    `seen` is the edition that a form was filled in from, empty for a new drop; None asks for none. A draw gets its
    seed here, sealed. Raises DropRefused for impossible plans (WRONG_PIECES, WRONG_TIMES, UNKNOWN_VARIANT,
    WRONG_RANKS) and what `_draft` says; OrderRefused for a piece whose windows of sale leave drops out at that time.
    """
    check_plan(pieces=pieces, opens_at=opens_at, closes_at=closes_at, hold_seconds=hold_seconds, terms=terms)
    product = boutique.product_of_variant(variant_id=variant_id)
    if product is None or product.house_id != house_id:
        raise DropRefused(Refusal.UNKNOWN_VARIANT, str(variant_id))
    must_be_sold_through(house_id=house_id, variant_id=variant_id, door=Door.DROP, at=opens_at)
    drop = _draft(house_id, code, seen)
    drop.variant_id = variant_id
    drop.pieces = pieces
    drop.opens_at, drop.closes_at, drop.hold_seconds = opens_at, closes_at, hold_seconds
    drop.kind, drop.turns_at = terms.kind, terms.turns_at
    drop.needs_registration, drop.proof = terms.needs_registration, terms.proof
    drop.right = terms.right
    drop.needs_ticket = terms.needs_ticket
    drop.check_rank, drop.refuse_rank = terms.ranks.check, terms.ranks.refuse
    _promise_seed(drop)
    _keep(drop)
    if terms.kind != Kind.INVITED:
        drop.allocations.all().delete()
        drop.invitations.all().delete()
    note(drop, "plan", user_id, now)
    return drop.pk


def _draft(house_id: int, code: str, seen: str | None) -> Drop:
    """The draft of a code, locked, or a new one.

    Raises DropRefused: CODE_TAKEN for a new drop of a code in use, WRONG_STATE once it has been opened, PLAN_CHANGED
    when it is no longer what was seen.
    """
    drop = Drop.objects.select_for_update(of=("self",)).filter(house_id=house_id, code=code).first()
    if drop is None:
        return Drop(house_id=house_id, code=code)
    if seen == "":
        raise DropRefused(Refusal.CODE_TAKEN, code)
    if drop.state != State.DRAFT:
        raise DropRefused(Refusal.WRONG_STATE, f"{code} is {drop.state}")
    if seen is not None and seen != edition_of(drop):
        raise DropRefused(Refusal.PLAN_CHANGED, code)
    return drop


def _keep(drop: Drop) -> None:
    is_new = drop.pk is None
    try:
        with transaction.atomic():
            drop.save()
    except IntegrityError as problem:
        if not is_new:
            raise
        # Another browser has kept a draft of this code at the same moment.
        raise DropRefused(Refusal.CODE_TAKEN, drop.code) from problem


def _promise_seed(drop: Drop) -> None:
    """A draw's seed, made once; what has become another kind of drop has none."""
    if drop.kind != Kind.DRAW:
        drop.seed_hash, drop.sealed_seed = "", None
    elif not drop.seed_hash:
        seed = secrets.token_bytes(32)
        drop.seed_hash, drop.sealed_seed = promise(seed), seal_secret(seed)


@transaction.atomic
def open_drop(*, drop_id: int, user_id: int | None = None, now: datetime) -> None:
    """Open a draft, taking its pieces from the online stock, or go on after a pause.

    Reservations still wait for `opens_at`. What came free during a pause goes to those in line first.
    Raises DropRefused: WRONG_STATE, NOT_ENOUGH_STOCK.
    """
    drop = locked_drop(drop_id)
    check_move(State(drop.state), State.OPEN)
    if drop.state == State.DRAFT:
        try:
            transfer(drop, ONLINE, stock_location(drop.pk), drop.pieces, "open", now)
        except OrderRefused as problem:
            raise DropRefused(Refusal.NOT_ENOUGH_STOCK, problem.detail) from problem
        drop.left = drop.pieces
        drop.kept = sum(drop.allocations.values_list("pieces", flat=True))
        drop.committed_at = now if drop.seed_hash else None
    drop.state = State.OPEN
    serve_line(drop, now=now)
    drop.save(update_fields=["state", "left", "kept", "committed_at"])
    note(drop, "open", user_id, now)


@transaction.atomic
def pause_drop(*, drop_id: int, user_id: int | None = None, now: datetime) -> None:
    """Stop giving out pieces; what is reserved stays reserved and may be paid."""
    drop = locked_drop(drop_id)
    check_move(State(drop.state), State.PAUSED)
    drop.state = State.PAUSED
    drop.save(update_fields=["state"])
    note(drop, "pause", user_id, now)


@transaction.atomic
def close_drop(*, drop_id: int, user_id: int | None = None, now: datetime) -> None:
    """End the drop and give what is left back to the online stock; reservations may still be paid."""
    drop = locked_drop(drop_id)
    check_move(State(drop.state), State.CLOSED)
    if drop.left:
        transfer(drop, stock_location(drop.pk), ONLINE, drop.left, "close", now)
    drop.returned += drop.left
    drop.left = drop.kept = 0
    drop.state = State.CLOSED
    drop.save(update_fields=["state", "left", "kept", "returned"])
    note(drop, "close", user_id, now)


def keep_time(now: datetime) -> int:
    """Do what the clock asks for: give back unused allocations, end drops whose time is over; returns how many.

    For the worker, every few seconds: each drop in its own transaction, under its lock.
    """
    running = Drop.objects.filter(state__in=(State.OPEN, State.PAUSED))
    turned = running.filter(kind=Kind.INVITED, kept__gt=0, turns_at__lte=now)
    over = running.filter(closes_at__lte=now)
    done = [_return_to_pool(pk, now) for pk in turned.order_by("id").values_list("pk", flat=True)]
    done += [_end(pk, now) for pk in over.order_by("id").values_list("pk", flat=True)]
    return sum(done)


@transaction.atomic
def _return_to_pool(drop_id: int, now: datetime) -> bool:
    drop = locked_drop(drop_id)
    if not drop.kept:
        return False
    returned, drop.kept = drop.kept, 0
    serve_line(drop, now=now)
    drop.save(update_fields=["left", "kept"])
    note(drop, "pool", None, now, str(returned))
    return True


@transaction.atomic
def _end(drop_id: int, now: datetime) -> bool:
    drop = locked_drop(drop_id)
    if drop.state == State.CLOSED:
        return False
    close_drop(drop_id=drop_id, now=now)
    return True
