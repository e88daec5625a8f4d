"""WeChat Pay for merchants abroad: institutions, the pool that converts overnight, settlement, statements, rates."""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seta_sandbox.wechatpay.settlements import batches
from seta_sandbox.wechatpay.state import Order, Refund, Settings
from tests.sandbox.pay.conftest import Control
from tests.sandbox.pay.merchant import WeChatMerchant

TRADES = "/v3/global/transactions"
DAY = 86_400


def order(wechat: WeChatMerchant, number: str, total: int = 120_000, **changes: Any) -> Any:
    body = wechat.jsapi_body(number, total) | {
        "amount": {"total": total, "currency": "EUR"},
        "trade_type": "JSAPI",
        "merchant_category_code": "5691",
        **changes,
    }
    return wechat.post(f"{TRADES}/jsapi", body)


def refund(wechat: WeChatMerchant, number: str, refund_number: str, part: int, **more: Any) -> Any:
    amount = {"refund": part, "total": 120_000, "currency": "EUR"}
    body = {"out_trade_no": number, "out_refund_no": refund_number, "amount": amount, **more}
    return wechat.post("/v3/global/refunds", body)


def institution(wechat: WeChatMerchant) -> dict[str, str]:
    config = wechat.config
    return {"sp_appid": config["appid"], "sp_mchid": config["mchid"], "sub_mchid": config["sub_mchid"]}


def beijing(seconds: float = 0) -> datetime:
    return datetime.now(UTC) + timedelta(hours=8, seconds=seconds)


def to_next_morning(control: Control, hour: int = 1, days: int = 1) -> None:
    """Advance to `hour` o'clock, Beijing time, some days after the sandbox's own today."""
    now = datetime.fromtimestamp(control("settle")["now"], UTC) + timedelta(hours=8)
    target = now.replace(hour=hour, minute=0, second=0, microsecond=0) + timedelta(days=days)
    control("advance", seconds=(target - now).total_seconds())


def test_an_institution_charges_refunds_and_reverses_for_its_merchant(
    wechat: WeChatMerchant, control: Control
) -> None:
    body = {
        **institution(wechat),
        "description": "丝巾",
        "out_trade_no": "GLOBAL-0001",
        "trade_type": "MICROPAY",
        "merchant_category_code": "5691",
        "amount": {"total": 120_000, "currency": "EUR"},
        "payer": {"auth_code": "130000000000000001"},
    }
    paid = wechat.post("/v3/global/micropay/transactions/pay", body).json()

    given_back = refund(wechat, "GLOBAL-0001", "R-1", 100, **institution(wechat))
    for_another = refund(wechat, "GLOBAL-0001", "R-2", 100, mchid=wechat.config["mchid"])
    query = f"{TRADES}/out-trade-no/GLOBAL-0001?sp_mchid={wechat.config['mchid']}&sub_mchid="

    assert (paid["sub_mchid"], list(paid["payer"])) == (wechat.config["sub_mchid"], ["sp_openid"])
    assert given_back.json()["status"] == "PROCESSING"
    assert for_another.json()["code"] == "PARAM_ERROR"
    assert wechat.get(query + wechat.config["sub_mchid"]).json()["id"] == paid["id"]
    assert wechat.get(query + "1600000000").json()["code"] == "PARAM_ERROR"
    reversal = "/v3/global/micropay/transactions/out-trade-no/GLOBAL-0001/reverse"
    assert wechat.post(reversal, {"mchid": "1600000000"}).json()["code"] == "PARAM_ERROR"


def test_an_order_is_closed_by_either_number_of_its_own_merchant(
    wechat: WeChatMerchant, control: Control
) -> None:
    order(wechat, "GLOBAL-0001")
    order(wechat, "GLOBAL-0002")
    control("pay", out_trade_no="GLOBAL-0002")
    paid = wechat.get(f"{TRADES}/out-trade-no/GLOBAL-0002").json()["id"]

    closed = wechat.post(f"{TRADES}/out-trade-no/GLOBAL-0001/close", {"mchid": wechat.config["mchid"]})

    assert closed.status_code == 204
    assert wechat.post(f"{TRADES}/id/{paid}/close", {}).json()["code"] == "ORDER_PAID"


def test_a_quiet_day_cannot_fund_a_refund_until_somebody_pays(
    wechat: WeChatMerchant, control: Control
) -> None:
    control("payment_settings", converts_daily=True)
    order(wechat, "GLOBAL-0001")
    control("pay", out_trade_no="GLOBAL-0001")
    same_day = refund(wechat, "GLOBAL-0001", "R-1", 1_000)
    to_next_morning(control)

    quiet = [refund(wechat, "GLOBAL-0001", "R-2", 50_000) for _ in range(2)]
    order(wechat, "GLOBAL-0002")
    control("pay", out_trade_no="GLOBAL-0002")
    funded = refund(wechat, "GLOBAL-0001", "R-2", 50_000)
    again = refund(wechat, "GLOBAL-0001", "R-2", 50_000)

    assert same_day.status_code == 200
    assert [(answer.status_code, answer.json()["code"]) for answer in quiet] == [(403, "NOT_ENOUGH")] * 2
    assert funded.status_code == 200
    assert again.json()["id"] == funded.json()["id"]


def test_a_merchant_is_funded_always_unless_told_otherwise(wechat: WeChatMerchant, control: Control) -> None:
    order(wechat, "GLOBAL-0001")
    control("pay", out_trade_no="GLOBAL-0001")
    to_next_morning(control)

    assert refund(wechat, "GLOBAL-0001", "R-1", 120_000).status_code == 200


def test_the_fifty_first_part_is_refused(wechat: WeChatMerchant, control: Control) -> None:
    order(wechat, "GLOBAL-0001")
    control("pay", out_trade_no="GLOBAL-0001")
    for number in range(50):
        assert refund(wechat, "GLOBAL-0001", f"R-{number}", 1).status_code == 200
        control("advance", seconds=61)

    assert refund(wechat, "GLOBAL-0001", "R-50", 1).json()["code"] == "INVALID_REQUEST"


def settlements(wechat: WeChatMerchant, state: str, days: int = 0) -> dict[str, Any]:
    first, last = beijing(-DAY), beijing(DAY * (days + 1))
    query = f"settle_state={state}&settle_start_date={first:%Y%m%d}&settle_end_date={last:%Y%m%d}&offset=0&limit=10"
    answer: dict[str, Any] = wechat.get(f"/v3/global/settle/settlements?{query}").json()
    return answer


def test_a_day_below_the_minimum_waits_and_is_paid_with_the_next(
    wechat: WeChatMerchant, control: Control
) -> None:
    order(wechat, "GLOBAL-0001", 50_000)
    control("pay", out_trade_no="GLOBAL-0001")
    unconverted = settlements(wechat, "UNSETTLE")
    to_next_morning(control)
    waiting = settlements(wechat, "UNSETTLE", 1)
    order(wechat, "GLOBAL-0002", 40_000)
    control("pay", out_trade_no="GLOBAL-0002")
    to_next_morning(control)

    paid = settlements(wechat, "SETTLED", 2)

    assert unconverted == {"total_count": 0, "offset": 0, "limit": 0}
    assert waiting["data"][0]["amount"] == {
        "settled": 0,
        "unsettle": 49_700,
        "currency": "EUR",
        "pay": 50_000,
        "refund": 0,
        "net": 50_000,
        "fee": 300,
    }
    batch = paid["data"][0]
    assert (batch["amount"]["settled"], batch["amount"]["fee"]) == (89_460, 540)
    assert batch["batch_id"] == f"{batch['settlement_date']}001"
    assert batch["trade_start_date"] < batch["trade_end_date"] < batch["settlement_date"]
    assert settlements(wechat, "UNSETTLE", 2)["total_count"] == 0


@pytest.mark.parametrize(
    "query",
    [
        "settle_state=PAID&limit=1&offset=0",
        "settle_state=SETTLED&limit=1&offset=0",
        "settle_state=UNSETTLE&limit=21&offset=0",
        "settle_state=UNSETTLE&offset=0",
        "settle_state=UNSETTLE&limit=1&offset=-1",
        "settle_state=UNSETTLE&limit=1&offset=0&settle_start_date=2026-11-22",
    ],
)
def test_a_settlement_query_that_makes_no_sense_is_refused(wechat: WeChatMerchant, query: str) -> None:
    assert wechat.get(f"/v3/global/settle/settlements?{query}").json()["code"] == "PARAM_ERROR"


MOVEMENTS = st.lists(
    st.tuples(st.integers(0, 9), st.integers(1, 200_000), st.integers(0, 100)), min_size=1, max_size=12
)


@given(movements=MOVEMENTS, minimum=st.integers(0, 300_000))
def test_batches_hold_every_movement_once_and_none_is_paid_below_the_minimum(
    movements: list[tuple[int, int, int]], minimum: int
) -> None:
    orders = []
    for number, (day, total, percent) in enumerate(movements):
        at = 1_790_000_000.0 + day * DAY
        made = Order(
            f"ORDER-{number}", "global", "JSAPI", {"mchid": "1"}, "x", total, "EUR", at, at, "", paid_at=at
        )
        if part := total * percent // 100:
            made.refunds.append(Refund(f"R-{number}", "", part, 0, "", "", "", created_at=at + DAY))
        orders.append(made)
    settings = Settings(payout_minimum=minimum)

    made_of = batches(orders, settings, datetime.fromtimestamp(1_790_000_000 + 12 * DAY, UTC).date())

    assert sum(batch.pay for batch in made_of) == sum(made.total for made in orders)
    assert sum(batch.refund for batch in made_of) == sum(made.refunded for made in orders)
    assert all(batch.due >= minimum for batch in made_of if batch.paid_on)
    assert sum(batch.paid_on is None for batch in made_of) <= 1
    days = [day for batch in made_of for day in batch.days]
    assert days == sorted(set(days))


def test_a_statement_is_ready_at_nine_and_kept_for_180_days(wechat: WeChatMerchant, control: Control) -> None:
    order(wechat, "GLOBAL-0001")
    control("pay", out_trade_no="GLOBAL-0001")
    target = f"/v3/global/statements?date={beijing():%Y%m%d}"
    today = wechat.send("GET", target)
    to_next_morning(control, hour=8)
    early = wechat.send("GET", target)
    control("advance", seconds=3_601)
    ready = wechat.send("GET", target)
    control("reset")

    assert (today.json()["code"], early.json()["code"]) == ("NO_STATEMENT_EXIST", "STATEMENT_CREATING")
    assert ready.status_code == 200
    rows = ready.text.removeprefix("\ufeff").split("\r\n")
    assert rows[-2].split(",")[:3] == ["`1", "`1", "`9388.15"]
    assert rows[0].count(",") == rows[1].count(",")
    old = f"/v3/global/statements?date={beijing(-181 * DAY):%Y%m%d}"
    assert wechat.send("GET", old).json()["code"] == "INVALID_REQUEST"
    assert wechat.send("GET", "/v3/global/statements?date=2026-11-22").json()["code"] == "PARAM_ERROR"


def rate(wechat: WeChatMerchant, sign_type: str = "MD5", **changes: str) -> dict[str, str]:
    config = wechat.config
    asked = {
        "appid": config["appid"],
        "mch_id": config["mchid"],
        "fee_type": "EUR",
        "date": f"{beijing(-DAY):%Y%m%d}",
        **changes,
    }
    if sign_type != "MD5":
        asked["sign_type"] = sign_type
    asked.setdefault("sign", v2_sign(asked, config["apiv2_key"], sign_type))
    body = "<xml>" + "".join(f"<{name}>{value}</{name}>" for name, value in asked.items()) + "</xml>"
    answer = wechat.client.post("/pay/queryexchagerate", content=body.encode())
    return {child.tag: child.text or "" for child in ElementTree.fromstring(answer.text)}


def v2_sign(fields: dict[str, str], key: str, sign_type: str) -> str:
    text = "&".join(f"{name}={fields[name]}" for name in sorted(fields) if name != "sign") + f"&key={key}"
    if sign_type == "MD5":
        return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest().upper()
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest().upper()


@pytest.mark.parametrize("sign_type", ["MD5", "HMAC-SHA256"])
def test_the_rate_of_a_day_is_an_integer_signed_with_the_v2_key(
    wechat: WeChatMerchant, sign_type: str
) -> None:
    found = rate(wechat, sign_type)

    assert (found["return_code"], found["fee_type"], found["rate"]) == ("SUCCESS", "EUR", "782345678")
    assert found["sign"] == v2_sign(found, wechat.config["apiv2_key"], sign_type)


@pytest.mark.parametrize(
    "changes",
    [
        {"sign": "0" * 32},
        {"mch_id": "1"},
        {"appid": "wx0"},
        {"fee_type": "XXX"},
        {"fee_type": "CNY"},
        {"date": "2026-11-22"},
        {"date": "20990101"},
        {"sign_type": "RSA"},
    ],
)
def test_a_rate_nobody_may_ask_for_is_refused_in_xml(wechat: WeChatMerchant, changes: dict[str, str]) -> None:
    found = rate(wechat, **changes)

    assert found["return_code"] == "FAIL" and found["return_msg"]


@pytest.mark.parametrize("body", [b"", b"<xml>", b"{}", b"\xff", b"<xml><a><b>1</b></a></xml>"])
def test_a_body_that_is_not_flat_xml_is_refused(wechat: WeChatMerchant, body: bytes) -> None:
    answer = wechat.client.post("/pay/queryexchagerate", content=body)

    assert answer.status_code == 200 and "<return_code><![CDATA[FAIL]]>" in answer.text
