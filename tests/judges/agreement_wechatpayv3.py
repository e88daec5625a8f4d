"""wechatpayv3, unmodified, as the same merchant beside Seta: what it says of Seta's orders and does to some."""

import json
import sys
from typing import Any

from wechatpayv3 import WeChatPay, WeChatPayType

GIVEN = json.loads(sys.argv[1])
CONFIG = GIVEN["config"]["wechat"]

pay = WeChatPay(
    wechatpay_type=WeChatPayType.MINIPROG,
    mchid=CONFIG["mchid"],
    private_key=CONFIG["merchant_private_key"],
    cert_serial_no=CONFIG["merchant_serial"],
    appid=CONFIG["appid"],
    apiv3_key=CONFIG["apiv3_key"],
    notify_url="https://example.com/unused",
    public_key=CONFIG["public_key"],
    public_key_id=CONFIG["public_key_id"],
)
pay._core._gate_way = GIVEN["base_url"]


def told(answer: tuple[int, str]) -> dict[str, Any]:
    """An answer with its HTTP status."""
    status, text = answer
    return {"http": status, **(json.loads(text) if text else {})}


def charge(job: dict[str, Any]) -> dict[str, Any]:
    """Pay a barcode under a number that Seta has kept and never sent."""
    return told(
        pay.pay(
            "foulard",
            job["out_trade_no"],
            {"total": job["amount"], "currency": "CNY"},
            payer={"auth_code": job["auth_code"]},
            scene_info={"store_info": {"id": "H1"}},
            pay_type=WeChatPayType.CODEPAY,
        )
    )


def refund(job: dict[str, Any]) -> dict[str, Any]:
    """Refund under a number that Seta has kept and could not send."""
    amount = {"refund": job["amount"], "total": job["total"], "currency": "CNY"}
    return told(pay.refund(job["out_refund_no"], amount, out_trade_no=job["out_trade_no"], reason="size"))


class Headers(dict):  # type: ignore[type-arg]
    """Header names without regard to case, as a web framework gives them."""

    def get(self, name: str, default: Any = None) -> Any:
        return next((value for key, value in self.items() if key.lower() == name.lower()), default)


answer = {
    "charged": [charge(job) for job in GIVEN["charge"]],
    "refunded": [refund(job) for job in GIVEN["refund"]],
    "orders": {number: told(pay.query(out_trade_no=number)) for number in GIVEN["orders"]},
    "refunds": {number: told(pay.query_refund(number)) for number in GIVEN["refunds"]},
    "opened": [pay.callback(Headers(one["headers"]), one["body"]) for one in GIVEN["letters"]],
}
print(json.dumps(answer, ensure_ascii=False))
