"""python-alipay-sdk, unmodified, as the same merchant beside Seta: what it says of Seta's trades and does to some."""

import json
import sys
from typing import Any
from urllib.parse import parse_qsl

from alipay import AliPay
from alipay.utils import AliPayConfig

GIVEN = json.loads(sys.argv[1])
CONFIG = GIVEN["config"]["alipay"]

shop = AliPay(
    appid=CONFIG["appid"],
    app_notify_url=None,
    app_private_key_string=CONFIG["app_private_key"],
    alipay_public_key_string=CONFIG["alipay_public_key"],
    config=AliPayConfig(timeout=15),
)
shop._gateway = f"{GIVEN['base_url']}/gateway.do"


def yuan(fen: int) -> str:
    """Fen as the decimal text that Alipay wants."""
    return f"{fen // 100}.{fen % 100:02d}"


def charge(job: dict[str, Any]) -> Any:
    """Pay a barcode under a number that Seta has kept and never sent."""
    total = yuan(job["amount"])
    return shop.api_alipay_trade_pay(
        job["out_trade_no"], "bar_code", job["auth_code"], "foulard", total_amount=total
    )


def refund(job: dict[str, Any]) -> Any:
    """Refund under a number that Seta has kept and could not send."""
    return shop.api_alipay_trade_refund(
        yuan(job["amount"]), out_trade_no=job["out_trade_no"], out_request_no=job["out_refund_no"]
    )


def refund_query(job: dict[str, Any]) -> Any:
    """What Alipay says of one refund."""
    return shop.api_alipay_trade_fastpay_refund_query(job["out_refund_no"], out_trade_no=job["out_trade_no"])


def opened(letter: dict[str, Any]) -> dict[str, str] | None:
    """A notification as the SDK verifies it."""
    form = dict(parse_qsl(letter["body"], keep_blank_values=True))
    data = dict(form)
    return form if shop.verify(data, data.pop("sign")) else None


answer = {
    "charged": [charge(job) for job in GIVEN["charge"]],
    "refunded": [refund(job) for job in GIVEN["refund"]],
    "orders": {number: shop.api_alipay_trade_query(number) for number in GIVEN["orders"]},
    "refunds": {job["out_refund_no"]: refund_query(job) for job in GIVEN["refund_queries"]},
    "opened": [opened(one) for one in GIVEN["letters"]],
}
print(json.dumps(answer, ensure_ascii=False))
