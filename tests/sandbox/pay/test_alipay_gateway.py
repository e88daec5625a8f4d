"""Alipay's gateway rules: certificate mode, GET and POST, common parameters, refund sums, the retry schedule."""

import base64
import hashlib
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.sandbox.pay.conftest import Control
from tests.sandbox.pay.merchant import NOTIFY, AlipayMerchant, Receiver

QUERY = "alipay.trade.query"
WAITS = (240, 600, 600, 3600, 7200, 21600, 54000)
CHARGE = {"subject": "丝巾", "scene": "bar_code", "auth_code": "281234567890123456"}


def charge(alipay: AlipayMerchant, amount: str = "88.80") -> dict[str, Any]:
    return alipay.call("alipay.trade.pay", NOTIFY, out_trade_no="TILL-1", total_amount=amount, **CHARGE)


def signed(alipay: AlipayMerchant, method: str, content: dict[str, Any], **more: str) -> dict[str, str]:
    """A call's parameters with others added, signed anew."""
    return alipay.signed(alipay.params(method, content) | more)


def sn(pem: str) -> str:
    certificate = x509.load_pem_x509_certificate(pem.encode())
    issuer = "CN=Sandbox Certification Authority R1,OU=Certification Authority,O=Seta Sandbox,C=CN"
    return hashlib.md5(f"{issuer}{certificate.serial_number}".encode()).hexdigest()


def certified(alipay: AlipayMerchant, method: str = QUERY, **content: Any) -> Any:
    config = alipay.config
    sns = {"app_cert_sn": sn(config["app_cert"]), "alipay_root_cert_sn": sn(config["alipay_root_cert"])}
    return alipay.client.post("/gateway.do", data=signed(alipay, method, content, **sns))


def test_in_certificate_mode_the_answer_names_its_certificate(alipay: AlipayMerchant) -> None:
    charge(alipay)

    answer = certified(alipay, out_trade_no="TILL-1")

    assert list(answer.json()) == ["alipay_trade_query_response", "alipay_cert_sn", "sign"]
    assert answer.json()["alipay_cert_sn"] == sn(alipay.config["alipay_cert"])
    raw = answer.text.removeprefix('{"alipay_trade_query_response":').split(',"alipay_cert_sn"')[0]
    key = x509.load_pem_x509_certificate(alipay.config["alipay_cert"].encode()).public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    assert key.public_numbers() == alipay.platform.public_numbers()
    alipay.read(QUERY, alipay.client.post("/gateway.do", data=signed(alipay, QUERY, {"out_trade_no": "X"})))
    assert '"trade_status":"TRADE_SUCCESS"' in raw


def test_alipays_certificate_can_be_downloaded_by_its_number(alipay: AlipayMerchant) -> None:
    method, own = "alipay.open.app.alipaycert.download", alipay.config["alipay_cert"]

    found = certified(alipay, method, alipay_cert_sn=sn(own)).json()
    stranger = certified(alipay, method, alipay_cert_sn="0" * 32).json()

    name = "alipay_open_app_alipaycert_download_response"
    assert base64.b64decode(found[name]["alipay_cert_content"]).decode() == own
    assert stranger[name]["code"] == "40004"


@pytest.mark.parametrize("name", ["app_cert_sn", "alipay_root_cert_sn"])
def test_naming_one_certificate_alone_or_wrongly_is_refused(alipay: AlipayMerchant, name: str) -> None:
    answer = alipay.client.post("/gateway.do", data=signed(alipay, QUERY, {}, **{name: "0" * 32}))

    assert answer.json()["error_response"]["sub_code"] in (
        "isv.invalid-app-cert-sn",
        "isv.invalid-alipay-root-cert-sn",
    )


@pytest.mark.parametrize(
    ("more", "code", "sub_code"),
    [
        ({"format": "XML"}, "40002", "isv.invalid-format"),
        ({"charset": "latin1"}, "40002", "isv.invalid-charset"),
        ({"version": "2.0"}, "40002", "isv.invalid-version"),
        ({"timestamp": ""}, "40001", "isv.missing-timestamp"),
        ({"sign_type": ""}, "40001", "isv.missing-signature-type"),
        ({"biz_content": "[]"}, "40002", "isv.invalid-biz-content"),
    ],
)
def test_each_wrong_common_parameter_has_its_own_code(
    alipay: AlipayMerchant, more: dict[str, str], code: str, sub_code: str
) -> None:
    inner = alipay.read(QUERY, alipay.client.post("/gateway.do", data=signed(alipay, QUERY, {}, **more)))

    assert (inner["code"], inner["sub_code"]) == (code, sub_code)


def test_a_missing_signature_is_not_a_wrong_one(alipay: AlipayMerchant) -> None:
    params = {name: value for name, value in alipay.params(QUERY, {}).items() if name != "sign"}

    inner = alipay.read(QUERY, alipay.client.post("/gateway.do", data=params))

    assert inner["sub_code"] == "isv.missing-signature"


@pytest.mark.parametrize(
    ("value", "code", "node"),
    [
        ("isp.call-limited", "40005", "error_response"),
        ("isv.insufficient-isv-permissions", "40006", "error_response"),
        ("isp.unknow-error", "20000", "error_response"),
        ("ACQ.SELLER_BALANCE_NOT_ENOUGH", "40004", "alipay_trade_query_response"),
    ],
)
def test_a_planned_refusal_comes_as_the_gateways_or_the_methods(
    alipay: AlipayMerchant, control: Control, value: str, code: str, node: str
) -> None:
    control("fault", match=QUERY, kind="errcode", value=value)

    answer = alipay.client.post("/gateway.do", data=alipay.params(QUERY, {"out_trade_no": "X"})).json()

    assert (answer[node]["code"], answer[node]["sub_code"]) == (code, value)


@pytest.mark.parametrize("way", ["get", "form", "query", "split"])
def test_a_call_may_come_in_a_query_in_a_form_or_in_both(alipay: AlipayMerchant, way: str) -> None:
    charge(alipay)
    params = alipay.params(QUERY, {"out_trade_no": "TILL-1"})
    form = {"biz_content": params["biz_content"]}
    rest = {name: value for name, value in params.items() if name != "biz_content"}

    answer = {
        "get": lambda: alipay.client.get("/gateway.do", params=params),
        "form": lambda: alipay.client.post("/gateway.do", data=params),
        "query": lambda: alipay.client.post("/gateway.do", params=params),
        "split": lambda: alipay.client.post("/gateway.do", params=rest, data=form),
    }[way]()

    assert alipay.read(QUERY, answer)["trade_status"] == "TRADE_SUCCESS"


def test_money_moves_once_a_request_and_the_fee_counts_all_refunds(alipay: AlipayMerchant) -> None:
    charge(alipay, "100.00")

    def refund(amount: str, number: str) -> tuple[str, str, str]:
        content = {"out_trade_no": "TILL-1", "refund_amount": amount, "out_request_no": number}
        found = alipay.call("alipay.trade.refund", **content)
        return found["fund_change"], found["refund_fee"], found["send_back_fee"]

    assert refund("30.00", "R-1") == ("Y", "30.00", "30.00")
    assert refund("30.00", "R-1") == ("N", "30.00", "0.00")
    assert refund("20.01", "R-2") == ("Y", "50.01", "20.01")
    assert refund("30.00", "R-1") == ("N", "50.01", "0.00")


def test_ten_attempts_come_on_the_published_schedule_and_then_no_more(
    alipay: AlipayMerchant, control: Control, receiver: Receiver
) -> None:
    receiver.otherwise = b"SUCCESS"
    charge(alipay)
    control("settle")
    seen = [len(receiver.requests)]

    for wait in WAITS:
        control("advance", seconds=wait - 10)
        seen.append(len(receiver.requests))
        control("advance", seconds=11)
        seen.append(len(receiver.requests))
    control("advance", seconds=10 * 86_400)

    assert seen == [3, *(count for number in range(3, 10) for count in (number, number + 1))]
    assert len(receiver.requests) == 10
    notices = [alipay.open_notification(request) for request in receiver.requests]
    assert len({notice["notify_id"] for notice in notices}) == 1


@pytest.mark.parametrize("answer", [b"SUCCESS", b"success\n", b" success", b"fail", b""])
def test_only_seven_letters_stop_the_repeats(
    alipay: AlipayMerchant, control: Control, receiver: Receiver, answer: bytes
) -> None:
    receiver.otherwise = answer
    charge(alipay)
    control("settle")

    receiver.otherwise = b"success"
    control("advance", seconds=250)
    control("advance", seconds=86_400)

    assert len(receiver.requests) == 4
