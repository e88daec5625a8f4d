"""What a webhook says and where it may go, by example and by property."""

import base64
import json
from dataclasses import fields
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seta.boutique import events as boutique
from seta.clienteling import events as clienteling
from seta.events.events import Fact
from seta.payments import events as payments
from seta.stores import events as stores
from seta.webhooks.rules import addresses, catalogue, schedule, signing
from seta.webhooks.rules.addresses import Refusal, WebhookRefused

FACTS = {
    kind.name: kind
    for module in (boutique, clienteling, payments, stores)
    for kind in vars(module).values()
    if isinstance(kind, type) and issubclass(kind, Fact) and kind is not Fact
}
PERSONAL = ("openid", "unionid", "userid", "phone", "display_name", "source", "email")


@pytest.mark.parametrize("name", catalogue.CATALOGUE)
def test_every_public_field_is_a_field_of_its_fact_and_none_is_personal(name: str) -> None:
    public = catalogue.CATALOGUE[name]
    ours = {field.name for field in fields(FACTS[name])}

    assert set(public.fields.values()) <= ours
    assert public.object[1] in ours
    assert not set(PERSONAL) & {*public.fields, *public.fields.values()}


def test_the_body_has_the_published_form() -> None:
    fact = {
        "occurred_at": "2026-11-22T10:00:00Z",
        "intent_id": 5,
        "reference": "S-1",
        "amount": 50_000,
        "currency": "CNY",
        "settle_amount": 6_391,
        "settle_currency": "EUR",
        "provider": "alipay",
        "boutique_code": "",
        "method": "alipay_barcode",
        "person_id": None,
        "campaign": "ss27",
        "openid": "not to be seen",
    }

    said = json.loads(catalogue.body("payments.payment.succeeded", fact, sequence=9))

    assert said == {
        "type": "payments.payment.succeeded",
        "version": 1,
        "timestamp": "2026-11-22T10:00:00Z",
        "object": "payment:5",
        "sequence": 9,
        "data": {
            "payment_id": 5,
            "reference": "S-1",
            "amount": 50_000,
            "currency": "CNY",
            "settle_amount": 6_391,
            "settle_currency": "EUR",
            "provider": "alipay",
            "boutique": "",
            "method": "alipay_barcode",
            "client_id": None,
        },
    }


def test_a_signature_is_the_specifications_own_example() -> None:
    # The test vector that the specification's libraries share.
    signed = signing.signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        code="msg_p5jXN8AQM9LWM0D4loKWxJek",
        timestamp=1614265330,
        body='{"test": 2432232314}',
    )

    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_secret_is_long_and_never_the_same() -> None:
    made = {signing.new_secret() for _ in range(20)}

    assert len(made) == 20
    assert all(len(base64.b64decode(each.removeprefix("whsec_"))) == 32 for each in made)


@given(secrets=st.lists(st.binary(min_size=24, max_size=64), min_size=1, max_size=3), body=st.text())
def test_each_secret_that_holds_signs(secrets: list[bytes], body: str) -> None:
    texts = ["whsec_" + base64.b64encode(each).decode() for each in secrets]

    made = signing.headers(texts, code="msg_1", timestamp=1, body=body)["webhook-signature"].split(" ")

    assert made == [signing.signature(text, code="msg_1", timestamp=1, body=body) for text in texts]


def test_ten_attempts_are_made_over_three_days_and_the_eleventh_never() -> None:
    waits = [schedule.wait_after(attempts) for attempts in range(1, schedule.ATTEMPTS_MAX)]

    total = sum((wait for wait in waits if wait), timedelta())
    assert schedule.ATTEMPTS_MAX == 10
    assert timedelta(days=3) < total < timedelta(days=4)
    assert schedule.wait_after(10) is None
    assert sorted(waits, key=lambda wait: wait or timedelta()) == waits


@given(st.one_of(st.none(), st.integers(100, 599)))
def test_only_2xx_is_done_and_only_410_is_the_end(status: int | None) -> None:
    verdict = schedule.judge(status)

    assert (verdict == "done") == (status in range(200, 300))
    assert (verdict == "gone") == (status == 410)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("", Refusal.NOT_A_URL),
        ("erp.example.com", Refusal.NOT_A_URL),
        ("ftp://erp.example.com/", Refusal.NOT_A_URL),
        ("https://", Refusal.NOT_A_URL),
        ("https://erp.example.com:99999/", Refusal.NOT_A_URL),
        ("https://erp.example.com/a b", Refusal.NOT_A_URL),
        ("https://erp.example.com\\@10.0.0.1/", Refusal.NOT_A_URL),
        ("https://[::1", Refusal.NOT_A_URL),
        ("https://" + "a" * 600, Refusal.NOT_A_URL),
        ("http://erp.example.com/", Refusal.NOT_HTTPS),
        ("http://127.0.0.1/", Refusal.NOT_HTTPS),
        ("https://me:secret@erp.example.com/", Refusal.HAS_PASSWORD),
        ("https://10.0.0.1/", Refusal.PRIVATE),
        ("https://localhost/", Refusal.PRIVATE),
        ("https://169.254.169.254/latest", Refusal.PRIVATE),
        ("https://[::ffff:10.0.0.1]/", Refusal.PRIVATE),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_with_its_reason(url: str, code: Refusal) -> None:
    with pytest.raises(WebhookRefused) as refused:
        addresses.checked_url(url, private_allowed=False)

    assert refused.value.code is code
    assert all(addresses.message(code, language) for language in ("zh-hans", "en", "it"))


@pytest.mark.parametrize(
    "address",
    [
        *("10.1.2.3", "127.0.0.1", "169.254.169.254", "192.168.1.1", "172.31.0.1", "100.64.0.1", "0.0.0.0"),
        *("224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1"),
        *("64:ff9b::a00:1", "2002:a00:1::", "ff02::1"),
    ],
)
def test_an_address_inside_a_network_is_not_public(address: str) -> None:
    assert not addresses.is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "2606:4700:4700::1111", "64:ff9b::101:101"])
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert addresses.is_public(address)
