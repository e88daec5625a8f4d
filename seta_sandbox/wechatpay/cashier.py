"""Do what merchants and consumers ask of WeChat Pay: place, pay, barcode, reverse, refund, settle."""

import asyncio
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from seta_sandbox.kit.errors import ControlError
from seta_sandbox.kit.keys import DIGITS
from seta_sandbox.kit.push import Delivery
from seta_sandbox.kit.world import World
from seta_sandbox.wechatpay import errors, fields, notify, signing
from seta_sandbox.wechatpay import state as book
from seta_sandbox.wechatpay.documents import BEIJING
from seta_sandbox.wechatpay.state import Order, Refund, RefundState, TradeState, wechatpay_of

RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)")
BROWSER_CASHIER = "https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb"
OUTCOME_UNKNOWN_BUT_PAID = "SYSTEM_ERROR_PAID"
CODEPAY_OUTCOMES = ("SUCCESS", OUTCOME_UNKNOWN_BUT_PAID, *errors.BARCODE_REFUSALS)
_timers: set[asyncio.Task[None]] = set()


@dataclass(frozen=True)
class Placement:
    """Whose order it is, in which API, and with which platform key its answers and notifications are signed."""

    scheme: str
    trade_type: str
    identity: dict[str, str]
    signer_serial: str


def place(world: World, placement: Placement, body: dict[str, Any]) -> Order:
    """A new unpaid order, or the same one when the same request comes again; refuses a used number."""
    number = fields.text(body, "out_trade_no", pattern=fields.OUT_TRADE_NO, length_max=32)
    now = world.clock.now()
    asked = {**body, "trade_type": placement.trade_type}
    existing = wechatpay_of(world).orders.get(number)
    if existing is not None:
        book.refresh(existing, now)
        if (refusal := book.refusal_to_reuse(existing, asked)) is not None:
            raise refusal
        return existing
    return Order(
        out_trade_no=number,
        scheme=placement.scheme,
        trade_type=placement.trade_type,
        identity=placement.identity,
        description=fields.text(body, "description", length_max=fields.DESCRIPTION_CHARACTERS_MAX),
        total=fields.amount(body, "amount.total"),
        currency=_currency(world, body, placement.scheme),
        created_at=now,
        expires_at=_expiry(body, now),
        signer_serial=placement.signer_serial,
        request=asked,
        notify_url=fields.notify_url(body, required=placement.trade_type != "MICROPAY"),
        attach=fields.text(body, "attach", required=False, length_max=128),
        openid=_payer(body),
    )


def keep_prepay(world: World, order: Order) -> Order:
    """Give an order its prepay_id and code_url and keep it; an order kept before stays as it is."""
    if order.out_trade_no not in wechatpay_of(world).orders:
        stamp = f"{datetime.fromtimestamp(order.created_at, BEIJING):%d%H%M%S}"
        order.prepay_id = "wx" + stamp + world.rng.randbytes(13).hex()
        order.code_url = "weixin://wxpay/bizpayurl?pr=" + signing.make_nonce(world.rng, 9)
        book.add_order(wechatpay_of(world), order)
    return order


def pay(world: World, order: Order, openid: str) -> Delivery | None:
    """The consumer pays an order that is waiting; JSAPI, app and QR orders are notified, barcodes are not."""
    book.take_payment(
        wechatpay_of(world),
        order,
        now=world.clock.now(),
        openid=openid,
        transaction_id=make_transaction_id(world),
    )
    return notify.notify_payment(world, order) if order.trade_type != "MICROPAY" else None


def charge_barcode(world: World, order: Order, auth_code: str) -> None:
    """Charge a payment code; what happens is the next outcome of `next_codepay`, SUCCESS when none is set.

    Refuses with the outcome's error. A number used before is refused even for the same request: query instead.
    """
    state = wechatpay_of(world)
    if order.out_trade_no in state.orders:
        raise errors.order_paid() if order.is_paid else errors.number_used()
    outcome = state.next_codepay.pop(0) if state.next_codepay else "SUCCESS"
    person = world.find_person(state.auth_codes.pop(auth_code, "")) or world.people[0]
    openid = person.openids.get(order.appid, "")
    book.add_order(state, order)
    if outcome in ("SUCCESS", OUTCOME_UNKNOWN_BUT_PAID):
        pay(world, order, openid)
    elif outcome == "USERPAYING":
        order.state = TradeState.USERPAYING
        order.openid = openid
        order.userpaying_until = order.created_at + book.USERPAYING_SECONDS
    elif outcome != "SYSTEM_ERROR":
        order.state = TradeState.PAYERROR
    if outcome != "SUCCESS":
        raise errors.BARCODE_REFUSALS["SYSTEM_ERROR" if outcome == OUTCOME_UNKNOWN_BUT_PAID else outcome]


def show_code(world: World, openid: str = "") -> str:
    """A fresh single-use payment code of 18 digits for the consumer's phone."""
    code = "13" + "".join(world.rng.choices(DIGITS, k=16))
    wechatpay_of(world).auth_codes[code] = world.person(openid).key
    return code


def reverse(world: World, order: Order) -> None:
    """The merchant revokes a barcode payment."""
    book.reverse(wechatpay_of(world), order, now=world.clock.now(), refund_id=make_refund_id(world))


def refund(
    world: World, body: dict[str, Any], *, signer_serial: str, is_current: Callable[[], bool]
) -> tuple[Order, Refund]:
    """Accept a refund, or find the one of the same number; a number with other parameters is refused.

    `is_current` says whether this world is still the one being played, because a processing refund ends later.
    """
    number = fields.text(body, "out_refund_no", pattern=fields.OUT_REFUND_NO, length_max=64)
    amount = fields.amount(body, "amount.refund")
    order = find_asked(world, body)
    refuse_other_identity(order, body)
    if number in wechatpay_of(world).refunds and not _is_planted(world, number, "double_refund"):
        return _same_refund(world, number, order, amount)
    if fields.amount(body, "amount.total") != order.total:
        raise errors.invalid("订单金额与原订单不一致")
    if fields.text(body, "amount.currency", length_max=3) != order.currency:
        raise errors.parameter("amount.currency", "与支付币种不一致", fields.find(body, "amount.currency"))
    now = world.clock.now()
    over = amount > order.total - order.refunded and _is_planted(world, number, "over_refund")
    if not over and (refusal := book.refusal_to_refund(wechatpay_of(world), order, amount, now)) is not None:
        raise refusal
    found = Refund(
        out_refund_no=number,
        refund_id=make_refund_id(world),
        amount=amount,
        payer_amount=0,
        reason=fields.text(body, "reason", required=False, length_max=80),
        notify_url=fields.notify_url(body, required=False),
        signer_serial=signer_serial,
        created_at=now,
    )
    book.add_refund(wechatpay_of(world), order, found, over=over)
    if wechatpay_of(world).settings.refund_mode == "success":
        end_refund(world, order, found, RefundState.SUCCESS)
    else:
        _end_later(world, found, is_current)
    return order, found


def refuse_other_identity(order: Order, asked: Mapping[str, Any]) -> None:
    """Refuse a call whose mchid, sp_mchid, sub_mchid or appid, as far as it names them, are not the order's."""
    for name in ("mchid", "sp_mchid", "sub_mchid", "appid", "sp_appid", "sub_appid"):
        if asked.get(name) and asked[name] != order.identity.get(name):
            raise errors.parameter(name, "与原订单不一致", str(asked[name]))


def find_asked(world: World, body: dict[str, Any]) -> Order:
    """The order that a body names by transaction_id or out_trade_no."""
    transaction_id = fields.text(body, "transaction_id", required=False, length_max=32)
    number = fields.text(body, "out_trade_no", required=not transaction_id, length_max=32)
    return book.find_order(wechatpay_of(world), out_trade_no=number, transaction_id=transaction_id)


def end_refund(world: World, order: Order, found: Refund, status: RefundState) -> None:
    """A refund ends and its notification goes out."""
    book.end_refund(wechatpay_of(world), found, status, world.clock.now())
    notify.notify_refund(world, order, found)


def end_due_refunds(world: World) -> None:
    """End every processing refund whose virtual time has come."""
    for order, found in book.due_refunds(wechatpay_of(world), world.clock.now()):
        end_refund(world, order, found, RefundState.SUCCESS)


def find_for_control(world: World, body: dict[str, Any]) -> Order:
    """The order a control body names; raises ControlError that says what to send."""
    number = str(body.get("out_trade_no", ""))
    if (order := wechatpay_of(world).orders.get(number)) is None:
        raise ControlError(f"no WeChat Pay order has out_trade_no {number!r}")
    return order


def make_transaction_id(world: World) -> str:
    """28 digits beginning with 4200, as WeChat Pay numbers its transactions."""
    stamp = f"{datetime.fromtimestamp(world.clock.now(), BEIJING):%Y%m%d}"
    return (
        "4200000" + "".join(world.rng.choices(DIGITS, k=3)) + stamp + "".join(world.rng.choices(DIGITS, k=10))
    )


def make_refund_id(world: World) -> str:
    """29 digits beginning with 503, as WeChat Pay numbers its refunds."""
    stamp = f"{datetime.fromtimestamp(world.clock.now(), BEIJING):%Y%m%d}"
    return (
        "50300000"
        + "".join(world.rng.choices(DIGITS, k=3))
        + stamp
        + "".join(world.rng.choices(DIGITS, k=10))
    )


def _is_planted(world: World, number: str, defect: str) -> bool:
    return world.faults.take("wechatpay", f"refund {number}", {defect}) is not None


def _same_refund(world: World, number: str, order: Order, amount: int) -> tuple[Order, Refund]:
    known_order, known = wechatpay_of(world).refunds[number]
    if known_order is not order or known.amount != amount:
        raise errors.invalid("商户退款单号重复，且与之前的请求参数不一致")
    return known_order, known


def _end_later(world: World, found: Refund, is_current: Callable[[], bool]) -> None:
    async def wait() -> None:
        await world.clock.sleep_until(found.settles_at)
        if is_current():
            end_due_refunds(world)

    task = asyncio.get_running_loop().create_task(wait())
    _timers.add(task)
    task.add_done_callback(_timers.discard)


def _payer(body: dict[str, Any]) -> str:
    payer = fields.find(body, "payer")
    names = ("openid", "sub_openid", "sp_openid")
    return (
        next((str(payer[name]) for name in names if payer.get(name)), "") if isinstance(payer, dict) else ""
    )


def _currency(world: World, body: dict[str, Any], scheme: str) -> str:
    currency = fields.text(body, "amount.currency", required=scheme == "global", length_max=3) or "CNY"
    if scheme == "domestic" and currency != "CNY":
        raise errors.parameter("amount.currency", "境内商户号仅支持CNY", currency)
    if currency not in wechatpay_of(world).settings.rates:
        raise errors.parameter("amount.currency", "不支持的币种", currency)
    return currency


def _expiry(body: dict[str, Any], now: float) -> float:
    asked = fields.text(body, "time_expire", required=False, pattern=RFC3339, length_max=32)
    if not asked:
        return now + book.PREPAY_SECONDS
    try:
        expires_at = datetime.fromisoformat(asked).timestamp()
    except ValueError:
        raise errors.parameter("time_expire", "不是有效的时间", asked) from None
    if expires_at <= now:
        raise errors.parameter("time_expire", "应晚于当前时间", asked)
    return expires_at
