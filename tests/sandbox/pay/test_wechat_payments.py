"""WeChat Pay's signed door and its orders, seen by a merchant that checks every signature."""

import json
import time

import httpx
import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature

from tests.sandbox.pay.client import Client
from tests.sandbox.pay.conftest import Control
from tests.sandbox.pay.merchant import NOTIFY, Receiver, WeChatMerchant

JSAPI = "/v3/pay/transactions/jsapi"


def test_a_body_other_than_the_signed_one_is_refused_with_a_diagnosis(wechat: WeChatMerchant) -> None:
    signed, sent = b'{"a": 1}', b'{"a":1}'
    headers = {"Authorization": wechat.authorization("POST", JSAPI, signed)}

    response = wechat.client.post(JSAPI, content=sent, headers=headers)

    assert response.status_code == 401
    assert response.json()["code"] == "SIGN_ERROR"
    information = response.json()["detail"]["sign_information"]
    assert information["method"] == "POST" and information["url"] == JSAPI
    assert information["truncated_sign_message"].startswith(f"POST\n{JSAPI}\n")
    assert information["sign_message_length"] == len(f"POST\n{JSAPI}\n{int(time.time())}\n\n\n") + 32 + len(
        sent
    )


@pytest.mark.parametrize("drift", [-301 - 5, 301 + 5])
def test_a_timestamp_five_minutes_off_is_refused(wechat: WeChatMerchant, drift: int) -> None:
    target = "/v3/certificates"
    headers = {"Authorization": wechat.authorization("GET", target, b"", int(time.time()) + drift)}

    response = wechat.client.get(target, headers=headers)

    assert (response.status_code, response.json()["code"]) == (401, "SIGN_ERROR")


@pytest.mark.parametrize(
    "header", ["", "Bearer x", 'WECHATPAY2-SHA256-RSA2048 mchid="1"', 'WECHATPAY2-SHA256-RSA2048 "']
)
def test_a_broken_authorization_is_refused(wechat: WeChatMerchant, header: str) -> None:
    response = wechat.client.get("/v3/certificates", headers={"Authorization": header})

    assert (response.status_code, response.json()["code"]) == (401, "SIGN_ERROR")


@pytest.mark.parametrize(("part", "value"), [("merchant_serial", "0" * 40), ("mchid", "1900000001")])
def test_a_stranger_is_refused(wechat: WeChatMerchant, part: str, value: str) -> None:
    wechat.config = {**wechat.config, part: value}

    response = wechat.send("GET", "/v3/certificates")

    assert (response.status_code, response.json()["code"]) == (401, "SIGN_ERROR")


def test_the_platform_certificate_comes_encrypted(wechat: WeChatMerchant) -> None:
    entry = wechat.get("/v3/certificates").json()["data"][0]

    certificate = x509.load_pem_x509_certificate(wechat.decrypt(entry["encrypt_certificate"]))

    assert entry["serial_no"] == f"{certificate.serial_number:040X}" == wechat.config["platform_serial"]


def test_a_merchant_of_public_key_mode_only_gets_no_certificate(
    wechat: WeChatMerchant, control: Control
) -> None:
    control("payment_settings", certificates_offered=False)

    assert wechat.get("/v3/certificates").json()["code"] == "RESOURCE_NOT_EXISTS"


@pytest.mark.parametrize("mode", ["platform_serial", "public_key_id"])
def test_answers_and_notifications_are_signed_with_the_key_that_was_asked_for(
    wechat: WeChatMerchant, control: Control, receiver: Receiver, mode: str
) -> None:
    wechat.serial = wechat.config[mode]
    answer = wechat.post(JSAPI, wechat.jsapi_body("ORDER-0001"))

    control("pay", provider="wechat", out_trade_no="ORDER-0001")

    assert answer.headers["Wechatpay-Serial"] == wechat.serial
    assert receiver.requests[0].headers["Wechatpay-Serial"] == wechat.serial
    envelope, resource = wechat.open_notification(receiver.requests[0])
    assert envelope["event_type"] == "TRANSACTION.SUCCESS"
    assert resource == wechat.query("ORDER-0001")


def test_an_unknown_platform_serial_is_refused(wechat: WeChatMerchant) -> None:
    wechat.serial = "PUB_KEY_ID_0000"

    assert wechat.get("/v3/certificates").json()["code"] == "PARAM_ERROR"


def test_an_order_is_placed_paid_and_found_under_both_numbers(
    wechat: WeChatMerchant, control: Control
) -> None:
    prepay_id = wechat.order("ORDER-0001", 1250)
    before = wechat.query("ORDER-0001")

    paid = control("pay", provider="wechat", out_trade_no="ORDER-0001")

    mchid = wechat.config["mchid"]
    by_id = wechat.get(f"/v3/pay/transactions/id/{paid['transaction_id']}?mchid={mchid}").json()
    assert prepay_id.startswith("wx") and before["trade_state"] == "NOTPAY" and "payer" not in before
    assert by_id == wechat.query("ORDER-0001")
    assert by_id["trade_state"] == "SUCCESS"
    assert by_id["amount"] == {"total": 1250, "currency": "CNY", "payer_currency": "CNY", "payer_total": 1250}
    assert by_id["payer"] == {"openid": wechat.config["openid"]}
    assert by_id["success_time"].endswith("+08:00")


def test_the_same_request_finds_its_order_and_another_is_refused(
    wechat: WeChatMerchant, control: Control
) -> None:
    first = wechat.order("ORDER-0001")

    again = wechat.order("ORDER-0001")
    other = wechat.post(JSAPI, wechat.jsapi_body("ORDER-0001", 200))
    control("pay", out_trade_no="ORDER-0001")
    late = wechat.post(JSAPI, wechat.jsapi_body("ORDER-0001"))

    assert again == first
    assert (other.status_code, other.json()["message"]) == (400, "201 商户订单号重复")
    assert late.json()["code"] == "ORDER_PAID"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"out_trade_no": "ab"}, "/out_trade_no"),
        ({"out_trade_no": "ORDER 0001"}, "/out_trade_no"),
        ({"description": ""}, "/description"),
        ({"description": "丝" * 128}, "/description"),
        ({"amount": {"total": 1.5}}, "/amount/total"),
        ({"amount": {"total": "100"}}, "/amount/total"),
        ({"amount": {"total": 0}}, "/amount/total"),
        ({"amount": {"total": True}}, "/amount/total"),
        ({"amount": {"total": 1, "currency": "EUR"}}, "/amount/currency"),
        ({"notify_url": "https://merchant.example/notify?a=1"}, "/notify_url"),
        ({"notify_url": "http://merchant.example/notify"}, "/notify_url"),
        ({"payer": {}}, "/payer/openid"),
        ({"time_expire": "tomorrow"}, "/time_expire"),
    ],
)
def test_a_wrong_field_is_named(wechat: WeChatMerchant, change: dict[str, object], field: str) -> None:
    response = wechat.post(JSAPI, wechat.jsapi_body("ORDER-0001", **change))

    assert (response.status_code, response.json()["code"]) == (400, "PARAM_ERROR")
    assert response.json()["detail"]["field"] == field


def test_an_openid_of_another_app_is_refused(
    wechat: WeChatMerchant, exported: dict[str, dict[str, list[str]]]
) -> None:
    stranger = exported["official_account"]["openids"][0]

    response = wechat.post(JSAPI, wechat.jsapi_body("ORDER-0001", payer={"openid": stranger}))

    assert response.json()["message"] == "appid和openid不匹配"


def test_an_app_of_nobody_is_refused(wechat: WeChatMerchant) -> None:
    response = wechat.post(JSAPI, wechat.jsapi_body("ORDER-0001", appid="wx0000000000000000"))

    assert response.json()["code"] == "APPID_MCHID_NOT_MATCH"


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff"])
def test_a_body_that_is_no_object_is_refused(wechat: WeChatMerchant, body: bytes) -> None:
    headers = {"Authorization": wechat.authorization("POST", JSAPI, body)}

    response = wechat.checked(wechat.client.post(JSAPI, content=body, headers=headers))

    assert (response.status_code, response.json()["code"]) == (400, "PARAM_ERROR")


def test_closing_answers_a_signed_empty_204(wechat: WeChatMerchant, control: Control) -> None:
    wechat.order("ORDER-0001")
    path, body = "/v3/pay/transactions/out-trade-no/ORDER-0001/close", {"mchid": wechat.config["mchid"]}

    closed, again = wechat.post(path, body), wechat.post(path, body)

    assert (closed.status_code, closed.content, again.status_code) == (204, b"", 204)
    assert wechat.query("ORDER-0001")["trade_state"] == "CLOSED"
    assert wechat.client.post("/_control/pay", json={"out_trade_no": "ORDER-0001"}).status_code == 400


def test_a_paid_order_cannot_be_closed(wechat: WeChatMerchant, control: Control) -> None:
    wechat.order("ORDER-0001")
    control("pay", out_trade_no="ORDER-0001")

    path = "/v3/pay/transactions/out-trade-no/ORDER-0001/close"
    assert wechat.post(path, {"mchid": wechat.config["mchid"]}).json()["code"] == "ORDER_PAID"
    assert wechat.query("ORDER-0001")["trade_state"] == "SUCCESS"


def test_an_unpaid_order_closes_after_two_hours(wechat: WeChatMerchant, control: Control) -> None:
    wechat.order("ORDER-0001")

    control("advance", seconds=7_200)

    assert wechat.query("ORDER-0001")["trade_state"] == "CLOSED"


def test_a_missing_order_is_a_signed_404(wechat: WeChatMerchant) -> None:
    response = wechat.get(f"/v3/pay/transactions/out-trade-no/NOTHING?mchid={wechat.config['mchid']}")

    assert (response.status_code, response.json()["code"]) == (404, "ORDER_NOT_EXIST")


def test_a_native_order_gives_a_code_url(wechat: WeChatMerchant, control: Control) -> None:
    body = wechat.jsapi_body("ORDER-0001")
    del body["payer"]

    answer = wechat.post("/v3/pay/transactions/native", body).json()
    control("pay", out_trade_no="ORDER-0001")

    assert answer["code_url"].startswith("weixin://wxpay/bizpayurl?pr=")
    assert wechat.query("ORDER-0001")["trade_type"] == "NATIVE"


def test_a_barcode_payment_succeeds_without_a_notification(
    wechat: WeChatMerchant, receiver: Receiver
) -> None:
    answer = wechat.barcode("ORDER-0001")

    assert (answer.status_code, answer.json()["trade_state"]) == (200, "SUCCESS")
    assert receiver.requests == []


def test_the_code_on_a_phone_says_who_pays(wechat: WeChatMerchant, control: Control, client: Client) -> None:
    people = control("people")["people"]
    openid = people[3]["openids"][wechat.config["appid"]]
    code = control("payment_code", provider="wechat", openid=openid)["auth_code"]

    assert wechat.barcode("ORDER-0001", code=code).json()["payer"]["openid"] == openid


def test_a_password_prompt_is_awaited_and_refuses_a_reversal(
    wechat: WeChatMerchant, control: Control
) -> None:
    control("next_codepay", outcome="USERPAYING")
    reverse = "/v3/pay/transactions/out-trade-no/ORDER-0001/reverse"
    parties = {"appid": wechat.config["appid"], "mchid": wechat.config["mchid"]}

    asked = wechat.barcode("ORDER-0001")
    waiting = wechat.query("ORDER-0001")["trade_state"]
    refused = wechat.post(reverse, parties)
    control("pay", out_trade_no="ORDER-0001")

    assert (asked.status_code, asked.json()["code"], waiting) == (202, "USERPAYING", "USERPAYING")
    assert refused.json()["code"] == "USERPAYING"
    assert wechat.query("ORDER-0001")["trade_state"] == "SUCCESS"
    assert wechat.post(reverse, parties).status_code == 200
    assert wechat.query("ORDER-0001")["trade_state"] == "REVOKED"


def test_a_password_prompt_is_revoked_after_45_seconds(wechat: WeChatMerchant, control: Control) -> None:
    control("next_codepay", outcome="USERPAYING")
    wechat.barcode("ORDER-0001")

    control("advance", seconds=45)

    assert wechat.query("ORDER-0001")["trade_state"] == "REVOKED"


@pytest.mark.parametrize(
    ("outcome", "status", "state"),
    [
        ("SYSTEM_ERROR", 500, "NOTPAY"),
        ("SYSTEM_ERROR_PAID", 500, "SUCCESS"),
        ("NOT_ENOUGH", 403, "PAYERROR"),
        ("AUTH_CODE_EXPIRED", 400, "PAYERROR"),
    ],
)
def test_a_barcode_payment_goes_wrong_as_planned(
    wechat: WeChatMerchant, control: Control, outcome: str, status: int, state: str
) -> None:
    control("next_codepay", outcome=outcome)

    answer = wechat.barcode("ORDER-0001")

    assert answer.status_code == status
    assert wechat.query("ORDER-0001")["trade_state"] == state


@pytest.mark.parametrize("code", ["123", "990000000000000001", "13000000000000000x"])
def test_a_code_that_is_no_payment_code_is_refused(wechat: WeChatMerchant, code: str) -> None:
    assert wechat.barcode("ORDER-0001", code=code).json()["code"] == "AUTH_CODE_INVALID"


def test_a_planned_refusal_is_signed(wechat: WeChatMerchant, control: Control) -> None:
    control("fault", match="/jsapi", kind="errcode", value="FREQUENCY_LIMITED")

    response = wechat.post(JSAPI, wechat.jsapi_body("ORDER-0001"))

    assert response.json()["code"] == "FREQUENCY_LIMITED"
    assert wechat.order("ORDER-0001")


def test_a_forged_answer_fails_its_check(wechat: WeChatMerchant, control: Control) -> None:
    control("fault", match="/v3/certificates", kind="bad_signature")

    with pytest.raises(InvalidSignature):
        wechat.get("/v3/certificates")
    assert wechat.get("/v3/certificates").status_code == 200


def test_notifications_are_retried_on_the_published_schedule(
    wechat: WeChatMerchant, control: Control, receiver: Receiver
) -> None:
    receiver.answers = [httpx.Response(500), httpx.Response(404), httpx.Response(204)]
    wechat.order("ORDER-0001")
    control("pay", out_trade_no="ORDER-0001")

    after_payment = len(receiver.requests)
    control("advance", seconds=14)
    early = len(receiver.requests)
    control("advance", seconds=2)
    control("advance", seconds=15)
    control("advance", seconds=3600)

    assert (after_payment, early, len(receiver.requests)) == (1, 1, 3)
    bodies = {request.content for request in receiver.requests}
    assert len(bodies) == 1
    assert len({request.headers["Wechatpay-Signature"] for request in receiver.requests}) == 3


def test_a_signature_probe_comes_first_and_does_not_count(
    wechat: WeChatMerchant, control: Control, receiver: Receiver
) -> None:
    wechat.order("ORDER-0001")
    control("fault", match="push TRANSACTION.SUCCESS", kind="sign_test")

    control("pay", out_trade_no="ORDER-0001")
    control("advance", seconds=16)

    probe, real = receiver.requests
    assert probe.headers["Wechatpay-Signature"].startswith("WECHATPAY/SIGNTEST/")
    with pytest.raises(ValueError):
        wechat.open_notification(probe)
    assert wechat.open_notification(real)[1]["out_trade_no"] == "ORDER-0001"


def test_every_exchange_is_in_the_journal(wechat: WeChatMerchant, control: Control) -> None:
    wechat.order("ORDER-0001")
    control("pay", out_trade_no="ORDER-0001")

    entries = control("journal", family="wechatpay")["entries"]

    assert [(entry["direction"], entry["path"]) for entry in entries] == [("in", JSAPI), ("out", NOTIFY)]
    assert json.loads(entries[0]["request"])["out_trade_no"] == "ORDER-0001"
