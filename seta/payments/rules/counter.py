"""Amounts as they are entered at a counter, and the references under which their payments are kept."""

import re

from seta.kit.money import RATE_SCALE, convert, exponent
from seta.payments.rules.refusals import PaymentRefused, Refusal

TITLE_CHARS_MAX = 60
KEY = re.compile(r"[0-9A-Za-z_-]{8,24}")


def fen_for(amount: int, scaled: int, currency: str) -> int:
    """The fewest fen that become at least `amount` minor units of the currency at a rate scaled by 10^8.

    Refuses (AMOUNT_NOT_POSITIVE) what is not above zero.

    >>> fen_for(120_000, 12_782_072, "EUR")
    938812
    """
    assert scaled > 0, "a rate is positive"
    if amount <= 0:
        raise PaymentRefused(Refusal.AMOUNT_NOT_POSITIVE, str(amount))
    places = exponent(currency)
    # convert() rounds half up, so half a minor unit less is enough.
    wanted = (2 * amount - 1) * RATE_SCALE * 100
    per_fen = 2 * scaled * 10**places
    fen: int = -(-wanted // per_fen)
    assert convert(fen, scaled, exponent_to=places) >= amount
    return fen


def check_key(key: str) -> str:
    """A client's key for one payment: 8 to 24 letters, digits, `-` or `_`; else PaymentRefused(KEY_MISSING)."""
    if not KEY.fullmatch(key):
        raise PaymentRefused(Refusal.KEY_MISSING)
    return key


def reference_of(code_id: int, person_id: int, key: str) -> str:
    """The reference of a payment at a static code; another client cannot make the same.

    >>> reference_of(7, 12, "abcdefgh")
    'scan-7-12-abcdefgh'
    """
    return f"{reference_start(code_id)}{person_id}-{key}"


def reference_start(code_id: int) -> str:
    """How the references of all payments at a static code begin."""
    return f"scan-{code_id}-"
