"""Random histories of payments against the provider's sandbox: seven invariants of the books hold after every step.

SETA_STATE_MACHINE_EXAMPLES and SETA_STATE_MACHINE_STEPS make the run longer.
"""

import os
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from seta.houses.operations import found_house
from seta.kit.clock import beijing_day
from seta.ledger import operations as ledger
from seta.ledger import queries as books
from seta.ledger.models import Journal as JournalRow
from seta.ledger.rules import ConflictingReplay, Journal, Unbalanced, credit, debit, journal
from seta.payments import operations as pay
from seta.payments.cards import IntentCard
from seta.payments.models import Break, Intent, Refund, SettlementBatch, SettlementLine
from seta.payments.operations.booking import accept
from seta.payments.rules.books import payment_idem, refund_idem
from seta.payments.rules.refusals import PaymentRefused
from seta.payments.rules.states import REFUND_BOOKED, REFUND_VOID, Evidence, Trade
from tests.payments.conftest import LetterBox, connect
from tests.sandbox_server import RunningSandbox

EXAMPLES = int(os.environ.get("SETA_STATE_MACHINE_EXAMPLES", "8"))
STEPS = int(os.environ.get("SETA_STATE_MACHINE_STEPS", "10"))
RATES = st.integers(11_900_000, 13_900_000)
AMOUNTS = st.one_of(st.integers(8, 40), st.integers(100, 2_000_000))


@dataclass
class Asked:
    """A refund as it was asked for, to be asked for again."""

    intent_id: int
    amount: int
    key: str


@dataclass
class History:
    """What this run has done and may do again."""

    paid: list[IntentCard] = field(default_factory=list)
    told: list[Evidence] = field(default_factory=list)
    refunds: list[Asked] = field(default_factory=list)
    by_hand: list[Journal] = field(default_factory=list)


class Payments(RuleBasedStateMachine):
    """A house that sells, refunds, is settled, and hears everything more than once."""

    sandbox: RunningSandbox
    letters: LetterBox

    def __init__(self) -> None:
        super().__init__()
        # Every history is rolled back as a whole; operations that must own their transaction accept this one.
        self.room = transaction.atomic()
        self.room._from_testcase = True  # type: ignore[attr-defined]
        self.room.__enter__()
        self.house_id = found_house(code="serica", name="Serica Milano", kind="maison")
        connect(self.house_id, self.sandbox)
        self.numbers = count(1)
        self.history = History()
        self.policy = "original"
        self.set_rate(12_782_072)
        # An order opened just before Beijing's midnight is quoted at the rate of the day before.
        pay.set_rate(
            house_id=self.house_id,
            currency="EUR",
            scaled=12_782_072,
            valid_on=beijing_day(self.now) - timedelta(days=1),
            now=self.now,
        )
        self.set_policy("original")

    @initialize(amount=AMOUNTS)
    def somebody_has_paid(self, amount: int) -> None:
        self.client_pays(amount, False, 12_782_072)

    @property
    def now(self) -> datetime:
        """This instant: the sandbox checks that what we sign is fresh."""
        return datetime.now(UTC)

    @rule(scaled=RATES)
    def set_rate(self, scaled: int) -> None:
        pay.set_rate(
            house_id=self.house_id,
            currency="EUR",
            scaled=scaled,
            valid_on=beijing_day(self.now),
            now=self.now,
        )

    @rule(policy=st.sampled_from(["original", "refund_day"]))
    def set_policy(self, policy: str) -> None:
        pay.set_terms(house_id=self.house_id, now=self.now, settlement_minimum=1, refund_policy=policy)

    @rule(amount=AMOUNTS, is_late=st.booleans(), moved=RATES)
    def client_pays(self, amount: int, is_late: bool, moved: int) -> None:
        """On time, or so late that the quote has expired and the rate has moved when the provider says so."""
        opened_at = self.now - timedelta(minutes=31) if is_late else self.now
        card = pay.open_intent(
            house_id=self.house_id,
            person_id=None,
            reference=f"S-{next(self.numbers)}",
            amount=amount,
            description="Serica: foulard",
            method="alipay_barcode",
            settle_currency="EUR",
            now=opened_at,
        )
        if is_late:
            self.set_rate(moved)
        code = str(self.sandbox.control("payment_code", provider="alipay")["auth_code"])
        done = pay.pay_barcode(intent_id=card.intent_id, auth_code=code, now=opened_at + timedelta(minutes=1))
        assert done.state == "succeeded"
        self.history.paid.append(done)
        self.history.told.append(self.evidence(done, Trade.PAID))

    @precondition(lambda self: self.history.paid)
    @rule(data=st.data(), share=st.floats(0, 1))
    def refund(self, data: Any, share: float) -> None:
        self.refund_of(data.draw(st.sampled_from(self.history.paid)), share)

    def refund_of(self, card: IntentCard, share: float) -> None:
        asked = Asked(card.intent_id, 0, f"k{next(self.numbers)}")
        given = sum(row.amount for row in self.counted(card.intent_id))
        left = card.amount - given
        asked.amount = left if share == 1 else max(int(left * share), 1)
        try:
            self.ask(asked)
        except PaymentRefused as refusal:
            assert refusal.code in ("refund_too_large", "amount_not_positive", "not_paid", "refund_unfunded")
        else:
            self.history.refunds.append(asked)

    @precondition(lambda self: self.history.paid)
    @rule(data=st.data(), cuts=st.lists(st.floats(0.1, 0.9), min_size=1, max_size=3))
    def refund_in_parts_to_the_end(self, data: Any, cuts: list[float]) -> None:
        """A payment that goes back piece by piece until nothing is left of it."""
        card = data.draw(st.sampled_from(self.history.paid))
        for cut in cuts:
            self.refund_of(card, cut)
        self.refund_of(card, 1)

    @precondition(lambda self: self.history.paid)
    @rule(data=st.data())
    def provider_reverses(self, data: Any) -> None:
        """The reversal that crossed the payment; where it can no longer be, it opens a break and moves nothing."""
        card = data.draw(st.sampled_from(self.history.paid))
        was = Intent.objects.get(pk=card.intent_id).state
        moved = JournalRow.objects.count()
        fact = self.evidence(card, Trade.REVERSED)
        state = accept(house_id=self.house_id, evidence=fact, now=self.now)
        if state == "succeeded":
            assert Break.objects.filter(key=f"P:{card.out_trade_no}").exists()
            assert JournalRow.objects.count() == moved
        assert state == "reversed" or was == "succeeded"
        self.history.told.append(fact)

    @precondition(lambda self: self.history.paid)
    @rule(data=st.data())
    def provider_says_another_amount(self, data: Any) -> None:
        card = data.draw(st.sampled_from(self.history.paid))
        moved = JournalRow.objects.count()
        accept(house_id=self.house_id, evidence=self.evidence(card, Trade.PAID, more=1), now=self.now)
        assert JournalRow.objects.count() == moved
        assert Break.objects.filter(key=f"P:{card.out_trade_no}", category="amount_mismatch").exists()

    @rule()
    def house_is_settled(self) -> None:
        pay.settle(house_id=self.house_id, currency="EUR", day=beijing_day(self.now), now=self.now)

    @rule()
    def bank_confirms(self) -> None:
        for batch in SettlementBatch.objects.filter(state="prepared"):
            pay.confirm_settlement(batch_id=batch.pk, house_id=self.house_id, now=self.now)

    @rule(amounts=st.lists(st.integers(1, 10_000), min_size=1, max_size=4), cut=st.integers(0, 4))
    def journals_come_in_batches(self, amounts: list[int], cut: int) -> None:
        """Split in two, then again whole: the split does not matter and a replay adds nothing."""
        made = [self.by_hand(f"hand-{next(self.numbers)}", amount) for amount in amounts]
        for part in (made[:cut], made[cut:]):
            if part:
                ledger.post_many(journals=part, now=self.now)
        assert not any(posted.is_new for posted in ledger.post_many(journals=made, now=self.now))
        self.history.by_hand.extend(made)

    @precondition(lambda self: self.history.by_hand)
    @rule(data=st.data())
    def conflicting_journal_is_refused(self, data: Any) -> None:
        standing = data.draw(st.sampled_from(self.history.by_hand))
        amount = standing.postings[0].amount + 1
        self.refused(ConflictingReplay, self.by_hand(standing.idem, amount))

    @rule(amount=st.integers(1, 10_000), more=st.integers(1, 100))
    def unbalanced_journal_is_refused(self, amount: int, more: int) -> None:
        lines = [debit("bank", "EUR", amount), credit("fx:clearing", "EUR", amount + more)]
        entry = journal(
            house_id=self.house_id, idem=f"odd-{next(self.numbers)}", kind="hand", ref="odd", lines=lines
        )
        self.refused(Unbalanced, entry)

    @precondition(lambda self: self.history.refunds)
    @rule(data=st.data())
    def conflicting_refund_is_refused(self, data: Any) -> None:
        asked = data.draw(st.sampled_from(self.history.refunds))
        try:
            self.ask(Asked(asked.intent_id, asked.amount + 1, asked.key))
        except PaymentRefused as refusal:
            assert refusal.code == "key_reused"
        else:
            raise AssertionError("another amount under a used key was taken")

    @rule()
    def everything_is_heard_again(self) -> None:
        """Every notification, statement and request once more: nothing moves."""
        before = (JournalRow.objects.count(), Refund.objects.count(), Intent.objects.count())
        self.letters.deliver()
        for fact in self.history.told:
            if fact.trade is Trade.PAID:
                accept(house_id=self.house_id, evidence=fact, now=self.now)
        for asked in self.history.refunds:
            self.ask(asked)
        if self.history.by_hand:
            ledger.post_many(journals=self.history.by_hand, now=self.now)
        assert (JournalRow.objects.count(), Refund.objects.count(), Intent.objects.count()) == before

    @invariant()
    def every_journal_is_zero_in_every_currency(self) -> None:
        assert books.unbalanced_journals(self.house_id) == []

    @invariant()
    def balances_are_the_sums_of_their_postings_and_never_overdrawn(self) -> None:
        kept = books.guarded_balance(self.house_id, "merchant:house", "EUR")
        assert kept == books.balance(self.house_id, "merchant:house", "EUR") <= 0

    @invariant()
    def refunds_stay_within_the_payment_and_a_full_one_is_whole(self) -> None:
        for intent in Intent.objects.all():
            parts = self.counted(intent.pk)
            given = sum(row.amount for row in parts)
            settled = sum(row.settle_amount for row in parts)
            assert given <= intent.amount and settled <= intent.settle_amount
            if given == intent.amount:
                assert settled == intent.settle_amount
                carried = sum(row.settle_amount + row.rate_gain for row in parts)
                assert carried == intent.settle_amount + intent.rate_gain

    @invariant()
    def nothing_is_orphaned(self) -> None:
        paid = set(JournalRow.objects.filter(kind="payment").values_list("idem", flat=True))
        known = Intent.objects.exclude(booked_at=None).values_list("attempt__out_trade_no", flat=True)
        assert paid == {payment_idem(number) for number in known}
        back = set(JournalRow.objects.filter(kind="refund").values_list("idem", flat=True))
        booked = Refund.objects.filter(state__in=REFUND_BOOKED).values_list("out_refund_no", flat=True)
        assert back == {refund_idem(number) for number in booked}
        for batch in SettlementBatch.objects.all():
            assert batch.total == sum(
                SettlementLine.objects.filter(batch=batch).values_list("net", flat=True)
            )

    @invariant()
    def clearing_holds_what_payments_and_refunds_carry(self) -> None:
        live = Intent.objects.filter(state="succeeded")
        gone = Refund.objects.filter(state__in=REFUND_BOOKED)
        cny = sum(row.amount for row in gone) - sum(row.amount for row in live)
        eur = sum(row.settle_amount + row.rate_gain for row in live)
        eur -= sum(row.settle_amount + row.rate_gain + row.day_gain for row in gone)
        hand = sum(one.postings[0].amount for one in self.history.by_hand)
        assert books.balance(self.house_id, "fx:clearing", "CNY") == cny
        assert books.balance(self.house_id, "fx:clearing", "EUR") == eur - hand

    def teardown(self) -> None:
        try:
            self.everything_is_heard_again()
        finally:
            transaction.set_rollback(True)
            self.room.__exit__(None, None, None)
            self.letters.letters.clear()

    def ask(self, asked: Asked) -> None:
        pay.refund(intent_id=asked.intent_id, amount=asked.amount, reason="size", key=asked.key, now=self.now)

    def counted(self, intent_id: int) -> list[Refund]:
        return list(Refund.objects.filter(intent_id=intent_id).exclude(state__in=REFUND_VOID))

    def evidence(self, card: IntentCard, trade: Trade, more: int = 0) -> Evidence:
        return Evidence(
            provider=card.provider,
            source="query",
            out_trade_no=card.out_trade_no,
            trade=trade,
            amount=card.amount + more,
            currency="CNY",
            body={"trade": trade, "amount": card.amount + more},
        )

    def by_hand(self, idem: str, amount: int) -> Journal:
        lines = [debit("bank", "EUR", amount), credit("fx:clearing", "EUR", amount)]
        return journal(house_id=self.house_id, idem=idem, kind="hand", ref=idem, lines=lines)

    def refused(self, error: type[Exception], entry: Journal) -> None:
        before = JournalRow.objects.count()
        try:
            ledger.post(journal=entry, now=self.now)
        except error:
            assert JournalRow.objects.count() == before
        else:
            raise AssertionError(f"{entry.idem} was posted")


def test_seven_invariants_hold_through_random_histories_of_payments(
    db: None, sandbox: RunningSandbox, letters: LetterBox
) -> None:
    class Here(Payments):
        """The machine at this test's sandbox."""

    Here.sandbox, Here.letters = sandbox, letters
    profile = settings(
        max_examples=EXAMPLES,
        stateful_step_count=STEPS,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Here, settings=profile)
