"""Push encrypted, signed notifications on WeChat Pay's published schedule, each attempt freshly signed."""

import json
import uuid
from typing import Any

import httpx

from seta_sandbox.kit.push import Attempt, Delivery, PushRequest
from seta_sandbox.kit.world import World
from seta_sandbox.wechatpay import documents, signing
from seta_sandbox.wechatpay.door import FAMILY, keys_of, signer_of
from seta_sandbox.wechatpay.errors import Refusal
from seta_sandbox.wechatpay.signing import Signer
from seta_sandbox.wechatpay.state import Order, Refund, RefundState, wechatpay_of

RETRY_SECONDS = (
    15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10800, 10800, 10800, 21600, 21600,
)  # fmt: skip
SCHEDULE = (0.0, *map(float, RETRY_SECONDS))
REFUND_SUMMARIES = {
    RefundState.SUCCESS: "退款成功",
    RefundState.CLOSED: "退款关闭",
    RefundState.ABNORMAL: "退款异常",
}


class Notification:
    """One notification: id and ciphertext stay the same over its retries, timestamp and signature do not."""

    def __init__(self, world: World, url: str, signer_serial: str, body: bytes) -> None:
        self._world, self._url, self._serial, self._body = world, url, signer_serial, body
        self._was_faulty = False

    def request(self, attempt: Attempt) -> PushRequest:
        """One attempt; a planned fault signs other bytes (`bad_signature`) or probes (`sign_test`)."""
        world = self._world
        headers = signing.answer_headers(
            self._signer(attempt),
            self._body,
            timestamp=int(world.clock.signing_now()),
            nonce=signing.make_nonce(world.rng),
            broken=attempt.fault == "bad_signature",
        )
        if attempt.fault == "sign_test":
            headers = signing.probe_headers(headers, world.rng)
        self._was_faulty = bool(attempt.fault)
        headers |= {"Content-Type": "application/json", "User-Agent": "Mozilla/4.0", "Accept": "*/*"}
        return PushRequest("POST", self._url, headers, self._body)

    def _signer(self, attempt: Attempt) -> Signer:
        """The key that the merchant asked for; in the period with both, the two of them in turn."""
        world, known = self._world, keys_of(self._world)
        serial = self._serial
        if wechatpay_of(world).settings.notice_key == "both" and attempt.number % 2 == 0:
            serial = "" if serial == known.public_key_id else known.public_key_id
        try:
            return signer_of(world, serial)
        except Refusal:  # its certificate was replaced since
            return signer_of(world, "")

    def accepted(self, response: httpx.Response) -> bool:
        """200 and 204 are receipts; a receipt for a wrong signature is the receiver's bug and does not count."""
        return response.status_code in (200, 204) and not self._was_faulty


def notify_payment(world: World, order: Order) -> Delivery | None:
    """Tell the merchant that an order is paid; None when it gave no address."""
    if not order.notify_url:
        return None
    return _send(
        world, order.notify_url, order.signer_serial, "TRANSACTION.SUCCESS", "transaction", "支付成功",
        documents.transaction(order), order.out_trade_no,
    )  # fmt: skip


def notify_refund(world: World, order: Order, refund: Refund) -> Delivery | None:
    """Tell the merchant how a refund ended; None when it gave no address."""
    if not refund.notify_url:
        return None
    return _send(
        world, refund.notify_url, refund.signer_serial, f"REFUND.{refund.status.value}", "refund",
        REFUND_SUMMARIES[refund.status], documents.refund_notice(order, refund), refund.out_refund_no,
    )  # fmt: skip


def envelope(
    world: World, event_type: str, original_type: str, summary: str, resource: dict[str, Any]
) -> dict[str, Any]:
    """The notification's JSON with its resource encrypted under the APIv3 key."""
    plaintext = json.dumps(resource, ensure_ascii=False).encode()
    sealed = signing.encrypted_resource(
        keys_of(world).apiv3_key, plaintext, rng=world.rng, associated_data=original_type
    )
    return {
        "id": str(uuid.UUID(int=world.rng.getrandbits(128), version=4)),
        "create_time": documents.rfc3339(world.clock.now()),
        "resource_type": "encrypt-resource",
        "event_type": event_type,
        "summary": summary,
        "resource": {"original_type": original_type, **sealed},
    }


def _send(
    world: World, url: str, serial: str, event_type: str, original_type: str, summary: str,
    resource: dict[str, Any], number: str,
) -> Delivery:  # fmt: skip
    content = envelope(world, event_type, original_type, summary, resource)
    notification = Notification(world, url, serial, json.dumps(content, ensure_ascii=False).encode())
    return world.pusher.send(
        f"{event_type} {number}", notification.request, SCHEDULE, notification.accepted, family=FAMILY
    )
