"""A printed code: who may pay at it, how often, and what an impossible amount is told; against the sandbox."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from seta.houses.operations import connect_account
from seta.kit.money import convert
from seta.payments import operations as pay
from seta.payments import queries as payments
from seta.payments.queries import CodeCard
from seta.payments.rules import counter
from seta.people.operations import open_session, recognise
from seta.people.rules import IdentityKey
from tests.payments.conftest import LetterBox
from tests.sandbox_server import RunningSandbox

BASE = "/api/mp/v1/pay-here"


@pytest.fixture
def code(house_id: int, sandbox: RunningSandbox) -> CodeCard:
    """A code at the counter of a house that has its mini program."""
    app = sandbox.config["mini_program"]
    now = datetime.now(UTC)
    connect_account(
        house_id=house_id,
        family="mini_program",
        app_id=app["appid"],
        base_url=sandbox.base_url,
        secrets={name: str(value) for name, value in app.items()},
        now=now,
    )
    return pay.make_static_code(
        house_id=house_id,
        boutique_code="brera",
        title="Brera · 1",
        settle_currency="EUR",
        now=now,
    )


def client_of(house_id: int, sandbox: RunningSandbox, name: str = "chen", language: str = "zh-CN") -> Client:
    """A client's mini program; chen has the openid that the sandbox knows."""
    config, now = sandbox.config, datetime.now(UTC)
    value = config["wechat"]["openid"] if name == "chen" else f"o-{name}"
    key = IdentityKey("openid", config["mini_program"]["appid"], value)
    person = recognise(house_id=house_id, identities=[key], now=now)
    token = open_session(house_id=house_id, person_id=person, now=now)
    return Client(headers={"authorization": f"Bearer {token}", "accept-language": language})


def enter(
    client: Client, code: CodeCard, amount: object, key: str = "key-0001"
) -> tuple[int, dict[str, Any]]:
    body = json.dumps({"amount": amount, "key": key})
    answer = client.post(f"{BASE}/codes/{code.code}/payments", body, content_type="application/json")
    return answer.status_code, answer.json()


def test_the_code_says_whose_it_is_and_what_a_yuan_is_worth(code: CodeCard, sandbox: RunningSandbox) -> None:
    found = client_of(code.house_id, sandbox).get(f"{BASE}/codes/{code.code}").json()

    assert (found["house"], found["title"]) == ("Serica Milano", "Brera · 1")
    assert found["rate_text"].startswith("1 EUR ≈ ¥7.8")


def test_a_client_pays_what_they_entered_and_the_boutique_sees_it(
    code: CodeCard, sandbox: RunningSandbox, letters: LetterBox
) -> None:
    client = client_of(code.house_id, sandbox)

    status, answer = enter(client, code, 12_300)
    (row,) = payments.payments(code.house_id, boutique_code="brera")
    number = payments.payment(code.house_id, row.id, now=datetime.now(UTC)).out_trade_no
    sandbox.control("pay", provider="wechat", out_trade_no=number)
    after = client.get(f"{BASE}/payments/{answer['payment']['id']}").json()

    assert status == 200
    assert answer["pay"]["package"].startswith("prepay_id=")
    assert (after["state"], after["amount_text"]) == ("succeeded", "¥123.00")
    letters.letters.clear()


def test_two_taps_open_one_payment_and_a_paid_one_is_not_paid_again(
    code: CodeCard, sandbox: RunningSandbox
) -> None:
    client = client_of(code.house_id, sandbox)

    first, second = enter(client, code, 500), enter(client, code, 500)

    assert first[1]["payment"]["id"] == second[1]["payment"]["id"]
    assert first[1]["pay"]["package"] == second[1]["pay"]["package"]
    assert len(payments.payments(code.house_id)) == 1
    assert enter(client, code, 600)[1]["error"]["code"] == "in_progress"
    detail = payments.payment(code.house_id, first[1]["payment"]["id"], now=datetime.now(UTC))
    sandbox.control("pay", provider="wechat", out_trade_no=detail.out_trade_no)
    client.get(f"{BASE}/payments/{detail.payment.id}")
    assert enter(client, code, 500)[0] == 409


@pytest.mark.parametrize(
    ("amount", "chinese", "english"),
    [
        (0, "金额须大于零", "above zero"),
        (-5, "金额须大于零", "above zero"),
        (10**12, "金额超过单笔上限", "over the limit"),
        (1, "金额过小", "too small"),
    ],
)
def test_an_impossible_amount_is_told_in_the_clients_language(
    code: CodeCard, sandbox: RunningSandbox, amount: int, chinese: str, english: str
) -> None:
    for language, words in (("zh-CN", chinese), ("en", english)):
        status, answer = enter(client_of(code.house_id, sandbox, language=language), code, amount)
        assert status == 400
        assert words in answer["error"]["message"]
    assert payments.payments(code.house_id) == []


@pytest.mark.parametrize("amount", [1.5, "abc", None, True, 10**30])
def test_what_is_no_amount_is_refused_and_keeps_nothing(
    code: CodeCard, sandbox: RunningSandbox, amount: object
) -> None:
    status, _ = enter(client_of(code.house_id, sandbox), code, amount)

    assert status in (400, 422)
    assert payments.payments(code.house_id) == []


def test_a_closed_code_and_one_of_another_house_take_nothing(code: CodeCard, sandbox: RunningSandbox) -> None:
    client = client_of(code.house_id, sandbox)
    pay.close_static_code(house_id=code.house_id, code=code.code)

    closed = enter(client, code, 500)
    unknown = client.get(f"{BASE}/codes/nobody0code0")

    assert (closed[0], closed[1]["error"]["code"]) == (410, "code_closed")
    assert unknown.status_code == 404
    pay.reopen_static_code(house_id=code.house_id, code=code.code)
    assert enter(client, code, 500)[0] == 200


def test_nobody_sees_another_clients_payment(code: CodeCard, sandbox: RunningSandbox) -> None:
    mine = enter(client_of(code.house_id, sandbox), code, 500)[1]["payment"]["id"]

    stranger = client_of(code.house_id, sandbox, "stranger")

    assert stranger.get(f"{BASE}/payments/{mine}").status_code == 404


@given(
    amount=st.integers(1, 10**9),
    scaled=st.integers(1_000_000, 10**10),
    currency=st.sampled_from(["EUR", "USD", "HKD", "JPY"]),
)
def test_an_amount_in_the_houses_currency_becomes_the_fewest_fen_that_reach_it(
    amount: int, scaled: int, currency: str
) -> None:
    places = 0 if currency == "JPY" else 2
    fen = counter.fen_for(amount, scaled, currency)

    assert convert(fen, scaled, exponent_to=places) >= amount
    assert fen == 1 or convert(fen - 1, scaled, exponent_to=places) < amount
