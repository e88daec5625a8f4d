"""What an order may become, what a bag may hold and what may be paid back, as values in and values out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from seta.boutique.rules.limits import ID_MAX, LINES_MAX, NOTE_CHARS_MAX, PIECES_MAX, QUANTITY_MAX
from seta.boutique.rules.refusals import OrderRefused, Refusal

SOURCE = re.compile(r"[0-9A-Za-z_.;=~-]{0,128}")
ONLINE = "online"
HOLD_MINUTES = 15
IN_TRANSIT = "in_transit"
"""Where pieces are between two places; no place of a house can have this code."""


class Transit(StrEnum):
    """How a transfer between two places stands."""

    SENT = "sent"
    RECEIVED = "received"
    RECALLED = "recalled"


class State(StrEnum):
    """Where an order stands; money moves only on the way in to PAID and the two refunded states."""

    PLACED = "placed"
    PAID = "paid"
    PARTLY_REFUNDED = "partly_refunded"
    REFUNDED = "refunded"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class Step(StrEnum):
    """What can happen to an order."""

    PAY = "pay"
    REFUND_PART = "refund_part"
    REFUND_REST = "refund_rest"
    CANCEL = "cancel"
    EXPIRE = "expire"
    REVERSE = "reverse"


MOVES: dict[tuple[State, Step], State] = {
    (State.PLACED, Step.PAY): State.PAID,
    (State.PLACED, Step.CANCEL): State.CANCELLED,
    (State.PLACED, Step.EXPIRE): State.EXPIRED,
    (State.PAID, Step.REFUND_PART): State.PARTLY_REFUNDED,
    (State.PAID, Step.REFUND_REST): State.REFUNDED,
    (State.PARTLY_REFUNDED, Step.REFUND_PART): State.PARTLY_REFUNDED,
    (State.PARTLY_REFUNDED, Step.REFUND_REST): State.REFUNDED,
    (State.PAID, Step.REVERSE): State.CANCELLED,
    (State.PARTLY_REFUNDED, Step.REVERSE): State.CANCELLED,
}

HAS_BEEN_PAID = frozenset({State.PAID, State.PARTLY_REFUNDED, State.REFUNDED})


class Channel(StrEnum):
    """Where an order was made."""

    MINI_PROGRAM = "mini_program"
    TILL = "till"
    DROP = "drop"


@dataclass(frozen=True)
class Line:
    """One wish in a bag; `seen_amount` is the unit price in minor units the client was shown, if known."""

    variant_id: int
    quantity: int
    seen_amount: int | None = None


def after(state: State, step: Step) -> State:
    """The state after a step; raises OrderRefused(WRONG_STATE) when the step is not allowed there."""
    following = MOVES.get((state, step))
    if following is None:
        raise OrderRefused(Refusal.WRONG_STATE, f"{step} while {state}")
    return following


def merged(lines: Sequence[Line]) -> list[Line]:
    """The bag with one line a variant, sorted by variant so that locks are always taken in one order.

    Raises OrderRefused for an empty bag, too many lines, a quantity outside 1..QUANTITY_MAX or a number that stands
    for no variant.
    """
    if not lines:
        raise OrderRefused(Refusal.EMPTY_BAG)
    if len(lines) > LINES_MAX:
        raise OrderRefused(Refusal.TOO_MANY_LINES)
    wishes: dict[int, Line] = {}
    for line in lines:
        if line.quantity < 1:
            raise OrderRefused(Refusal.WRONG_QUANTITY, str(line.quantity))
        if not 0 < line.variant_id <= ID_MAX:
            raise OrderRefused(Refusal.UNKNOWN_VARIANT, str(line.variant_id)[:40])
        earlier = wishes.get(line.variant_id)
        quantity = line.quantity + (earlier.quantity if earlier else 0)
        if quantity > QUANTITY_MAX:
            raise OrderRefused(Refusal.WRONG_QUANTITY, str(quantity))
        wishes[line.variant_id] = Line(line.variant_id, quantity, line.seen_amount)
    return [wishes[variant_id] for variant_id in sorted(wishes)]


def check_price(line: Line, amount: int) -> None:
    """Refuses a line whose shown unit price is not today's."""
    if line.seen_amount is not None and line.seen_amount != amount:
        raise OrderRefused(Refusal.PRICE_CHANGED, f"{line.seen_amount} is now {amount}")


def refund_step(*, total: int, refunded: int, amount: int) -> Step:
    """Which step a refund of `amount` is, given what was refunded before; all in minor units."""
    if amount <= 0:
        raise OrderRefused(Refusal.WRONG_AMOUNT, str(amount))
    if refunded + amount > total:
        raise OrderRefused(Refusal.REFUND_TOO_MUCH, f"{amount} of {total - refunded}")
    return Step.REFUND_REST if refunded + amount == total else Step.REFUND_PART


def pieces_of(count: int, *, least: int = 1, most: int = PIECES_MAX) -> int:
    """The count of pieces itself; raises OrderRefused(WRONG_PIECES) outside least..most."""
    if not least <= count <= most:
        raise OrderRefused(Refusal.WRONG_PIECES, str(count))
    return count


def note_of(text: str, *, is_needed: bool) -> str:
    """The note on one line; raises OrderRefused(NOTE_MISSING) when it is too long, or empty though needed."""
    note = " ".join(text.split())
    if len(note) > NOTE_CHARS_MAX or (is_needed and not note):
        raise OrderRefused(Refusal.NOTE_MISSING)
    return note
