"""What a journal must be, shown on values alone."""

import hashlib
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seta.ledger import rules
from seta.ledger.rules import Journal, Posting, credit, debit

CODES = ("receivable:wechatpay", "fx:clearing", "bank", "income:fees")
CURRENCIES = ("CNY", "EUR")


@st.composite
def balanced(draw: st.DrawFn) -> Journal:
    """A journal of one or two currencies whose lines sum to zero in each."""
    lines: list[Posting] = []
    for currency in draw(st.lists(st.sampled_from(CURRENCIES), min_size=1, max_size=2, unique=True)):
        amounts = draw(st.lists(st.integers(1, 10**9), min_size=1, max_size=4))
        lines += [debit(draw(st.sampled_from(CODES)), currency, amount) for amount in amounts]
        lines.append(credit("fx:clearing", currency, sum(amounts)))
    return rules.journal(house_id=1, idem="j1", kind="test", ref="R1", lines=lines)


@given(balanced())
def test_a_journal_that_sums_to_zero_in_each_currency_is_accepted(entry: Journal) -> None:
    rules.check(entry)

    assert set(rules.totals(entry.postings).values()) == {0}


@given(balanced(), st.integers(1, 10**6), st.data())
def test_one_changed_line_is_always_noticed(entry: Journal, change: int, data: st.DataObject) -> None:
    spot = data.draw(st.integers(0, len(entry.postings) - 1))
    line = entry.postings[spot]
    tampered = replace(
        entry,
        postings=(
            *entry.postings[:spot],
            replace(line, amount=line.amount + change),
            *entry.postings[spot + 1 :],
        ),
    )

    with pytest.raises(rules.Unbalanced):
        rules.check(tampered)
    assert rules.fingerprint(tampered) != rules.fingerprint(entry)


@given(balanced())
def test_a_journal_and_its_reversal_leave_nothing(entry: Journal) -> None:
    back = rules.reversal(entry, idem="j1:reversal")

    rules.check(back)
    moved: dict[tuple[str, str], int] = {}
    for line in (*entry.postings, *back.postings):
        moved[line.code, line.currency] = moved.get((line.code, line.currency), 0) + line.amount
    assert set(moved.values()) == {0}


@given(st.text(), st.text(), st.text(max_size=20), st.integers(-(10**15), 10**15))
def test_a_fingerprint_is_of_the_journal_written_as_json(kind: str, ref: str, code: str, amount: int) -> None:
    entry = Journal(house_id=1, idem="x", kind=kind, ref=ref, postings=(Posting(code, "EUR", amount),))

    content = json.dumps([kind, ref, [[code, "EUR", amount]]], separators=(",", ":"), ensure_ascii=False)

    assert rules.fingerprint(entry) == hashlib.sha256(content.encode()).hexdigest()


def test_a_leg_that_rounds_to_zero_is_left_out() -> None:
    entry = rules.journal(
        house_id=1,
        idem="p1",
        kind="payment",
        ref="R1",
        lines=[
            debit("fx:clearing", "EUR", 1),
            credit("merchant:house", "EUR", 1),
            credit("income:fees", "EUR", 0),
        ],
    )

    rules.check(entry)
    assert [line.code for line in entry.postings] == ["fx:clearing", "merchant:house"]


def test_euros_cannot_pay_for_yuan() -> None:
    entry = rules.journal(
        house_id=1,
        idem="x",
        kind="test",
        ref="",
        lines=[debit("bank", "EUR", 100), credit("bank", "CNY", 100)],
    )

    with pytest.raises(rules.Unbalanced, match="EUR sums to 100"):
        rules.check(entry)


def test_a_journal_of_one_line_is_refused() -> None:
    with pytest.raises(rules.Unbalanced, match="at least two lines"):
        rules.check(Journal(house_id=1, idem="x", kind="t", ref="", postings=(Posting("bank", "EUR", 5),)))


def test_a_merchant_cannot_be_paid_more_than_it_is_owed() -> None:
    sale = rules.journal(
        house_id=1,
        idem="s",
        kind="payment",
        ref="R",
        lines=[debit("fx:clearing", "EUR", 100), credit("merchant:house", "EUR", 100)],
    )
    payout = rules.journal(
        house_id=1,
        idem="o",
        kind="settlement",
        ref="B",
        lines=[debit("merchant:house", "EUR", 101), credit("settlement:in_transit", "EUR", 101)],
    )

    with pytest.raises(rules.Overdraft, match="overdrawn by 1"):
        rules.moved({(1, "merchant:house", "EUR"): 0}, [sale, payout])
