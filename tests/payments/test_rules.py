"""Quotes, states, refunds, matching and the bank file, shown on values alone."""

from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seta.ledger import rules as ledger
from seta.payments.rules import bankfile, books, quotes, refunds, settlement, states
from seta.payments.rules.quotes import KnownRate
from seta.payments.rules.refusals import PaymentRefused, Refusal, message
from seta.payments.rules.states import IntentState, RefundState, Step, Trade
from tests.payments.judging import OurRow, TheirRow, match

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)
DAY = date(2026, 11, 20)
FIXED = KnownRate("fixed", 12_782_072, quotes.FIXED_SINCE)


def make_paid(
    amount: int = 938_815, settle: int = 120_000, fee: int = 1_200, provider: str = "alipay"
) -> refunds.Paid:
    """A payment that can be refunded."""
    return refunds.Paid(IntentState.SUCCEEDED, provider, amount, settle, fee)


def check(paid: refunds.Paid, parts: list[refunds.Part], amount: int) -> None:
    """The refund rules at noon."""
    refunds.check(paid, parts, amount=amount, now=NOON)


def test_a_quote_takes_its_spread_from_the_house_and_rounds_half_up() -> None:
    found = quotes.quote(amount=938_815, counter="EUR", rate=FIXED, spread_bps=50, now=NOON)

    assert found.scaled == 12_718_162
    assert found.counter_amount == 119_400
    assert found.expires_at == NOON + timedelta(minutes=30)


@pytest.mark.parametrize(
    ("amount", "counter", "refusal"),
    [
        (0, "EUR", Refusal.AMOUNT_NOT_POSITIVE),
        (-1, "EUR", Refusal.AMOUNT_NOT_POSITIVE),
        (quotes.AMOUNT_FEN_MAX + 1, "EUR", Refusal.AMOUNT_TOO_LARGE),
        (100, "XAU", Refusal.UNSUPPORTED_CURRENCY),
        (1, "EUR", Refusal.AMOUNT_TOO_SMALL),
    ],
)
def test_what_cannot_be_quoted_is_refused_by_name(amount: int, counter: str, refusal: Refusal) -> None:
    with pytest.raises(PaymentRefused) as caught:
        quotes.quote(amount=amount, counter=counter, rate=FIXED, spread_bps=0, now=NOON)

    assert caught.value.code is refusal


def test_a_daily_rate_counts_for_a_long_weekend_and_then_the_fixed_one() -> None:
    daily = KnownRate("daily", 13_000_000, DAY)

    assert quotes.rate_of_day([FIXED, daily], DAY + timedelta(days=5)) is daily
    assert quotes.rate_of_day([FIXED, daily], DAY + timedelta(days=6)) is FIXED
    assert quotes.rate_of_day([daily], DAY - timedelta(days=1)) is None


def test_every_refusal_has_words_in_three_languages() -> None:
    for refusal in Refusal:
        texts = {message(refusal, language) for language in ("zh-hans", "en", "it")}
        assert len(texts) == 3


@given(
    total=st.integers(1, 10**9),
    settle=st.integers(1, 10**9),
    fee_bps=st.integers(0, 500),
    cuts=st.lists(st.floats(0.01, 1), max_size=12),
)
def test_the_parts_of_a_full_refund_add_up_to_the_whole(
    total: int, settle: int, fee_bps: int, cuts: list[float]
) -> None:
    paid = make_paid(total, settle, quotes.share(settle, fee_bps))
    parts: list[refunds.Part] = []
    left = total
    for cut in [*cuts, 1.0]:
        amount = max(int(left * cut), 1) if cut < 1 else left
        if left == 0:
            break
        share = refunds.share_of(paid, parts, amount)
        parts.append(refunds.Part(share.amount, share.settle_amount, share.fee, NOON))
        left -= amount

    assert sum(part.amount for part in parts) == paid.amount
    assert sum(part.settle_amount for part in parts) == paid.settle_amount
    assert all(0 <= part.fee <= part.settle_amount for part in parts)
    if left == 0 and paid.fee <= paid.settle_amount // 50:
        assert abs(sum(part.fee for part in parts) - paid.fee) <= len(parts)


def test_a_refund_over_what_is_left_is_refused() -> None:
    parts = [refunds.Part(900_000, 115_000, 1_150, NOON - timedelta(hours=1))]

    with pytest.raises(PaymentRefused) as caught:
        check(make_paid(), parts, 38_816)

    assert caught.value.code is Refusal.REFUND_TOO_LARGE
    check(make_paid(), parts, 38_815)


def test_a_large_refund_needs_two_different_people() -> None:
    def lacks(amount: int, asked: int | None, approved: int | None) -> bool:
        return refunds.needs_second_person(amount, 500_000, requested_by=asked, approved_by=approved)

    assert lacks(500_001, 7, None) and lacks(500_001, 7, 7)
    assert not lacks(500_001, 7, 8)
    assert not lacks(500_000, 7, None)
    assert not lacks(900_000, None, None)


def test_wechat_pay_wants_a_minute_between_two_refunds_and_fifty_at_most() -> None:
    recent = refunds.Part(1, 0, 0, NOON - timedelta(seconds=59))
    earlier = refunds.Part(1, 0, 0, NOON - timedelta(minutes=1))

    with pytest.raises(PaymentRefused) as caught:
        check(make_paid(provider="wechatpay"), [recent], 1)
    assert caught.value.code is Refusal.REFUND_TOO_SOON
    with pytest.raises(PaymentRefused) as caught:
        check(make_paid(provider="wechatpay"), [earlier] * 50, 1)
    assert caught.value.code is Refusal.REFUNDS_TOO_MANY
    check(make_paid(provider="wechatpay"), [earlier], 1)


@given(st.lists(st.sampled_from(list(Trade)), max_size=8))
def test_whatever_is_signed_in_whatever_order_a_success_is_left_only_by_a_reversal(told: list[Trade]) -> None:
    state = IntentState.PROCESSING
    for trade in told:
        before = state
        try:
            state = states.advance(state, trade)
        except states.Contradiction:
            assert before not in states.OPEN_STATES
            continue
        if before is IntentState.SUCCEEDED and state is not before:
            assert trade is Trade.REVERSED
        assert states.advance(state, trade) is state


@given(st.lists(st.sampled_from(list(RefundState)), max_size=8))
def test_a_refund_that_succeeded_stays_so(told: list[RefundState]) -> None:
    state = RefundState.SUCCEEDED
    for one in told:
        try:
            state = states.advance_refund(state, one)
        except states.Contradiction:
            continue
    assert state is RefundState.SUCCEEDED


def test_a_payment_that_expired_here_and_was_paid_there_is_booked() -> None:
    assert states.advance(IntentState.EXPIRED, Trade.PAID) is IntentState.SUCCEEDED
    with pytest.raises(states.Contradiction):
        states.advance(IntentState.CANCELED, Trade.PAID)


def test_the_barcode_loop_waits_asks_and_after_its_time_reverses() -> None:
    def step(asked: int | None, now: int) -> Step:
        return states.next_step(
            provider="wechatpay",
            state=IntentState.PROCESSING,
            sent_at=NOON,
            asked_at=None if asked is None else NOON + timedelta(seconds=asked),
            now=NOON + timedelta(seconds=now),
        )

    assert [step(0, 3), step(0, 4), step(40, 44), step(41, 45)] == [
        Step.WAIT,
        Step.QUERY,
        Step.QUERY,
        Step.REVERSE,
    ]


@pytest.mark.parametrize(
    ("code", "provider"),
    [
        ("134567890123456789", "wechatpay"),
        ("284567890123456789", "alipay"),
        ("13456789012345678", None),
        ("164567890123456789", None),
        ("１３4567890123456789", None),
        ("", None),
    ],
)
def test_a_scanned_code_says_whose_it_is(code: str, provider: str | None) -> None:
    assert states.provider_of_code(code) == provider


@given(
    amount=st.integers(1, 10**9),
    settle=st.integers(1, 10**9),
    bps=st.integers(0, 999),
    gross_fee=st.integers(0, 10**6),
    scaled=st.integers(1, 10**9),
)
def test_every_journal_of_a_payments_life_balances(
    amount: int, settle: int, bps: int, gross_fee: int, scaled: int
) -> None:
    of = books.Moved(
        house_id=1,
        provider="wechatpay",
        number="st1",
        ref="pay1",
        amount=amount,
        settle_amount=settle,
        settle_currency="EUR",
        fee=quotes.share(settle, bps),
    )
    done = settlement.converted(amount, gross_fee, scaled)
    turned = books.Conversion(
        house_id=1,
        provider="wechatpay",
        key="k",
        cny=amount,
        promised=settle,
        currency="EUR",
        received=done.received,
        fee_value=done.fee_value,
    )
    for entry in (books.payment(of), books.refund(of), books.conversion(turned)):
        ledger.check(entry)
    clearing = [
        line.amount
        for entry in (books.payment(of), books.conversion(turned))
        for line in entry.postings
        if line.code == books.CLEARING
    ]
    assert sum(clearing) == 0


def our(key: str, amount: int = 1_000, **more: bool) -> OurRow:
    """A row of the books of that noon."""
    return OurRow(key, amount, NOON, **more)


def their(key: str, amount: int = 1_000, fee: int = 6, **more: str) -> TheirRow:
    """A line of that day's bill with a fee of 0.6 %."""
    expected = (6 * amount + 500) // 1_000
    return TheirRow(1, key, "42", more.get("merchant", "m"), amount, fee, expected, "CNY", "SUCCESS", NOON)


def categories(ours: list[OurRow], theirs: list[TheirRow]) -> dict[str, int]:
    """Counts of the categories."""
    return match(ours, theirs, bill_on=DAY, merchants={"m"}).counts


def test_every_planted_difference_gets_its_category() -> None:
    ours = [
        our("P:1"),
        our("P:2"),
        our("P:4"),
        our("P:5"),
        our("P:6"),
        our("R:7", is_pending=True),
        our("P:8"),
    ]
    theirs = [
        their("P:1"),
        their("P:3"),
        their("P:4", 1_100, 7),
        their("P:5"),
        their("P:5"),
        their("P:6", fee=7),
        their("P:9", merchant="x"),
        their("P:8"),
        their("V:8"),
    ]

    assert categories(ours, theirs) == {
        "amount_mismatch": 1,
        "duplicate_in_bill": 1,
        "fee_mismatch": 1,
        "matched": 2,
        "missing_in_bill": 1,
        "missing_in_ledger": 1,
        "refund_pending": 1,
        "status_mismatch": 1,
        "unknown_merchant": 1,
    }


def test_what_was_booked_around_midnight_is_timing_and_other_days_are_left_alone() -> None:
    midnight = datetime(2026, 11, 20, 15, 55, tzinfo=UTC)
    ours = [OurRow("P:1", 5, midnight), OurRow("P:2", 5, NOON - timedelta(days=1))]

    assert categories(ours, []) == {"timing": 1}


def test_a_payment_reversed_before_we_knew_it_paid_may_be_in_the_bill_or_not() -> None:
    ours = [our("P:1", is_expected=False), our("V:1", is_expected=False)]

    assert categories(ours, []) == {}
    assert categories(ours, [their("P:1"), their("V:1", fee=6)]) == {"matched": 2}


def test_the_bank_file_is_a_pain_001_of_the_batch_total() -> None:
    text = bankfile.pain001(
        number="set_01",
        made_at=NOON,
        execute_on=DAY,
        debtor=bankfile.Party("Seta", "DE89370400440532013000"),
        creditor=bankfile.Party("Serica Milano & Figli", "IT60X0542811101000000123456"),
        amount=118_800,
        currency="EUR",
        note="Settlement set_01",
    )

    space = {"p": bankfile.NAMESPACE}
    root = ET.fromstring(text)
    paid = root.find(".//p:InstdAmt", space)
    assert paid is not None and (paid.text, paid.get("Ccy")) == ("1188.00", "EUR")
    assert [one.text for one in root.findall(".//p:CtrlSum", space)] == ["1188.00", "1188.00"]
    assert [one.text for one in root.findall(".//p:Cdtr/p:Nm", space)] == ["Serica Milano . Figli"]
    assert root.findtext(".//p:CdtrAcct/p:Id/p:IBAN", "", space) == "IT60X0542811101000000123456"


def test_an_iban_with_a_typing_mistake_is_noticed() -> None:
    assert bankfile.is_iban("IT60X0542811101000000123456")
    assert not bankfile.is_iban("IT60X0542811101000000123465")
    assert not bankfile.is_iban("")


def test_a_batch_is_the_sum_of_its_lines() -> None:
    lines = [settlement.Due(120_000, 1_200, intent_id=1), settlement.Due(-40_000, -400, refund_id=1)]

    sums = settlement.totals(lines)

    assert (sums.gross, sums.refunded, sums.fees, sums.total) == (120_000, 40_000, 800, 79_200)
