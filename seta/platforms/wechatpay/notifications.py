"""Opens what WeChat Pay sends to notify_url: signature, age and serial are proven before a byte is used."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from seta.platforms.core.errors import Forged
from seta.platforms.wechatpay.signing import (
    PLATFORM,
    Verifier,
    open_resource,
)

BODY_BYTES_MAX = 256 * 1024


@dataclass(frozen=True)
class NotificationKeys:
    """What opens a merchant's notifications: the APIv3 key and every key the platform may sign with.

    `verifiers` maps a serial (a `PUB_KEY_ID_...` or 40 hex digits of a certificate) to PEM text; during a
    change of mode it holds both.
    """

    apiv3_key: str = field(repr=False)
    verifiers: Mapping[str, str]


@dataclass(frozen=True)
class Notification:
    """A proven notification: its id (constant over repeats), its type, and the decrypted resource."""

    id: str
    event_type: str
    resource: dict[str, Any]


def open_notification(
    *, headers: Mapping[str, str], body: bytes, keys: NotificationKeys, now: int
) -> Notification:
    """Prove, parse and decrypt one notification; `now` is unix seconds. Raises Forged when anything is off.

    A probe signed `WECHATPAY/SIGNTEST/` is WeChat testing that we check: it is Forged like any
    other, and must be answered with a status that is not 2xx.
    """
    if len(body) > BODY_BYTES_MAX:
        raise Forged("notification is too large", platform=PLATFORM, code="TOO_LARGE")
    Verifier(keys.verifiers).check(headers=headers, body=body, now=now)
    try:
        message = json.loads(body)
        ident, event_type, sealed = message["id"], message["event_type"], message["resource"]
        if not isinstance(sealed, dict):
            raise TypeError("the resource is no object")
        resource = json.loads(open_resource(sealed, keys.apiv3_key))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Forged(
            f"notification cannot be opened: {error}", platform=PLATFORM, code="UNREADABLE"
        ) from error
    if not (isinstance(ident, str) and isinstance(event_type, str) and isinstance(resource, dict)):
        raise Forged("notification has the wrong shape", platform=PLATFORM, code="UNREADABLE")
    return Notification(ident, event_type, resource)
