"""WeChat Pay over time: the whole retry schedule, key rotation, rate limits, diagnosis and repeated calls."""

import json
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa

from seta_sandbox.wechatpay.state import wechatpay_of
from tests.sandbox.pay.conftest import Control
from tests.sandbox.pay.merchant import Receiver, WeChatMerchant

JSAPI = "/v3/pay/transactions/jsapi"
WAITS = (15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10800, 10800, 10800, 21600, 21600)


def test_fifteen_repeats_come_within_24_hours_and_4_minutes_and_then_no_more(
    wechat: WeChatMerchant, control: Control, receiver: Receiver
) -> None:
    receiver.answers = [httpx.Response(500) for _ in range(40)]
    wechat.order("ORDER-0001")
    control("pay", out_trade_no="ORDER-0001")
    seen = [len(receiver.requests)]

    for wait in WAITS:
        control("advance", seconds=wait - 5)
        seen.append(len(receiver.requests))
        control("advance", seconds=5.5)
        seen.append(len(receiver.requests))
    control("advance", seconds=10 * 86_400)

    assert sum(WAITS) == 24 * 3600 + 4 * 60
    assert seen == [1, *(count for number in range(1, 16) for count in (number, number + 1))]
    assert len(receiver.requests) == 16
    ids = {wechat.open_notification(request)[0]["id"] for request in receiver.requests}
    assert len(ids) == 1


def rotated(wechat: WeChatMerchant, answer: dict[str, Any]) -> None:
    """Trust the certificates that the control action names."""
    for serial, pem in zip(answer["serials"], answer["certificates"], strict=True):
        key = x509.load_pem_x509_certificate(pem.encode()).public_key()
        assert isinstance(key, rsa.RSAPublicKey)
        wechat.platform[serial] = key


def listed(wechat: WeChatMerchant) -> list[str]:
    return [entry["serial_no"] for entry in wechat.get("/v3/certificates").json()["data"]]


def test_a_certificate_is_replaced_with_a_period_of_both(
    wechat: WeChatMerchant, control: Control, receiver: Receiver
) -> None:
    old = wechat.config["platform_serial"]
    wechat.order("ORDER-0001")

    begun = control("rotate_certificate", step="begin")
    rotated(wechat, begun)
    new = begun["serials"][1]
    during = wechat.get("/v3/certificates")
    opened = [wechat.decrypt(entry["encrypt_certificate"]).decode() for entry in during.json()["data"]]
    wechat.serial = new
    asked_new = wechat.get("/v3/certificates").headers["Wechatpay-Serial"]
    wechat.serial = ""
    control("rotate_certificate", step="switch")
    after_switch = wechat.get("/v3/certificates").headers["Wechatpay-Serial"]
    control("rotate_certificate", step="end")
    control("pay", out_trade_no="ORDER-0001")

    assert (begun["signs"], during.headers["Wechatpay-Serial"], asked_new) == (old, old, new)
    assert opened == begun["certificates"]
    assert after_switch == new
    assert listed(wechat) == [new]
    assert receiver.requests[0].headers["Wechatpay-Serial"] == new
    assert wechat.open_notification(receiver.requests[0])[1]["out_trade_no"] == "ORDER-0001"
    wechat.serial = old
    assert wechat.send("GET", "/v3/certificates").json()["code"] == "PARAM_ERROR"


@pytest.mark.parametrize("step", ["switch", "end", "later"])
def test_a_replacement_goes_step_by_step(wechat: WeChatMerchant, step: str) -> None:
    assert wechat.client.post("/_control/rotate_certificate", json={"step": step}).status_code == 400


def test_in_the_period_with_both_keys_notifications_come_under_either(
    wechat: WeChatMerchant, control: Control, receiver: Receiver
) -> None:
    control("payment_settings", notice_key="both")
    receiver.answers = [httpx.Response(500)]
    wechat.order("ORDER-0001")

    control("pay", out_trade_no="ORDER-0001")
    control("advance", seconds=16)

    serials = [request.headers["Wechatpay-Serial"] for request in receiver.requests]
    assert serials == [wechat.config["platform_serial"], wechat.config["public_key_id"]]
    assert [wechat.open_notification(request)[0]["event_type"] for request in receiver.requests] == [
        "TRANSACTION.SUCCESS"
    ] * 2


def test_too_many_calls_in_a_second_are_refused_and_work_again_later(
    wechat: WeChatMerchant, control: Control
) -> None:
    control("payment_settings", calls_per_second=2)

    answers = [wechat.post(JSAPI, wechat.jsapi_body(f"ORDER-000{number}")) for number in range(3)]
    control("advance", seconds=1)
    again = wechat.post(JSAPI, wechat.jsapi_body("ORDER-0002"))

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].json()["code"] == "FREQUENCY_LIMITED"
    assert again.status_code == 200


@pytest.mark.parametrize("value", ["SYSTEM_ERROR", "SYSTEM_ERROR_DONE"])
def test_after_a_system_error_the_same_parameters_do_the_work_once(
    wechat: WeChatMerchant, control: Control, value: str
) -> None:
    wechat.order("ORDER-0001", 1_000)
    control("pay", out_trade_no="ORDER-0001")
    control("fault", match="/refunds", kind="errcode", value=value)

    failed = wechat.refund("ORDER-0001", "R-1", 400, 1_000)
    done_before = len(wechatpay_of(wechat.client.world).refunds)
    again = wechat.refund("ORDER-0001", "R-1", 400, 1_000)

    assert (failed.status_code, failed.json()["code"]) == (500, "SYSTEM_ERROR")
    assert done_before == (value == "SYSTEM_ERROR_DONE")
    assert again.status_code == 200
    assert wechatpay_of(wechat.client.world).orders["ORDER-0001"].refunded == 400


def test_a_planned_rate_limit_is_a_429(wechat: WeChatMerchant, control: Control) -> None:
    control("fault", match="/jsapi", kind="errcode", value="RATELIMIT_EXCEEDED")

    assert wechat.post(JSAPI, wechat.jsapi_body("ORDER-0001")).status_code == 429


def diagnosis(wechat: WeChatMerchant, authorization: str) -> dict[str, Any]:
    body = json.dumps(wechat.jsapi_body("ORDER-0001")).encode()
    answer = wechat.checked(wechat.client.post(JSAPI, content=body, headers={"Authorization": authorization}))
    assert (answer.status_code, answer.json()["code"]) == (401, "SIGN_ERROR")
    detail: dict[str, Any] = answer.json()["detail"]
    assert detail["location"] == "authorization"
    return detail


@pytest.mark.parametrize(
    ("authorization", "issue"),
    [
        ("", "Authorization is missing"),
        ("Basic abc", "does not begin with WECHATPAY2-SHA256-RSA2048"),
        ('WECHATPAY2-SHA256-RSA2048 mchid="1",nonce_str="n"', "signature, timestamp, serial_no missing"),
        (
            'WECHATPAY2-SHA256-RSA2048 mchid="1",nonce_str="n",signature="s",timestamp="1",serial_no="2"',
            "unknown mchid",
        ),
    ],
)
def test_a_header_that_leaves_nothing_to_verify_is_diagnosed(
    wechat: WeChatMerchant, authorization: str, issue: str
) -> None:
    assert issue in diagnosis(wechat, authorization)["issue"]


def test_a_wrong_signature_is_shown_the_text_that_was_verified(wechat: WeChatMerchant) -> None:
    signed = wechat.authorization("POST", JSAPI, b"other bytes")

    detail = diagnosis(wechat, signed)

    body = json.dumps(wechat.jsapi_body("ORDER-0001")).encode()
    information = detail["sign_information"]
    assert detail["field"] == "signature"
    assert detail["detail"] == {"issue": "sign not match"}
    assert (information["method"], information["url"]) == ("POST", JSAPI)
    assert information["truncated_sign_message"].startswith(f"POST\n{JSAPI}\n")
    stamp = information["truncated_sign_message"].split("\n")[2]
    assert information["sign_message_length"] == len(f"POST\n{JSAPI}\n{stamp}\n") + 33 + len(body) + 1


def test_an_old_timestamp_is_named_as_the_cause(wechat: WeChatMerchant) -> None:
    body = json.dumps(wechat.jsapi_body("ORDER-0001")).encode()
    signed = wechat.authorization("POST", JSAPI, body, timestamp=1_600_000_000)

    assert diagnosis(wechat, signed)["issue"] == "timestamp expired"


def test_an_app_and_a_browser_order_are_paid_like_any(wechat: WeChatMerchant, control: Control) -> None:
    in_app = wechat.post("/v3/pay/transactions/app", wechat.jsapi_body("ORDER-0001"))
    scene = {"scene_info": {"payer_client_ip": "127.0.0.1", "h5_info": {"type": "Wap"}}}
    in_browser = wechat.post("/v3/pay/transactions/h5", wechat.jsapi_body("ORDER-0002", **scene))

    for number in ("ORDER-0001", "ORDER-0002"):
        control("pay", out_trade_no=number)

    assert in_app.json()["prepay_id"].startswith("wx")
    assert "prepay_id=wx" in in_browser.json()["h5_url"]
    assert [wechat.query(number)["trade_type"] for number in ("ORDER-0001", "ORDER-0002")] == ["APP", "MWEB"]
