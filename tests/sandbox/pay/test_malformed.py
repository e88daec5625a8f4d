"""Malformed but well signed calls of every payment endpoint are refused as documented: no 5xx, and nothing changes."""

import json
import os
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seta_sandbox.alipay.methods import METHODS
from seta_sandbox.alipay.state import alipay_of
from seta_sandbox.antom.routes import CALLS
from seta_sandbox.antom.state import antom_of
from seta_sandbox.app import FAMILIES
from seta_sandbox.wechatpay.state import wechatpay_of
from tests.sandbox.pay.antom_merchant import SANDBOX, AntomMerchant
from tests.sandbox.pay.client import Client
from tests.sandbox.pay.merchant import AlipayMerchant, WeChatMerchant

FUZZ = settings(
    max_examples=int(os.environ.get("FUZZ_EXAMPLES", "20")),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
TRAPS = st.sampled_from(
    [
        "https://[",
        "2099-13-01T00:00:00Z",
        "9999-12-31",
        "99991231",
        "１２",
        "0" * 40,
        10**300,
        -1,
        "",
        " ",
    ]
)
SCALARS = TRAPS | st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
# Fields that handlers read, so that random values reach behind the first check.
NAMES = [
    "appid",
    "mchid",
    "sp_mchid",
    "sp_appid",
    "sub_mchid",
    "sub_appid",
    "description",
    "out_trade_no",
    "out_refund_no",
    "transaction_id",
    "amount",
    "payer",
    "notify_url",
    "time_expire",
    "attach",
    "trade_type",
    "merchant_category_code",
    "scene_info",
    "customs",
    "merchant_customs_no",
    "sub_order_no",
    "order_fee",
    "fee_type",
    "certificate_id",
    "certificate_name",
    "certificate_type",
    "total_amount",
    "subject",
    "auth_code",
    "scene",
    "refund_amount",
    "out_request_no",
    "timeout_express",
    "buyer_id",
    "bill_type",
    "bill_date",
    "trade_no",
    "paymentRequestId",
    "order",
    "paymentAmount",
    "paymentMethod",
    "paymentFactor",
    "settlementStrategy",
    "productCode",
    "refundRequestId",
    "paymentId",
    "refundAmount",
    "currencyPairs",
    "paymentCurrency",
    "paymentExpiryTime",
    "alipay_cert_sn",
]
BODIES = st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=8)
PLACES = [
    (method, route.path)
    for route in FAMILIES["wechatpay"]
    if route.path.startswith("/v3/")
    for method in sorted((route.methods or {"GET"}) - {"HEAD"})
]


def snapshot(client: Client) -> tuple[int, ...]:
    world = client.world
    return (
        len(wechatpay_of(world).orders),
        len(wechatpay_of(world).refunds),
        len(wechatpay_of(world).declarations),
        len(alipay_of(world).trades),
        len(antom_of(world).payments),
        len(antom_of(world).refunds),
    )


def filled(path: str, value: str) -> str:
    return "/".join(value if part.startswith("{") else part for part in path.split("/"))


@FUZZ
@given(place=st.sampled_from(PLACES), body=BODIES, own=st.booleans(), query=st.dictionaries(
    st.sampled_from(["mchid", "date", "bill_date", "offset", "count", "limit", "order_type", "settle_state"]),
    st.text(max_size=8), max_size=4))  # fmt: skip
def test_wechat_pay_refuses(
    wechat: WeChatMerchant, place: tuple[str, str], body: dict[str, Any], own: bool, query: dict[str, str]
) -> None:
    method, path = place
    before = snapshot(wechat.client)
    identity = {"appid": wechat.config["appid"], "mchid": wechat.config["mchid"]}
    sent = body | identity if own else body
    target = filled(path, "NUMBER-1") + (f"?{urlencode(query)}" if query else "")

    answer = wechat.send(method, target, None if method == "GET" else sent)

    assert 400 <= answer.status_code < 500 or path.endswith("certificates")
    assert snapshot(wechat.client) == before


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{", b'"x"', b"\xff\xfe", b"[" * 5_000])
@pytest.mark.parametrize("path", ["/v3/pay/transactions/jsapi", "/v3/global/customs/orders"])
def test_wechat_pay_refuses_a_body_that_is_no_object(wechat: WeChatMerchant, path: str, body: bytes) -> None:
    headers = {"Authorization": wechat.authorization("POST", path, body)}

    answer = wechat.client.post(path, content=body, headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (400, "PARAM_ERROR")


@FUZZ
@given(method=st.sampled_from(sorted(METHODS)), content=BODIES)
def test_alipay_refuses(alipay: AlipayMerchant, method: str, content: dict[str, Any]) -> None:
    before = snapshot(alipay.client)

    answer = alipay.client.post("/gateway.do", data=alipay.params(method, content))

    assert answer.status_code == 200
    inner = alipay.read(method, answer)
    assert inner["code"].startswith("4") or method == "alipay.trade.cancel"
    assert snapshot(alipay.client) == before


@FUZZ
@given(name=st.sampled_from(sorted(CALLS)), body=BODIES)
def test_antom_refuses(client: Client, exported: dict[str, Any], name: str, body: dict[str, Any]) -> None:
    antom, before = AntomMerchant(client, exported["antom"]), snapshot(client)
    path = f"{SANDBOX}/{name}"

    answer = antom.checked(path, antom.send(path, json.dumps(body).encode()))

    assert answer["result"]["resultStatus"] == "F"
    assert snapshot(client) == before


def mutated(body: dict[str, Any], place: int, value: Any) -> dict[str, Any]:
    """The body with the value at one of its places, nested ones included, replaced by another."""
    copy: dict[str, Any] = json.loads(json.dumps(body))
    places: list[tuple[dict[str, Any], str]] = []

    def walk(node: dict[str, Any]) -> None:
        for key, child in node.items():
            places.append((node, key))
            if isinstance(child, dict):
                walk(child)

    walk(copy)
    node, key = places[place % len(places)]
    node[key] = value
    return copy


def wechat_bodies(wechat: WeChatMerchant) -> dict[str, dict[str, Any]]:
    """A valid body of each call that takes one."""
    jsapi = wechat.jsapi_body("ORDER-0002", 120_000)
    abroad = jsapi | {
        "trade_type": "JSAPI",
        "merchant_category_code": "5691",
        "time_expire": "2099-01-01T00:00:00Z",
    }
    code = {"payer": {"auth_code": "130000000000000001"}, "scene_info": {"store_info": {"id": "MN01"}}}
    paid = {"out_trade_no": "ORDER-0001", "amount": {"refund": 1, "total": 100, "currency": "CNY"}}
    known = wechatpay_of(wechat.client.world).orders["ORDER-0001"].transaction_id
    declared = {"appid": jsapi["appid"], "mchid": jsapi["mchid"], "out_trade_no": "ORDER-0001"}
    fees = {"fee_type": "CNY", "order_fee": 2, "product_fee": 1, "transport_fee": 1, "duty": 0}
    declared |= {
        "transaction_id": known,
        "customs": "X",
        "merchant_customs_no": "1",
        "sub_order_no": "S",
        **fees,
    }
    names = {"certificate_type": "IDCARD", "certificate_id": "AAAA", "certificate_name": "AAAA"}
    return {
        "/v3/pay/transactions/jsapi": jsapi | {"attach": "x"},
        "/v3/pay/transactions/h5": jsapi | {"scene_info": {"payer_client_ip": "1"}},
        "/v3/pay/transactions/codepay": jsapi | code,
        "/v3/global/transactions/jsapi": abroad,
        "/v3/global/micropay/transactions/pay": abroad | code | {"trade_type": "MICROPAY"},
        "/v3/refund/domestic/refunds": paid
        | {"out_refund_no": "R-1", "reason": "x", "notify_url": "https://a.b"},
        "/v3/pay/transactions/out-trade-no/ORDER-0001/close": {"mchid": jsapi["mchid"]},
        "/v3/global/customs/orders": declared,
        "/v3/global/customs/redeclare": declared,
        "/v3/global/customs/verify-certificate": declared | names,
    }


@FUZZ
@given(choice=st.integers(0, 9), place=st.integers(0, 40), value=VALUES)
def test_one_wrong_field_never_breaks_wechat_pay(
    wechat: WeChatMerchant, choice: int, place: int, value: Any
) -> None:
    wechat.client.post("/_control/reset", json={})
    wechat.order("ORDER-0001")
    wechat.client.post("/_control/pay", json={"out_trade_no": "ORDER-0001"})
    path, body = list(wechat_bodies(wechat).items())[choice]

    assert wechat.send("POST", path, mutated(body, place, value)).status_code < 500


@FUZZ
@given(choice=st.integers(0, 4), place=st.integers(0, 12), value=VALUES)
def test_one_wrong_field_never_breaks_alipay(
    alipay: AlipayMerchant, choice: int, place: int, value: Any
) -> None:
    alipay.client.post("/_control/reset", json={})
    order = {"out_trade_no": "A-1", "total_amount": "1.00", "subject": "x", "timeout_express": "5m"}
    buyer = alipay.client.world.people[0].alipay_user_id
    refund = {"out_trade_no": "A-1", "refund_amount": "0.50", "out_request_no": "R-1", "refund_reason": "x"}
    method, content = [
        ("alipay.trade.precreate", order | {"store_id": "1"}),
        ("alipay.trade.pay", order | {"scene": "bar_code", "auth_code": "281234567890123456"}),
        ("alipay.trade.create", order | {"buyer_id": buyer}),
        ("alipay.trade.refund", refund),
        ("alipay.data.dataservice.bill.downloadurl.query", {"bill_type": "trade", "bill_date": "2026-01-01"}),
    ][choice]

    answer = alipay.client.post("/gateway.do", data=alipay.params(method, mutated(content, place, value)))

    assert alipay.read(method, answer)["code"][0] in "14"


@FUZZ
@given(choice=st.integers(0, 2), place=st.integers(0, 20), value=VALUES)
def test_one_wrong_field_never_breaks_antom(
    client: Client, exported: dict[str, Any], choice: int, place: int, value: Any
) -> None:
    client.post("/_control/reset", json={})
    antom = AntomMerchant(client, exported["antom"])
    paid = antom.charge("P-1", 100)
    amount = {"currency": "EUR", "value": "1"}
    pairs = [{"sellCurrency": "EUR", "buyCurrency": "CNY"}]
    name, body = [
        ("pay", antom.pay_body("P-2") | {"paymentExpiryTime": "2099-01-01T00:00:00+08:00"}),
        ("refund", {"refundRequestId": "R-1", "paymentId": paid["paymentId"], "refundAmount": amount}),
        ("inquireExchangeRate", {"paymentCurrency": "EUR", "currencyPairs": pairs}),
    ][choice]

    assert antom.call(name, mutated(body, place, value))["result"]["resultStatus"] in "SFU"


@pytest.mark.parametrize(
    "change",
    [
        {"notify_url": "https://["},
        {"time_expire": "2099-13-01T00:00:00Z"},
        {"description": "\ud800"},
        {"amount": {"total": 10**300, "currency": "CNY"}},
    ],
)
def test_values_that_break_parsers_are_parameter_errors(
    wechat: WeChatMerchant, change: dict[str, Any]
) -> None:
    body = json.dumps(wechat.jsapi_body("ORDER-0001", **change)).encode()
    path = "/v3/pay/transactions/jsapi"

    answer = wechat.client.post(
        path, content=body, headers={"Authorization": wechat.authorization("POST", path, body)}
    )

    assert (answer.status_code, answer.json()["code"]) == (400, "PARAM_ERROR")


@pytest.mark.parametrize("day", ["99991231", "00010101", "20269999"])
def test_days_at_the_edge_of_time_are_refused(
    wechat: WeChatMerchant, alipay: AlipayMerchant, day: str
) -> None:
    dashed = f"{day[:4]}-{day[4:6]}-{day[6:]}"
    method = "alipay.data.dataservice.bill.downloadurl.query"

    assert wechat.send("GET", f"/v3/global/statements?date={day}").status_code == 400
    assert wechat.send("GET", f"/v3/bill/tradebill?bill_date={dashed}").status_code == 400
    if day != "00010101":
        assert alipay.call(method, bill_type="trade", bill_date=dashed)["code"] == "40004"


def test_bytes_that_are_no_text_are_refused_in_a_query(client: Client, wechat: WeChatMerchant) -> None:
    assert client.get("/gateway.do?app_id=\xe9").json()["error_response"]["code"].startswith("4")
    assert wechat.send("GET", "/v3/certificates?x=%FF").status_code == 200


def test_half_a_surrogate_pair_is_refused_by_all(
    client: Client, alipay: AlipayMerchant, exported: dict[str, Any]
) -> None:
    antom, path = AntomMerchant(client, exported["antom"]), f"{SANDBOX}/pay"
    body = json.dumps(antom.pay_body("P-1") | {"paymentRequestId": "\ud800"}).encode()
    params = alipay.params("alipay.trade.query", {}) | {"biz_content": '{"out_trade_no":"\\ud800"}'}

    assert antom.checked(path, antom.send(path, body))["result"]["resultCode"] == "PARAM_ILLEGAL"
    assert client.post("/gateway.do", data=alipay.signed(params)).json()["error_response"]["sub_code"] == (
        "isv.invalid-biz-content"
    )
