"""WeChat Pay's refunds: once per number, never more than was paid, funded from the CNY pool."""

import pytest

from seta_sandbox.wechatpay.state import wechatpay_of
from tests.sandbox.pay.conftest import Control
from tests.sandbox.pay.merchant import NOTIFY, Receiver, WeChatMerchant


@pytest.fixture
def paid(wechat: WeChatMerchant, control: Control, receiver: Receiver) -> str:
    """An order of 100 yuan, paid and notified."""
    wechat.order("ORDER-0001", 10_000)
    control("pay", out_trade_no="ORDER-0001")
    receiver.requests.clear()
    return "ORDER-0001"


def test_a_refund_is_accepted_then_ends_and_is_notified(
    wechat: WeChatMerchant, control: Control, receiver: Receiver, paid: str
) -> None:
    accepted = wechat.refund(paid, "R-1", 3_000, 10_000, notify_url=NOTIFY).json()

    ended = control("refund_settle", provider="wechat", out_refund_no="R-1")

    queried = wechat.get("/v3/refund/domestic/refunds/R-1").json()
    envelope, resource = wechat.open_notification(receiver.requests[0])
    assert (accepted["status"], ended["status"], queried["status"]) == ("PROCESSING", "SUCCESS", "SUCCESS")
    assert queried["amount"]["refund"] == queried["amount"]["payer_refund"] == 3_000
    assert envelope["event_type"] == "REFUND.SUCCESS"
    assert (resource["refund_status"], resource["out_refund_no"]) == ("SUCCESS", "R-1")
    assert wechat.query(paid)["trade_state"] == "REFUND"


def test_the_same_refund_number_refunds_once(wechat: WeChatMerchant, paid: str) -> None:
    first = wechat.refund(paid, "R-1", 3_000, 10_000).json()
    again = wechat.refund(paid, "R-1", 3_000, 10_000).json()
    other = wechat.refund(paid, "R-1", 4_000, 10_000)

    assert again["refund_id"] == first["refund_id"]
    assert other.json()["code"] == "INVALID_REQUEST"
    assert wechat.refund(paid, "R-2", 7_000, 10_000).status_code == 200


def test_no_more_is_refunded_than_was_paid(wechat: WeChatMerchant, paid: str) -> None:
    wechat.refund(paid, "R-1", 6_000, 10_000)

    refused = wechat.refund(paid, "R-2", 4_001, 10_000)

    assert (refused.status_code, refused.json()["code"]) == (400, "INVALID_REQUEST")
    assert wechat.refund(paid, "R-3", 4_000, 10_000).status_code == 200


def test_a_failed_refund_can_be_asked_for_again_under_a_new_number(
    wechat: WeChatMerchant, control: Control, paid: str
) -> None:
    wechat.refund(paid, "R-1", 10_000, 10_000)
    control("refund_settle", out_refund_no="R-1", status="CLOSED")

    assert wechat.refund(paid, "R-2", 10_000, 10_000).status_code == 200


def test_a_wrong_total_and_an_unpaid_order_are_refused(wechat: WeChatMerchant, paid: str) -> None:
    wechat.order("ORDER-0002", 500)

    assert wechat.refund(paid, "R-1", 1, 9_999).json()["code"] == "INVALID_REQUEST"
    assert wechat.refund("ORDER-0002", "R-2", 1, 500).json()["code"] == "INVALID_REQUEST"
    assert wechat.refund("ORDER-0003", "R-3", 1, 500).status_code == 404
    assert wechat.get("/v3/refund/domestic/refunds/R-3").status_code == 404


def test_a_processing_refund_ends_by_itself_after_a_minute(
    wechat: WeChatMerchant, control: Control, receiver: Receiver, paid: str
) -> None:
    wechat.refund(paid, "R-1", 3_000, 10_000, notify_url=NOTIFY)

    control("advance", seconds=61)
    control("settle")

    assert wechat.get("/v3/refund/domestic/refunds/R-1").json()["status"] == "SUCCESS"
    control("settle")
    assert len(receiver.requests) == 1


def test_a_refund_can_succeed_at_once(wechat: WeChatMerchant, control: Control, paid: str) -> None:
    control("payment_settings", refund_mode="success")

    assert wechat.refund(paid, "R-1", 3_000, 10_000).json()["status"] == "SUCCESS"


def test_an_empty_pool_refuses_until_money_comes_and_takes_the_same_number_then(
    wechat: WeChatMerchant, control: Control, paid: str
) -> None:
    control("payment_settings", cny_pool=0)
    refused = wechat.refund(paid, "R-1", 3_000, 10_000)
    wechat.order("ORDER-0002", 5_000)
    control("pay", out_trade_no="ORDER-0002")

    accepted = wechat.refund(paid, "R-1", 3_000, 10_000)

    assert (refused.status_code, refused.json()["code"]) == (403, "NOT_ENOUGH")
    assert accepted.status_code == 200
    assert wechat.refund(paid, "R-2", 3_000, 10_000).json()["code"] == "NOT_ENOUGH"


def test_closing_the_day_converts_the_pool(wechat: WeChatMerchant, control: Control, paid: str) -> None:
    control("payment_settings", cny_pool=10_000)

    control("make_bill", provider="wechat")

    assert wechat.refund(paid, "R-1", 1, 10_000).json()["code"] == "NOT_ENOUGH"


@pytest.mark.parametrize(
    "body", [{"cny_pool": 1.5}, {"rates": {"EUR": 7.8}}, {"refund_mode": "later"}, {"fee_rate": -1}]
)
def test_settings_that_make_no_sense_change_nothing(wechat: WeChatMerchant, body: dict[str, object]) -> None:
    before = wechatpay_of(wechat.client.world).settings

    response = wechat.client.post("/_control/payment_settings", json=body)

    assert response.status_code == 400
    assert wechatpay_of(wechat.client.world).settings == before
