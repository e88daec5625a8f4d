"""What a form of the desk may hold: amounts, days and numbers as people write them."""

import re
from datetime import date
from enum import StrEnum

AMOUNT_FEN_MAX = 10**12 - 1
TRIES_MAX = 5
LOCK_SECONDS = 15 * 60

_DECIMAL = re.compile(r"([0-9]{1,10})(?:\.([0-9]{1,2}))?")


class Refusal(StrEnum):
    """What is wrong with a form."""

    BAD_AMOUNT = "bad_amount"
    BAD_DAY = "bad_day"
    BAD_NUMBER = "bad_number"
    UNKNOWN_CHOICE = "unknown_choice"
    DECIDED = "decided"
    OWN_REQUEST = "own_request"
    UNREADABLE_CODE = "unreadable_code"
    REASON_MISSING = "reason_missing"


class FormRefused(Exception):
    """A form that changes nothing; the page says what to correct."""

    def __init__(self, refusal: Refusal, detail: str = "") -> None:
        super().__init__(f"{refusal}: {detail}" if detail else str(refusal))
        self.refusal = refusal


def fen(text: str) -> int:
    """An amount in yuan as minor units; thousands may be set apart by commas or blanks.

    >>> fen("¥1,234.5")
    123450
    """
    found = _DECIMAL.fullmatch(re.sub(r"[\s,¥￥]", "", text))
    if found is None:
        raise FormRefused(Refusal.BAD_AMOUNT, text[:40])
    amount = int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0"))
    if not 0 < amount <= AMOUNT_FEN_MAX:
        raise FormRefused(Refusal.BAD_AMOUNT, text[:40])
    return amount


def day(text: str) -> date:
    """A day as a date field sends it: 2026-11-22."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise FormRefused(Refusal.BAD_DAY, text[:40]) from None


def number(text: str) -> int:
    """A whole number above zero that a database can hold."""
    plain = text.strip()
    if not (plain.isascii() and plain.isdigit() and len(plain) <= 15 and int(plain)):
        raise FormRefused(Refusal.BAD_NUMBER, text[:40])
    return int(plain)


def whole(text: str) -> int:
    """A count from an address; 0 for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else 0
