"""Post signed JSON notifications until the receiver answers SUCCESS, at most eight times."""

import json
from typing import Any
from urllib.parse import urlsplit

import httpx

from seta_sandbox.antom import documents, signing
from seta_sandbox.antom.door import FAMILY, PLATFORM, client_id, moment
from seta_sandbox.antom.state import Payment, Refund
from seta_sandbox.kit.push import Attempt, Delivery, PushRequest
from seta_sandbox.kit.world import World

SCHEDULE = (0.0, 120.0, 600.0, 600.0, 3600.0, 7200.0, 21600.0, 54000.0)


class Notification:
    """One notification; the body stays the same over its retries, time and signature do not."""

    def __init__(self, world: World, url: str, body: bytes) -> None:
        self._world, self._url, self._body = world, url, body
        self._was_faulty = False

    def request(self, attempt: Attempt) -> PushRequest:
        """One attempt; planned faults `bad_signature` and `sign_test` both sign other bytes."""
        world = self._world
        at, client = moment(world.clock.signing_now()), client_id(world)
        self._was_faulty = bool(attempt.fault)
        body = self._body + b" " if attempt.fault else self._body
        message = signing.content(urlsplit(self._url).path or "/", client, at, body)
        headers = {
            "Content-Type": "application/json; charset=UTF-8",
            "Client-Id": client,
            "Request-Time": at,
            "Signature": signing.header(world.keys.rsa(PLATFORM), message),
        }
        return PushRequest("POST", self._url, headers, self._body)

    def accepted(self, response: httpx.Response) -> bool:
        """Only a result of SUCCESS and S is a receipt, and not for a wrong signature."""
        try:
            result = json.loads(response.content)["result"]
            is_success = (result["resultCode"], result["resultStatus"]) == ("SUCCESS", "S")
        except (ValueError, KeyError, TypeError, RecursionError):
            return False
        return is_success and not self._was_faulty


def notify_payment(world: World, payment: Payment, notify_type: str = "PAYMENT_RESULT") -> Delivery | None:
    """Tell the merchant about a payment; None when it gave no address."""
    notice = documents.payment_notice(payment, notify_type)
    return _send(world, payment.notify_url, f"{notify_type} {payment.payment_request_id}", notice)


def notify_refund(world: World, refund: Refund) -> Delivery | None:
    """Tell the merchant how a refund ended; None when it gave no address."""
    label = f"REFUND_RESULT {refund.refund_request_id}"
    return _send(world, refund.notify_url, label, documents.refund_notice(refund))


def _send(world: World, url: str, label: str, notice: dict[str, Any]) -> Delivery | None:
    if not url:
        return None
    notification = Notification(world, url, json.dumps(notice, ensure_ascii=False).encode())
    return world.pusher.send(label, notification.request, SCHEDULE, notification.accepted, family=FAMILY)
