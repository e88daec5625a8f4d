"""What a client may ask after the sale, who answers, and how much of which payment goes back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from seta.boutique.rules.fulfilment import ARRIVED, GONE, Stage
from seta.boutique.rules.refusals import OrderRefused, Refusal

WORDS_CHARS_MAX = 200


class Kind(StrEnum):
    """What is asked for."""

    CANCEL = "cancel"
    RETURN = "return"
    EXCHANGE = "exchange"


class Standing(StrEnum):
    """How a request stands; money and pieces move only on the way into RECEIVED and CLOSED."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    RECEIVED = "received"
    CLOSED = "closed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class Turn(StrEnum):
    """What happens to a request."""

    ACCEPT = "accept"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    RECEIVE = "receive"
    LAPSE = "lapse"
    CLOSE = "close"


TURNS: dict[tuple[Standing, Turn], Standing] = {
    (Standing.ASKED, Turn.ACCEPT): Standing.ACCEPTED,
    (Standing.ASKED, Turn.DECLINE): Standing.DECLINED,
    (Standing.ASKED, Turn.WITHDRAW): Standing.WITHDRAWN,
    (Standing.ACCEPTED, Turn.WITHDRAW): Standing.WITHDRAWN,
    (Standing.ACCEPTED, Turn.RECEIVE): Standing.RECEIVED,
    (Standing.ACCEPTED, Turn.LAPSE): Standing.LAPSED,
    (Standing.RECEIVED, Turn.CLOSE): Standing.CLOSED,
}
COUNTED = frozenset({Standing.ASKED, Standing.ACCEPTED, Standing.RECEIVED, Standing.CLOSED})
"""Requests whose pieces cannot be asked for again."""
OPEN = frozenset({Standing.ASKED, Standing.ACCEPTED, Standing.RECEIVED})


class Reason(StrEnum):
    """Why, as the client says."""

    CHANGED_MIND = "changed_mind"
    SIZE = "size"
    DIFFERENT = "different"
    DAMAGED = "damaged"
    LATE = "late"
    OTHER = "other"


FAULTS = frozenset({Reason.DIFFERENT, Reason.DAMAGED})
"""What is the house's own doing; it has no window of days."""


def turned(standing: Standing, turn: Turn) -> Standing:
    """The standing after a turn; raises OrderRefused(REQUEST_DECIDED)."""
    following = TURNS.get((standing, turn))
    if following is None:
        raise OrderRefused(Refusal.REQUEST_DECIDED, f"{turn} while {standing}")
    return following


@dataclass(frozen=True)
class Wish:
    """A line of the order that is to come back, and for an exchange the variant wished for instead."""

    line_id: int
    quantity: int
    variant_id: int | None = None


def check_moment(
    kind: Kind, stage: Stage, reason: Reason, *, arrived_at: datetime | None, days: int, now: datetime
) -> None:
    """Whether this may be asked now.

    Raises OrderRefused: ALREADY_SENT for a cancellation, NOT_ARRIVED for pieces the client cannot have yet,
    RETURN_TOO_LATE after the house's days, which do not count against its own faults.
    """
    if kind is Kind.CANCEL:
        if stage in GONE:
            raise OrderRefused(Refusal.ALREADY_SENT, stage)
        if stage is Stage.STOPPED:
            raise OrderRefused(Refusal.WRONG_STATE, stage)
        return
    if stage not in GONE:
        raise OrderRefused(Refusal.NOT_ARRIVED, stage)
    ends_at = arrived_at + timedelta(days=days) if stage in ARRIVED and arrived_at is not None else None
    if ends_at is not None and reason not in FAULTS and now > ends_at:
        raise OrderRefused(Refusal.RETURN_TOO_LATE, f"{days} days")


def check_wishes(
    kind: Kind, wishes: Sequence[Wish], bought: Mapping[int, tuple[int, int]], taken: Mapping[int, int]
) -> None:
    """Whether the pieces can come back; `bought` maps a line to (quantity, variant), `taken` to what is asked.

    Raises OrderRefused: WRONG_WISH for lines, quantities or variants that cannot be, ALREADY_ASKED for pieces
    that another request has.
    """
    if not wishes or len({wish.line_id for wish in wishes}) != len(wishes):
        raise OrderRefused(Refusal.WRONG_WISH, "lines")
    if kind is Kind.EXCHANGE and len(wishes) != 1:
        raise OrderRefused(Refusal.WRONG_WISH, "one line an exchange")
    for wish in wishes:
        quantity, variant_id = bought.get(wish.line_id, (0, 0))
        if not 1 <= wish.quantity <= quantity:
            raise OrderRefused(Refusal.WRONG_WISH, f"{wish.quantity} of {quantity}")
        if wish.quantity + taken.get(wish.line_id, 0) > quantity:
            raise OrderRefused(Refusal.ALREADY_ASKED, str(wish.line_id))
        if (wish.variant_id is None) is (kind is Kind.EXCHANGE) or wish.variant_id == variant_id:
            raise OrderRefused(Refusal.WRONG_WISH, "variant")


@dataclass(frozen=True)
class Exchanged:
    """An exchange in fen: `credit` the old piece brings, `due` the client pays, `back` the client gets."""

    credit: int
    due: int
    back: int


def exchanged(*, old: int, new: int, left: int) -> Exchanged:
    """How an exchange comes out when of the old piece's price no more than `left` is still with the house."""
    worth = min(old, max(left, 0))
    credit = min(worth, new)
    return Exchanged(credit, new - credit, worth - credit)


def spread(value: int, lefts: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """(order, fen) to give back so that together they are `value`, or all there is when that is less.

    `lefts` are (order, fen left) with the newest payment first: what an exchange cost goes back before what the
    first piece cost.
    """
    parts: list[tuple[int, int]] = []
    for order_id, left in lefts:
        amount = min(value, max(left, 0))
        if amount:
            parts.append((order_id, amount))
            value -= amount
    return parts


def words_of(text: str) -> str:
    """What the client says, on one line; raises OrderRefused(WRONG_WORDS) when it is too long."""
    words = " ".join(text.split())
    if len(words) > WORDS_CHARS_MAX:
        raise OrderRefused(Refusal.WRONG_WORDS)
    return words
