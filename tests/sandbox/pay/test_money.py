"""What holds for every amount: conversions, fees, slices, and orders under any history."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from seta_sandbox.alipay import amounts as alipay_amounts
from seta_sandbox.wechatpay import amounts, bills
from seta_sandbox.wechatpay import state as book
from seta_sandbox.wechatpay.errors import Refusal
from seta_sandbox.wechatpay.state import Order, Refund, RefundState, State, TradeState

FEN = st.integers(min_value=1, max_value=10**10)
RATES = st.integers(min_value=10**6, max_value=10**11)


@given(FEN, RATES)
def test_a_conversion_is_the_nearest_integer(amount: int, rate: int) -> None:
    converted = amounts.convert(amount, rate)

    assert abs(converted * 10**8 - amount * rate) * 2 <= 10**8


@given(FEN, st.integers(0, 10_000))
def test_a_fee_is_half_up_and_at_most_the_amount(amount: int, rate: int) -> None:
    fee = amounts.fee(amount, rate)

    assert 0 <= fee <= amount
    assert -5_000 < fee * 10_000 - amount * rate <= 5_000
    assert fee == alipay_amounts.fee(amount, rate)


def test_fees_of_half_a_fen_round_up() -> None:
    assert [amounts.fee(fen, 60) for fen in (83, 84, 250, 10_000)] == [0, 1, 2, 60]


@given(FEN)
def test_yuan_are_read_back_as_the_same_fen(fen: int) -> None:
    assert alipay_amounts.fen(alipay_amounts.yuan(fen)) == fen
    assert alipay_amounts.yuan(-fen) == "-" + amounts.yuan(fen)


@given(FEN, st.lists(st.integers(1, 10**6), min_size=1, max_size=50))
def test_slices_of_a_whole_add_up_to_it_and_are_never_negative(total: int, parts: list[int]) -> None:
    given_so_far, gone = 0, 0
    for part in parts:
        gone += part
        piece = amounts.share(total, gone, sum(parts), given_so_far)
        assert piece >= 0
        given_so_far += piece

    assert given_so_far == total


@dataclass
class Story:
    """An order and what a random history did to it."""

    state: State = field(default_factory=State)
    now: float = 1_795_000_000.0

    def order(self, total: int, currency: str, trade_type: str) -> Order:
        scheme = "domestic" if currency == "CNY" else "global"
        order = Order(
            "ORDER-0001", scheme, trade_type, {"appid": "wx", "mchid": "19"}, "丝巾", total, currency,
            self.now, self.now + 7_200, "SERIAL",
        )  # fmt: skip
        book.add_order(self.state, order)
        return order

    def act(self, order: Order, act: str, value: int) -> None:
        self.now += value % 90
        if act == "pay":
            book.take_payment(self.state, order, now=self.now, openid="o", transaction_id="42")
        elif act == "close":
            book.close(order, self.now)
        elif act == "reverse":
            book.reverse(self.state, order, now=self.now, refund_id="50")
        elif act == "end":
            processing = [r for r in order.refunds if r.status is RefundState.PROCESSING]
            if processing:
                ending = RefundState.SUCCESS if value % 2 else RefundState.CLOSED
                book.end_refund(self.state, processing[0], ending, self.now)
        elif (refusal := book.refusal_to_refund(self.state, order, value, self.now)) is not None:
            raise refusal
        else:
            number = f"R-{len(order.refunds)}"
            refund = Refund(number, number, value, 0, "", "", "SERIAL", self.now)
            book.add_refund(self.state, order, refund)


ACTS = st.tuples(
    st.sampled_from(["pay", "close", "reverse", "refund", "refund", "end"]), st.integers(1, 60_000)
)


@given(
    st.integers(1, 100_000),
    st.sampled_from(["CNY", "EUR", "JPY"]),
    st.sampled_from(["JSAPI", "MICROPAY"]),
    st.one_of(st.none(), st.integers(0, 200_000)),
    st.lists(ACTS, max_size=25),
)
def test_no_history_refunds_more_than_was_paid_or_invents_money(
    total: int, currency: str, trade_type: str, pool: int | None, history: list[tuple[str, Any]]
) -> None:
    story = Story()
    story.state.settings.cny_pool = pool
    order = story.order(total, currency, trade_type)

    for act, value in history:
        try:
            story.act(order, act, value)
        except Refusal:
            continue

    out = sum(refund.payer_amount for refund in order.refunds if refund.holds_money)
    assert 0 <= order.refunded <= order.total
    assert 0 <= out <= order.payer_total
    assert (out == order.payer_total) or order.refunded < order.total or not order.is_paid
    if pool is not None:
        assert story.state.settings.cny_pool == pool + order.payer_total - out >= 0
    if order.is_paid:
        assert order.state in (TradeState.SUCCESS, TradeState.REFUND, TradeState.REVOKED)


@given(st.lists(st.integers(1, 10**7), min_size=1, max_size=20), st.sampled_from(bills.PLANTS))
def test_a_bill_sums_its_own_lines_and_a_plant_changes_exactly_one(totals: list[int], kind: str) -> None:
    story = Story()
    orders = []
    for index, total in enumerate(totals):
        order = Order(
            f"ORDER-{index}", "domestic", "JSAPI", {"appid": "wx", "mchid": "19"}, "丝,`巾\n", total, "CNY",
            story.now, story.now + 7_200, "SERIAL",
        )  # fmt: skip
        book.take_payment(story.state, order, now=story.now + index, openid="o", transaction_id=f"42{index}")
        orders.append(order)
    day = bills.day_of(story.now)
    lines = bills.lines_of(orders, 60, day)

    planted, broken = bills.plant(lines, kind, day)

    for shown in (lines, planted):
        rows = bills.trade_bill(shown).decode("utf-8-sig").removesuffix("\r\n").split("\r\n")
        cells = [row.split(",") for row in rows[1:-2]]
        assert all(len(row) == 27 for row in cells)
        assert rows[-1].split(",")[0] == f"`{len(shown)}"
        assert rows[-1].split(",")[1] == f"`{amounts.yuan(sum(line.total for line in shown))}"
    before, after = ({line.out_trade_no: line.total for line in part} for part in (lines, planted))
    assert {key for key in before | after if before.get(key) != after.get(key)} == {broken.out_trade_no}


def test_a_bill_is_cut_at_midnight_in_beijing() -> None:
    assert bills.day_of(1_795_017_599) == date(2026, 11, 18)
    assert bills.day_of(1_795_017_600) == date(2026, 11, 19)
