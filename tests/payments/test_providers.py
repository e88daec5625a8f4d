"""Every provider's desk against the sandbox: pay, be refused, stay unknown, cancel, refund, all in our words."""

from datetime import UTC, date, datetime, timedelta

import pytest

from seta.houses import queries as houses
from seta.houses.operations import connect_account
from seta.ledger import queries as ledger
from seta.payments import cashiers, queries
from seta.payments import operations as pay
from seta.payments.cards import IntentCard
from seta.payments.models import Attempt, Break, Intent, ShownCode
from seta.payments.operations.reconciling import ReconCard
from seta.payments.rules.refusals import PaymentRefused, Refusal
from seta.payments.rules.states import IntentState, RefundState
from tests.payments.conftest import LetterBox
from tests.sandbox_server import RunningSandbox

pytestmark = pytest.mark.django_db

AMOUNT = 93_880
ALIPAY_CODE = "281234567890123456"
WECHAT_CODE = "131234567890123456"


@pytest.fixture
def antom_house(house_id: int, sandbox: RunningSandbox) -> int:
    """The maison with an account at Antom beside the others."""
    found = sandbox.config["antom"]
    connect_account(
        house_id=house_id,
        family="antom",
        app_id=found["client_id"],
        base_url=sandbox.base_url,
        secrets={name: str(value) for name, value in found.items()},
        settings={"merchant_id": found["merchant_id"]},
        now=datetime.now(UTC),
    )
    return house_id


@pytest.fixture(params=["global_direct", "global_institution"])
def global_house(request: pytest.FixtureRequest, house_id: int, sandbox: RunningSandbox) -> int:
    """The maison as a WeChat Pay merchant outside China, in both modes."""
    connect_abroad(house_id, sandbox, request.param)
    return house_id


def connect_abroad(house_id: int, sandbox: RunningSandbox, mode: str) -> None:
    """Make the house's WeChat Pay account one across the border."""
    found = sandbox.config["wechat"]
    said = {"mode": mode, "category": "5651"}
    own = found["mchid"]
    if mode == "global_institution":
        said |= {"sp_mchid": found["mchid"], "sp_appid": found["appid"]}
        own = found["sub_mchid"]
    connect_account(
        house_id=house_id,
        family="wechatpay",
        app_id=own,
        base_url=sandbox.base_url,
        secrets={name: str(value) for name, value in found.items()},
        settings=said,
        now=datetime.now(UTC),
    )


def opened(house_id: int, method: str, *, reference: str = "SER-1", amount: int = AMOUNT) -> IntentCard:
    return pay.open_intent(
        house_id=house_id,
        person_id=None,
        reference=reference,
        amount=amount,
        description="Silk scarf",
        method=method,
        settle_currency="EUR",
        now=datetime.now(UTC),
    )


@pytest.mark.parametrize(
    ("method", "start", "provider"),
    [
        ("wechat_native", "weixin://wxpay/bizpayurl", "wechat"),
        ("alipay_qr", "https://qr.alipay.com/", "alipay"),
        ("antom_qr", "https://qr.alipay.com/", "antom"),
        ("antom_cashier", "http", "antom"),
    ],
)
def test_a_shown_code_is_kept_as_sent_the_same_twice_and_paid(
    antom_house: int, sandbox: RunningSandbox, letters: LetterBox, method: str, start: str, provider: str
) -> None:
    intent = opened(antom_house, method)
    now = datetime.now(UTC)

    first = pay.show_qr(intent_id=intent.intent_id, now=now)
    again = pay.show_qr(intent_id=intent.intent_id, now=now)

    assert first.content.startswith(start)
    assert (again.content, again.expires_at) == (first.content, intent.expires_at)
    assert Attempt.objects.get().sent_at == now
    assert queries.intent(intent.intent_id).state == IntentState.REQUIRES_ACTION
    number = {"paymentRequestId" if provider == "antom" else "out_trade_no": intent.out_trade_no}
    sandbox.control("pay", provider=provider, **number)
    assert [kept.refused for kept in letters.deliver(times=2)] == [False, False]
    assert queries.intent(intent.intent_id).state == IntentState.SUCCEEDED
    assert not Break.objects.exists()


def test_a_code_whose_answer_was_lost_is_asked_for_again_and_is_the_same_order(
    antom_house: int, sandbox: RunningSandbox
) -> None:
    intent = opened(antom_house, "antom_qr")
    first = pay.show_qr(intent_id=intent.intent_id, now=datetime.now(UTC))
    ShownCode.objects.all().delete()

    again = pay.show_qr(intent_id=intent.intent_id, now=datetime.now(UTC))

    assert again.content == first.content


def test_a_method_that_shows_nothing_has_no_code(antom_house: int) -> None:
    intent = opened(antom_house, "alipay_barcode")

    with pytest.raises(PaymentRefused) as refused:
        pay.show_qr(intent_id=intent.intent_id, now=datetime.now(UTC))

    assert refused.value.code is Refusal.UNSUPPORTED_METHOD
    assert Attempt.objects.get().sent_at is None


def test_an_expired_or_paid_payment_shows_no_code(
    antom_house: int, sandbox: RunningSandbox, letters: LetterBox
) -> None:
    late = opened(antom_house, "wechat_native", reference="SER-late")
    with pytest.raises(PaymentRefused) as expired:
        pay.show_qr(intent_id=late.intent_id, now=late.expires_at)
    paid = opened(antom_house, "alipay_qr", reference="SER-paid")
    pay.show_qr(intent_id=paid.intent_id, now=datetime.now(UTC))
    sandbox.control("pay", provider="alipay", out_trade_no=paid.out_trade_no)
    letters.deliver()

    with pytest.raises(PaymentRefused) as done:
        pay.show_qr(intent_id=paid.intent_id, now=datetime.now(UTC))

    assert (expired.value.code, done.value.code) == (Refusal.QUOTE_EXPIRED, Refusal.ALREADY_PAID)


def test_a_payment_code_is_charged_at_antom_and_refunded_in_parts(
    antom_house: int, sandbox: RunningSandbox, letters: LetterBox
) -> None:
    intent = opened(antom_house, "antom_code")

    paid = pay.pay_barcode(intent_id=intent.intent_id, auth_code=ALIPAY_CODE, now=datetime.now(UTC))
    parts = [
        pay.refund(
            intent_id=intent.intent_id, amount=amount, reason="size", key=f"k{amount}", now=datetime.now(UTC)
        )
        for amount in (30_000, AMOUNT - 30_000)
    ]

    assert paid.state == IntentState.SUCCEEDED
    assert [part.state for part in parts] == [RefundState.SUCCEEDED, RefundState.SUCCEEDED]
    assert sum(part.settle_amount for part in parts) == intent.settle_amount
    letters.deliver(times=2)
    assert not Break.objects.exists()
    assert ledger.trial_balance(antom_house)
    assert all(total == 0 for total in _totals(antom_house).values())


def _totals(house_id: int) -> dict[str, int]:
    totals: dict[str, int] = {}
    for line in ledger.trial_balance(house_id):
        totals[line.currency] = totals.get(line.currency, 0) + line.balance
    return totals


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        ("PROCESSING", IntentState.PROCESSING),
        ("UNKNOWN", IntentState.UNKNOWN),
        ("UNKNOWN_PAID", IntentState.UNKNOWN),
        ("NOT_ENOUGH", IntentState.FAILED),
    ],
)
def test_an_outcome_of_antom_is_an_answer_whatever_it_is(
    antom_house: int, sandbox: RunningSandbox, letters: LetterBox, outcome: str, state: IntentState
) -> None:
    sandbox.control("next_codepay", provider="antom", outcome=outcome)
    intent = opened(antom_house, "antom_code")
    now = datetime.now(UTC)

    told = pay.pay_barcode(intent_id=intent.intent_id, auth_code=ALIPAY_CODE, now=now)
    after = pay.poll_barcode(intent_id=intent.intent_id, now=now + timedelta(seconds=70))

    assert told.state == state
    paid, ended = IntentState.SUCCEEDED, {IntentState.FAILED, IntentState.CANCELED, IntentState.REVERSED}
    assert after.state == paid if outcome == "UNKNOWN_PAID" else after.state in ended


def test_a_client_who_pays_while_antom_is_asked_to_cancel_gets_the_money_back(
    antom_house: int, sandbox: RunningSandbox, letters: LetterBox
) -> None:
    intent = opened(antom_house, "antom_qr")
    pay.show_qr(intent_id=intent.intent_id, now=datetime.now(UTC))
    sandbox.control("pay", provider="antom", paymentRequestId=intent.out_trade_no)
    desk = cashiers.cashier(antom_house, "antom")

    undone = desk.undo(intent.out_trade_no)
    kept = desk.close(intent.out_trade_no)

    assert (undone.trade, kept.trade) == ("reversed", "reversed")
    letters.deliver()
    assert queries.intent(intent.intent_id).state == IntentState.REVERSED
    assert all(total == 0 for total in _totals(antom_house).values())


def test_an_unpaid_code_of_antom_is_closed(antom_house: int, sandbox: RunningSandbox) -> None:
    intent = opened(antom_house, "antom_qr")
    pay.show_qr(intent_id=intent.intent_id, now=datetime.now(UTC))

    assert pay.cancel(intent_id=intent.intent_id, now=datetime.now(UTC)).state == IntentState.CANCELED


@pytest.mark.parametrize(
    ("provider", "method"),
    [("wechatpay", "wechat_barcode"), ("alipay", "alipay_barcode"), ("antom", "antom_code")],
)
def test_a_provider_that_cannot_be_reached_answers_unknown_and_raises_nothing(
    antom_house: int, sandbox: RunningSandbox, provider: str, method: str
) -> None:
    account = houses.account(antom_house, provider)
    connect_account(
        house_id=antom_house,
        family=provider,
        app_id=account.app_id,
        base_url="http://127.0.0.1:1",
        secrets=account.secrets,
        settings=account.settings,
        now=datetime.now(UTC),
    )
    intent = opened(antom_house, method)
    code = WECHAT_CODE if provider == "wechatpay" else ALIPAY_CODE

    told = pay.pay_barcode(intent_id=intent.intent_id, auth_code=code, now=datetime.now(UTC))

    assert told.state == IntentState.UNKNOWN
    assert Intent.objects.get().state == IntentState.UNKNOWN


def test_a_scarf_is_paid_abroad_by_page_code_and_barcode(
    global_house: int, sandbox: RunningSandbox, letters: LetterBox
) -> None:
    page = opened(global_house, "wechat_jsapi", reference="SER-page")
    code = opened(global_house, "wechat_native", reference="SER-code")
    till = opened(global_house, "wechat_barcode", reference="SER-till")
    now = datetime.now(UTC)

    sheet = pay.prepay(intent_id=page.intent_id, openid=sandbox.config["wechat"]["openid"], now=now)
    shown = pay.show_qr(intent_id=code.intent_id, now=now)
    charged = pay.pay_barcode(intent_id=till.intent_id, auth_code=WECHAT_CODE, now=now)
    for intent in (page, code):
        sandbox.control("pay", provider="wechat", out_trade_no=intent.out_trade_no)
    letters.deliver(times=2)

    assert sheet.package.startswith("prepay_id=")
    assert shown.content.startswith("weixin://")
    assert charged.state == IntentState.SUCCEEDED
    states = {queries.intent(one.intent_id).state for one in (page, code, till)}
    assert states == {IntentState.SUCCEEDED}
    assert not Break.objects.exists()


def test_a_refund_abroad_ends_by_its_notification(
    global_house: int, sandbox: RunningSandbox, letters: LetterBox
) -> None:
    intent = opened(global_house, "wechat_barcode")
    pay.pay_barcode(intent_id=intent.intent_id, auth_code=WECHAT_CODE, now=datetime.now(UTC))

    sent = pay.refund(
        intent_id=intent.intent_id, amount=40_000, reason="size", key="k1", now=datetime.now(UTC)
    )
    sandbox.control("refund_settle", provider="wechat", out_refund_no=sent.out_refund_no)
    letters.deliver(times=2)

    assert sent.state in (RefundState.PROCESSING, RefundState.SUCCEEDED)
    assert pay.resend_refund(refund_id=sent.refund_id, now=datetime.now(UTC)).state == RefundState.SUCCEEDED
    assert not Break.objects.exists()


def test_an_empty_pool_abroad_leaves_the_refund_waiting_under_its_number(
    global_house: int, sandbox: RunningSandbox
) -> None:
    intent = opened(global_house, "wechat_barcode")
    pay.pay_barcode(intent_id=intent.intent_id, auth_code=WECHAT_CODE, now=datetime.now(UTC))
    sandbox.control("payment_settings", provider="wechat", cny_pool=0)

    waiting = pay.refund(
        intent_id=intent.intent_id, amount=40_000, reason="size", key="k1", now=datetime.now(UTC)
    )
    sandbox.control("payment_settings", provider="wechat", cny_pool=1_000_000)
    sent = pay.resend_refund(refund_id=waiting.refund_id, now=datetime.now(UTC))

    assert waiting.state == RefundState.PENDING_FUNDS
    assert sent.state in (RefundState.PROCESSING, RefundState.SUCCEEDED)
    assert sent.out_refund_no == waiting.out_refund_no


def test_an_unpaid_order_abroad_is_closed_and_a_typing_client_is_waited_for(
    global_house: int, sandbox: RunningSandbox
) -> None:
    code = opened(global_house, "wechat_native", reference="SER-code")
    pay.show_qr(intent_id=code.intent_id, now=datetime.now(UTC))
    sandbox.control("next_codepay", provider="wechat", outcome="USERPAYING")
    till = opened(global_house, "wechat_barcode", reference="SER-till")

    closed = pay.cancel(intent_id=code.intent_id, now=datetime.now(UTC))
    typing = pay.pay_barcode(intent_id=till.intent_id, auth_code=WECHAT_CODE, now=datetime.now(UTC))

    assert closed.state == IntentState.CANCELED
    assert typing.state == IntentState.PROCESSING
    assert cashiers.cashier(global_house, "wechatpay").undo(till.out_trade_no).trade == "pending"


def test_the_statement_of_a_day_abroad_and_antoms_settlement_file_are_read_whole_or_not_at_all(
    antom_house: int, sandbox: RunningSandbox
) -> None:
    connect_abroad(antom_house, sandbox, "global_direct")
    abroad = opened(antom_house, "wechat_barcode", reference="SER-abroad")
    pay.pay_barcode(intent_id=abroad.intent_id, auth_code=WECHAT_CODE, now=datetime.now(UTC))
    antom = opened(antom_house, "antom_code", reference="SER-antom")
    pay.pay_barcode(intent_id=antom.intent_id, auth_code=ALIPAY_CODE, now=datetime.now(UTC))
    sandbox.control("make_bill", provider="wechat")
    made = sandbox.control("make_bill", provider="antom")

    day = datetime.fromisoformat(sandbox.control("make_bill", provider="wechat")["date"]).date()
    statement = cashiers.cashier(antom_house, "wechatpay").fetch_bill(day)
    settlement = sandbox.client.get(made["url"]).content

    for provider, card, content in (("wechatpay", abroad, statement), ("antom", antom, settlement)):
        with pytest.raises(PaymentRefused) as caught:
            bill(antom_house, provider, day, content[: len(content) * 2 // 3])
        assert caught.value.code is Refusal.BAD_BILL
        assert bill(antom_house, provider, day, content).counts == {"matched": 1}
        assert Attempt.objects.get(out_trade_no=card.out_trade_no).confirmation.fee >= 0
    assert cashiers.merchants_in_bill(antom_house, "antom") == {sandbox.config["antom"]["merchant_id"]}


def bill(house_id: int, provider: str, day: date, content: bytes) -> ReconCard:
    """Hold a file against the books."""
    return pay.reconcile_bill(
        house_id=house_id, provider=provider, day=day, content=content, now=datetime.now(UTC)
    )
