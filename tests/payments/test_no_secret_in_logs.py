"""Everything that a day of payments writes to the log, read for every secret that took part in it."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from seta.houses.operations import change_keys, connect_account
from seta.kit.clock import beijing_day
from seta.payments import operations as pay
from seta.payments.operations.terminals import issue_key
from seta.payments.rules.refusals import PaymentRefused
from seta.payments.rules.till import SCOPES
from seta.site import wiring
from seta.site.cli import main
from seta.webhooks.courier import Courier
from seta.webhooks.operations import open_endpoint, rotate_secret
from tests.payments.conftest import LetterBox
from tests.payments.test_collecting import code_for
from tests.sandbox_server import RunningSandbox
from tests.webhooks.conftest import bring_all
from tests.webhooks.receiver import Receiver

API = "/api/till/v1"
SHORT = 12
PUBLIC = frozenset(
    {
        *("mchid", "appid", "client_id", "merchant_id", "seller_id", "merchant_serial", "platform_serial"),
        *("public_key", "public_key_id", "platform_cert", "alipay_public_key", "antom_public_key"),
    }
)
"""What of an account anybody may know; everything else of it that is long enough is looked for."""


def secrets_of(sandbox: RunningSandbox) -> set[str]:
    """The secrets of every account, private keys line by line."""
    found: set[str] = set()
    for family in ("wechat", "alipay", "antom"):
        for name, value in sandbox.config[family].items():
            text = str(value)
            if name in PUBLIC or "://" in text:
                continue
            lines = text.splitlines() if "PRIVATE KEY" in text else [text]
            found |= {line for line in lines if len(line) >= SHORT and "-----" not in line}
    return found


@contextmanager
def the_whole_log(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Every logger down to DEBUG, those of the libraries too."""
    with caplog.at_level(logging.DEBUG):
        yield


def sell(till: Client, sandbox: RunningSandbox, provider: str, reference: str) -> tuple[int, str]:
    """A sale at the till: the payment's id, and the code that was charged."""
    code = code_for(sandbox, provider)
    answer = till.post(
        f"{API}/payments",
        json.dumps({"amount": 50_000, "auth_code": code, "reference": reference}),
        content_type="application/json",
        headers={"idempotency-key": f"sale-{reference}"},
    )
    assert answer.status_code == 201, answer.content
    return int(answer.json()["id"]), code


def test_no_secret_is_in_the_log_of_a_day_with_sales_refunds_bills_webhooks_and_failures(
    house_id: int,
    sandbox: RunningSandbox,
    letters: LetterBox,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    cache.clear()
    now = datetime.now(UTC)
    settings.WEBHOOKS_ALLOW_PRIVATE = True
    settings.LOGGING_CONFIG = None
    wiring.install()
    found = sandbox.config["antom"]
    connect_account(
        house_id=house_id,
        family="antom",
        app_id=found["client_id"],
        base_url=sandbox.base_url,
        secrets={name: str(value) for name, value in found.items()},
        now=now,
    )
    told = secrets_of(sandbox)
    receiver = Receiver(answer=lambda _one, before: 500 if before == 0 else 204).start()
    courier = Courier(private_allowed=True, timeout_seconds=3)
    with the_whole_log(caplog):
        hook = open_endpoint(
            house_id=house_id, url=receiver.url, facts=["payments.payment.succeeded"], now=now
        )
        receiver.secret = hook.secret
        key = issue_key(
            house_id=house_id, boutique_code="brera", name="Till 1", scopes=SCOPES, issued_by=1, now=now
        ).key
        till = Client(headers={"authorization": f"Bearer {key}"})
        paid, wechat = sell(till, sandbox, "wechat", "R-1")
        _other, alipay = sell(till, sandbox, "alipay", "R-2")
        letters.deliver(times=2)
        till.post(
            f"{API}/payments/{paid}/refunds",
            json.dumps({"amount": 5_000, "reason": "size"}),
            content_type="application/json",
            headers={"idempotency-key": "back"},
        )
        Client(headers={"authorization": f"Bearer {key[:-4]}none"}).get(f"{API}/me")
        bring_all(courier, now + timedelta(seconds=1))
        rotated = rotate_secret(endpoint_id=hook.endpoint_id, house_id=house_id, now=now)
        bring_all(courier, now + timedelta(minutes=1))
        for provider in ("wechat", "alipay"):
            sandbox.control("make_bill", provider=provider, date=beijing_day(now).isoformat())
            pay.close_day(house_id=house_id, provider=provider, day=beijing_day(now), now=now)
        change_keys(
            house_id=house_id,
            family="wechatpay",
            secrets={"apiv3_key": "another-key-of-thirty-two-bytes!"},
            overlap=timedelta(0),
            now=now + timedelta(seconds=2),
        )
        sandbox.control("fault", match="*", kind="500", times=3)
        with pytest.raises(PaymentRefused):
            pay.check_provider(house_id=house_id, provider="wechatpay")
        assert main(["doctor"]) in (0, 1)
    courier.close()
    receiver.stop()

    said = caplog.text + "".join(capsys.readouterr())
    mine = {key, key[:-4], hook.secret, rotated.secret, wechat, alipay, "another-key-of-thirty-two-bytes!"}
    assert len(told) > 40
    assert "platform.call" in said and "till/v1" in said
    assert [one for one in told | mine if one in said] == []
