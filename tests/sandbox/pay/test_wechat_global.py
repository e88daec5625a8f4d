"""WeChat Pay across the border: prices in any currency, CNY from the consumer, institutions and their statements."""

from hashlib import sha1
from typing import Any

import pytest

from tests.sandbox.pay.conftest import Control
from tests.sandbox.pay.merchant import Receiver, WeChatMerchant

TRADES = "/v3/global/transactions"
EUR = 782_345_678


def order(wechat: WeChatMerchant, number: str, total: int = 120_000, **changes: Any) -> dict[str, Any]:
    body = wechat.jsapi_body(number, total) | {
        "amount": {"total": total, "currency": "EUR"},
        "trade_type": "JSAPI",
        "merchant_category_code": "5691",
        **changes,
    }
    answer: dict[str, Any] = wechat.post(f"{TRADES}/jsapi", body).json()
    return answer


def refund(wechat: WeChatMerchant, number: str, refund_number: str, part: int, total: int = 120_000) -> Any:
    amount = {"refund": part, "total": total, "currency": "EUR"}
    body = {"out_trade_no": number, "out_refund_no": refund_number, "amount": amount}
    return wechat.post("/v3/global/refunds", body)


def test_a_price_in_euro_is_paid_in_yuan_at_the_settlement_rate(
    wechat: WeChatMerchant, control: Control, receiver: Receiver
) -> None:
    assert order(wechat, "GLOBAL-0001")["prepay_id"]

    control("pay", out_trade_no="GLOBAL-0001")

    found = wechat.get(f"{TRADES}/out-trade-no/GLOBAL-0001").json()
    assert found["amount"] == {
        "total": 120_000,
        "currency": "EUR",
        "payer_total": 938_815,
        "payer_currency": "CNY",
        "exchange_rate": {"type": "SETTLEMENT_RATE", "rate": EUR},
    }
    assert "transaction_id" not in found
    assert wechat.get(f"{TRADES}/id/{found['id']}").json() == found
    assert wechat.open_notification(receiver.requests[0])[1] == found


def test_an_institution_sells_for_its_merchant(wechat: WeChatMerchant, exported: dict[str, Any]) -> None:
    config = wechat.config
    institution = {"sp_appid": config["appid"], "sp_mchid": config["mchid"], "sub_mchid": config["sub_mchid"]}
    body = wechat.jsapi_body("GLOBAL-0001") | institution
    body |= {
        "trade_type": "JSAPI",
        "merchant_category_code": "5691",
        "payer": {"sp_openid": config["openid"]},
    }
    del body["appid"], body["mchid"]

    answer = wechat.post(f"{TRADES}/jsapi", body)
    stranger = wechat.post(
        f"{TRADES}/jsapi", body | {"sub_mchid": "1600000000", "out_trade_no": "GLOBAL-0002"}
    )

    found = wechat.get(f"{TRADES}/out-trade-no/GLOBAL-0001").json()
    assert answer.status_code == 200 and stranger.status_code == 400
    assert {key: found[key] for key in institution} == institution


def test_a_barcode_is_charged_and_reversed(wechat: WeChatMerchant) -> None:
    body = wechat.jsapi_body("GLOBAL-0001") | {"payer": {"auth_code": "130000000000000001"}}
    del body["notify_url"]
    body["amount"] = {"total": 1000, "currency": "JPY"}

    paid = wechat.post("/v3/global/micropay/transactions/pay", body).json()
    reversed_ = wechat.post("/v3/global/micropay/transactions/out-trade-no/GLOBAL-0001/reverse", {})

    assert paid["amount"]["payer_total"] == 4_760
    assert reversed_.status_code == 204
    assert wechat.get(f"{TRADES}/out-trade-no/GLOBAL-0001").json()["trade_state"] == "REVOKED"


def test_an_unpaid_order_is_closed(wechat: WeChatMerchant) -> None:
    order(wechat, "GLOBAL-0001")

    assert wechat.post(f"{TRADES}/out-trade-no/GLOBAL-0001/close", {}).status_code == 204
    assert wechat.get(f"{TRADES}/out-trade-no/GLOBAL-0001").json()["trade_state"] == "CLOSED"


def test_partial_refunds_are_a_minute_apart_and_add_up_to_the_whole(
    wechat: WeChatMerchant, control: Control
) -> None:
    order(wechat, "GLOBAL-0001")
    control("pay", out_trade_no="GLOBAL-0001")

    parts = [refund(wechat, "GLOBAL-0001", "R-1", 33_333).json()]
    too_soon = refund(wechat, "GLOBAL-0001", "R-2", 33_333)
    for number, part in (("R-2", 33_333), ("R-3", 53_334)):
        control("advance", seconds=61)
        parts.append(refund(wechat, "GLOBAL-0001", number, part).json())

    assert (too_soon.status_code, too_soon.json()["code"]) == (429, "FREQUENCY_LIMITED")
    assert sum(part["amount"]["payer_refund"] for part in parts) == 938_815
    listed = wechat.get("/v3/global/refunds?out_trade_no=GLOBAL-0001&offset=1&count=2").json()
    assert (listed["total_count"], [entry["out_refund_no"] for entry in listed["data"]]) == (
        3,
        ["R-2", "R-3"],
    )
    by_id = wechat.get(f"/v3/global/refunds/id/{parts[0]['id']}").json()
    assert by_id == wechat.get("/v3/global/refunds/out-refund-no/R-1").json()


@pytest.mark.parametrize("change", [{"trade_type": "APP"}, {"amount": {"total": 1, "currency": "XXX"}}])
def test_what_contradicts_the_path_or_the_rates_is_refused(
    wechat: WeChatMerchant, change: dict[str, Any]
) -> None:
    assert order(wechat, "GLOBAL-0001", **change)["code"] == "PARAM_ERROR"


def test_domestic_and_global_orders_do_not_see_each_other(wechat: WeChatMerchant) -> None:
    order(wechat, "GLOBAL-0001")
    wechat.order("ORDER-0001")

    assert wechat.get(f"{TRADES}/out-trade-no/ORDER-0001").status_code == 404
    target = f"/v3/pay/transactions/out-trade-no/GLOBAL-0001?mchid={wechat.config['mchid']}"
    assert wechat.get(target).status_code == 404


def test_the_statement_is_unsigned_and_names_its_hash(wechat: WeChatMerchant, control: Control) -> None:
    order(wechat, "GLOBAL-0001")
    control("pay", out_trade_no="GLOBAL-0001")
    day = control("make_bill", provider="wechat")["date"].replace("-", "")

    answer = wechat.send("GET", f"/v3/global/statements?date={day}")

    assert "Wechatpay-Signature" not in answer.headers
    assert answer.headers["Wechatpay-Statement-Sha1"] == sha1(answer.content).hexdigest()
    assert "`GLOBAL-0001" in answer.text and "`1200.00,`CNY,`9388.15" in answer.text
