"""Who gets a piece of a drop, who does not, and who is next, as values in and values out."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from seta.drops.rules.limits import HOLD_SECONDS_MAX, HOLD_SECONDS_MIN, PIECES_MAX
from seta.drops.rules.refusals import DropRefused, Refusal
from seta.drops.rules.risk import NO_RANKS, Ranks, check_ranks
from seta.kit.clock import BEIJING


class Kind(StrEnum):
    """How a drop chooses among those who want a piece."""

    FIRST_COME = "first_come"
    DRAW = "draw"
    INVITED = "invited"


class Proof(StrEnum):
    """What a person must have done before; nothing for a release that is open to all."""

    NONE = ""
    VISIT = "visit"
    PURCHASE = "purchase"


class State(StrEnum):
    """Where a drop stands; the desk opens, pauses and closes it."""

    DRAFT = "draft"
    OPEN = "open"
    PAUSED = "paused"
    CLOSED = "closed"


MOVES: dict[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.OPEN, State.CLOSED}),
    State.OPEN: frozenset({State.PAUSED, State.CLOSED}),
    State.PAUSED: frozenset({State.OPEN, State.CLOSED}),
    State.CLOSED: frozenset(),
}


class Hold(StrEnum):
    """What a person has in a drop."""

    WAITING = "waiting"
    RESERVED = "reserved"
    PAID = "paid"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Terms:
    """How a drop lets people in.

    `turns_at` is when a draw's entries close, or when what associates have not given goes back to the pool of
    an invited release. With `needs_registration` people say before the opening that they will come. `right` is
    one that a tier of the house's loyalty rules opens; `ranks` are WeChat's, of how risky it finds a person.
    """

    kind: Kind = Kind.FIRST_COME
    turns_at: datetime | None = None
    needs_registration: bool = False
    proof: Proof = Proof.NONE
    is_ticketed: bool = False
    right: str = ""
    ranks: Ranks = NO_RANKS

    @property
    def needs_ticket(self) -> bool:
        """Whether the gate asks for a ticket: always where a condition has to be looked up first."""
        is_asked = (
            self.needs_registration or self.proof != Proof.NONE or self.right != "" or self.ranks.are_asked
        )
        return self.is_ticketed or is_asked or self.kind == Kind.INVITED


@dataclass(frozen=True, slots=True)
class Standing:
    """What must be known of a drop to say yes or no.

    `kept` of the pieces left are for clients whom associates have named or may still name, until `turns_at`.
    """

    house_id: int
    state: State
    opens_at: datetime
    closes_at: datetime
    left: int
    kind: Kind = Kind.FIRST_COME
    is_drawn: bool = False
    needs_ticket: bool = False
    kept: int = 0
    turns_at: datetime | None = None


def refusal(standing: Standing, *, house_id: int, now: datetime) -> Refusal | None:
    """Why somebody of a house who holds nothing is refused, or None when a piece may be theirs."""
    if standing.house_id != house_id or standing.state == State.DRAFT:
        return Refusal.UNKNOWN_DROP
    if standing.state == State.CLOSED or now >= standing.closes_at:
        return Refusal.CLOSED
    if now < standing.opens_at:
        return Refusal.NOT_OPEN
    if standing.state == State.PAUSED:
        return Refusal.PAUSED
    if standing.kind == Kind.DRAW and not standing.is_drawn:
        return Refusal.ENTER_DRAW
    return Refusal.SOLD_OUT if standing.left < 1 else None


def refusal_of_ticket(standing: Standing, *, issued: int) -> Refusal | None:
    """Why somebody is refused for the ticket they have not brought; `issued` is 0 without one."""
    return Refusal.TICKET_NEEDED if standing.needs_ticket and not issued else None


def free(standing: Standing, *, now: datetime) -> int:
    """How many pieces are for anybody who may ask."""
    is_kept = standing.turns_at is not None and now < standing.turns_at
    return max(0, standing.left - standing.kept) if is_kept else standing.left


class Holding(NamedTuple):
    """What a person holds in a drop: their place in line, and until when it is theirs."""

    person_id: int
    seq: int
    hold: Hold
    expires_at: datetime

    def stands(self, now: datetime) -> bool:
        """Whether asking again is answered with this holding instead of a new one."""
        return self.hold == Hold.PAID or (self.hold == Hold.RESERVED and now < self.expires_at)


def winners(asking: Sequence[int], *, holders: AbstractSet[int], left: int) -> list[int]:
    """Who of those asking, in order of arrival, gets one of the pieces left: nobody twice, no holder again."""
    assert left >= 0
    fresh = [person_id for person_id in dict.fromkeys(asking) if person_id not in holders]
    return fresh[:left]


def invited_winners(
    asking: Sequence[int],
    *,
    holders: AbstractSet[int],
    invited: Mapping[int, bool],
    standing: Standing,
    now: datetime,
) -> tuple[list[int], list[int]]:
    """Who of those asking gets a piece, and who of these takes the one an associate keeps for them.

    `invited` says of each invited person whether a piece is kept for them. Kept pieces are there for whoever
    has one, the others are given in order of arrival.
    """
    is_kept = standing.turns_at is not None and now < standing.turns_at
    pool, given, kept = free(standing, now=now), list[int](), list[int]()
    for person_id in dict.fromkeys(asking):
        if person_id in holders or person_id not in invited or len(given) == standing.left:
            continue
        if is_kept and invited[person_id] and len(kept) < standing.kept:
            kept.append(person_id)
        elif pool > 0:
            pool -= 1
        else:
            continue
        given.append(person_id)
    return given, kept


def hold_until(now: datetime, hold_seconds: int) -> datetime:
    """When a piece reserved now is free again unless it is paid."""
    return now + timedelta(seconds=hold_seconds)


def notice_data(*, piece: str, until: datetime) -> dict[str, str]:
    """The keywords of the notice that a piece is put aside: `thing` holds 20 characters, `time` a date and clock."""
    local = until.astimezone(BEIJING)
    return {
        "thing1": piece[:20],
        "thing2": "已为您保留一件",
        "time3": f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}",
        "thing4": "请于北京时间此刻之前付款",
    }


def lapse(holdings: Sequence[Holding], *, now: datetime) -> list[Holding]:
    """The reservations whose time is over, in order of their place in line."""
    over = [one for one in holdings if one.hold == Hold.RESERVED and one.expires_at <= now]
    return sorted(over, key=lambda one: one.seq)


def next_in_line(holdings: Sequence[Holding], *, freed: int) -> list[Holding]:
    """Those waiting who get the freed pieces: whoever has waited longest first."""
    assert freed >= 0
    waiting = [one for one in holdings if one.hold == Hold.WAITING]
    return sorted(waiting, key=lambda one: one.seq)[:freed]


def check_plan(
    *,
    pieces: int,
    opens_at: datetime,
    closes_at: datetime,
    hold_seconds: int,
    terms: Terms = Terms(),
) -> None:
    """Refuses a drop that could never work."""
    if not 1 <= pieces <= PIECES_MAX:
        raise DropRefused(Refusal.WRONG_PIECES, str(pieces))
    if closes_at <= opens_at or not HOLD_SECONDS_MIN <= hold_seconds <= HOLD_SECONDS_MAX:
        raise DropRefused(Refusal.WRONG_TIMES)
    has_turn = terms.turns_at is not None
    if has_turn != (terms.kind != Kind.FIRST_COME):
        raise DropRefused(Refusal.WRONG_TIMES, "a draw and an invited release have a turn, no other")
    check_ranks(terms.ranks)
    if terms.turns_at is not None and not opens_at < terms.turns_at < closes_at:
        raise DropRefused(Refusal.WRONG_TIMES, "the turn lies between opening and end")


def check_move(state: State, target: State) -> None:
    """Refuses a step that the drop's state does not allow."""
    if target not in MOVES[state]:
        raise DropRefused(Refusal.WRONG_STATE, f"{state} to {target}")
