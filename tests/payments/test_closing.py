"""The close of a day over the wire: bills, breaks, conversion, settlement."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from seta.events.models import Event
from seta.kit.clock import BEIJING, beijing_day
from seta.ledger import queries as ledger
from seta.payments import operations as pay
from seta.payments import queries
from seta.payments.cards import IntentCard
from seta.payments.models import Attempt, Bill, Break, SettlementBatch
from seta.payments.rules.matching import CUTOFF_MINUTES
from seta.payments.rules.refusals import PaymentRefused, Refusal
from tests.payments.conftest import LetterBox
from tests.payments.test_collecting import code_for, now, open_payment, paid_by_jsapi
from tests.sandbox_server import RunningSandbox


def today() -> date:
    """The Beijing day of the bills made here."""
    return beijing_day(now())


def missing() -> str:
    """What a payment is that its bill lacks: near Beijing's midnight tomorrow's bill may hold it."""
    local = now().astimezone(BEIJING)
    minutes = local.hour * 60 + local.minute
    is_near = minutes < CUTOFF_MINUTES or minutes >= 24 * 60 - CUTOFF_MINUTES
    return "timing" if is_near else "missing_in_bill"


def a_day(house_id: int, sandbox: RunningSandbox, letters: LetterBox) -> list[IntentCard]:
    """Two payments at WeChat Pay, one of them refunded in part, and one at Alipay."""
    first = paid_by_jsapi(house_id, sandbox, letters, reference="S-1")
    second = paid_by_jsapi(house_id, sandbox, letters, reference="S-2", amount=500_000)
    third = open_payment(house_id, reference="S-3", amount=123_456, method="alipay_barcode")
    pay.pay_barcode(intent_id=third.intent_id, auth_code=code_for(sandbox, "alipay"), now=now())
    pay.refund(intent_id=first.intent_id, amount=300_000, reason="size", key="k1", now=now())
    return [first, second, third]


def test_a_day_closes_without_a_break_and_every_line_is_marked(
    house_id: int, sandbox: RunningSandbox, letters: LetterBox
) -> None:
    a_day(house_id, sandbox, letters)
    sandbox.control("make_bill", provider="wechat", date=today().isoformat())
    sandbox.control("make_bill", provider="alipay", date=today().isoformat())

    wechat = pay.close_day(house_id=house_id, provider="wechatpay", day=today(), now=now())
    alipay = pay.close_day(house_id=house_id, provider="alipay", day=today(), now=now())

    assert (wechat.counts, wechat.breaks) == ({"matched": 3}, ())
    assert (alipay.counts, alipay.breaks) == ({"matched": 1}, ())
    assert wechat.funds is not None and alipay.funds is None
    assert (wechat.funds.kind, wechat.funds.counts, wechat.funds.breaks) == ("fund", {"matched": 3}, ())
    assert Attempt.objects.filter(confirmation__isnull=True).count() == 0
    assert queries.breaks(house_id, now=now()) == []


def test_the_same_bill_again_changes_nothing(
    house_id: int, sandbox: RunningSandbox, letters: LetterBox
) -> None:
    a_day(house_id, sandbox, letters)
    sandbox.control("make_bill", provider="wechat", date=today().isoformat(), plant="amount")
    first = pay.close_day(house_id=house_id, provider="wechat", day=today(), now=now())
    counts = (Bill.objects.count(), Break.objects.count(), Event.objects.count())

    again = pay.close_day(house_id=house_id, provider="wechat", day=today(), now=now() + timedelta(days=1))

    assert (first.is_new, again.is_new) == (True, False)
    assert (again.counts, again.breaks) == (first.counts, first.breaks)
    assert (Bill.objects.count(), Break.objects.count(), Event.objects.count()) == counts


@pytest.mark.parametrize(
    ("plant", "category"),
    [("missing", "missing_in_bill"), ("amount", "amount_mismatch"), ("extra", "missing_in_ledger")],
)
def test_a_planted_break_is_found_exactly_and_explained_by_a_later_bill(
    house_id: int, sandbox: RunningSandbox, letters: LetterBox, plant: str, category: str
) -> None:
    a_day(house_id, sandbox, letters)
    planted = sandbox.control("make_bill", provider="wechat", date=today().isoformat(), plant=plant)

    card = pay.close_day(house_id=house_id, provider="wechat", day=today(), now=now())
    (found,) = queries.breaks(house_id, now=now() + timedelta(days=3))
    sandbox.control("make_bill", provider="wechat", date=today().isoformat())
    later = pay.close_day(house_id=house_id, provider="wechat", day=today(), now=now())

    category = missing() if plant == "missing" else category
    assert [one.category for one in card.breaks] == [category]
    assert found.key == f"P:{planted['planted']['out_trade_no']}"
    assert (found.category, found.age_days) == (category, 3) and found.proposal
    assert later.breaks == ()
    left = [row.category for row in queries.breaks(house_id, now=now())]
    assert left == (["missing_in_ledger"] if plant == "extra" else [])


def test_a_truncated_or_edited_bill_is_refused_whole(
    house_id: int, sandbox: RunningSandbox, letters: LetterBox
) -> None:
    a_day(house_id, sandbox, letters)
    sandbox.control("make_bill", provider="wechat", date=today().isoformat())
    pay.close_day(house_id=house_id, provider="wechat", day=today(), now=now())
    content = bytes(Bill.objects.get(kind="trade").content)

    for broken in (content[:-80], content.replace(b"`5000.00", b"`5000.01", 1), b""):
        with pytest.raises(PaymentRefused) as caught:
            pay.reconcile_bill(house_id=house_id, provider="wechat", day=today(), content=broken, now=now())
        assert caught.value.code is Refusal.BAD_BILL

    assert Bill.objects.filter(kind="trade").count() == 1


def test_a_fund_bill_that_does_not_come_leaves_the_trade_bill_read_and_is_told(
    house_id: int, sandbox: RunningSandbox, letters: LetterBox
) -> None:
    a_day(house_id, sandbox, letters)
    sandbox.control("make_bill", provider="wechat", date=today().isoformat())
    sandbox.control("fault", match="fundflowbill", kind="500", times=3)

    card = pay.close_day(house_id=house_id, provider="wechat", day=today(), now=now())
    again = pay.close_day(house_id=house_id, provider="wechat", day=today(), now=now())

    assert card.counts == {"matched": 3} and card.funds is None and card.funds_problem
    assert again.is_new is False and again.funds is not None and again.funds_problem == ""


def test_a_bill_as_a_file_says_its_day_and_its_categories(
    house_id: int, sandbox: RunningSandbox, letters: LetterBox, tmp_path: Path
) -> None:
    a_day(house_id, sandbox, letters)
    sandbox.control("make_bill", provider="wechat", date=today().isoformat(), plant="missing")
    pay.close_day(house_id=house_id, provider="wechat", day=today(), now=now())
    path = tmp_path / "bill.csv"
    path.write_bytes(bytes(Bill.objects.get(kind="trade").content))

    found = pay.reconcile_file(house_id=house_id, provider="wechat", path=path, now=now())

    assert found["date"] == today().isoformat()
    assert found["categories"] == {"matched": 2, missing(): 1}
    assert [one["category"] for one in found["breaks"]] == [missing()]


def test_a_reconciled_day_is_converted_and_its_clearing_returns_to_zero(
    house_id: int, sandbox: RunningSandbox, letters: LetterBox
) -> None:
    *_, unconverted = a_day(house_id, sandbox, letters)
    sandbox.control("make_bill", provider="wechat", date=today().isoformat())
    pay.close_day(house_id=house_id, provider="wechat", day=today(), now=now())

    done = pay.book_conversion(
        house_id=house_id,
        provider="wechatpay",
        day=today(),
        settle_currency="EUR",
        now=now(),
        scaled=12_700_000,
    )
    again = pay.book_conversion(
        house_id=house_id,
        provider="wechatpay",
        day=today(),
        settle_currency="EUR",
        now=now(),
        scaled=12_700_000,
    )

    assert done is not None and again is None
    assert (done.cny, done.provider_fees) == (1_138_815, 6_833)
    assert done.gain == done.received + done.fee_value - done.promised == 144_630 - 144_837
    assert ledger.balance(house_id, "receivable:wechatpay", "CNY") == 0
    assert ledger.balance(house_id, "fx:gain_loss", "EUR") == 207
    assert ledger.balance(house_id, "fx:clearing", "EUR") == unconverted.settle_amount
    assert ledger.balance(house_id, "fx:clearing", "CNY") == -unconverted.amount
    assert ledger.unbalanced_journals(house_id) == []


def test_a_batch_pays_what_is_owed_once_and_the_bank_confirms_it(
    house_id: int, sandbox: RunningSandbox, letters: LetterBox
) -> None:
    a_day(house_id, sandbox, letters)
    owed = -ledger.balance(house_id, "merchant:house", "EUR")
    day = today() + timedelta(days=1)

    batch = pay.settle(house_id=house_id, currency="EUR", day=day, now=now())
    again = pay.settle(house_id=house_id, currency="EUR", day=day, now=now())
    next_day = pay.settle(house_id=house_id, currency="EUR", day=day + timedelta(days=1), now=now())
    assert batch.batch_id is not None
    pay.confirm_settlement(batch_id=batch.batch_id, house_id=house_id, now=now())
    done = pay.confirm_settlement(batch_id=batch.batch_id, house_id=house_id, now=now())

    assert (batch.state, batch.total, batch.lines) == ("prepared", owed, 4)
    assert batch.total == batch.gross - batch.refunded - batch.fees
    assert again.batch_id == batch.batch_id and next_day.state == "nothing_due"
    assert (
        f"{owed // 100}.{owed % 100:02d}" in batch.bank_file
        and "IT60X0542811101000000123456" in batch.bank_file
    )
    assert done.state == "confirmed"
    assert ledger.balance(house_id, "merchant:house", "EUR") == 0
    assert ledger.balance(house_id, "settlement:in_transit", "EUR") == 0
    assert ledger.balance(house_id, "bank", "EUR") == -owed
    detail = queries.batch(house_id, batch.batch_id)
    assert sum(line.net for line in detail.lines) == batch.total
    assert Event.objects.filter(name="payments.batch.settled").count() == 1


def test_below_the_minimum_everything_waits(
    house_id: int, sandbox: RunningSandbox, letters: LetterBox
) -> None:
    pay.set_terms(house_id=house_id, now=now(), settlement_minimum=10**9)
    a_day(house_id, sandbox, letters)

    card = pay.settle(house_id=house_id, currency="EUR", day=today() + timedelta(days=1), now=now())

    assert (card.state, card.batch_id) == ("below_minimum", None)
    assert SettlementBatch.objects.count() == 0


def test_a_payment_with_an_open_break_is_not_settled(
    house_id: int, sandbox: RunningSandbox, letters: LetterBox
) -> None:
    a_day(house_id, sandbox, letters)
    sandbox.control("make_bill", provider="wechat", date=today().isoformat(), plant="missing")
    pay.close_day(house_id=house_id, provider="wechat", day=today(), now=now())
    (found,) = queries.breaks(house_id, now=now())

    batch = pay.settle(house_id=house_id, currency="EUR", day=today() + timedelta(days=1), now=now())
    pay.resolve_break(
        break_id=found.id, house_id=house_id, resolution="the provider confirmed it", owner_id=1, now=now()
    )
    rest = pay.settle(house_id=house_id, currency="EUR", day=today() + timedelta(days=1), now=now())

    assert batch.lines + rest.lines == 4 and rest.lines >= 1
    assert rest.batch_id != batch.batch_id
    assert ledger.balance(house_id, "merchant:house", "EUR") == 0


def test_day_totals_and_positions_say_what_the_desk_shows(
    house_id: int, sandbox: RunningSandbox, letters: LetterBox
) -> None:
    a_day(house_id, sandbox, letters)

    totals = {row.provider: row for row in queries.day_totals(house_id, today())}
    (position,) = queries.positions(house_id)
    rows = queries.payments(house_id, search="S-2")

    assert (totals["wechatpay"].payments, totals["wechatpay"].refunds) == (2, 1)
    assert (totals["wechatpay"].amount, totals["wechatpay"].refunded) == (1_438_815, 300_000)
    assert totals["alipay"].amount == 123_456
    assert position.owed == -ledger.balance(house_id, "merchant:house", "EUR")
    assert [row.reference for row in rows] == ["S-2"]


def test_nothing_of_another_house_is_seen(house_id: int, sandbox: RunningSandbox, letters: LetterBox) -> None:
    card = paid_by_jsapi(house_id, sandbox, letters)

    for look in (
        lambda: queries.intent(card.intent_id, house_id=house_id + 1),
        lambda: queries.payment(house_id + 1, card.intent_id, now=datetime.now(UTC)),
    ):
        with pytest.raises(PaymentRefused) as caught:
            look()
        assert caught.value.code is Refusal.NOT_FOUND
    assert queries.payments(house_id + 1) == []
