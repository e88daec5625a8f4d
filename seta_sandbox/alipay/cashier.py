"""Do what merchants and buyers ask of Alipay: offer a QR code, charge a barcode, pay, refund, undo."""

import re

from seta_sandbox.alipay import amounts, errors, notify
from seta_sandbox.alipay import state as book
from seta_sandbox.alipay.gateway import Call, moment
from seta_sandbox.alipay.state import Refund, Trade, TradeStatus, alipay_of
from seta_sandbox.kit.errors import ControlError
from seta_sandbox.kit.keys import ALPHANUMERIC, DIGITS
from seta_sandbox.kit.push import Delivery
from seta_sandbox.kit.world import World

OUT_TRADE_NO = re.compile(r"[0-9A-Za-z_\-]{1,64}")
AUTH_CODE = re.compile(r"(25|26|27|28|29|30)\d{14,22}")
TIMEOUT = re.compile(r"(\d{1,5})([mhdc])")
TIMEOUT_UNITS = {"m": 60, "h": 3_600, "d": 86_400}
QR_SECONDS = 7_200
BARCODE_SECONDS = 180
WAITING = "USERPAYING"
UNKNOWN = "SYSTEM_ERROR"
UNKNOWN_BUT_PAID = "SYSTEM_ERROR_PAID"
CODEPAY_OUTCOMES = ("SUCCESS", WAITING, UNKNOWN, UNKNOWN_BUT_PAID, *errors.BARCODE_REFUSALS)


def place(call: Call, status: TradeStatus, seconds: int) -> Trade:
    """A new trade, or the same unpaid one asked for again; refuses a used number."""
    number = call.text("out_trade_no", required=True, length_max=64)
    if not OUT_TRADE_NO.fullmatch(number):
        raise errors.invalid("out_trade_no")
    total = amounts.fen(call.text("total_amount", required=True, length_max=12))
    if total is None:
        raise errors.business("ACQ.TOTAL_FEE_EXCEED", "订单总金额不在允许范围内")
    subject = call.text("subject", required=True)
    world, now = call.world, call.world.clock.now()
    known = alipay_of(world).trades.get(number)
    if known is not None:
        book.refresh(known, now)
        if (refusal := book.refusal_to_reuse(known, total=total, subject=subject)) is not None:
            raise refusal
        return known
    trade = Trade(
        out_trade_no=number,
        subject=subject,
        total=total,
        created_at=now,
        expires_at=now + _seconds(call.text("timeout_express"), seconds),
        status=status,
        notify_url=call.notify_url,
        store_id=call.text("store_id"),
        operator_id=call.text("operator_id"),
        terminal_id=call.text("terminal_id"),
    )
    alipay_of(world).trades[number] = trade
    return trade


def admit(world: World, trade: Trade) -> None:
    """Give a trade its Alipay number, as a scan of its QR code or a created order does."""
    if not trade.trade_no:
        day = moment(world.clock.now())[:10].replace("-", "")
        trade.trade_no = day + "22001" + "".join(world.rng.choices(DIGITS, k=15))
    if trade.status is TradeStatus.UNSCANNED:
        trade.status = TradeStatus.WAIT_BUYER_PAY


def pay(world: World, trade: Trade, buyer_id: str) -> Delivery | None:
    """The buyer pays and the merchant is notified."""
    admit(world, trade)
    book.take_payment(trade, buyer_id=buyer_id, now=world.clock.now())
    return notify.notify_trade(world, trade)


def charge_barcode(call: Call) -> Trade:
    """Charge a payment code; the next outcome of `next_codepay` decides, SUCCESS when none is set.

    The returned trade may still be waiting for its buyer (code 10003). Raises Refusal for the other outcomes.
    """
    auth_code = call.text("auth_code", required=True)
    if call.text("scene") != "bar_code":
        raise errors.invalid("scene")
    if not AUTH_CODE.fullmatch(auth_code):
        raise errors.BARCODE_REFUSALS["AUTH_CODE_INVALID"]
    world, state = call.world, alipay_of(call.world)
    is_new = call.text("out_trade_no") not in state.trades
    trade = place(call, TradeStatus.WAIT_BUYER_PAY, BARCODE_SECONDS)
    if not is_new:
        return trade
    outcome = state.next_codepay.pop(0) if state.next_codepay else "SUCCESS"
    person = world.find_person(state.auth_codes.pop(auth_code, "")) or world.people[0]
    if outcome in errors.BARCODE_REFUSALS:
        del state.trades[trade.out_trade_no]
        raise errors.BARCODE_REFUSALS[outcome]
    admit(world, trade)
    trade.buyer_id = person.alipay_user_id
    if outcome in ("SUCCESS", UNKNOWN_BUT_PAID):
        pay(world, trade, person.alipay_user_id)
    if outcome in (UNKNOWN, UNKNOWN_BUT_PAID):
        raise errors.unknown()
    return trade


def find(call: Call) -> Trade:
    """The trade a call names; refuses one that Alipay does not know."""
    trade_no, number = call.text("trade_no"), call.text("out_trade_no")
    if not trade_no and not number:
        raise errors.invalid("out_trade_no")
    return book.find_trade(
        alipay_of(call.world), out_trade_no=number, trade_no=trade_no, now=call.world.clock.now()
    )


def refund(call: Call, trade: Trade) -> tuple[Refund, bool]:
    """Refund by request number and notify; says whether money moved with this call."""
    amount = amounts.fen(call.text("refund_amount", required=True))
    if amount is None:
        raise errors.invalid("refund_amount")
    number = call.text("out_request_no", length_max=64)
    if not number and amount != trade.total:
        raise errors.invalid("out_request_no")
    number = number or trade.out_trade_no
    moved = book.refund(
        trade,
        out_request_no=number,
        amount=amount,
        reason=call.text("refund_reason"),
        now=call.world.clock.now(),
        is_settled=alipay_of(call.world).settings.refund_mode == "success",
        planted=lambda defect: call.world.faults.take("alipay", f"refund {number}", {defect}) is not None,
    )
    found = next(refund for refund in trade.refunds if refund.out_request_no == number)
    if moved and found.is_settled:
        notify.notify_trade(call.world, trade, found)
    return found, moved and found.is_settled


def show_code(world: World, buyer: str = "") -> str:
    """A fresh single-use payment code of 18 digits for the buyer's phone."""
    code = "28" + "".join(world.rng.choices(DIGITS, k=16))
    alipay_of(world).auth_codes[code] = world.person(buyer).key
    return code


def find_for_control(world: World, number: str) -> Trade:
    """The trade a control body names, scanned or not; raises ControlError."""
    trade = alipay_of(world).trades.get(number)
    if trade is None:
        raise ControlError(f"no Alipay trade has out_trade_no {number!r}")
    book.refresh(trade, world.clock.now())
    return trade


def make_qr_code(world: World) -> str:
    """The text of a QR code as `alipay.trade.precreate` gives it."""
    return "https://qr.alipay.com/bax" + "".join(world.rng.choices(ALPHANUMERIC.lower(), k=21))


def _seconds(text: str, default: int) -> int:
    if not text:
        return default
    found = TIMEOUT.fullmatch(text)
    if found is None:
        raise errors.invalid("timeout_express")
    return TIMEOUT_UNITS["d"] if found[2] == "c" else int(found[1]) * TIMEOUT_UNITS[found[2]]
