"""Opens what Alipay posts to notify_url: the signature and the receiving app are proven first."""

from urllib.parse import parse_qsl

from seta.platforms.alipay.signing import PLATFORM, signed_text
from seta.platforms.core import rsa
from seta.platforms.core.errors import Forged

BODY_BYTES_MAX = 256 * 1024
FIELDS_MAX = 200


def open_notification(body: bytes, *, alipay_public_key: str, app_id: str) -> dict[str, str]:
    """Return the fields of a proven form notification, `sign` and `sign_type` left out; raises Forged.

    The caller still compares seller_id, out_trade_no and total_amount with its own order, stores under
    notify_id (constant over repeats), and answers exactly `success`.
    """
    fields = _fields(body)
    signature = fields.pop("sign", "")
    sign_type = fields.pop("sign_type", "")
    if not signature or sign_type != "RSA2":
        raise Forged("notification is unsigned or not signed with RSA2", platform=PLATFORM, code="UNSIGNED")
    # Empty values are signed by some of Alipay's services and left out by others.
    candidates = {signed_text(fields, keep_empty=True), signed_text(fields)}
    if not any(rsa.verify(alipay_public_key, text.encode(), signature) for text in candidates):
        raise Forged("signature does not match the fields", platform=PLATFORM, code="SIGNATURE")
    if fields.get("app_id") != app_id:
        raise Forged("notification is for another app", platform=PLATFORM, code="APP_ID")
    return fields


def _fields(body: bytes) -> dict[str, str]:
    if len(body) > BODY_BYTES_MAX:
        raise Forged("notification is too large", platform=PLATFORM, code="TOO_LARGE")
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=True,
            errors="strict",
            max_num_fields=FIELDS_MAX,
        )
    except ValueError as error:
        raise Forged(f"notification is not a form: {error}", platform=PLATFORM, code="UNREADABLE") from error
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise Forged("notification repeats a field", platform=PLATFORM, code="UNREADABLE")
    return fields
