"""Post signed form notifications until the receiver answers exactly `success`."""

import json
from urllib.parse import urlencode

import httpx

from seta_sandbox.alipay import amounts, signing
from seta_sandbox.alipay.gateway import FAMILY, keys_of, moment
from seta_sandbox.alipay.state import Refund, Trade
from seta_sandbox.kit.keys import HEX
from seta_sandbox.kit.push import Attempt, Delivery, PushRequest
from seta_sandbox.kit.world import World

SCHEDULE = (0.0, 0.0, 0.0, 240.0, 600.0, 600.0, 3600.0, 7200.0, 21600.0, 54000.0)


class Notification:
    """One notification; `notify_id` stays the same over its retries."""

    def __init__(self, world: World, url: str, params: dict[str, str]) -> None:
        self._world, self._url, self._params = world, url, params
        self._was_faulty = False

    def request(self, attempt: Attempt) -> PushRequest:
        """One attempt; planned faults `bad_signature` and `sign_test` both sign other text."""
        params = {**self._params, "notify_time": moment(self._world.clock.signing_now())}
        text = signing.notice_content(params)
        self._was_faulty = bool(attempt.fault)
        key = keys_of(self._world).platform
        params["sign"] = signing.sign(key, text + " " if attempt.fault else text)
        headers = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
        return PushRequest("POST", self._url, headers, urlencode(params).encode())

    def accepted(self, response: httpx.Response) -> bool:
        """Only the seven letters `success` are a receipt, and not for a wrong signature."""
        return response.content == b"success" and not self._was_faulty


def notify_trade(world: World, trade: Trade, refund: Refund | None = None) -> Delivery | None:
    """Tell the merchant about a payment, or about a refund of it; None when it gave no address."""
    if not trade.notify_url:
        return None
    label = f"trade_status_sync {trade.out_trade_no}"
    notification = Notification(world, trade.notify_url, _params(world, trade, refund))
    return world.pusher.send(label, notification.request, SCHEDULE, notification.accepted, family=FAMILY)


def _params(world: World, trade: Trade, refund: Refund | None) -> dict[str, str]:
    known = keys_of(world)
    assert trade.paid_at is not None
    total = amounts.yuan(trade.total)
    params = {
        "notify_type": "trade_status_sync",
        "notify_id": "".join(world.rng.choices(HEX, k=34)),
        "charset": "utf-8",
        "version": "1.0",
        "sign_type": "RSA2",
        "app_id": known.appid,
        "auth_app_id": known.appid,
        "seller_id": known.seller_id,
        "buyer_id": trade.buyer_id,
        "trade_no": trade.trade_no,
        "out_trade_no": trade.out_trade_no,
        "trade_status": trade.status.value,
        "subject": trade.subject,
        "total_amount": total,
        "receipt_amount": total,
        "invoice_amount": total,
        "buyer_pay_amount": total,
        "point_amount": "0.00",
        "gmt_create": moment(trade.created_at),
        "gmt_payment": moment(trade.paid_at),
        "fund_bill_list": json.dumps([{"amount": total, "fundChannel": "ALIPAYACCOUNT"}]),
    }
    if refund is not None:
        params |= {
            "refund_fee": amounts.yuan(trade.refunded),
            "out_biz_no": refund.out_request_no,
            "gmt_refund": moment(refund.created_at),
        }
    return params
