"""How much of a payment goes back: cumulative rounding, the providers' limits, the second person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from seta.payments.rules.limits import refund_limit
from seta.payments.rules.quotes import fen, worth
from seta.payments.rules.refusals import PaymentRefused, Refusal
from seta.payments.rules.states import IntentState

ORIGINAL = "original"
REFUND_DAY = "refund_day"
RATE_POLICIES = frozenset({ORIGINAL, REFUND_DAY})


@dataclass(frozen=True)
class Part:
    """A refund that counts: its amount in fen, its share in the settlement currency and of our fee.

    `rate_gain` is its share of what the payment is carried for beyond its settlement amount; `is_approved` says
    whether a second person has agreed to it.
    """

    amount: int
    settle_amount: int
    fee: int
    requested_at: datetime
    rate_gain: int = 0
    is_approved: bool = False


@dataclass(frozen=True)
class Paid:
    """The payment a refund is taken from."""

    state: IntentState
    provider: str
    amount: int
    settle_amount: int
    fee: int
    rate_gain: int = 0
    paid_at: datetime | None = None


@dataclass(frozen=True)
class Share:
    """What one refund moves: fen to the client, settlement minor units, and our fee given back within them."""

    amount: int
    settle_amount: int
    fee: int
    rate_gain: int = 0


def part_of(total: int, amount: int, whole: int, before: int, already: int) -> int:
    """The share of `total` that brings `already` up to what `before + amount` of `whole` is worth, half up.

    Rounding the sum and not each part makes the parts of a full refund add up to the whole.
    """
    assert amount > 0 and before >= 0 and before + amount <= whole
    upto = (2 * total * (before + amount) + whole) // (2 * whole)
    return max(upto - already, 0)


def share_of(paid: Paid, parts: Sequence[Part], amount: int) -> Share:
    """What refunding `amount` fen moves, given the parts refunded before."""
    before = sum(part.amount for part in parts)
    settle = part_of(
        paid.settle_amount, amount, paid.amount, before, sum(part.settle_amount for part in parts)
    )
    fee = part_of(paid.fee, amount, paid.amount, before, sum(part.fee for part in parts)) if paid.fee else 0
    carried = sum(part.settle_amount + part.rate_gain for part in parts)
    gives_up = part_of(paid.settle_amount + paid.rate_gain, amount, paid.amount, before, carried)
    return Share(amount=amount, settle_amount=settle, fee=min(fee, settle), rate_gain=gives_up - settle)


def worth_on_day(*, amount: int, before: int, counter: str, scaled: int) -> int:
    """What refunding `amount` fen takes at the rate of its day, after `before` fen of the same payment.

    The difference of two rounded sums, so that the parts of a payment refunded on one day add up to the whole.
    """
    return worth(before + amount, counter, scaled) - (worth(before, counter, scaled) if before else 0)


def check(paid: Paid, parts: Sequence[Part], *, amount: int, now: datetime) -> None:
    """Raises PaymentRefused when this refund may not be sent, whoever asks for it."""
    if fen(amount) <= 0:
        raise PaymentRefused(Refusal.AMOUNT_NOT_POSITIVE, str(amount))
    if paid.state is not IntentState.SUCCEEDED:
        raise PaymentRefused(Refusal.NOT_PAID, str(paid.state))
    left = paid.amount - sum(part.amount for part in parts)
    if amount > left:
        raise PaymentRefused(Refusal.REFUND_TOO_LARGE, f"{amount} of {left} fen left")
    why_not = refund_limit(
        paid.provider, paid_at=paid.paid_at, parts=[part.requested_at for part in parts], now=now
    )
    if why_not is not None:
        raise PaymentRefused(why_not, paid.provider)


def needs_second_person(
    amount: int,
    limit: int,
    *,
    requested_by: int | None,
    approved_by: int | None,
    parts: Sequence[Part] = (),
) -> bool:
    """Whether a refund of `amount` fen still lacks somebody other than who asked for it.

    Parts of the payment that nobody has approved count together: a large refund cut into small ones is a large
    refund. The rule is for people: what the system itself asks for (nobody requested it) needs nobody's approval.
    """
    alone = amount + sum(part.amount for part in parts if not part.is_approved)
    return requested_by is not None and alone > limit and approved_by in (None, requested_by)
