"""Every call of the payment protocols that the reference names is routed, and says what it rests on."""

import pytest

from seta_sandbox.alipay.methods import METHODS
from seta_sandbox.app import FAMILIES
from seta_sandbox.control import ACTIONS
from seta_sandbox.evidence import MEANINGS, PUSHES, evidence_of

WECHAT = """
GET /v3/certificates
GET /v3/global/certificates
POST /v3/pay/transactions/jsapi
POST /v3/pay/transactions/native
POST /v3/pay/transactions/app
POST /v3/pay/transactions/h5
POST /v3/pay/transactions/codepay
GET /v3/pay/transactions/out-trade-no/{out_trade_no}
GET /v3/pay/transactions/id/{transaction_id}
POST /v3/pay/transactions/out-trade-no/{out_trade_no}/close
POST /v3/pay/transactions/out-trade-no/{out_trade_no}/reverse
POST /v3/refund/domestic/refunds
GET /v3/refund/domestic/refunds/{out_refund_no}
GET /v3/bill/tradebill
GET /v3/bill/fundflowbill
GET /v3/billdownload/file
POST /v3/global/transactions/{kind}
GET /v3/global/transactions/out-trade-no/{out_trade_no}
GET /v3/global/transactions/id/{id}
POST /v3/global/transactions/out-trade-no/{out_trade_no}/close
POST /v3/global/transactions/id/{id}/close
POST /v3/global/micropay/transactions/pay
POST /v3/global/micropay/transactions/out-trade-no/{out_trade_no}/reverse
POST /v3/global/micropay/transactions/id/{id}/reverse
POST /v3/global/refunds
GET /v3/global/refunds
GET /v3/global/refunds/out-refund-no/{out_refund_no}
GET /v3/global/refunds/id/{id}
GET /v3/global/statements
GET /v3/global/settle/settlements
POST /v3/global/customs/orders
GET /v3/global/customs/orders
PATCH /v3/global/customs/orders
POST /v3/global/customs/redeclare
POST /v3/global/customs/verify-certificate
POST /pay/queryexchagerate
"""
ALIPAY = """
GET /gateway.do
POST /gateway.do
GET /downloadBillFile.resource
"""
ALIPAY_METHODS = """
alipay.trade.precreate alipay.trade.create alipay.trade.pay alipay.trade.query alipay.trade.refund
alipay.trade.fastpay.refund.query alipay.trade.cancel alipay.trade.close
alipay.data.dataservice.bill.downloadurl.query alipay.open.app.alipaycert.download
"""
ANTOM_CALLS = ("pay", "inquiryPayment", "cancel", "refund", "inquiryRefund", "inquireExchangeRate")
ANTOM = [
    f"POST {root}/payments/{name}" for root in ("/ams/api/v1", "/ams/sandbox/api/v1") for name in ANTOM_CALLS
]
CONTROLS = (
    "pay", "refund_settle", "next_codepay", "make_bill", "payment_code", "payment_settings", "customs_settle",
    "rotate_certificate",
)  # fmt: skip


def routed(family: str) -> set[str]:
    return {f"{method} {route.path}" for route in FAMILIES[family] for method in route.methods or {"GET"}}


@pytest.mark.parametrize(
    ("family", "calls"),
    [
        ("wechatpay", WECHAT.strip().splitlines()),
        ("alipay", ALIPAY.strip().splitlines()),
        ("antom", ANTOM),
    ],
)
def test_every_call_is_routed_and_says_what_it_rests_on(family: str, calls: list[str]) -> None:
    assert set(calls) - routed(family) == set()
    paths = {call.split()[1] for call in calls}
    assert {path for path in paths if (evidence_of(path) or ("",))[0] not in MEANINGS} == set()


def test_every_method_of_alipays_gateway_is_played() -> None:
    assert set(ALIPAY_METHODS.split()) == set(METHODS)


def test_every_action_of_the_payment_families_is_there() -> None:
    assert set(CONTROLS) <= set(ACTIONS)


@pytest.mark.parametrize("name", ["WeChat Pay", "Alipay", "Antom"])
def test_the_notifications_say_what_they_rest_on(name: str) -> None:
    assert any(push.startswith(name) for push in PUSHES)
