"""What providers pay out is held against the bank's own file and what was converted; what differs is a break."""

from datetime import date, timedelta

import pytest

from seta.ledger import queries as ledger
from seta.payments import operations as pay
from seta.payments import queries
from seta.payments.cashiers import PaidOut
from seta.payments.models import Attempt, Bill, Break, PaymentConfirmation, Payout, ReconRun
from seta.payments.operations.recon.payouts import hold_banked, keep_payouts
from tests.payments.bills import DAY, antom, line, pay_in
from tests.payments.selling import NOON, World, later, make_world
from tests.payments.test_settlement import camt, settle

LATER = NOON + timedelta(days=1)


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def told(world: World, amount: int, first: date | None = None, last: date | None = None) -> None:
    """WeChat Pay says what it has paid out."""
    one = PaidOut("20261121001", "EUR", amount, DAY + timedelta(days=1), first, last)
    keep_payouts(house_id=world.house_id, provider="wechatpay", told=[one, one], now=LATER)


def credit(amount: str) -> bytes:
    """The bank's file of a transfer that came in."""
    return camt(("TENPAY 20261121001 SETTLEMENT", amount, "CRDT"))


def open_breaks(world: World) -> list[tuple[str, str, str, int]]:
    """What is open, by provider, key and category, with what it would post."""
    rows = queries.breaks(world.house_id, now=LATER)
    return [(row.provider, row.key, row.category, row.gap) for row in rows]


def test_a_payout_that_the_bank_has_credited_is_agreed_whichever_comes_first(world: World) -> None:
    pay.take_bank_report(house_id=world.house_id, content=credit("100.00"), now=NOON)
    told(world, 10_000)
    agreed = hold_banked(house_id=world.house_id, now=LATER)

    again = hold_banked(house_id=world.house_id, now=LATER)

    assert (agreed, again) == (1, 0)
    assert Payout.objects.get().held_at == LATER
    assert open_breaks(world) == []


def test_a_credit_of_another_amount_is_a_break_that_a_correct_file_closes(world: World) -> None:
    told(world, 10_000)

    short = pay.take_bank_report(house_id=world.house_id, content=credit("99.00"), now=LATER)
    found = open_breaks(world)
    rest = pay.take_bank_report(house_id=world.house_id, content=credit("1.00"), now=LATER)

    assert short.agreed == 0 and found == [("wechatpay", "B:20261121001", "amount_mismatch", -100)]
    assert rest.agreed == 1 and open_breaks(world) == []
    assert pay.take_bank_report(house_id=world.house_id, content=credit("1.00"), now=LATER).agreed == 1


def test_the_same_credit_in_the_days_notice_and_in_the_statement_counts_once(world: World) -> None:
    told(world, 10_000)

    pay.take_bank_report(house_id=world.house_id, content=credit("100.00"), now=LATER)
    pay.take_bank_report(house_id=world.house_id, content=credit("100.00") + b"\n", now=LATER)

    assert open_breaks(world) == [] and Payout.objects.get().held_at is not None


def test_a_payout_without_its_credit_is_a_break_after_four_days_and_not_before(world: World) -> None:
    told(world, 10_000)

    hold_banked(house_id=world.house_id, now=LATER + timedelta(days=2))
    early = open_breaks(world)
    hold_banked(house_id=world.house_id, now=LATER + timedelta(days=5))

    assert early == []
    assert open_breaks(world) == [("wechatpay", "B:20261121001", "missing_in_bill", -10_000)]


def test_a_payout_that_differs_from_what_was_converted_is_booked_to_exchange_gain_or_loss(
    world: World,
) -> None:
    world.sell(100_000, at=NOON)
    attempt = Attempt.objects.get()
    provider = attempt.provider
    bill = Bill.objects.create(
        house_id=world.house_id, provider=provider, bill_on=DAY, content=b"", row_count=1, received_at=NOON
    )
    run = ReconRun.objects.create(bill=bill, counts={}, differences=[], ran_at=NOON)
    PaymentConfirmation.objects.create(attempt=attempt, run=run, fee=0)
    card = pay.book_conversion(
        house_id=world.house_id, provider=provider, day=DAY, settle_currency="EUR", now=LATER
    )
    assert card is not None
    one = PaidOut("P-9", "EUR", card.received - 7, DAY + timedelta(days=1), DAY, DAY)
    keep_payouts(house_id=world.house_id, provider=provider, told=[one], now=LATER)

    (found,) = Break.objects.all()
    before = ledger.balance(world.house_id, "fx:gain_loss", "EUR")
    pay.resolve_break(
        break_id=found.pk,
        house_id=world.house_id,
        resolution="their rate",
        owner_id=1,
        now=LATER,
        choice="book",
    )

    assert (found.category, found.our_amount, found.their_amount) == (
        "fx_rate_mismatch",
        card.received,
        card.received - 7,
    )
    assert found.currency == "EUR"
    assert ledger.balance(world.house_id, "bank", "EUR") == card.received - 7
    assert ledger.balance(world.house_id, "fx:gain_loss", "EUR") == before + 7


def test_a_batch_that_the_bank_paid_at_another_amount_is_a_break_until_it_is_confirmed(world: World) -> None:
    world.sell(300_000)
    batch = settle(world)
    pay.mark_sent(batch_id=batch.batch_id, house_id=world.house_id, now=NOON)
    right = f"{batch.total // 100}.{batch.total % 100:02d}"

    pay.take_bank_report(
        house_id=world.house_id, content=camt((batch.number, "1.00", "DBIT")), now=later(days=1)
    )
    found = open_breaks(world)
    pay.take_bank_report(
        house_id=world.house_id, content=camt((batch.number, right, "DBIT")), now=later(days=2)
    )

    assert found == [("bank", f"B:{batch.number}", "amount_mismatch", batch.total - 100)]
    assert open_breaks(world) == []


def test_antoms_settlement_file_is_a_payout_and_a_planted_wrong_rate_is_found(world: World) -> None:
    for number in ("a1", "a2"):
        pay_in(world.house_id, "antom", number, 100_000, at=NOON)
    lines = [line("P", "a1", 100_000), line("P", "a2", 100_000)]
    content = antom(lines)
    rows = content.split(b"\r\n")
    rows[2] = rows[2].replace(b"7.8125", b"7.9125")

    card = pay.reconcile_bill(
        house_id=world.house_id, provider="antom", day=DAY, content=b"\r\n".join(rows), now=LATER
    )

    assert card.counts == {"fx_rate_mismatch": 1, "matched": 1}
    (found,) = card.breaks
    assert (found.key, found.category, found.gap_currency) == ("P:a2", "fx_rate_mismatch", "EUR")
    assert found.gap == 12_800 - 12_638
    kept = Payout.objects.get()
    assert (kept.provider, kept.reference, kept.amount) == ("antom", "B1", 2 * (12_800 - 77))
    assert len(Break.objects.filter(category="fx_rate_mismatch")) == 1
