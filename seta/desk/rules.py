"""What a form of the desk may hold: amounts, days and numbers as people write them."""

import re
from datetime import date, datetime
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
    BAD_PERCENT = "bad_percent"
    BAD_RATE = "bad_rate"
    FILE_MISSING = "file_missing"


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


def minor(text: str) -> int:
    """An amount of a currency with two decimals as minor units; 0 is one too.

    >>> minor("10"), minor("0")
    (1000, 0)
    """
    return 0 if re.fullmatch(r"0(\.0{1,2})?", text.strip()) else fen(text)


def basis_points(text: str) -> int:
    """A percentage with at most two decimals as hundredths of a percent.

    >>> basis_points("0.5 %"), basis_points("12")
    (50, 1200)
    """
    found = _DECIMAL.fullmatch(re.sub(r"[\s%]", "", text).replace(",", "."))
    if found is None:
        raise FormRefused(Refusal.BAD_PERCENT, text[:40])
    return int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0"))


def scaled_rate(text: str) -> int:
    """A rate with at most eight decimals, scaled by 10^8.

    >>> scaled_rate("0.12782072")
    12782072
    """
    found = re.fullmatch(r"([0-9]{1,6})(?:[.,]([0-9]{1,8}))?", text.strip())
    scaled = int(found[1]) * 10**8 + int((found[2] or "0").ljust(8, "0")) if found else 0
    if not scaled:
        raise FormRefused(Refusal.BAD_RATE, text[:40])
    return scaled


def day(text: str) -> date:
    """A day as a date field sends it: 2026-11-22."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise FormRefused(Refusal.BAD_DAY, text[:40]) from None


def instant(text: str) -> datetime:
    """An instant with its offset, as a button of ours sends it: 2026-11-22T10:00:00+01:00."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError as problem:
        raise FormRefused(Refusal.BAD_DAY, text[:40]) from problem
    if found.tzinfo is None:
        raise FormRefused(Refusal.BAD_DAY, text[:40])
    return found


def number(text: str) -> int:
    """A whole number above zero that a database can hold."""
    plain = text.strip()
    if not (plain.isascii() and plain.isdigit() and len(plain) <= 15 and int(plain)):
        raise FormRefused(Refusal.BAD_NUMBER, text[:40])
    return int(plain)


def whole(text: str) -> int:
    """A count from an address; 0 for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else 0
