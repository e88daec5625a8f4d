"""Only what WeChat Pay signed, recently and for us, is opened."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seta.platforms.core.errors import Forged
from seta.platforms.wechatpay.notifications import NotificationKeys, open_notification
from seta.platforms.wechatpay.records import read_refund, read_transaction
from tests.platforms.wechatpay import keys

KEYS = NotificationKeys(keys.APIV3_KEY, {keys.KEY_ID: keys.public_pem("platform")})
ORDER = {
    "out_trade_no": "SETA0001",
    "trade_state": "SUCCESS",
    "amount": {"total": 100},
    "payer": {"openid": "o1"},
}
BODY = keys.notification(ORDER)


def test_genuine_notification_is_opened_to_an_order() -> None:
    opened = open_notification(headers=keys.signed_headers(BODY), body=BODY, keys=KEYS, now=keys.NOW + 299)

    order = read_transaction(opened.resource)

    assert (opened.id, opened.event_type) == ("EV-1", "TRANSACTION.SUCCESS")
    assert (order.out_trade_no, order.total, order.currency, order.paid) == ("SETA0001", 100, "CNY", True)


def test_certificate_of_the_other_mode_opens_it_too() -> None:
    serial = f"{0xABC:040X}"
    both = NotificationKeys(keys.APIV3_KEY, {**KEYS.verifiers, serial: keys.certificate_pem("old", 0xABC)})
    headers = keys.signed_headers(BODY, key="old", serial=serial)

    assert open_notification(headers=headers, body=BODY, keys=both, now=keys.NOW).id == "EV-1"


def test_header_names_are_read_in_any_case() -> None:
    headers = {name.upper(): value for name, value in keys.signed_headers(BODY).items()}

    assert open_notification(headers=headers, body=BODY, keys=KEYS, now=keys.NOW).id == "EV-1"


def without(name: str) -> Callable[[dict[str, str]], dict[str, str]]:
    return lambda headers: {key: value for key, value in headers.items() if key != name}


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("UNSIGNED", without("Wechatpay-Signature")),
        ("UNSIGNED", without("Wechatpay-Timestamp")),
        ("UNSIGNED", lambda headers: headers | {"Wechatpay-Timestamp": "yesterday"}),
        ("SIGNTEST", lambda headers: headers | {"Wechatpay-Signature": "WECHATPAY/SIGNTEST/abc"}),
        ("SIGNATURE_TYPE", lambda headers: headers | {"Wechatpay-Signature-Type": "MD5"}),
        ("SERIAL", lambda headers: headers | {"Wechatpay-Serial": "PUB_KEY_ID_OTHER"}),
        ("SIGNATURE", lambda headers: headers | {"Wechatpay-Nonce": "other"}),
        ("SIGNATURE", lambda headers: headers | {"Wechatpay-Signature": "not base64"}),
        ("SIGNATURE", lambda _: keys.signed_headers(BODY, key="somebody")),
    ],
)
def test_forged_notification_is_refused_with_its_reason(
    code: str, change: Callable[[dict[str, str]], dict[str, str]]
) -> None:
    headers = change(keys.signed_headers(BODY))

    with pytest.raises(Forged) as refused:
        open_notification(headers=headers, body=BODY, keys=KEYS, now=keys.NOW)

    assert refused.value.code == code


@pytest.mark.parametrize("now", [keys.NOW + 301, keys.NOW - 301])
def test_notification_from_another_time_is_refused(now: int) -> None:
    with pytest.raises(Forged, match="301 s"):
        open_notification(headers=keys.signed_headers(BODY), body=BODY, keys=KEYS, now=now)


@given(body=st.binary(max_size=300))
def test_signed_nonsense_is_forged_and_never_crashes(body: bytes) -> None:
    with pytest.raises(Forged):
        open_notification(headers=keys.signed_headers(body), body=body, keys=KEYS, now=keys.NOW)


def test_resource_sealed_with_another_key_is_forged() -> None:
    other = NotificationKeys("x" * 32, KEYS.verifiers)

    with pytest.raises(Forged) as refused:
        open_notification(headers=keys.signed_headers(BODY), body=BODY, keys=other, now=keys.NOW)

    assert refused.value.code == "UNREADABLE"


def test_refund_notification_names_its_state_differently() -> None:
    fields = {"refund_id": "5", "out_refund_no": "R1", "amount": {"refund": 40, "total": 100}}

    assert read_refund(fields | {"refund_status": "SUCCESS"}) == read_refund(fields | {"status": "SUCCESS"})
