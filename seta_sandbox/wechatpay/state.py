"""Keep WeChat Pay's orders and refunds, and change them only in the ways the provider allows."""

from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum
from typing import Any

from seta_sandbox.kit.world import World
from seta_sandbox.wechatpay import amounts, errors
from seta_sandbox.wechatpay.declarations import Declaration
from seta_sandbox.wechatpay.keys import CertifiedKey, WeChatPayKeys

BEIJING = timezone(timedelta(hours=8))
PREPAY_SECONDS = 7_200
USERPAYING_SECONDS = 45
REVERSE_SECONDS_MAX = 7 * 86_400
REFUND_SECONDS_MAX = 365 * 86_400
REFUNDS_PER_ORDER_MAX = 50
GLOBAL_REFUND_PAUSE_SECONDS = 60


class TradeState(StrEnum):
    """`trade_state` of an order."""

    NOTPAY = "NOTPAY"
    USERPAYING = "USERPAYING"
    SUCCESS = "SUCCESS"
    REFUND = "REFUND"
    CLOSED = "CLOSED"
    REVOKED = "REVOKED"
    PAYERROR = "PAYERROR"


class RefundState(StrEnum):
    """`status` of a refund."""

    PROCESSING = "PROCESSING"
    SUCCESS = "SUCCESS"
    CLOSED = "CLOSED"
    ABNORMAL = "ABNORMAL"


TRADE_STATE_TEXT = {
    TradeState.NOTPAY: "订单未支付",
    TradeState.USERPAYING: "用户支付中，需要输入密码",
    TradeState.SUCCESS: "支付成功",
    TradeState.REFUND: "转入退款",
    TradeState.CLOSED: "已关闭",
    TradeState.REVOKED: "已撤销",
    TradeState.PAYERROR: "支付失败",
}


@dataclass
class Settings:
    """What the sandbox's operator may choose; see the control action `payment_settings`.

    `fee_rate` in ten-thousandths; `refund_mode` is `processing` or `success`; a processing refund ends by itself
    after `refund_seconds` of virtual time; `cny_pool` in fen, None for a merchant whose refunds are always funded;
    with `converts_daily` each Beijing midnight converts the whole pool, so that only the day's payments fund refunds;
    `settle_currency` and `payout_minimum` (its minor units, about 800 USD) rule settlement; `notice_key` is `asked`
    or, in the period with both keys, `both`; `calls_per_second` is a rate limit, None for none; `rates` give the CNY
    for one unit of a currency, scaled by 10^8.
    """

    fee_rate: int = 60
    refund_mode: str = "processing"
    refund_seconds: float = 60.0
    cny_pool: int | None = None
    certificates_offered: bool = True
    converts_daily: bool = False
    settle_currency: str = "EUR"
    payout_minimum: int = 72_900
    customs_seconds: float = 60.0
    notice_key: str = "asked"
    calls_per_second: int | None = None
    rates: dict[str, int] = field(
        default_factory=lambda: {
            "CNY": 100_000_000,
            "EUR": 782_345_678,
            "USD": 712_500_000,
            "GBP": 905_000_000,
            "CHF": 812_000_000,
            "HKD": 91_500_000,
            "JPY": 4_760_000,
        }
    )


@dataclass
class Refund:
    """One refund; `amount` in the order's currency, `payer_amount` in fen."""

    out_refund_no: str
    refund_id: str
    amount: int
    payer_amount: int
    reason: str
    notify_url: str
    signer_serial: str
    created_at: float
    status: RefundState = RefundState.PROCESSING
    ended_at: float | None = None
    settles_at: float = 0.0
    is_reversal: bool = False

    @property
    def holds_money(self) -> bool:
        """Whether this refund still counts against what can be refunded."""
        return self.status is not RefundState.CLOSED


@dataclass
class Order:
    """One order; `identity` holds its appid and mchid fields, `request` what was asked, for comparing repeats."""

    out_trade_no: str
    scheme: str
    trade_type: str
    identity: dict[str, str]
    description: str
    total: int
    currency: str
    created_at: float
    expires_at: float
    signer_serial: str
    request: dict[str, Any] = field(default_factory=dict)
    openid: str = ""
    notify_url: str = ""
    attach: str = ""
    prepay_id: str = ""
    code_url: str = ""
    state: TradeState = TradeState.NOTPAY
    transaction_id: str = ""
    paid_at: float | None = None
    payer_total: int = 0
    rate: int = amounts.RATE_SCALE
    settle_currency: str = ""
    userpaying_until: float | None = None
    refunds: list[Refund] = field(default_factory=list)

    @property
    def appid(self) -> str:
        """The appid whose openid pays."""
        return (
            self.identity.get("sub_appid") or self.identity.get("appid") or self.identity.get("sp_appid", "")
        )

    @property
    def is_paid(self) -> bool:
        """Whether money was taken at some time, refunded or not."""
        return self.paid_at is not None

    @property
    def refunded(self) -> int:
        """What was refunded or is being refunded, in the order's currency."""
        return sum(refund.amount for refund in self.refunds if refund.holds_money)


@dataclass
class Download:
    """A bill file behind a token that lives 30 seconds."""

    body: bytes
    expires_at: float


@dataclass
class State:
    """Everything the merchant's account at WeChat Pay remembers; a fresh one for every world."""

    settings: Settings = field(default_factory=Settings)
    orders: dict[str, Order] = field(default_factory=dict)
    by_transaction: dict[str, Order] = field(default_factory=dict)
    by_prepay: dict[str, Order] = field(default_factory=dict)
    refunds: dict[str, tuple[Order, Refund]] = field(default_factory=dict)
    next_codepay: list[str] = field(default_factory=list)
    auth_codes: dict[str, str] = field(default_factory=dict)
    bills: dict[tuple[str, date], bytes] = field(default_factory=dict)
    downloads: dict[str, Download] = field(default_factory=dict)
    keys: WeChatPayKeys | None = None
    platform: list[CertifiedKey] = field(default_factory=list)
    signing_serial: str = ""
    calls: deque[float] = field(default_factory=deque)
    pool_day: date | None = None
    declarations: dict[tuple[str, str, str], Declaration] = field(default_factory=dict)


def add_order(state: State, order: Order) -> None:
    """Keep a new order under its number and, when it has one, its prepay_id."""
    assert order.out_trade_no not in state.orders
    state.orders[order.out_trade_no] = order
    if order.prepay_id:
        state.by_prepay[order.prepay_id] = order


def find_order(state: State, *, out_trade_no: str = "", transaction_id: str = "") -> Order:
    """The order of either number; refuses with ORDER_NOT_EXIST."""
    order = state.by_transaction.get(transaction_id) if transaction_id else state.orders.get(out_trade_no)
    if order is None:
        raise errors.order_missing()
    return order


def refresh(order: Order, now: float) -> None:
    """Let time act: an unanswered password prompt revokes the order after 45 s, an unpaid order closes."""
    if order.state is TradeState.USERPAYING and order.userpaying_until and now >= order.userpaying_until:
        order.state = TradeState.REVOKED
    elif order.state is TradeState.NOTPAY and now >= order.expires_at:
        order.state = TradeState.CLOSED


def refusal_to_reuse(order: Order, request: dict[str, Any]) -> errors.Refusal | None:
    """Why an order number cannot be placed again, or None when the same unpaid order is asked for once more."""
    if order.request != request:
        return errors.number_used()
    if order.is_paid:
        return errors.order_paid()
    if order.state is not TradeState.NOTPAY:
        return errors.order_closed()
    return None


def take_payment(state: State, order: Order, *, now: float, openid: str, transaction_id: str) -> None:
    """The consumer pays; refuses an order that is paid, closed or revoked."""
    refresh(order, now)
    convert_pool(state, now)
    if order.is_paid:
        raise errors.order_paid()
    if order.state not in (TradeState.NOTPAY, TradeState.USERPAYING):
        raise errors.order_closed()
    order.rate = state.settings.rates[order.currency]
    order.settle_currency = state.settings.settle_currency
    order.payer_total = priced_in_cny(state, order)
    order.state, order.paid_at, order.openid = TradeState.SUCCESS, now, openid
    order.transaction_id = transaction_id
    state.by_transaction[transaction_id] = order
    if state.settings.cny_pool is not None:
        state.settings.cny_pool += order.payer_total


def priced_in_cny(state: State, order: Order) -> int:
    """The fen that the consumer pays at today's rate, or paid."""
    if order.is_paid:
        return order.payer_total
    rate = state.settings.rates[order.currency]
    return amounts.convert(order.total, rate, exponent_from=amounts.exponent(order.currency))


def close(order: Order, now: float) -> None:
    """The merchant closes an unpaid order; closing twice is harmless, closing a paid one is refused."""
    refresh(order, now)
    if order.is_paid:
        raise errors.order_paid()
    if order.state is TradeState.USERPAYING:
        raise errors.Refusal(202, "USERPAYING", "用户支付中，请稍后查询")
    if order.state is TradeState.NOTPAY:
        order.state = TradeState.CLOSED


def reverse(state: State, order: Order, *, now: float, refund_id: str) -> None:
    """The merchant revokes a barcode payment: refunded when paid, closed when not.

    While the consumer is being asked for a password it is refused, so callers must come again.
    """
    refresh(order, now)
    if order.trade_type != "MICROPAY":
        raise errors.invalid("仅付款码支付订单支持撤销")
    if order.state is TradeState.REVOKED:
        return
    if order.state is TradeState.USERPAYING:
        raise errors.Refusal(202, "USERPAYING", "用户支付中，请稍后重试撤销")
    if now - order.created_at > REVERSE_SECONDS_MAX:
        raise errors.Refusal(400, "REVERSE_EXPIRE", "订单已超过可撤销期限")
    if order.is_paid and order.refunded:
        raise errors.invalid("订单已发生退款，不能撤销")
    if order.is_paid:
        refund = Refund(
            order.out_trade_no,
            refund_id,
            order.total,
            order.payer_total,
            "撤销",
            "",
            order.signer_serial,
            created_at=now,
            status=RefundState.SUCCESS,
            ended_at=now,
            is_reversal=True,
        )
        convert_pool(state, now)
        _draw(state, refund.payer_amount)
        order.refunds.append(refund)
    order.state = TradeState.REVOKED


def refusal_to_refund(state: State, order: Order, amount: int, now: float) -> errors.Refusal | None:
    """Why this much of the order cannot be refunded now, or None."""
    if order.paid_at is None:
        return errors.invalid("订单未支付，不能退款")
    if order.state is TradeState.REVOKED:
        return errors.invalid("订单已撤销，不能退款")
    if now - order.paid_at > REFUND_SECONDS_MAX:
        return errors.Refusal(403, "TRADE_OVERDUE", "订单已经超过退款期限")
    if amount > order.total - order.refunded:
        return errors.invalid("申请退款金额大于订单可退金额")
    if len(order.refunds) >= REFUNDS_PER_ORDER_MAX:
        return errors.invalid("订单部分退款次数已达上限50次")
    newest = max((refund.created_at for refund in order.refunds), default=None)
    if order.scheme == "global" and newest is not None and now - newest < GLOBAL_REFUND_PAUSE_SECONDS:
        return errors.frequency()
    return None


def add_refund(state: State, order: Order, refund: Refund, *, over: bool = False) -> None:
    """Accept a refund that `refusal_to_refund` allows; its CNY part is rounded cumulatively and drawn from the pool.

    Refuses with NOT_ENOUGH, changing nothing, when the pool is too small. `over` is the planted defect that lets
    more be refunded than was paid.
    """
    assert over or refund.amount <= order.total - order.refunded
    given = sum(other.payer_amount for other in order.refunds if other.holds_money)
    refund.payer_amount = amounts.share(order.payer_total, order.refunded + refund.amount, order.total, given)
    convert_pool(state, refund.created_at)
    _draw(state, refund.payer_amount)
    refund.settles_at = refund.created_at + state.settings.refund_seconds
    order.refunds.append(refund)
    order.state = TradeState.REFUND
    state.refunds[refund.out_refund_no] = (order, refund)


def end_refund(state: State, refund: Refund, status: RefundState, now: float) -> None:
    """A processing or abnormal refund ends; one that failed for good gives its money back to the pool."""
    assert refund.status in (RefundState.PROCESSING, RefundState.ABNORMAL)
    refund.status = status
    refund.ended_at = now
    if status is RefundState.CLOSED:
        _draw(state, -refund.payer_amount)


def due_refunds(state: State, now: float) -> list[tuple[Order, Refund]]:
    """The processing refunds whose time has come."""
    return [
        (order, refund)
        for order, refund in state.refunds.values()
        if refund.status is RefundState.PROCESSING and now >= refund.settles_at
    ]


def convert_pool(state: State, now: float) -> None:
    """On the first movement of a new Beijing day, all CNY of the days before has been converted (T+1)."""
    today = datetime.fromtimestamp(now, UTC).astimezone(BEIJING).date()
    if state.settings.converts_daily and state.pool_day != today:
        if state.pool_day is not None:
            state.settings.cny_pool = 0
        state.pool_day = today


def _draw(state: State, fen: int) -> None:
    pool = state.settings.cny_pool
    if pool is None:
        return
    if pool < fen:
        raise errors.not_enough()
    state.settings.cny_pool = pool - fen


def wechatpay_of(world: World) -> State:
    """WeChat Pay's part of a world."""
    return world.state(State)
