"""Payments and refunds over the wire: real signatures, real notifications, rows and books at the end."""

from datetime import UTC, date, datetime, timedelta

import pytest

from seta.events.models import Event
from seta.kit.clock import beijing_day
from seta.ledger import queries as ledger
from seta.payments import operations as pay
from seta.payments import queries
from seta.payments.cards import IntentCard, RefundCard
from seta.payments.models import Attempt, Break, Intent, ProviderFact, Refund
from seta.payments.operations.booking import accept
from seta.payments.rules.refusals import PaymentRefused, Refusal
from seta.payments.rules.states import Evidence, Trade
from seta.platforms.core.errors import PlatformError
from tests.payments.conftest import LetterBox
from tests.sandbox_server import RunningSandbox


def now() -> datetime:
    """This instant: the sandbox checks that what we sign is fresh."""
    return datetime.now(UTC)


def open_payment(
    house_id: int, *, reference: str = "S-1", amount: int = 938_815, method: str = "wechat_jsapi"
) -> IntentCard:
    """An order of 9,388.15 yuan that settles in euros."""
    return pay.open_intent(
        house_id=house_id,
        person_id=None,
        reference=reference,
        amount=amount,
        description="Serica: foulard",
        method=method,
        settle_currency="EUR",
        now=now(),
        campaign="ss27",
        associate_id=7,
    )


def paid_by_jsapi(house_id: int, sandbox: RunningSandbox, letters: LetterBox, **more: object) -> IntentCard:
    """A payment from prepay to its delivered notification."""
    card = open_payment(house_id, **more)  # type: ignore[arg-type]
    pay.prepay(intent_id=card.intent_id, openid=sandbox.config["wechat"]["openid"], now=now())
    sandbox.control("pay", provider="wechat", out_trade_no=card.out_trade_no)
    letters.deliver()
    return queries.intent(card.intent_id)


def facts(name: str) -> list[dict[str, object]]:
    """The bodies of published facts of a name."""
    return [row.body for row in Event.objects.filter(name=name).order_by("id")]


def code_for(sandbox: RunningSandbox, provider: str) -> str:
    """A fresh payment code on a client's phone."""
    return str(sandbox.control("payment_code", provider=provider)["auth_code"])


def test_a_paid_order_is_proven_booked_in_both_currencies_and_told(
    house_id: int, sandbox: RunningSandbox, letters: LetterBox
) -> None:
    card = open_payment(house_id)
    params = pay.prepay(intent_id=card.intent_id, openid=sandbox.config["wechat"]["openid"], now=now())
    shown = queries.intent(card.intent_id)

    sandbox.control("pay", provider="wechat", out_trade_no=card.out_trade_no)
    kept = letters.deliver()

    assert params.package.startswith("prepay_id=wx") and shown.state == "requires_action"
    assert [one.refused for one in kept] == [False]
    detail = queries.payment(house_id, card.intent_id, now=now())
    assert detail.payment.state == "succeeded" and detail.payment.settle_amount == 119_400
    assert [(line.code, line.currency, line.amount) for line in detail.postings] == [
        ("receivable:wechatpay", "CNY", 938_815),
        ("fx:clearing", "CNY", -938_815),
        ("fx:clearing", "EUR", 119_400),
        ("merchant:house", "EUR", -118_206),
        ("income:fees", "EUR", -1_194),
    ]
    assert [(fact.source, fact.state, fact.amount) for fact in detail.facts] == [
        ("notification", "paid", 938_815)
    ]
    (told,) = facts("payments.payment.succeeded")
    assert (told["reference"], told["amount"], told["settle_amount"], told["campaign"]) == (
        "S-1",
        938_815,
        119_400,
        "ss27",
    )


def test_a_notification_sent_three_times_books_once(
    house_id: int, sandbox: RunningSandbox, letters: LetterBox
) -> None:
    card = open_payment(house_id)
    pay.prepay(intent_id=card.intent_id, openid=sandbox.config["wechat"]["openid"], now=now())
    sandbox.control("pay", provider="wechat", out_trade_no=card.out_trade_no)

    kept = letters.deliver(times=3)
    pay.refresh(intent_id=card.intent_id, now=now())

    assert [one.repeated for one in kept] == [False, True, True]
    assert len(ledger.postings_of(house_id, card.number)) == 5
    assert len(facts("payments.payment.succeeded")) == 1


def test_a_lost_notification_is_made_up_for_by_the_sweep(
    house_id: int, sandbox: RunningSandbox, letters: LetterBox
) -> None:
    card = open_payment(house_id)
    pay.prepay(intent_id=card.intent_id, openid=sandbox.config["wechat"]["openid"], now=now())
    sandbox.control("pay", provider="wechat", out_trade_no=card.out_trade_no)
    letters.letters.clear()

    asked = pay.query_unknown(now() + timedelta(seconds=10))
    again = pay.query_unknown(now() + timedelta(seconds=60))

    assert (asked, again) == (1, 0)
    assert queries.intent(card.intent_id).state == "succeeded"


def test_the_number_is_kept_before_the_first_byte_leaves(house_id: int, sandbox: RunningSandbox) -> None:
    card = open_payment(house_id)
    sandbox.control("fault", match="/v3/pay/transactions/jsapi", times=3, kind="500")

    with pytest.raises(PlatformError):
        pay.prepay(intent_id=card.intent_id, openid=sandbox.config["wechat"]["openid"], now=now())

    attempt = Attempt.objects.get(out_trade_no=card.out_trade_no)
    assert attempt.sent_at is not None
    assert queries.intent(card.intent_id).state == "processing"


def test_a_validly_signed_notification_of_another_amount_opens_a_break_and_books_nothing(
    house_id: int, sandbox: RunningSandbox, letters: LetterBox
) -> None:
    card = open_payment(house_id)
    pay.prepay(intent_id=card.intent_id, openid=sandbox.config["wechat"]["openid"], now=now())
    Intent.objects.filter(pk=card.intent_id).update(amount=938_816)
    sandbox.control("pay", provider="wechat", out_trade_no=card.out_trade_no)

    kept = letters.deliver()

    found = Break.objects.get()
    assert not kept[0].refused
    assert (found.category, found.our_amount, found.their_amount) == ("amount_mismatch", 938_816, 938_815)
    assert queries.intent(card.intent_id).state == "requires_action"
    assert ledger.postings_of(house_id, card.number) == []
    assert len(facts("payments.break.opened")) == 1


def test_the_same_order_twice_is_one_payment_and_a_paid_one_is_refused(
    house_id: int, sandbox: RunningSandbox, letters: LetterBox
) -> None:
    first = open_payment(house_id)
    again = open_payment(house_id)
    with pytest.raises(PaymentRefused) as other_amount:
        open_payment(house_id, amount=1_000)

    pay.prepay(intent_id=first.intent_id, openid=sandbox.config["wechat"]["openid"], now=now())
    sandbox.control("pay", provider="wechat", out_trade_no=first.out_trade_no)
    letters.deliver()
    with pytest.raises(PaymentRefused) as paid:
        open_payment(house_id)

    assert again == first
    assert other_amount.value.code is Refusal.IN_PROGRESS
    assert paid.value.code is Refusal.ALREADY_PAID


def test_a_quote_is_used_once(house_id: int) -> None:
    quote = pay.make_quote(house_id=house_id, amount=10_000, settle_currency="EUR", now=now())

    def use(reference: str) -> None:
        pay.open_intent(
            house_id=house_id,
            person_id=None,
            reference=reference,
            amount=10_000,
            description="x",
            method="wechat_jsapi",
            settle_currency="EUR",
            now=now(),
            quote_id=quote.quote_id,
        )

    use("A")
    with pytest.raises(PaymentRefused) as caught:
        use("B")

    assert caught.value.code is Refusal.QUOTE_USED
    assert Intent.objects.count() == 1


@pytest.mark.parametrize(("provider", "method"), [("wechat", "wechat_barcode"), ("alipay", "alipay_barcode")])
def test_a_barcode_at_the_till_is_charged_once(
    house_id: int, sandbox: RunningSandbox, provider: str, method: str
) -> None:
    card = open_payment(house_id, method=method)
    code = code_for(sandbox, provider)

    paid = pay.pay_barcode(intent_id=card.intent_id, auth_code=code, now=now())
    again = pay.pay_barcode(intent_id=card.intent_id, auth_code=code, now=now())

    assert (paid.state, again.state) == ("succeeded", "succeeded")
    assert len(ledger.postings_of(house_id, card.number)) == 5
    assert ProviderFact.objects.filter(source="answer", state="paid").count() == 1


def test_a_client_who_types_a_password_is_waited_for_and_then_paid(
    house_id: int, sandbox: RunningSandbox
) -> None:
    sandbox.control("next_codepay", provider="wechat", outcome="USERPAYING")
    card = open_payment(house_id, method="wechat_barcode")
    waiting = pay.pay_barcode(intent_id=card.intent_id, auth_code=code_for(sandbox, "wechat"), now=now())

    early = pay.poll_barcode(intent_id=card.intent_id, now=now())
    sandbox.control("pay", provider="wechat", out_trade_no=card.out_trade_no)
    done = pay.poll_barcode(intent_id=card.intent_id, now=now() + timedelta(seconds=5))

    assert (waiting.state, early.state, done.state) == ("processing", "processing", "succeeded")


def test_a_barcode_of_unknown_outcome_that_was_paid_is_found_by_asking(
    house_id: int, sandbox: RunningSandbox
) -> None:
    sandbox.control("next_codepay", provider="wechat", outcome="SYSTEM_ERROR_PAID")
    card = open_payment(house_id, method="wechat_barcode")

    unknown = pay.pay_barcode(intent_id=card.intent_id, auth_code=code_for(sandbox, "wechat"), now=now())
    done = pay.poll_barcode(intent_id=card.intent_id, now=now() + timedelta(seconds=5))

    assert (unknown.state, done.state) == ("unknown", "succeeded")


def test_a_client_who_never_confirms_is_reversed_after_the_providers_time(
    house_id: int, sandbox: RunningSandbox
) -> None:
    sandbox.control("next_codepay", provider="alipay", outcome="USERPAYING")
    card = open_payment(house_id, method="alipay_barcode")
    waiting = pay.pay_barcode(intent_id=card.intent_id, auth_code=code_for(sandbox, "alipay"), now=now())

    done = pay.poll_barcode(intent_id=card.intent_id, now=now() + timedelta(seconds=61))

    assert (waiting.state, done.state) == ("processing", "reversed")
    assert ledger.postings_of(house_id, card.number) == []


def test_a_declined_code_fails_and_the_order_may_be_paid_anew(house_id: int, sandbox: RunningSandbox) -> None:
    sandbox.control("next_codepay", provider="wechat", outcome="AUTH_CODE_EXPIRED")
    card = open_payment(house_id, method="wechat_barcode")

    failed = pay.pay_barcode(intent_id=card.intent_id, auth_code=code_for(sandbox, "wechat"), now=now())

    assert failed.state == "failed"
    assert open_payment(house_id, method="wechat_barcode").intent_id != card.intent_id


def test_a_success_that_was_reversed_is_accepted_and_leaves_no_trace_in_the_balances(
    house_id: int, sandbox: RunningSandbox, letters: LetterBox
) -> None:
    card = paid_by_jsapi(house_id, sandbox, letters)
    revoked = Evidence(
        provider="wechatpay", source="query", out_trade_no=card.out_trade_no, trade=Trade.REVERSED
    )

    states = [accept(house_id=house_id, evidence=revoked, now=now()) for _ in range(2)]

    assert states == ["reversed", "reversed"]
    assert {line.balance for line in ledger.trial_balance(house_id)} == {0}
    assert len(facts("payments.payment.reversed")) == 1


def test_money_for_an_order_nobody_knows_is_the_most_urgent_break(house_id: int) -> None:
    stray = Evidence(
        provider="wechatpay",
        source="notification",
        out_trade_no="never-opened",
        trade=Trade.PAID,
        amount=500,
        currency="CNY",
    )

    assert accept(house_id=house_id, evidence=stray, now=now()) is None

    found = Break.objects.get()
    assert (found.category, found.their_amount) == ("missing_in_ledger", 500)


def test_a_partial_refund_is_booked_when_accepted_and_told_when_done(
    house_id: int, sandbox: RunningSandbox, letters: LetterBox
) -> None:
    card = paid_by_jsapi(house_id, sandbox, letters)

    back = pay.refund(intent_id=card.intent_id, amount=300_000, reason="size", key="k1", now=now())
    booked = ledger.balance(house_id, "merchant:house", "EUR")
    before = facts("payments.refund.succeeded")
    sandbox.control("refund_settle", provider="wechat", out_refund_no=back.out_refund_no)
    letters.deliver(times=2)

    assert (back.state, back.settle_amount) == ("processing", 38_154)
    assert booked == -118_206 + 38_154 - 382
    assert before == []
    (told,) = facts("payments.refund.succeeded")
    assert (told["amount"], told["settle_amount"], told["reference"]) == (300_000, 38_154, "S-1")


def test_a_double_click_refunds_once_and_another_content_is_refused(
    house_id: int, sandbox: RunningSandbox, letters: LetterBox
) -> None:
    card = paid_by_jsapi(house_id, sandbox, letters)
    first = pay.refund(intent_id=card.intent_id, amount=300_000, reason="size", key="k1", now=now())

    second = pay.refund(intent_id=card.intent_id, amount=300_000, reason="size", key="k1", now=now())
    with pytest.raises(PaymentRefused) as other:
        pay.refund(intent_id=card.intent_id, amount=1, reason="size", key="k1", now=now())

    assert second.refund_id == first.refund_id
    assert other.value.code is Refusal.KEY_REUSED
    assert Refund.objects.count() == 1


def test_a_refund_waits_for_funds_and_goes_through_under_the_same_number(
    house_id: int, sandbox: RunningSandbox, letters: LetterBox
) -> None:
    sandbox.control("payment_settings", provider="wechat", cny_pool=0, refund_mode="success")
    card = paid_by_jsapi(house_id, sandbox, letters)
    sandbox.control("payment_settings", provider="wechat", cny_pool=0, refund_mode="success")

    waiting = pay.refund(intent_id=card.intent_id, amount=938_815, reason="all", key="k1", now=now())
    unbooked = ledger.balance(house_id, "merchant:house", "EUR")
    sandbox.control("payment_settings", provider="wechat", cny_pool=10_000_000, refund_mode="success")
    pay.query_unknown(now() + timedelta(hours=2))

    assert (waiting.state, unbooked) == ("pending_funds", -118_206)
    done = Refund.objects.get()
    assert (done.state, done.out_refund_no) == ("succeeded", waiting.out_refund_no)
    assert {line.balance for line in ledger.trial_balance(house_id)} == {0}


def test_a_refund_the_provider_closes_is_taken_out_of_the_books_again(
    house_id: int, sandbox: RunningSandbox, letters: LetterBox
) -> None:
    card = paid_by_jsapi(house_id, sandbox, letters)
    back = pay.refund(intent_id=card.intent_id, amount=300_000, reason="size", key="k1", now=now())

    sandbox.control("refund_settle", provider="wechat", out_refund_no=back.out_refund_no, status="CLOSED")
    letters.deliver()

    assert Refund.objects.get().state == "closed"
    assert ledger.balance(house_id, "merchant:house", "EUR") == -118_206
    assert facts("payments.refund.succeeded") == []


def test_what_was_settled_already_cannot_be_refunded_from_nothing(
    house_id: int, sandbox: RunningSandbox, letters: LetterBox
) -> None:
    card = paid_by_jsapi(house_id, sandbox, letters)
    pay.settle(house_id=house_id, currency="EUR", day=tomorrow(), now=now())

    with pytest.raises(PaymentRefused) as caught:
        pay.refund(intent_id=card.intent_id, amount=300_000, reason="late", key="k1", now=now())

    assert caught.value.code is Refusal.REFUND_UNFUNDED
    assert Refund.objects.count() == 0


def test_a_large_refund_is_sent_when_a_second_person_lets_it_go(
    house_id: int, sandbox: RunningSandbox, letters: LetterBox
) -> None:
    card = paid_by_jsapi(house_id, sandbox, letters)

    def ask(key: str, amount: int = 600_000) -> RefundCard:
        return pay.refund(
            intent_id=card.intent_id,
            amount=amount,
            reason="size",
            key=key,
            now=now(),
            requested_by=7,
            may_wait=True,
        )

    waiting, again = ask("k1"), ask("k1")
    with pytest.raises(PaymentRefused) as alone:
        pay.approve_refund(refund_id=waiting.refund_id, house_id=house_id, approved_by=7, now=now())
    sent = pay.approve_refund(refund_id=waiting.refund_id, house_id=house_id, approved_by=8, now=now())

    assert (waiting.state, again.state) == ("to_approve", "to_approve")
    assert alone.value.code is Refusal.NEEDS_SECOND_PERSON
    assert (sent.state, Refund.objects.get().approved_by) == ("processing", 8)


def test_a_declined_refund_gives_its_part_back(
    house_id: int, sandbox: RunningSandbox, letters: LetterBox
) -> None:
    card = paid_by_jsapi(house_id, sandbox, letters)
    waiting = pay.refund(
        intent_id=card.intent_id,
        amount=900_000,
        reason="size",
        key="k1",
        now=now(),
        requested_by=7,
        may_wait=True,
    )

    pay.decline_refund(
        refund_id=waiting.refund_id, house_id=house_id, declined_by=8, reason="worn", now=now()
    )
    whole = pay.refund(intent_id=card.intent_id, amount=938_815, reason="all", key="k2", now=now())

    assert whole.state == "processing"


def test_an_alipay_refund_is_done_at_once(house_id: int, sandbox: RunningSandbox) -> None:
    card = open_payment(house_id, method="alipay_barcode")
    pay.pay_barcode(intent_id=card.intent_id, auth_code=code_for(sandbox, "alipay"), now=now())

    back = pay.refund(intent_id=card.intent_id, amount=938_815, reason="all", key="k1", now=now())

    assert back.state == "succeeded"
    assert {line.balance for line in ledger.trial_balance(house_id)} == {0}


def tomorrow() -> date:
    """A day whose end is after everything booked now."""
    return beijing_day(now()) + timedelta(days=1)
