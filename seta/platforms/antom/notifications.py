"""Opens what Antom posts to our addresses: the signature over our path and its raw body is proven first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from seta.platforms.antom.records import Payment, Refund, read_payment, read_refund
from seta.platforms.antom.signing import PLATFORM, holds, key_version_of, signed_bytes
from seta.platforms.core.answers import parse_answer
from seta.platforms.core.errors import Forged, PlatformError

BODY_BYTES_MAX = 256 * 1024
AGE_SECONDS_MAX = 300
RECEIPT = b'{"result":{"resultCode":"SUCCESS","resultStatus":"S","resultMessage":"success"}}'
"""The only answer that stops the repeats; it is not signed."""
_PAYMENT_KINDS = frozenset({"PAYMENT_RESULT", "PAYMENT_PENDING", "PAYMENT_CANCEL"})
_STATUSES = {"S": "SUCCESS", "F": "FAIL", "U": "PROCESSING"}


@dataclass(frozen=True)
class Notification:
    """A proven notification: its kind, and the payment or the refund it tells of.

    PAYMENT_PENDING means that the consumer is done and the result is not; PAYMENT_CANCEL that it was undone.
    """

    kind: str
    payment: Payment | None = None
    refund: Refund | None = None


def open_notification(
    *,
    headers: Mapping[str, str],
    path: str,
    body: bytes,
    antom_public_key: str,
    client_id: str,
    now: float | None = None,
) -> Notification:
    """Prove and read one notification; `path` is that of the address Antom called. Raises Forged.

    With `now` (unix seconds) a notification that was signed more than 300 s away from it is refused as OLD. It has no
    id of its own: store it under its kind and its payment or refund request id.
    """
    return read_notification(
        prove_notification(
            headers=headers,
            path=path,
            body=body,
            public_keys=[("", antom_public_key)],
            client_id=client_id,
            now=now,
        )
    )


def prove_notification(
    *,
    headers: Mapping[str, str],
    path: str,
    body: bytes,
    public_keys: Sequence[tuple[str, str]],
    client_id: str,
    now: float | None,
) -> Mapping[str, Any]:
    """The fields of a notification that one of Antom's keys has signed for this client, lately; raises Forged.

    `public_keys` are numbers and keys; the number "" fits whatever `keyVersion` the header names.
    """
    given = {name.lower(): value for name, value in headers.items()}
    if len(body) > BODY_BYTES_MAX:
        raise _forged("notification is too large", "TOO_LARGE")
    if given.get("client-id") != client_id:
        raise _forged("notification is for another client", "CLIENT_ID")
    at, header = given.get("request-time", ""), given.get("signature", "")
    if now is not None:
        _check_age(at, now)
    version = key_version_of(header)
    if version is None:
        raise _forged("signed with an algorithm that is not RSA256", "SIGNATURE_TYPE")
    fitting = [key for number, key in public_keys if number in ("", version)]
    if not fitting:
        raise _forged("signed with a key of a number that we were not given", "KEY_VERSION")
    message = signed_bytes(path=path, client_id=client_id, at=at, body=body)
    if not at or not any(holds(key, message, header) for key in fitting):
        raise _forged("signature does not match the body", "SIGNATURE")
    fields = parse_answer(body, platform=PLATFORM)
    if fields is None:
        raise _forged("notification is not a JSON object", "UNREADABLE")
    return fields


def read_notification(fields: Mapping[str, Any]) -> Notification:
    """What the fields of a proven notification tell; raises Forged when they cannot be read."""
    try:
        kind = fields["notifyType"]
        if kind == "REFUND_RESULT":
            return Notification(kind, refund=read_refund(fields, str(fields["refundStatus"])))
        if kind not in _PAYMENT_KINDS:
            raise ValueError(f"unknown kind {str(kind)[:40]!r}")
        result = fields["result"]
        status = _STATUSES[result["resultStatus"]] if kind != "PAYMENT_PENDING" else "PROCESSING"
        status = "CANCELLED" if kind == "PAYMENT_CANCEL" else status
        return Notification(kind, payment=read_payment(fields, status, str(result["resultCode"])))
    except (ValueError, KeyError, TypeError, AttributeError, PlatformError) as error:
        raise _forged(f"notification cannot be read: {error}", "UNREADABLE") from error


def _check_age(at: str, now: float) -> None:
    try:
        signed_at = datetime.fromisoformat(at)
        if signed_at.tzinfo is None:
            raise ValueError("no zone")
        age = abs(now - signed_at.timestamp())
    except (ValueError, OverflowError) as error:
        raise _forged("Request-Time is missing or not ISO 8601 with a zone", "UNSIGNED") from error
    if age > AGE_SECONDS_MAX:
        raise _forged(f"signed {age:.0f} s away from our clock; at most {AGE_SECONDS_MAX}", "OLD")


def _forged(message: str, code: str) -> Forged:
    return Forged(message, platform=PLATFORM, code=code)
