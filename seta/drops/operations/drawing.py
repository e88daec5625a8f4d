"""A draw: people enter during its window, the seed is opened after it, and the order says who gets a piece."""

import secrets
from datetime import datetime, timedelta

from django.db import transaction

from seta.drops.models import Drop, Entry, Reservation
from seta.drops.operations.line import serve_line
from seta.drops.operations.places import locked_drop, note
from seta.drops.operations.screening import check_screened, screen
from seta.drops.operations.tickets import check_conditions
from seta.drops.rules import DropRefused, Hold, Kind, Refusal, State, draw
from seta.houses.operations import Resealed, seal_anew
from seta.houses.queries import open_secret

GRACE = timedelta(minutes=10)
"""How long after its entries closed a draw waits for somebody at the desk before it is made without them."""

_ROWS = 2_000


def enter_draw(*, house_id: int, drop_id: int, person_id: int, client_ip: str = "", now: datetime) -> str:
    """Enter a draw; returns the entry's code, the same when asked again.

    Raises DropRefused: UNKNOWN_DROP, NOT_A_DRAW, NOT_OPEN, PAUSED, CLOSED, ENTRIES_CLOSED, what `check_conditions`
    says, and what `screen` says, which asks WeChat where the drop has ranks.
    """
    drop, known = _entrant(house_id, drop_id, person_id, now)
    if known:
        return known
    screen(drop, person_id, client_ip, now)
    return _enter(house_id, drop_id, person_id, now)


@transaction.atomic
def _entrant(house_id: int, drop_id: int, person_id: int, now: datetime) -> tuple[Drop, str]:
    """The draw, and the code of the entry that there is; raises DropRefused where there may be none."""
    drop = _locked_draw(house_id, drop_id)
    found = Entry.objects.filter(drop=drop, person_id=person_id).first()
    if found is not None:
        return drop, found.code
    _check_window(drop, now)
    check_conditions(drop, person_id, now)
    return drop, ""


@transaction.atomic
def _enter(house_id: int, drop_id: int, person_id: int, now: datetime) -> str:
    """What was true before WeChat was asked is looked at again under the lock."""
    drop, known = _entrant(house_id, drop_id, person_id, now)
    if known:
        return known
    check_screened(drop, person_id)
    code = "".join(secrets.choice(draw.CODE_CHARS) for _ in range(draw.CODE_LENGTH))
    Entry.objects.create(drop=drop, person_id=person_id, code=code, at=now)
    return code


@transaction.atomic
def withdraw_entry(*, house_id: int, drop_id: int, person_id: int, now: datetime) -> None:
    """Leave a draw before its entries close. Raises DropRefused: NO_ENTRY, or why the window is not open."""
    drop = _locked_draw(house_id, drop_id)
    _check_window(drop, now)
    gone, _ = Entry.objects.filter(drop=drop, person_id=person_id).delete()
    if not gone:
        raise DropRefused(Refusal.NO_ENTRY)


def _locked_draw(house_id: int, drop_id: int) -> Drop:
    drop = locked_drop(drop_id, house_id=house_id)
    if drop.state == State.DRAFT:
        raise DropRefused(Refusal.UNKNOWN_DROP, str(drop_id))
    if drop.kind != Kind.DRAW:
        raise DropRefused(Refusal.NOT_A_DRAW)
    return drop


def _check_window(drop: Drop, now: datetime) -> None:
    assert drop.turns_at is not None
    if drop.state == State.CLOSED or now >= drop.closes_at:
        raise DropRefused(Refusal.CLOSED)
    if now < drop.opens_at:
        raise DropRefused(Refusal.NOT_OPEN)
    # A clock that was set back opens no entries again once they are drawn.
    if drop.drawn_at is not None or now >= drop.turns_at:
        raise DropRefused(Refusal.ENTRIES_CLOSED)
    if drop.state == State.PAUSED:
        raise DropRefused(Refusal.PAUSED)


@transaction.atomic
def run_draw(*, drop_id: int, user_id: int | None = None, now: datetime) -> int:
    """Open the seed, put the entries in the order it makes of them, and give out the pieces; returns how many.

    The others wait in the drawn order: a piece that is not paid goes to the next of them. What nobody entered
    for is free to reserve. Raises DropRefused: NOT_A_DRAW, ENTRIES_OPEN, ALREADY_DRAWN, CLOSED, PAUSED.
    """
    drop = locked_drop(drop_id)
    if drop.kind != Kind.DRAW:
        raise DropRefused(Refusal.NOT_A_DRAW)
    if drop.drawn_at is not None:
        raise DropRefused(Refusal.ALREADY_DRAWN)
    assert drop.turns_at is not None
    assert drop.sealed_seed is not None
    if drop.state == State.CLOSED or now >= drop.closes_at:
        raise DropRefused(Refusal.CLOSED)
    if drop.state != State.OPEN:
        raise DropRefused(Refusal.PAUSED if drop.state == State.PAUSED else Refusal.WRONG_STATE)
    if now < drop.turns_at:
        raise DropRefused(Refusal.ENTRIES_OPEN)
    seed = open_secret(bytes(drop.sealed_seed))
    assert draw.promise(seed) == drop.seed_hash, "the seed that was sealed is the one that was promised"
    drop.seed, drop.drawn_at = seed.hex(), now
    _put_in_order(drop, seed, now)
    given = serve_line(drop, now=now)
    drop.save(update_fields=["seed", "drawn_at", "left", "next_seq"])
    note(drop, "draw", user_id, now, f"{drop.next_seq - 1} / {len(given)}")
    return len(given)


def _put_in_order(drop: Drop, seed: bytes, now: datetime) -> None:
    """Every entry waits in line at the place that it was drawn at."""
    entries = {entry.code: entry for entry in Entry.objects.filter(drop=drop)}
    ordered = [entries[code] for code in draw.shuffle(list(entries), seed=seed)]
    for rank, entry in enumerate(ordered, start=1):
        entry.rank = rank
    Entry.objects.bulk_update(ordered, ["rank"], batch_size=_ROWS)
    Reservation.objects.bulk_create(
        (
            Reservation(
                drop=drop,
                person_id=entry.person_id,
                seq=rank,
                state=Hold.WAITING,
                reserved_at=now,
                expires_at=drop.closes_at,
            )
            for rank, entry in enumerate(ordered, start=drop.next_seq)
        ),
        batch_size=_ROWS,
    )
    drop.next_seq += len(ordered)


def draw_due(now: datetime) -> int:
    """Make the draws that nobody at the desk has made in time; returns how many. For the worker."""
    due = Drop.objects.filter(
        kind=Kind.DRAW, state=State.OPEN, drawn_at=None, turns_at__lte=now - GRACE, closes_at__gt=now
    )
    done = 0
    for drop_id in due.order_by("id").values_list("pk", flat=True):
        try:
            run_draw(drop_id=drop_id, now=now)
        except DropRefused:
            continue  # Somebody at the desk was quicker.
        done += 1
    return done


def reseal_seeds(*, now: datetime) -> Resealed:
    """Seal the seeds of draws not made yet under the vault's newest key, one by one, while drops go on."""
    waiting = Drop.objects.filter(kind=Kind.DRAW, drawn_at=None).exclude(sealed_seed=None)
    done = [_reseal(pk) for pk in waiting.order_by("id").values_list("pk", flat=True)]
    return Resealed(resealed=sum(done), current=len(done) - sum(done))


@transaction.atomic
def _reseal(drop_id: int) -> bool:
    drop = locked_drop(drop_id)
    if drop.sealed_seed is None:
        return False
    fresh = seal_anew(bytes(drop.sealed_seed))
    if fresh is None:
        return False
    drop.sealed_seed = fresh
    drop.save(update_fields=["sealed_seed"])
    return True
