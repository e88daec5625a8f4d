"""Every state of a payment and of a refund against everything a provider can say of it."""

import pytest

from seta.payments.rules.states import (
    OPEN_STATES,
    Contradiction,
    IntentState,
    RefundState,
    Trade,
    advance,
    advance_refund,
)

BREAK = "a break"
"""What follows from a statement that contradicts an earlier one; nothing is overwritten."""

WORDS = ("paid", "pending", "closed", "reversed", "failed", "refunded", "absent", "unknown")
AFTER = {
    "requires_confirmation": ("succeeded processing canceled reversed failed succeeded processing unknown"),
    "processing": "succeeded processing canceled reversed failed succeeded processing unknown",
    "requires_action": "succeeded requires_action canceled reversed failed succeeded requires_action unknown",
    "unknown": "succeeded processing canceled reversed failed succeeded processing unknown",
    # Paid money is left only by a reversal; closed or failed after it cannot be true.
    "succeeded": "succeeded succeeded BREAK reversed BREAK succeeded succeeded succeeded",
    # Ended unpaid: money that turns up is a break, except where only our own clock had ended it.
    "canceled": "BREAK canceled canceled BREAK canceled BREAK canceled canceled",
    "expired": "succeeded expired expired BREAK expired succeeded expired expired",
    "failed": "BREAK failed failed BREAK failed BREAK failed failed",
    "reversed": "BREAK reversed reversed reversed reversed reversed reversed reversed",
}
REFUND_WORDS = (
    "requested",
    "unknown",
    "pending_funds",
    "processing",
    "succeeded",
    "closed",
    "abnormal",
    "rejected",
)
REFUND_AFTER = {
    "to_approve": "BREAK BREAK BREAK BREAK BREAK BREAK BREAK BREAK",
    "requested": "requested unknown pending_funds processing succeeded closed abnormal rejected",
    "unknown": "requested unknown pending_funds processing succeeded closed abnormal rejected",
    "pending_funds": "requested unknown pending_funds processing succeeded closed abnormal rejected",
    "processing": "processing processing processing processing succeeded closed abnormal processing",
    "abnormal": "abnormal abnormal abnormal abnormal succeeded closed abnormal abnormal",
    "succeeded": "succeeded succeeded succeeded succeeded succeeded BREAK BREAK BREAK",
    "closed": "closed closed closed closed BREAK closed BREAK BREAK",
    "rejected": "rejected rejected rejected rejected BREAK BREAK BREAK rejected",
}
PAIRS = [
    (state, word, after)
    for state, row in AFTER.items()
    for word, after in zip(WORDS, row.split(), strict=True)
]
REFUND_PAIRS = [
    (state, word, after)
    for state, row in REFUND_AFTER.items()
    for word, after in zip(REFUND_WORDS, row.split(), strict=True)
]


@pytest.mark.parametrize(("state", "word", "after"), PAIRS)
def test_what_a_payment_becomes_by_what_its_provider_says(state: str, word: str, after: str) -> None:
    if after == "BREAK":
        with pytest.raises(Contradiction):
            advance(IntentState(state), Trade(word))
    else:
        assert advance(IntentState(state), Trade(word)) == after


@pytest.mark.parametrize(("state", "word", "after"), REFUND_PAIRS)
def test_what_a_refund_becomes_by_what_its_provider_says(state: str, word: str, after: str) -> None:
    if after == "BREAK":
        with pytest.raises(Contradiction):
            advance_refund(RefundState(state), RefundState(word))
    else:
        assert advance_refund(RefundState(state), RefundState(word)) == after


def test_the_tables_name_every_state_and_every_word() -> None:
    assert set(AFTER) == {state.value for state in IntentState}
    assert set(WORDS) == {word.value for word in Trade}
    assert set(REFUND_AFTER) == {state.value for state in RefundState}
    assert {*REFUND_WORDS, "to_approve"} == {state.value for state in RefundState}


def test_only_a_signed_decision_ends_an_open_payment() -> None:
    undecided = (Trade.PENDING, Trade.ABSENT, Trade.UNKNOWN)

    assert all(advance(state, trade) in OPEN_STATES for state in OPEN_STATES for trade in undecided)
