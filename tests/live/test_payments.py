"""What WeChat Pay and Alipay answer to somebody who asks for what is not there, or signs wrongly."""

import time
from collections.abc import Callable

import pytest

from seta.platforms.alipay import Alipay
from seta.platforms.core.errors import ErrorKind, PlatformError
from seta.platforms.wechatpay.client import WeChatPay
from tests.live.target import Target

Targets = Callable[[str], Target]
NUMBER = f"CONTRACT{int(time.time())}"


def merchant(asked: Target, **other: str) -> WeChatPay:
    """Seta's own client, which believes no answer that is not signed."""
    own = {**asked.credentials, **other}
    return WeChatPay(
        mchid=own["mchid"],
        appid=own["appid"],
        apiv3_key=own["apiv3_key"],
        merchant_serial=own["merchant_serial"],
        merchant_private_key=own["merchant_private_key"],
        public_key_id=own["public_key_id"],
        public_key=own["public_key"],
        base_url=asked.base_url,
    )


def test_an_unknown_order_is_refused_in_a_signed_answer(target: Targets) -> None:
    with pytest.raises(PlatformError) as refused:
        merchant(target("PAY")).query(out_trade_no=NUMBER)

    assert refused.value.code == "ORDER_NOT_EXIST"
    assert refused.value.kind is ErrorKind.STATE


def test_a_wrong_serial_is_a_sign_error(target: Targets) -> None:
    with pytest.raises(PlatformError) as refused:
        merchant(target("PAY"), merchant_serial="0" * 40).query(out_trade_no=NUMBER)

    assert refused.value.code == "SIGN_ERROR"
    assert refused.value.kind is ErrorKind.AUTH


@pytest.mark.parametrize("mode", [{}, {"public_key_id": "", "public_key": ""}], ids=["both", "certificates"])
def test_certificates_open_or_are_refused_to_a_merchant_of_public_key_mode(
    mode: dict[str, str], target: Targets
) -> None:
    pay = merchant(target("PAY"), **mode)

    try:
        found = pay.certificates()
    except PlatformError as refused:
        assert refused.code in ("RESOURCE_NOT_EXISTS", "NO_AUTH")
    else:
        assert all(len(serial) == 40 for serial in found)


def test_the_clocks_agree_within_the_minutes_that_a_signature_may_be_old(target: Targets) -> None:
    pay = merchant(target("PAY"))
    with pytest.raises(PlatformError):
        pay.query(out_trade_no=NUMBER)

    skew = pay.clock_skew_seconds

    assert skew is None or abs(skew) < 300


def test_alipay_does_not_know_an_invented_trade(target: Targets) -> None:
    asked = target("ALIPAY")
    shop = Alipay(
        appid=asked.credentials["appid"],
        app_private_key=asked.credentials["app_private_key"],
        alipay_public_key=asked.credentials["alipay_public_key"],
        base_url=asked.base_url,
    )

    with pytest.raises(PlatformError) as refused:
        shop.query(NUMBER)

    assert refused.value.code == "ACQ.TRADE_NOT_EXIST"
    assert refused.value.kind is ErrorKind.STATE
