"""The European Central Bank's daily file of reference rates, read whole or refused whole; cross rates in integers."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from seta.kit.money import RATE_SCALE
from seta.payments.rules.quotes import DAILY_RATE_DAYS_MAX
from seta.payments.rules.refusals import PaymentRefused, Refusal

FILE_BYTES_MAX = 4_000_000  # the whole history since 1999 is about half a megabyte of CSV
LEAP_BPS_MAX = 1_000  # a reference rate that moves by more than a tenth in a day is taken for a mistake
EURO = "EUR"
_SPACE = "{http://www.ecb.int/vocabulary/2002-08-01/eurofxref}"


@dataclass(frozen=True)
class DayRates:
    """What one euro cost on a day, in units of each currency scaled by 10^8; the euro itself included."""

    on: date
    per_euro: Mapping[str, int]


def read(content: bytes) -> DayRates:
    """The newest day of eurofxref-daily.xml or eurofxref.csv (the -hist files too); refuses anything else."""
    if len(content) > FILE_BYTES_MAX:
        raise _bad(f"{len(content)} bytes are more than such a file has")
    days = _days_of_xml(content) if content.lstrip()[:1] == b"<" else _days_of_csv(content)
    if not days:
        raise _bad("it has no day with rates")
    newest = max(days, key=lambda day: day.on)
    if newest.per_euro.get("CNY") is None:
        raise _bad("it has no rate of the yuan")
    return newest


def cross(rates: DayRates, base: str, counter: str) -> int | None:
    """`counter` units for one `base` unit, scaled by 10^8, half up; None when the file lacks one of them.

    >>> cross(DayRates(date(2026, 11, 20), {"EUR": 10**8, "CNY": 782_345_678}), "CNY", "EUR")
    12782074
    """
    of_base, of_counter = rates.per_euro.get(base), rates.per_euro.get(counter)
    if of_base is None or of_counter is None:
        return None
    return (2 * of_counter * RATE_SCALE + of_base) // (2 * of_base)


def inverse(scaled: int) -> int:
    """The rate the other way round, scaled by 10^8, half up; for sources that price a foreign unit in yuan."""
    assert scaled > 0, "a rate is positive"
    return (2 * RATE_SCALE * RATE_SCALE + scaled) // (2 * scaled)


def check_day(on: date, *, today: date) -> None:
    """Refuses rates of a day to come, and rates that are too old to be used."""
    if on > today:
        raise PaymentRefused(Refusal.RATES_STALE, f"rates of {on} on {today}: of a day to come")
    if (today - on).days > DAILY_RATE_DAYS_MAX:
        raise PaymentRefused(
            Refusal.RATES_STALE, f"rates of {on} on {today}: over {DAILY_RATE_DAYS_MAX} days old"
        )


def check_leap(currency: str, scaled: int, before: int | None) -> None:
    """Refuses a rate that is not positive or differs from the one before by more than LEAP_BPS_MAX."""
    if scaled <= 0:
        raise _bad(f"{currency} is worth nothing")
    if before is not None and abs(scaled - before) * 10_000 > LEAP_BPS_MAX * before:
        raise PaymentRefused(
            Refusal.RATES_ABSURD,
            f"{currency} went from {before} to {scaled}, over {LEAP_BPS_MAX} basis points",
        )


def _days_of_xml(content: bytes) -> list[DayRates]:
    try:
        root: Element = fromstring(content, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise _bad(f"not well-formed XML: {type(error).__name__}") from None
    days = []
    for node in root.iter(f"{_SPACE}Cube"):
        if "time" in node.attrib:
            cubes = [(one.get("currency", ""), one.get("rate", "")) for one in node.iter(f"{_SPACE}Cube")]
            days.append(_day(node.attrib["time"], [cube for cube in cubes if cube != ("", "")]))
    return days


def _days_of_csv(content: bytes) -> list[DayRates]:
    try:
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise _bad(f"not a CSV file: {type(error).__name__}") from None
    if not rows or rows[0][0].strip() != "Date":
        raise _bad("its first column is not Date")
    names = [name.strip() for name in rows[0][1:]]
    days = []
    for row in rows[1:]:
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(rows[0]):
            raise _bad(f"a line has {len(row)} cells, the header {len(rows[0])}")
        cells = [cell.strip() for cell in row[1:]]
        # The published files end each line with a comma: an empty name over an empty cell.
        pairs = [pair for pair in zip(names, cells, strict=True) if pair != ("", "") and pair[1] != "N/A"]
        days.append(_day(row[0].strip(), pairs))
    return days


def _day(text: str, pairs: list[tuple[str, str]]) -> DayRates:
    per_euro = {EURO: RATE_SCALE}
    for currency, rate in pairs:
        if len(currency) != 3 or not (currency.isascii() and currency.isupper()):
            raise _bad(f"{currency[:10]!r} is not a currency")
        if currency in per_euro:
            raise _bad(f"{currency} stands there twice")
        per_euro[currency] = _scaled(currency, rate)
    return DayRates(_date(text), per_euro)


def _date(text: str) -> date:
    for form in ("%Y-%m-%d", "%d %B %Y"):
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    raise _bad(f"{text[:20]!r} is not a day")


def _scaled(currency: str, text: str) -> int:
    if not text.isascii() or len(text) > 20 or not text.replace(".", "", 1).isdigit():
        raise _bad(f"{text[:20]!r} is not the rate of {currency}")
    try:
        scaled = Decimal(text) * RATE_SCALE
    except InvalidOperation:
        raise _bad(f"{text[:20]!r} is not the rate of {currency}") from None
    if scaled != int(scaled) or scaled <= 0:
        raise _bad(f"{text[:20]!r} of {currency} is not positive with at most 8 decimals")
    return int(scaled)


def _bad(why: str) -> PaymentRefused:
    return PaymentRefused(Refusal.BAD_RATES, why)
