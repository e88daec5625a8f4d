"""Requests that the API's page shows and that a test runs, in this order, against a server.

`{payment}`, `{refund}` and `{quote}` are ids of the answers before; AUTH_CODE is what a scanner would read.
"""

from dataclasses import asdict, dataclass, field
from typing import Any

from seta.payments.rules.till import IDEMPOTENCY_KEY_CHARS_MAX

AUTH_CODE = "134567890123456789"


@dataclass(frozen=True)
class Example:
    """One request, the status it gets, and what a reader learns from it."""

    title: str
    method: str
    path: str
    status: int
    body: dict[str, Any] | None = None
    key: str = ""
    keeps: str = ""
    shows: dict[str, Any] = field(default_factory=dict)


EXAMPLES: dict[str, tuple[Example, ...]] = {
    "me": (Example("Try your key", "GET", "/me", 200, shows={"boutique": "monte-napoleone"}),),
    "quote": (
        Example(
            "Lock a rate",
            "POST",
            "/quotes",
            201,
            {"amount": 88_000, "settle_currency": "EUR"},
            keeps="quote",
            shows={"currency": "CNY"},
        ),
        Example(
            "An amount that is text is refused",
            "POST",
            "/quotes",
            422,
            {"amount": "880.00", "settle_currency": "EUR"},
        ),
    ),
    "charge": (
        Example(
            "Charge a scanned code",
            "POST",
            "/payments",
            201,
            {"amount": 12_000, "auth_code": AUTH_CODE, "reference": "R-1001", "description": "Foulard"},
            key="sale-1001",
            keeps="payment",
            shows={"reference": "R-1001", "state": "succeeded", "is_open": False},
        ),
        Example(
            "The repeat gets the stored answer",
            "POST",
            "/payments",
            201,
            {"amount": 12_000, "auth_code": AUTH_CODE, "reference": "R-1001", "description": "Foulard"},
            key="sale-1001",
            shows={"reference": "R-1001", "state": "succeeded"},
        ),
        Example(
            "The same key for another sale is a conflict",
            "POST",
            "/payments",
            409,
            {"amount": 13_000, "auth_code": AUTH_CODE, "reference": "R-1001"},
            key="sale-1001",
            shows={"error": {"code": "key_reused"}},
        ),
        Example(
            "Make a QR for the client's camera",
            "POST",
            "/payments",
            201,
            {"amount": 88_000, "wallet": "wechat", "reference": "R-1002", "quote_id": "{quote}"},
            key="sale-1002",
            keeps="open",
            shows={"reference": "R-1002", "is_open": True},
        ),
    ),
    "state": (
        Example("Read a payment", "GET", "/payments/{payment}", 200, shows={"state": "succeeded"}),
        Example(
            "Wait for it to be decided",
            "GET",
            "/payments/{payment}?wait=20",
            200,
            shows={"is_open": False},
        ),
        Example(
            "One that is not yours", "GET", "/payments/999999", 404, shows={"error": {"code": "not_found"}}
        ),
    ),
    "cancel": (
        Example(
            "The client walks away from the QR",
            "POST",
            "/payments/{open}/cancel",
            200,
            shows={"state": "canceled", "is_open": False},
        ),
    ),
    "refund": (
        Example(
            "Give a part back",
            "POST",
            "/payments/{payment}/refunds",
            201,
            {"amount": 5_000, "reason": "size"},
            key="back-1001",
            keeps="refund",
            shows={"amount": 5_000, "state": "processing"},
        ),
        Example(
            "More than is left",
            "POST",
            "/payments/{payment}/refunds",
            400,
            {"amount": 12_000},
            key="back-1002",
            shows={"error": {"code": "refund_too_large"}},
        ),
    ),
    "refund_state": (Example("Read a refund", "GET", "/refunds/{refund}", 200, shows={"amount": 5_000}),),
    "day": (
        Example("Today's payments", "GET", "/payments?limit=20", 200),
        Example(
            "A receipt whose answer was lost", "GET", "/payments?reference=R-1001", 200, shows={"on": ""}
        ),
    ),
}


TITLES = {
    "me": "Try your key",
    "quote": "Lock a rate",
    "charge": "Take a payment",
    "day": "List a day, or find a receipt",
    "state": "Follow a payment",
    "cancel": "Cancel a payment",
    "refund": "Refund",
    "refund_state": "Follow a refund",
}
"""What each call is called, in the page's order."""

KEYED = frozenset({"charge", "refund"})
_IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "Your own name for this request, another one for each sale. A repeat with the same body gets the "
    "stored answer; another body is 409 key_reused; one that is still worked on is 409 key_in_flight.",
    "schema": {"type": "string", "minLength": 1, "maxLength": IDEMPOTENCY_KEY_CHARS_MAX},
}
_RETRY_AFTER = {
    "Retry-After": {
        "description": "Seconds after which the same request may be sent again; absent when it may not.",
        "schema": {"type": "integer"},
    }
}


def examples(operation: str) -> dict[str, Any]:
    """What an operation adds to its entry in openapi.json: its examples, and the headers that it reads and sends."""
    found: dict[str, Any] = {
        "summary": TITLES[operation],
        "x-examples": [asdict(example) for example in EXAMPLES[operation]],
        "responses": {status: {"headers": _RETRY_AFTER} for status in (409, 429, 503)},
    }
    if operation in KEYED:
        found["parameters"] = [_IDEMPOTENCY_KEY]
    return found
