"""Alipay's certificate mode: serial numbers as its SDKs compute them, answers under a certificate we know."""

import hashlib

import pytest

from seta.platforms.alipay import Alipay, Certificates
from seta.platforms.alipay.certificates import certificate_sn, is_issued_by, root_sn
from seta.platforms.core.errors import ErrorKind, Forged, PlatformError
from tests.platforms.wechatpay import keys
from tests.platforms.wire import Said, scripted, serving
from tests.sandbox_server import RunningSandbox

ROOT = keys.certificate_pem("root", 7)
OTHER = keys.certificate_pem("other", 8)
PAID = '{"code":"10000","out_trade_no":"A1","trade_status":"TRADE_SUCCESS","total_amount":"1.00"}'


def test_a_serial_number_is_the_md5_of_issuer_and_serial() -> None:
    assert certificate_sn(ROOT) == hashlib.md5(b"CN=root7").hexdigest()
    assert root_sn(ROOT + "\n" + OTHER) == f"{certificate_sn(ROOT)}_{certificate_sn(OTHER)}"


@pytest.mark.parametrize("pem", ["", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"])
def test_what_is_no_certificate_is_refused(pem: str) -> None:
    with pytest.raises(ValueError):
        root_sn(pem)


def test_only_the_issuer_vouches() -> None:
    assert is_issued_by(ROOT, OTHER + ROOT)
    assert not is_issued_by(ROOT, OTHER)


def test_an_answer_under_an_unknown_certificate_is_forged() -> None:
    signature = keys.signature("root", PAID.encode())
    body = f'{{"alipay_trade_query_response":{PAID},"alipay_cert_sn":"other","sign":"{signature}"}}'
    with serving(scripted(Said(body=body.encode()))) as wire, pytest.raises(Forged) as refused:
        Alipay(
            appid="2021000000000001",
            app_private_key=keys.private_pem("app"),
            certificates=Certificates(app=OTHER, alipay=ROOT, root=ROOT),
            base_url=wire.base_url,
        ).query("A1")

    assert refused.value.code == "CERTIFICATE"


def shop(sandbox: RunningSandbox, **changes: str) -> Alipay:
    config = sandbox.config["alipay"] | changes
    return Alipay(
        appid=config["appid"],
        app_private_key=config["app_private_key"],
        certificates=Certificates(
            app=config["app_cert"], alipay=config["alipay_cert"], root=config["alipay_root_cert"]
        ),
        base_url=sandbox.base_url,
        pause=lambda _: None,
    )


def test_a_merchant_of_certificate_mode_sells_and_refunds(sandbox: RunningSandbox) -> None:
    merchant = shop(sandbox)
    merchant.precreate(out_trade_no="A1", subject="丝巾", total=500)
    sandbox.control("pay", provider="alipay", out_trade_no="A1")

    assert merchant.refund(out_trade_no="A1", out_request_no="R1", refund=500).refunded_total == 500
    asked = sandbox.journal(family="alipay", direction="in")[0]["path"]
    assert "app_cert_sn=" in asked and "alipay_root_cert_sn=" in asked


def test_alipays_certificate_is_fetched_and_proven_by_the_root(sandbox: RunningSandbox) -> None:
    own = sandbox.config["alipay"]["alipay_cert"]

    assert shop(sandbox).alipay_certificate(certificate_sn(own)) == own
    with pytest.raises(PlatformError):
        shop(sandbox).alipay_certificate("0" * 32)


def test_a_wrong_certificate_is_refused_by_the_gateway(sandbox: RunningSandbox) -> None:
    with pytest.raises(PlatformError) as refused:
        shop(sandbox, app_cert=OTHER).query("A1")

    assert (refused.value.code, refused.value.kind) == ("isv.invalid-app-cert-sn", ErrorKind.INVALID)
