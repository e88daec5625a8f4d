"""What a till may do, how its references and keys are told apart, and how often it may ask."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum

KEY_PREFIX = "setatill_"
REFERENCE_CHARS_MAX = 40
IDEMPOTENCY_KEY_CHARS_MAX = 100
REQUESTS_A_MINUTE = 240
REQUESTS_AT_ONCE = 60
"""A till asks a few times a second at most; a bucket of this size refills evenly over the minute."""

_SHORT_CHARS = 20


class Scope(StrEnum):
    """What a key may be for."""

    READ = "payments.read"
    CHARGE = "payments.charge"
    REFUND = "payments.refund"


SCOPES = tuple(scope.value for scope in Scope)


def digest(key: str) -> str:
    """What is kept of a key; it has 160 random bits, so that its hash cannot be searched."""
    return hashlib.sha256(key.encode()).hexdigest()


def kept_reference(boutique_code: str, reference: str) -> str:
    """A till's own reference under its boutique's name: receipt 123 of two boutiques are two sales.

    It never equals an order's number, so that no till can pass for an order of the house.
    """
    return f"{_place(boutique_code)}/{reference}"


def own_reference(boutique_code: str, kept: str) -> str:
    """The reference as the till gave it."""
    return kept.removeprefix(f"{_place(boutique_code)}/")


def _place(boutique_code: str) -> str:
    if len(boutique_code) <= _SHORT_CHARS:
        return boutique_code or "till"
    return boutique_code[:12] + "~" + hashlib.sha256(boutique_code.encode()).hexdigest()[:7]


@dataclass(frozen=True)
class Bucket:
    """How many requests a caller has left at an instant, in seconds of any clock that only goes forward."""

    left: float
    at: float


def take(bucket: Bucket | None, *, now: float) -> tuple[Bucket, float]:
    """The bucket after one more request, and how many seconds to wait first: 0 when it may go at once."""
    rate = REQUESTS_A_MINUTE / 60
    if bucket is None:
        return Bucket(REQUESTS_AT_ONCE - 1, now), 0.0
    left = min(REQUESTS_AT_ONCE, bucket.left + max(0.0, now - bucket.at) * rate)
    if left < 1:
        return Bucket(left, now), (1 - left) / rate
    return Bucket(left - 1, now), 0.0
