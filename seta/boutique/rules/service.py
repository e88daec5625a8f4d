"""Gifts, tax invoices, fittings and prepared bags: what may be asked for, and how each stands."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from seta.boutique.rules.refusals import OrderRefused, Refusal

CARD_CHARS_MAX = 120
TITLE_CHARS_MAX = 100
EMAIL_CHARS_MAX = 120
FITTINGS_MAX = 6
"""Pieces off the shelf for one client at once: what a fitting room takes, and no boutique misses."""
FITTING_AHEAD = timedelta(days=14)
FITTING_LASTS = timedelta(hours=2)
BAG_DAYS_MAX = 30
BAG_NOTE_CHARS_MAX = 120
_EMAIL = re.compile(r"[^@\s,;<>]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_FAPIAO = re.compile(r"[0-9]{8}|[0-9]{20}")
_TAX_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_TAX_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))


@dataclass(frozen=True)
class Gift:
    """How a gift is made up: wrapped, with a card, without a price slip."""

    is_wrapped: bool = False
    card_text: str = ""
    hides_prices: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether nothing was asked for."""
        return not (self.is_wrapped or self.card_text or self.hides_prices)


def gift_of(said: Gift) -> Gift:
    """The gift with its card's lines in order; raises OrderRefused(WRONG_CARD) when the text is too long."""
    text = "\n".join(line.strip() for line in said.card_text.strip().splitlines())
    if len(text) > CARD_CHARS_MAX:
        raise OrderRefused(Refusal.WRONG_CARD, str(len(text)))
    return Gift(said.is_wrapped, text, said.hides_prices)


class Buyer(StrEnum):
    """Whom a fapiao is made out to."""

    PERSON = "person"
    COMPANY = "company"


class Paper(StrEnum):
    """How a fapiao stands; TO_WITHDRAW is issued for money that has gone back since."""

    ASKED = "asked"
    ISSUED = "issued"
    TO_WITHDRAW = "to_withdraw"
    WITHDRAWN = "withdrawn"
    DROPPED = "dropped"


STANDING_PAPER = frozenset({Paper.ASKED, Paper.ISSUED, Paper.TO_WITHDRAW})


@dataclass(frozen=True)
class Invoicee:
    """Who the fapiao names and where it is sent."""

    buyer: Buyer
    title: str
    tax_number: str
    email: str


def tax_check_digit(first: str) -> str:
    """The 18th character of a unified social credit code for its first 17 (GB 32100-2015, 31 minus the sum mod 31).

    Raises ValueError for other lengths or characters (I, O, S, V and Z are not used).
    """
    if len(first) != 17:
        raise ValueError(first)
    total = sum(
        _TAX_ALPHABET.index(letter) * weight for letter, weight in zip(first, _TAX_WEIGHTS, strict=True)
    )
    return _TAX_ALPHABET[(31 - total % 31) % 31]


def is_tax_number(text: str) -> bool:
    """Whether a unified social credit code is one: 18 characters whose last fits the others."""
    try:
        return len(text) == 18 and tax_check_digit(text[:17]) == text[17]
    except ValueError:
        return False


def invoicee_of(buyer: str, title: str, tax_number: str, email: str) -> Invoicee:
    """The fields of a fapiao in order; raises OrderRefused: WRONG_TITLE, WRONG_TAX_NUMBER or WRONG_EMAIL."""
    title, email = " ".join(title.split()), email.strip()
    number = "".join(tax_number.split()).upper()
    if buyer not in list(Buyer) or not 0 < len(title) <= TITLE_CHARS_MAX:
        raise OrderRefused(Refusal.WRONG_TITLE)
    if (buyer == Buyer.COMPANY and not is_tax_number(number)) or (buyer == Buyer.PERSON and number):
        raise OrderRefused(Refusal.WRONG_TAX_NUMBER, number[:20])
    if len(email) > EMAIL_CHARS_MAX or not _EMAIL.fullmatch(email):
        raise OrderRefused(Refusal.WRONG_EMAIL)
    return Invoicee(Buyer(buyer), title, number, email)


def fapiao_number(said: str) -> str:
    """A fapiao's number, 20 digits if it is digital and 8 on paper; raises OrderRefused(WRONG_FAPIAO_NUMBER)."""
    number = "".join(said.split())
    if not _FAPIAO.fullmatch(number):
        raise OrderRefused(Refusal.WRONG_FAPIAO_NUMBER, said[:24])
    return number


class FittingState(StrEnum):
    """How a piece that waits to be tried on stands."""

    HELD = "held"
    TRIED = "tried"
    BOUGHT = "bought"
    LEFT = "left"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


FITTING_MOVES = frozenset(
    {(FittingState.HELD, after) for after in FittingState if after is not FittingState.HELD}
    | {
        (FittingState.TRIED, after)
        for after in (FittingState.BOUGHT, FittingState.LEFT, FittingState.EXPIRED)
    }
)
HOLDING = frozenset({FittingState.HELD, FittingState.TRIED})
"""The piece is out of stock for the client."""


def fitting_becomes(state: FittingState, after: FittingState) -> FittingState:
    """The state after; raises OrderRefused(FITTING_ENDED)."""
    if (state, after) not in FITTING_MOVES:
        raise OrderRefused(Refusal.FITTING_ENDED, f"{after} while {state}")
    return after


def fitting_until(wanted_at: datetime | None, *, hours: int, now: datetime) -> datetime:
    """Until when a piece waits: some hours from now, or two hours after a time that was agreed on.

    Raises OrderRefused(WRONG_TIME) for a time that is past or more than two weeks ahead.
    """
    if wanted_at is None:
        return now + timedelta(hours=hours)
    if not now <= wanted_at <= now + FITTING_AHEAD:
        raise OrderRefused(Refusal.WRONG_TIME)
    return wanted_at + FITTING_LASTS


class BagState(StrEnum):
    """How a prepared bag stands."""

    SHARED = "shared"
    ORDERED = "ordered"
    WITHDRAWN = "withdrawn"
