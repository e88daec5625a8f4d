"""The poll, reverse and repeat loop of barcodes, and the sweep that asks when nobody else does."""

from datetime import datetime, timedelta

import pytest

from seta.payments import operations as pay
from seta.payments import queries
from seta.payments.cards import IntentCard
from seta.payments.models import Attempt
from seta.payments.operations.sweeping import QUESTIONS_PER_SWEEP_MAX
from seta.payments.rules.refusals import PaymentRefused, Refusal
from tests.payments.test_collecting import code_for, now, open_payment
from tests.sandbox_server import RunningSandbox

METHODS = {"wechat": "wechat_barcode", "alipay": "alipay_barcode"}


def waiting_at_the_till(
    house_id: int, sandbox: RunningSandbox, provider: str, at: datetime, *, reference: str = "S-1"
) -> IntentCard:
    """A barcode whose client is being asked for a password."""
    sandbox.control("next_codepay", provider=provider, outcome="USERPAYING")
    card = open_payment(house_id, method=METHODS[provider], reference=reference)
    return pay.pay_barcode(intent_id=card.intent_id, auth_code=code_for(sandbox, provider), now=at)


def asked(sandbox: RunningSandbox, word: str) -> int:
    """How many calls to the sandbox named `word`."""
    entries = sandbox.journal(direction="in")
    return sum(word in entry["path"] or word in entry["request"] for entry in entries)


@pytest.mark.parametrize(("provider", "limit"), [("wechat", 45), ("alipay", 60)])
def test_a_waiting_barcode_is_asked_about_every_four_seconds_and_reversed_at_the_providers_time(
    house_id: int, sandbox: RunningSandbox, provider: str, limit: int
) -> None:
    start = now()
    card = waiting_at_the_till(house_id, sandbox, provider, start)
    word = "reverse" if provider == "wechat" else "trade.cancel"

    for second in range(limit):
        pay.poll_barcode(intent_id=card.intent_id, now=start + timedelta(seconds=second))
    questions = Attempt.objects.get(out_trade_no=card.out_trade_no).asked_times
    before = asked(sandbox, word)
    pay.poll_barcode(intent_id=card.intent_id, now=start + timedelta(seconds=limit + 3))

    assert questions == (limit - 1) // 4
    assert (before, asked(sandbox, word)) == (0, 1)


def test_a_reverse_refused_during_the_password_is_repeated_until_it_is_taken(
    house_id: int, sandbox: RunningSandbox
) -> None:
    start = now()
    card = waiting_at_the_till(house_id, sandbox, "wechat", start)

    refused = [
        pay.poll_barcode(intent_id=card.intent_id, now=start + timedelta(seconds=second)).state
        for second in (45, 47, 49, 53)
    ]
    refusals = asked(sandbox, "reverse")
    sandbox.control("advance", seconds=46)
    done = pay.poll_barcode(intent_id=card.intent_id, now=start + timedelta(seconds=57))

    assert refused == ["processing"] * 4
    assert refusals == 3, "the second of the four came too soon after the first"
    assert done.state == "reversed"


def test_a_reverse_that_is_not_answered_is_repeated(house_id: int, sandbox: RunningSandbox) -> None:
    start = now()
    card = waiting_at_the_till(house_id, sandbox, "alipay", start)
    sandbox.control("fault", match="alipay.trade.cancel", kind="errcode", times=3, value="ACQ.SYSTEM_ERROR")

    silent = pay.poll_barcode(intent_id=card.intent_id, now=start + timedelta(seconds=60))
    done = pay.poll_barcode(intent_id=card.intent_id, now=start + timedelta(seconds=64))

    assert (silent.state, done.state) == ("unknown", "reversed")


def test_a_barcode_is_not_reversed_in_its_first_fifteen_seconds_even_when_the_cashier_asks(
    house_id: int, sandbox: RunningSandbox
) -> None:
    start = now()
    card = waiting_at_the_till(house_id, sandbox, "wechat", start)

    with pytest.raises(PaymentRefused) as caught:
        pay.cancel(intent_id=card.intent_id, now=start + timedelta(seconds=14))
    early = asked(sandbox, "reverse")
    pay.cancel(intent_id=card.intent_id, now=start + timedelta(seconds=15))

    assert caught.value.code is Refusal.IN_PROGRESS
    assert (early, asked(sandbox, "reverse")) == (0, 1)


def test_cancelling_a_barcode_that_was_paid_meanwhile_finds_it_paid(
    house_id: int, sandbox: RunningSandbox
) -> None:
    start = now()
    card = waiting_at_the_till(house_id, sandbox, "wechat", start)
    sandbox.control("pay", provider="wechat", out_trade_no=card.out_trade_no)

    done = pay.cancel(intent_id=card.intent_id, now=start + timedelta(seconds=20))

    assert (done.state, asked(sandbox, "reverse")) == ("succeeded", 0)


def test_a_crowd_of_unpaid_orders_does_not_keep_a_barcode_waiting(
    house_id: int, sandbox: RunningSandbox
) -> None:
    start = now()
    for number in range(QUESTIONS_PER_SWEEP_MAX + 5):
        open_payment(house_id, reference=f"S-{number}")
    Attempt.objects.update(sent_at=start, asked_at=start - timedelta(minutes=50), asked_times=7)
    card = waiting_at_the_till(house_id, sandbox, "wechat", start, reference="till")
    sandbox.control("pay", provider="wechat", out_trade_no=card.out_trade_no)

    quiet = pay.query_unknown(start + timedelta(seconds=5))
    busy = pay.query_unknown(start + timedelta(minutes=11))

    assert quiet == 1, "none of the orders was due"
    assert queries.intent(card.intent_id).state == "succeeded"
    assert busy == QUESTIONS_PER_SWEEP_MAX


def test_a_silent_provider_is_asked_once_a_round_and_keeps_no_other_waiting(
    house_id: int, sandbox: RunningSandbox
) -> None:
    start = now()
    for number in range(8):
        waiting_at_the_till(house_id, sandbox, "wechat", start, reference=f"W-{number}")
    card = waiting_at_the_till(house_id, sandbox, "alipay", start, reference="A-1")
    sandbox.control("pay", provider="alipay", out_trade_no=card.out_trade_no)
    sandbox.control("fault", match="wechatpay", kind="500", times=1_000)

    round_of = pay.query_unknown(start + timedelta(seconds=5))
    sent = sum(entry["status"] == 500 for entry in sandbox.journal(direction="in"))

    assert round_of == 2, "one silence at WeChat Pay, one answer at Alipay"
    assert sent == 3, "the one question was repeated twice, as a query may be"
    assert queries.intent(card.intent_id).state == "succeeded"


def test_an_order_that_its_provider_never_heard_of_is_closed_after_its_time(
    house_id: int, sandbox: RunningSandbox
) -> None:
    card = open_payment(house_id)
    Attempt.objects.filter(out_trade_no=card.out_trade_no).update(sent_at=now())

    early = pay.refresh(intent_id=card.intent_id, now=now() + timedelta(minutes=1))
    pay.query_unknown(card.expires_at + timedelta(minutes=6))
    again = pay.query_unknown(card.expires_at + timedelta(hours=2))

    assert early.state == "processing"
    assert queries.intent(card.intent_id).state == "canceled"
    assert again == 0
