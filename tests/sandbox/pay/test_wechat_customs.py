"""Customs: a paid order is declared whole or in parts, ends by itself or as told, and is sent again when lost."""

import base64
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from tests.sandbox.pay.conftest import Control
from tests.sandbox.pay.merchant import WeChatMerchant

CUSTOMS = "/v3/global/customs"


@pytest.fixture
def paid(wechat: WeChatMerchant, control: Control) -> dict[str, Any]:
    """What every call names: a paid order of 100 yuan and the customs office."""
    wechat.order("ORDER-0001", 10_000)
    transaction_id = control("pay", out_trade_no="ORDER-0001")["transaction_id"]
    return {
        "appid": wechat.config["appid"],
        "mchid": wechat.config["mchid"],
        "out_trade_no": "ORDER-0001",
        "transaction_id": transaction_id,
        "customs": "SHANGHAI_ZS",
        "merchant_customs_no": "123456",
    }


def part(number: str, order_fee: int, transport_fee: int = 0) -> dict[str, Any]:
    return {
        "sub_order_no": number,
        "fee_type": "CNY",
        "order_fee": order_fee,
        "product_fee": order_fee - transport_fee,
        "transport_fee": transport_fee,
    }


def query(wechat: WeChatMerchant, kind: str = "out_trade_no", number: str = "ORDER-0001") -> dict[str, Any]:
    config = wechat.config
    target = f"{CUSTOMS}/orders?appid={config['appid']}&mchid={config['mchid']}&customs=SHANGHAI_ZS"
    answer: dict[str, Any] = wechat.get(f"{target}&order_type={kind}&order_no={number}").json()
    return answer


def states(wechat: WeChatMerchant) -> list[str]:
    return [entry["state"] for entry in query(wechat)["data"]]


def test_a_declaration_is_submitted_processed_and_accepted(
    wechat: WeChatMerchant, control: Control, paid: dict[str, Any]
) -> None:
    before = states(wechat)
    declared = wechat.post(f"{CUSTOMS}/orders", paid).json()
    during = states(wechat)
    control("advance", seconds=61)

    found = query(wechat)

    assert (before, declared["state"], during) == (["UNDECLARED"], "SUBMITTED", ["PROCESSING"])
    assert found["data"][0]["state"] == "SUCCESS"
    assert found["data"][0]["order_fee"] == 10_000
    assert found["verify_department_trade_id"] == declared["verify_department_trade_id"]


def test_an_order_is_declared_in_parts_that_add_up(wechat: WeChatMerchant, paid: dict[str, Any]) -> None:
    first = wechat.post(f"{CUSTOMS}/orders", paid | part("S-1", 6_000, 500)).json()
    again = wechat.post(f"{CUSTOMS}/orders", paid | part("S-1", 6_000, 500)).json()
    other = wechat.post(f"{CUSTOMS}/orders", paid | part("S-1", 5_000))
    second = wechat.post(f"{CUSTOMS}/orders", paid | part("S-2", 4_000))
    too_much = wechat.post(f"{CUSTOMS}/orders", paid | part("S-3", 1))

    assert again["sub_order_id"] == first["sub_order_id"]
    assert other.json()["code"] == too_much.json()["code"] == "INVALID_REQUEST"
    assert second.status_code == 200
    assert query(wechat)["total_count"] == 2
    assert query(wechat, "sub_order_no", "S-2")["data"][0]["order_fee"] == 4_000
    assert query(wechat, "sub_order_id", first["sub_order_id"])["total_count"] == 1


@pytest.mark.parametrize(
    "change",
    [
        {**part("S-1", 5_000), "product_fee": 4_999},
        {**part("S-1", 5_000), "fee_type": "EUR"},
        {"sub_order_no": "S-1"},
        {"order_fee": -1, "product_fee": -1},
        {"duty": "1"},
        {"customs": ""},
        {"merchant_customs_no": ""},
    ],
)
def test_sums_that_do_not_hold_are_refused(
    wechat: WeChatMerchant, paid: dict[str, Any], change: dict[str, Any]
) -> None:
    assert wechat.post(f"{CUSTOMS}/orders", paid | change).json()["code"] == "PARAM_ERROR"
    assert states(wechat) == ["UNDECLARED"]


def test_only_paid_orders_under_their_own_numbers_are_declared(
    wechat: WeChatMerchant, paid: dict[str, Any]
) -> None:
    wechat.order("ORDER-0002")

    unpaid = wechat.post(f"{CUSTOMS}/orders", paid | {"out_trade_no": "ORDER-0002"})
    stranger = wechat.post(f"{CUSTOMS}/orders", paid | {"out_trade_no": "ORDER-0003"})

    assert unpaid.json()["code"] == "INVALID_REQUEST"
    assert stranger.status_code == 404
    assert query(wechat, "out_trade_no", "ORDER-0002")["code"] == "ORDER_NOT_EXIST"
    assert query(wechat, "sub_order_no", "S-1")["code"] == "RESOURCE_NOT_EXISTS"
    assert query(wechat, "number")["code"] == "PARAM_ERROR"


def test_a_refused_declaration_is_amended_and_a_lost_one_sent_again(
    wechat: WeChatMerchant, control: Control, paid: dict[str, Any]
) -> None:
    wechat.post(f"{CUSTOMS}/orders", paid)
    too_early = wechat.checked(wechat.send("PATCH", f"{CUSTOMS}/orders", paid))
    control("customs_settle", out_trade_no="ORDER-0001", state="FAIL", explanation="姓名不符")
    failed = query(wechat)["data"][0]
    not_lost = wechat.post(f"{CUSTOMS}/redeclare", paid)

    fees = {"order_fee": 9_000, "product_fee": 8_500, "transport_fee": 500}
    amended = wechat.checked(wechat.send("PATCH", f"{CUSTOMS}/orders", paid | fees)).json()
    control("customs_settle", out_trade_no="ORDER-0001", state="EXCEPT")
    again = wechat.post(f"{CUSTOMS}/redeclare", paid).json()

    assert too_early.json()["code"] == not_lost.json()["code"] == "INVALID_REQUEST"
    assert (failed["state"], failed["explanation"]) == ("FAIL", "姓名不符")
    assert (amended["state"], again["state"]) == ("SUBMITTED", "PROCESSING")
    assert query(wechat)["data"][0]["transport_fee"] == 500
    assert wechat.post(f"{CUSTOMS}/redeclare", paid | {"customs": "NINGBO"}).status_code == 404


@pytest.mark.parametrize("mode", ["certificate", "public key"])
def test_the_buyers_name_is_compared_behind_encryption(
    wechat: WeChatMerchant, paid: dict[str, Any], mode: str
) -> None:
    wechat.serial = wechat.config["platform_serial" if mode == "certificate" else "public_key_id"]
    key = wechat.platform[wechat.serial]
    name = wechat.client.world.find_person(wechat.config["openid"])
    assert name is not None

    def sealed(text: str) -> str:
        oaep = padding.OAEP(padding.MGF1(hashes.SHA1()), hashes.SHA1(), None)
        return base64.b64encode(key.encrypt(text.encode(), oaep)).decode()

    def check(buyer: str, kind: str = "IDCARD") -> Any:
        body = {"certificate_type": kind, "certificate_id": sealed("31010119900101001X")}
        return wechat.post(
            f"{CUSTOMS}/verify-certificate", paid | body | {"certificate_name": sealed(buyer)}
        ).json()["certificate_check_result"]

    assert [check(name.name), check("别人"), check(name.name, "PASSPORT")] == [
        "SAME",
        "DIFFERENT",
        "UNCHECKED",
    ]
    plain = {"certificate_type": "IDCARD", "certificate_id": "310", "certificate_name": name.name}
    assert wechat.post(f"{CUSTOMS}/verify-certificate", paid | plain).json()["code"] == "PARAM_ERROR"


def test_the_control_names_what_it_wants(wechat: WeChatMerchant) -> None:
    for body in ({"out_trade_no": "NOBODY"}, {"state": "LOST"}):
        assert wechat.client.post("/_control/customs_settle", json=body).status_code == 400
