"""Money goes back once: under either rate policy, from an empty pool, and whatever is clicked or heard twice."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from seta.kit.clock import beijing_day
from seta.ledger import queries as ledger
from seta.ledger import sealing
from seta.payments import operations as pay
from seta.payments import queries
from seta.payments.cards import IntentCard
from seta.payments.models import IdempotencyKey, Intent, Refund
from seta.payments.operations.booking import accept, accept_refund
from seta.payments.rules.refusals import PaymentRefused, Refusal
from seta.payments.rules.states import Evidence, RefundEvidence, RefundState, Trade
from tests.payments.conftest import LetterBox
from tests.payments.test_collecting import code_for, now, open_payment, paid_by_jsapi
from tests.sandbox_server import RunningSandbox

AT_ONCE = 4
LOCKED = 12_782_072
MOVED = 12_910_000


def paid_by_code(house_id: int, sandbox: RunningSandbox, amount: int = 938_815) -> IntentCard:
    """A payment at the till, proven at once; Alipay wants no minute between its refunds."""
    card = open_payment(house_id, amount=amount, method="alipay_barcode")
    return pay.pay_barcode(intent_id=card.intent_id, auth_code=code_for(sandbox, "alipay"), now=now())


def give_back(intent_id: int, amount: int, key: str, **more: Any) -> str:
    """Refund and say how it stands."""
    return pay.refund(intent_id=intent_id, amount=amount, reason="size", key=key, now=now(), **more).state


def move_rate(house_id: int, scaled: int) -> None:
    """From now on the rate of this day is another."""
    pay.set_rate(house_id=house_id, currency="EUR", scaled=scaled, valid_on=beijing_day(now()), now=now())


def balances(house_id: int) -> dict[str, int]:
    """What stands on the accounts of the settlement currency."""
    codes = ("merchant:house", "income:fees", "fx:clearing", "fx:gain_loss")
    return {code: ledger.balance(house_id, code, "EUR") for code in codes}


def test_at_the_original_rate_a_full_refund_in_parts_leaves_nothing_behind(
    house_id: int, sandbox: RunningSandbox
) -> None:
    card = paid_by_code(house_id, sandbox)
    move_rate(house_id, MOVED)

    states = [give_back(card.intent_id, part, f"k{part}") for part in (333_333, 333_334, 272_148)]

    assert states == ["succeeded"] * 3
    assert set(balances(house_id).values()) == {0}
    assert ledger.balance(house_id, "receivable:alipay", "CNY") == 0


def test_at_the_rate_of_the_refund_day_the_difference_is_a_loss_to_the_cent(
    house_id: int, sandbox: RunningSandbox
) -> None:
    pay.set_terms(house_id=house_id, now=now(), refund_policy="refund_day")
    card = paid_by_code(house_id, sandbox)
    move_rate(house_id, MOVED)

    give_back(card.intent_id, 469_407, "half")
    half = balances(house_id)
    give_back(card.intent_id, 469_408, "rest")

    # 9,388.15 yuan were promised as 1,194.00 euros and cost 1,205.95 on the day they go back.
    first, second = Refund.objects.order_by("id")
    assert (first.settle_amount + second.settle_amount, first.amount + second.amount) == (119_400, 938_815)
    assert (first.settle_amount + first.day_gain, second.settle_amount + second.day_gain) == (60_297, 60_298)
    assert half["fx:gain_loss"] == first.day_gain == 597
    assert balances(house_id) == {
        "merchant:house": 0,
        "income:fees": 0,
        "fx:clearing": -1_195,
        "fx:gain_loss": 1_195,
    }


def test_a_refund_of_a_late_payment_gives_back_its_gain_with_it(house_id: int) -> None:
    card = open_payment(house_id)
    move_rate(house_id, MOVED)
    late = now() + timedelta(minutes=45)
    evidence = Evidence(
        provider="wechatpay",
        source="query",
        out_trade_no=card.out_trade_no,
        trade=Trade.PAID,
        amount=938_815,
        currency="CNY",
        happened_at=late,
    )
    accept(house_id=house_id, evidence=evidence, now=late)
    gained = balances(house_id)["fx:gain_loss"]
    pay.set_terms(house_id=house_id, now=now(), second_person_above=0)

    waiting = pay.refund(
        intent_id=card.intent_id,
        amount=938_815,
        reason="size",
        key="k",
        now=late,
        requested_by=7,
        may_wait=True,
    )
    row = Refund.objects.get(pk=waiting.refund_id)
    Refund.objects.filter(pk=row.pk).update(state=RefundState.REQUESTED, approved_by=8)
    told = RefundEvidence(
        provider="wechatpay",
        source="query",
        out_trade_no=card.out_trade_no,
        out_refund_no=row.out_refund_no,
        state=RefundState.SUCCEEDED,
        amount=938_815,
    )
    accept_refund(house_id=house_id, evidence=told, now=late)

    assert (gained, row.rate_gain) == (-1_195, 1_195)
    assert set(balances(house_id).values()) == {0}


def test_an_empty_pool_makes_a_refund_wait_and_the_same_number_goes_out_when_it_is_filled(
    house_id: int, sandbox: RunningSandbox, letters: LetterBox
) -> None:
    card = paid_by_jsapi(house_id, sandbox, letters)
    sandbox.control("payment_settings", provider="wechat", cny_pool=0, refund_mode="success")

    first = pay.refund(intent_id=card.intent_id, amount=100_000, reason="size", key="k", now=now())
    unbooked = len(ledger.postings_of(house_id, card.number))
    sandbox.control("payment_settings", provider="wechat", cny_pool=1_000_000, refund_mode="success")
    pay.query_unknown(now() + timedelta(minutes=2))

    row = Refund.objects.get()
    assert (first.state, unbooked) == ("pending_funds", 5)
    assert (row.out_refund_no, row.state) == (first.out_refund_no, "succeeded")
    assert ledger.balance(house_id, "receivable:wechatpay", "CNY") == 838_815


def test_a_large_refund_cut_into_small_ones_still_needs_a_second_person(
    house_id: int, sandbox: RunningSandbox
) -> None:
    card = paid_by_code(house_id, sandbox)
    pay.set_terms(house_id=house_id, now=now(), second_person_above=100_000)

    first = give_back(card.intent_id, 60_000, "a", requested_by=7)
    with pytest.raises(PaymentRefused) as caught:
        give_back(card.intent_id, 60_000, "b", requested_by=7)
    with_two = give_back(card.intent_id, 60_000, "c", requested_by=7, approved_by=8)
    small = give_back(card.intent_id, 40_000, "d", requested_by=7)

    assert caught.value.code is Refusal.NEEDS_SECOND_PERSON
    assert (first, with_two, small) == ("succeeded",) * 3


def test_a_payment_older_than_a_year_is_not_refunded(house_id: int, sandbox: RunningSandbox) -> None:
    card = paid_by_code(house_id, sandbox)
    Intent.objects.update(booked_at=now() - timedelta(days=366))

    with pytest.raises(PaymentRefused) as caught:
        give_back(card.intent_id, 1, "k")

    assert caught.value.code is Refusal.REFUND_TOO_LATE
    assert (Refund.objects.count(), IdempotencyKey.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("amount", "refusal"),
    [
        (0, Refusal.AMOUNT_NOT_POSITIVE),
        (-1, Refusal.AMOUNT_NOT_POSITIVE),
        (0.5, Refusal.AMOUNT_NOT_WHOLE),
        ("100", Refusal.AMOUNT_NOT_WHOLE),
        (938_816, Refusal.REFUND_TOO_LARGE),
    ],
)
def test_an_impossible_refund_is_refused_by_name_and_leaves_no_trace(
    house_id: int, sandbox: RunningSandbox, amount: Any, refusal: Refusal
) -> None:
    card = paid_by_code(house_id, sandbox)

    with pytest.raises(PaymentRefused) as caught:
        give_back(card.intent_id, amount, "k")

    assert caught.value.code is refusal
    assert (Refund.objects.count(), IdempotencyKey.objects.count()) == (0, 0)


def test_a_reversal_that_comes_after_a_refund_opens_a_break_and_moves_nothing(
    house_id: int, sandbox: RunningSandbox
) -> None:
    card = paid_by_code(house_id, sandbox)
    give_back(card.intent_id, 100_000, "k")
    before = balances(house_id)
    evidence = Evidence(
        provider="alipay",
        source="query",
        out_trade_no=card.out_trade_no,
        trade=Trade.REVERSED,
        amount=938_815,
        currency="CNY",
    )

    state = accept(house_id=house_id, evidence=evidence, now=now())

    assert (state, balances(house_id)) == ("succeeded", before)
    assert [one.category for one in queries.breaks(house_id, now=now())] == ["status_mismatch"]


def test_a_reversal_of_money_that_was_settled_opens_a_break_and_overdraws_nobody(
    house_id: int, sandbox: RunningSandbox
) -> None:
    card = paid_by_code(house_id, sandbox)
    pay.settle(house_id=house_id, currency="EUR", day=beijing_day(now()), now=now())
    evidence = Evidence(
        provider="alipay",
        source="query",
        out_trade_no=card.out_trade_no,
        trade=Trade.REVERSED,
        amount=938_815,
        currency="CNY",
    )

    state = accept(house_id=house_id, evidence=evidence, now=now())

    assert state == "succeeded" and balances(house_id)["merchant:house"] == 0
    assert [one.category for one in queries.breaks(house_id, now=now())] == ["status_mismatch"]


@pytest.fixture
def sealed_again(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """After a test that really commits, its journals can be emptied; then the books are sealed as before."""
    yield
    with django_db_blocker.unblock():
        sealing.seal(connection)


@pytest.fixture
def committed(sealed_again: None, transactional_db: None) -> Iterator[None]:
    """A database in which threads see one another's commits."""
    yield
    sealing.unseal(connection)


def at_once(works: list[Callable[[], Any]]) -> list[Any]:
    """Run them all in the same moment, each in its own connection; what each gave or raised."""
    start, outcomes = threading.Barrier(len(works)), [None] * len(works)

    def run(number: int) -> None:
        start.wait(10)
        try:
            outcomes[number] = works[number]()
        except PaymentRefused as refusal:
            outcomes[number] = refusal.code  # type: ignore[call-overload]
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()
    return outcomes


def test_a_double_click_refunds_once(committed: None, house_id: int, sandbox: RunningSandbox) -> None:
    card = paid_by_code(house_id, sandbox)

    said = at_once([lambda: give_back(card.intent_id, 500_000, "same")] * AT_ONCE)

    assert said == ["succeeded"] * AT_ONCE
    assert Refund.objects.count() == 1
    assert ledger.balance(house_id, "receivable:alipay", "CNY") == 438_815


def test_two_people_who_refund_the_whole_at_once_refund_it_once(
    committed: None, house_id: int, sandbox: RunningSandbox
) -> None:
    card = paid_by_code(house_id, sandbox)

    said = at_once([lambda n=n: give_back(card.intent_id, 938_815, f"k{n}") for n in range(AT_ONCE)])  # type: ignore[misc]

    assert sorted(said) == ["refund_too_large"] * (AT_ONCE - 1) + ["succeeded"]
    assert set(balances(house_id).values()) == {0}


def test_a_refund_notification_delivered_at_every_server_at_once_books_once(
    committed: None, house_id: int, sandbox: RunningSandbox, letters: LetterBox
) -> None:
    card = paid_by_jsapi(house_id, sandbox, letters)
    sandbox.control("payment_settings", provider="wechat", refund_mode="processing")
    asked = pay.refund(intent_id=card.intent_id, amount=938_815, reason="size", key="k", now=now())
    told = RefundEvidence(
        provider="wechatpay",
        source="notification",
        out_trade_no=card.out_trade_no,
        out_refund_no=asked.out_refund_no,
        state=RefundState.SUCCEEDED,
        amount=938_815,
    )

    said = at_once([lambda: accept_refund(house_id=house_id, evidence=told, now=now())] * AT_ONCE)

    assert said == ["succeeded"] * AT_ONCE
    assert set(balances(house_id).values()) == {0}
    assert Refund.objects.get().state == "succeeded"


def test_a_request_sent_twice_at_once_is_worked_on_once_and_then_answered_alike(
    committed: None, house_id: int
) -> None:
    worked: list[int] = []
    inside, leave = threading.Event(), threading.Event()

    def ask(body: str) -> Any:
        def work() -> tuple[int, dict[str, Any]]:
            worked.append(1)
            inside.set()
            leave.wait(10)
            return 201, {"number": "pay_1"}

        return pay.answered_once(
            house_id=house_id,
            scope="charge",
            key="k",
            request={"amount": body},
            now=datetime.now(UTC),
            work=work,
        )

    first = threading.Thread(target=at_once, args=([lambda: ask("1")],))
    first.start()
    assert inside.wait(10)
    with pytest.raises(PaymentRefused) as busy:
        ask("1")
    with pytest.raises(PaymentRefused) as other:
        ask("2")
    leave.set()
    first.join(10)

    assert (busy.value.code, busy.value.retry_after) == (Refusal.KEY_IN_FLIGHT, 2)
    assert other.value.code is Refusal.KEY_REUSED
    assert ask("1") == (201, {"number": "pay_1"})
    assert worked == [1]
