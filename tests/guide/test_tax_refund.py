"""A traveller is told by the rule of the day whether the tax of each purchase comes back, and what to do."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from seta.guide.rules.tax_refund import (
    Receipt,
    Step,
    Verdict,
    assess,
    month_end,
    refund_rules,
    rule_on,
    steps,
    tax_within,
)
from tests.conversations.world import make_house
from tests.guide.test_flow import API, make_client

BOUGHT = date(2026, 11, 20)
LEAVES = date(2026, 11, 24)
DAYS = st.dates(date(2014, 1, 1), date(2030, 12, 31))


def verdict(amount: int, *, bought: date = BOUGHT, leaves: date = LEAVES, lives_in: str = "CN") -> Verdict:
    return assess(Receipt("Brera", amount, bought), lives_in=lives_in, leaves_on=leaves).verdict


@pytest.mark.parametrize(
    ("bought", "amount", "expected"),
    [
        (date(2024, 1, 31), 15494, Verdict.BELOW),
        (date(2024, 1, 31), 15495, Verdict.REFUND),
        (date(2024, 2, 1), 7000, Verdict.BELOW),
        (date(2024, 2, 1), 7001, Verdict.REFUND),
        (date(2026, 7, 1), 7000, Verdict.BELOW),
        (date(2026, 7, 1), 7001, Verdict.REFUND),
        (date(2010, 7, 1), 50000, Verdict.NO_RULE),
    ],
)
def test_the_rule_of_the_day_of_the_purchase_decides(bought: date, amount: int, expected: Verdict) -> None:
    assert verdict(amount, bought=bought, leaves=bought + timedelta(days=3)) is expected


@pytest.mark.parametrize("country", ["IT", "fr", "De"])
def test_who_lives_in_the_union_has_no_refund_whatever_the_amount(country: str) -> None:
    assert verdict(1_000_000, lives_in=country) is Verdict.LIVES_IN_UNION


def test_the_goods_leave_by_the_end_of_the_third_month_after() -> None:
    assert verdict(10_000, bought=date(2026, 11, 20), leaves=date(2027, 2, 28)) is Verdict.REFUND
    assert verdict(10_000, bought=date(2026, 11, 20), leaves=date(2027, 3, 1)) is Verdict.TOO_LATE
    assert verdict(10_000, bought=LEAVES + timedelta(days=1)) is Verdict.BOUGHT_LATER


def test_the_proof_has_six_months_since_july_2026_and_had_four_before() -> None:
    def proof_by(bought: date) -> date | None:
        return assess(Receipt("", 9_000, bought), lives_in="CN", leaves_on=bought).proof_by

    assert proof_by(date(2026, 6, 30)) == date(2026, 10, 31)
    assert proof_by(date(2026, 7, 1)) == date(2027, 1, 31)


def test_one_validation_serves_all_operators_since_july_2026() -> None:
    assert Step.VALIDATE_EACH in steps(date(2026, 6, 30))
    assert Step.VALIDATE_ONCE in steps(date(2026, 7, 1))


def test_every_rule_names_its_source_and_the_day_it_was_read() -> None:
    assert all(rule.source and rule.checked_on >= rule.from_on for rule in refund_rules())


@given(DAYS, st.integers(1, 10_000_000))
def test_a_cent_more_never_loses_a_refund(bought: date, amount: int) -> None:
    if verdict(amount, bought=bought, leaves=bought) is Verdict.REFUND:
        assert verdict(amount + 1, bought=bought, leaves=bought) is Verdict.REFUND


@given(DAYS, st.integers(1, 10_000_000))
def test_what_is_missing_to_the_threshold_is_exactly_what_helps(bought: date, amount: int) -> None:
    told = assess(Receipt("", amount, bought), lives_in="CN", leaves_on=bought)

    if told.verdict is Verdict.BELOW:
        assert verdict(amount + told.short_by, bought=bought, leaves=bought) is Verdict.REFUND
        assert verdict(amount + told.short_by - 1, bought=bought, leaves=bought) is Verdict.BELOW


@given(st.integers(0, 10**9), st.integers(0, 30))
def test_the_tax_within_an_amount_is_its_share_to_the_cent(amount: int, percent: int) -> None:
    assert abs(tax_within(amount, percent) * (100 + percent) - amount * percent) * 2 <= 100 + percent


@given(DAYS, st.integers(0, 24))
def test_the_end_of_a_month_is_followed_by_a_first(day: date, months: int) -> None:
    end = month_end(day, months)

    assert (end + timedelta(days=1)).day == 1
    assert (end.year - day.year) * 12 + end.month - day.month == months


@given(DAYS)
def test_there_is_one_rule_for_every_day_of_the_table(day: date) -> None:
    rule = rule_on(day)

    assert rule is not None and rule.from_on <= day


def ask(client: Client, **body: Any) -> tuple[int, dict[str, Any]]:
    response = client.post(f"{API}/tax-refund", json.dumps(body), content_type="application/json")
    return response.status_code, json.loads(response.content)


def test_a_client_is_told_receipt_by_receipt_in_their_language(db: None) -> None:
    client = make_client(make_house(code="refunds"), language="zh-hans")

    status, told = ask(
        client,
        lives_in="CN",
        leaves_on="2026-11-24",
        receipts=[
            {"shop": "Via Monte Napoleone", "amount": 122_000, "bought_on": "2026-11-20"},
            {"shop": "Caffè", "amount": 6_990, "bought_on": "2026-11-21"},
        ],
    )

    assert status == 200
    coat, coffee = told["receipts"]
    assert (coat["verdict"], coat["vat_at_most"], coat["proof_by"]) == ("refund", 22_000, "2027-05-31")
    assert (coffee["verdict"], coffee["short_by"], coffee["text"]) == ("below", 11, "这张收据未达到起退金额")
    assert told["vat_at_most"] == 22_000 and told["proof_by"] == "2027-05-31"
    assert [step["code"] for step in told["steps"]][3] == "validate_once"
    assert "OTELLO" in coat["rule"]["source"]


def test_who_gets_nothing_is_given_no_steps(db: None) -> None:
    client = make_client(make_house(code="refunds-it"), language="it")

    _, told = ask(
        client,
        lives_in="IT",
        leaves_on="2026-11-24",
        receipts=[{"amount": 99_000, "bought_on": "2026-11-20"}],
    )

    assert told["steps"] == [] and told["vat_at_most"] == 0
    assert told["receipts"][0]["text"].startswith("Chi risiede nell'Unione")


@pytest.mark.parametrize(
    "change",
    [
        {"receipts": []},
        {"receipts": [{"amount": 0, "bought_on": "2026-11-20"}]},
        {"receipts": [{"amount": 10**12, "bought_on": "2026-11-20"}]},
        {"lives_in": "China"},
        {"leaves_on": "tomorrow"},
    ],
)
def test_what_cannot_be_a_purchase_is_refused(db: None, change: dict[str, Any]) -> None:
    client = make_client(make_house(code="refunds-bad"))
    body = {"leaves_on": "2026-11-24", "receipts": [{"amount": 9_000, "bought_on": "2026-11-20"}], **change}

    assert ask(client, **body)[0] == 422


def test_the_rules_are_shown_with_their_days(db: None) -> None:
    client = make_client(make_house(code="refunds-all"), language="en")

    told = json.loads(client.get(f"{API}/tax-refund").content)

    assert [rule["from_on"] for rule in told["rules"]] == ["2013-10-01", "2024-02-01", "2026-07-01"]
    assert told["today"]["over_cents"] == 7000 and told["airport_minutes"] == 180
    assert "passport" in told["steps"][0]["text"]
