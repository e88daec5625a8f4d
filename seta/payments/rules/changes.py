"""What about rates and terms may be changed by two people, and which values each may have."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from seta.payments.rules.bankfile import is_iban
from seta.payments.rules.quotes import AMOUNT_FEN_MAX, DAILY, ECB, SETTLE_CURRENCIES, SOURCES
from seta.payments.rules.refunds import RATE_POLICIES
from seta.payments.rules.refusals import PaymentRefused, Refusal
from seta.payments.rules.routing import Scene, Wallet, can_serve

SCALED_MAX = 10**13
REASON_CHARS_MAX = 200
ROLES = frozenset({"finance", "admin"})
_ACCOUNT_FIELDS = ("creditor_name", "creditor_iban", "debtor_name", "debtor_iban")
_NAME = re.compile(r"[^\x00-\x1f<>]{1,70}")


class Kind(StrEnum):
    """One of them is changed at a time; `subject` says what within it."""

    RATE = "rate"
    SPREAD = "spread"
    FEE = "fee"
    ROUTE = "route"
    REFUND_POLICY = "refund_policy"
    RATE_SOURCES = "rate_sources"
    REFUND_LIMIT = "refund_limit"
    MINIMUM = "minimum"
    ACCOUNT = "account"


TERMS_FIELD: Mapping[Kind, str] = {
    Kind.SPREAD: "spread_bps",
    Kind.FEE: "fee_bps",
    Kind.REFUND_POLICY: "refund_policy",
    Kind.RATE_SOURCES: "rate_sources",
    Kind.REFUND_LIMIT: "second_person_above",
    Kind.MINIMUM: "settlement_minimum",
}
"""Kinds that are one value of the house's terms."""


def checked(kind: Kind, subject: str, after: Any) -> Any:
    """The value as it will be kept; raises PaymentRefused for what the kind cannot have.

    rate: subject the currency (or `EUR 2026-11-22` for one day's), an integer scaled by 10^8. spread, fee: basis
    points. route: subject `wallet scene currency` (`any` for any currency), a provider, or "" to take the route away.
    rate_sources: names with commas. account: subject the field.
    """
    return _CHECKS[kind](subject, after)


def rate_subject(subject: str) -> tuple[str, date | None]:
    """The currency of a rate and its day, None for the fixed rate."""
    currency, _, day = subject.partition(" ")
    if currency not in SETTLE_CURRENCIES:
        raise PaymentRefused(Refusal.UNSUPPORTED_CURRENCY, currency[:10])
    try:
        return currency, date.fromisoformat(day) if day else None
    except ValueError:
        raise _bad(f"{day[:20]!r} is not a day") from None


def route_subject(subject: str) -> tuple[Wallet, Scene, str]:
    """Wallet, scene and settlement currency of a route; the currency is "" for any."""
    try:
        wallet, scene, currency = subject.split(" ")
        found = Wallet(wallet), Scene(scene), "" if currency == "any" else currency
    except ValueError:
        raise _bad(f"{subject[:40]!r} is not a wallet, a scene and a currency") from None
    if found[2] and found[2] not in SETTLE_CURRENCIES:
        raise PaymentRefused(Refusal.UNSUPPORTED_CURRENCY, currency[:10])
    return found


def _rate(subject: str, after: Any) -> int:
    rate_subject(subject)
    return _whole(after, 1, SCALED_MAX)


def _route(subject: str, after: Any) -> str:
    wallet, _, _ = route_subject(subject)
    if after != "" and (not isinstance(after, str) or not can_serve(after, wallet)):
        raise _bad(f"{str(after)[:20]!r} does not take {wallet}")
    return str(after)


def _bps(subject: str, after: Any) -> int:
    return _whole(after, 0, 9_999)


def _limit(subject: str, after: Any) -> int:
    return _whole(after, 0, AMOUNT_FEN_MAX)


def _policy(subject: str, after: Any) -> str:
    if after not in RATE_POLICIES:
        raise _bad(f"{str(after)[:20]!r} is not one of {', '.join(sorted(RATE_POLICIES))}")
    return str(after)


def _sources(subject: str, after: Any) -> str:
    names = [name.strip() for name in after.split(",")] if isinstance(after, str) else []
    if not names or len(set(names)) != len(names) or not set(names) <= set(SOURCES):
        raise _bad(f"sources are some of {', '.join((*SOURCES[:2], ECB, DAILY))}, each once")
    return ",".join(names)


def _account(subject: str, after: Any) -> str:
    text = after.strip() if isinstance(after, str) else ""
    if subject not in _ACCOUNT_FIELDS:
        raise _bad(f"{subject[:20]!r} is not one of {', '.join(_ACCOUNT_FIELDS)}")
    if subject.endswith("_iban"):
        text = text.replace(" ", "").upper()
        if not is_iban(text):
            raise _bad("this is not an IBAN")
    elif not _NAME.fullmatch(text):
        raise _bad("a name has 1 to 70 characters")
    return text


def _whole(value: Any, least: int, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise _bad(f"{str(value)[:20]} is not a whole number from {least} to {most}")
    return value


def _bad(why: str) -> PaymentRefused:
    return PaymentRefused(Refusal.BAD_CHANGE, why)


_CHECKS: Mapping[Kind, Callable[[str, Any], Any]] = {
    Kind.RATE: _rate,
    Kind.SPREAD: _bps,
    Kind.FEE: _bps,
    Kind.ROUTE: _route,
    Kind.REFUND_POLICY: _policy,
    Kind.RATE_SOURCES: _sources,
    Kind.REFUND_LIMIT: _limit,
    Kind.MINIMUM: _limit,
    Kind.ACCOUNT: _account,
}
