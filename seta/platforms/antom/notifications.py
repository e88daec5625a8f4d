"""Opens what Antom posts to our addresses: the signature over our path and its raw body is proven first."""

from collections.abc import Mapping
from dataclasses import dataclass

from seta.platforms.antom.records import Payment, Refund, read_payment, read_refund
from seta.platforms.antom.signing import PLATFORM, holds, signed_bytes
from seta.platforms.core.answers import parse_answer
from seta.platforms.core.errors import Forged, PlatformError

BODY_BYTES_MAX = 256 * 1024
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
    *, headers: Mapping[str, str], path: str, body: bytes, antom_public_key: str, client_id: str
) -> Notification:
    """Prove and read one notification; `path` is that of the address Antom called. Raises Forged.

    A notification has no id of its own: store it under its kind and its payment or refund request id.
    """
    given = {name.lower(): value for name, value in headers.items()}
    if len(body) > BODY_BYTES_MAX:
        raise _forged("notification is too large", "TOO_LARGE")
    if given.get("client-id") != client_id:
        raise _forged("notification is for another client", "CLIENT_ID")
    at = given.get("request-time", "")
    message = signed_bytes(path=path, client_id=client_id, at=at, body=body)
    if not at or not holds(antom_public_key, message, given.get("signature", "")):
        raise _forged("signature does not match the body", "SIGNATURE")
    fields = parse_answer(body, platform=PLATFORM)
    try:
        if fields is None:
            raise ValueError("it is not a JSON object")
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


def _forged(message: str, code: str) -> Forged:
    return Forged(message, platform=PLATFORM, code=code)
