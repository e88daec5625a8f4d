"""The till's REST doors: HTTP in, rows and answers out."""

from typing import Any

import pytest
from django.test import Client

from seta.houses.operations import hire
from seta.payments.models import Intent, Refund
from tests.payments.test_collecting import code_for
from tests.sandbox_server import RunningSandbox

PAYMENTS = "/api/till/v1/payments"


@pytest.fixture
def till(house_id: int) -> Client:
    """A browser at the till, signed in as an associate."""
    hire(
        house_id=house_id,
        username="marco",
        password="a long enough one",
        role="associate",
        name="Marco Bassi",
    )
    client = Client(headers={"accept-language": "en"})
    assert client.login(username="marco", password="a long enough one")
    return client


def charge(
    till: Client, code: str, *, key: str = "sale-1", amount: int = 50_000, language: str = "en"
) -> Any:
    """Post a sale."""
    return till.post(
        PAYMENTS,
        {"amount": amount, "auth_code": code, "description": "Foulard"},
        content_type="application/json",
        headers={"idempotency-key": key, "accept-language": language},
    )


def refund(till: Client, payment_id: int, amount: int, key: str = "back-1") -> Any:
    """Post a refund."""
    return till.post(
        f"{PAYMENTS}/{payment_id}/refunds",
        {"amount": amount, "reason": "size"},
        content_type="application/json",
        headers={"idempotency-key": key},
    )


@pytest.mark.parametrize("provider", ["wechat", "alipay"])
def test_a_scanned_code_is_charged_and_the_repeat_gets_the_same_answer(
    till: Client, sandbox: RunningSandbox, provider: str
) -> None:
    code = code_for(sandbox, provider)

    first = charge(till, code)
    again = charge(till, code)

    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert first.json()["state"] == "succeeded"
    assert Intent.objects.count() == 1


def test_a_key_with_another_sale_is_a_conflict(till: Client, sandbox: RunningSandbox) -> None:
    charge(till, code_for(sandbox, "wechat"))

    other = charge(till, code_for(sandbox, "wechat"), amount=60_000)

    assert (other.status_code, other.json()["error"]["code"]) == (409, "key_reused")
    assert Intent.objects.count() == 1


@pytest.mark.parametrize(
    ("language", "words"), [("zh-hans", "付款码无效"), ("en", "ask the client"), ("it", "chieda al cliente")]
)
def test_a_code_that_is_none_is_refused_in_the_callers_language(
    till: Client, language: str, words: str
) -> None:
    answer = charge(till, "12345", language=language)

    assert answer.status_code == 400
    assert words in answer.json()["error"]["message"]
    assert Intent.objects.count() == 0


@pytest.mark.parametrize("amount", [0, -5])
def test_an_amount_that_is_none_is_refused(till: Client, sandbox: RunningSandbox, amount: int) -> None:
    answer = charge(till, code_for(sandbox, "wechat"), amount=amount)

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "amount_not_positive")
    assert Intent.objects.count() == 0


def test_a_payment_is_followed_until_it_is_paid(till: Client, sandbox: RunningSandbox) -> None:
    sandbox.control("next_codepay", provider="wechat", outcome="USERPAYING")
    made = charge(till, code_for(sandbox, "wechat")).json()

    shown = till.get(f"{PAYMENTS}/{made['id']}")

    assert made["state"] == "processing"
    assert (shown.status_code, shown.json()["state"]) == (200, "processing")
    assert till.get(f"{PAYMENTS}/999").status_code == 404


def test_a_refund_is_made_once_a_key_and_over_the_limit_waits_for_a_second_person(
    till: Client, sandbox: RunningSandbox
) -> None:
    small = charge(till, code_for(sandbox, "alipay")).json()
    large = charge(till, code_for(sandbox, "alipay"), key="sale-2", amount=900_000).json()

    first = refund(till, small["id"], 20_000)
    again = refund(till, small["id"], 20_000)
    alone = refund(till, large["id"], 600_000, key="back-2")

    assert (first.status_code, first.json()["state"]) == (201, "succeeded")
    assert again.json() == first.json()
    assert (alone.status_code, alone.json()["state"]) == (201, "to_approve")
    assert Refund.objects.filter(state="succeeded").count() == 1


def test_without_signing_in_nothing_is_charged(house_id: int) -> None:
    answer = charge(Client(), "134567890123456789")

    assert answer.status_code == 401
    assert Intent.objects.count() == 0
