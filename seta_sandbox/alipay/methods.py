"""The gateway's methods: alipay.trade.* and the bill's address, by name."""

import base64
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from seta_sandbox.alipay import amounts, bills, cashier, errors
from seta_sandbox.alipay import state as book
from seta_sandbox.alipay.gateway import BEIJING, Call, Inner, Method, keys_of, moment, success
from seta_sandbox.alipay.state import Download, TradeStatus, alipay_of
from seta_sandbox.kit.keys import HEX
from seta_sandbox.kit.world import World

DOWNLOAD_SECONDS = 30
READY_HOUR = 10
LOGON_ID = "che***@sandbox.example"


async def precreate(call: Call) -> Inner:
    """Offer a QR code; the trade does not exist for queries until it is scanned."""
    trade = cashier.place(call, TradeStatus.UNSCANNED, cashier.QR_SECONDS)
    trade.qr_code = trade.qr_code or cashier.make_qr_code(call.world)
    return success(out_trade_no=trade.out_trade_no, qr_code=trade.qr_code)


async def create(call: Call) -> Inner:
    """Create a trade that the buyer pays inside Alipay with `my.tradePay`."""
    buyer_id = call.text("buyer_id")
    if not buyer_id or call.world.find_person(buyer_id) is None:
        raise errors.invalid("buyer_id")
    trade = cashier.place(call, TradeStatus.WAIT_BUYER_PAY, cashier.QR_SECONDS)
    trade.buyer_id = buyer_id
    cashier.admit(call.world, trade)
    return success(out_trade_no=trade.out_trade_no, trade_no=trade.trade_no)


async def pay(call: Call) -> Inner:
    """Charge a barcode: 10000 paid, 10003 waiting for the buyer's password."""
    trade = cashier.charge_barcode(call)
    facts = {
        "trade_no": trade.trade_no,
        "out_trade_no": trade.out_trade_no,
        "buyer_user_id": trade.buyer_id,
        "buyer_logon_id": LOGON_ID,
        "total_amount": amounts.yuan(trade.total),
    }
    if trade.paid_at is None:
        return {"code": "10003", "msg": errors.MESSAGES["10003"], **facts}
    total = amounts.yuan(trade.total)
    return success(
        **facts,
        receipt_amount=total,
        buyer_pay_amount=total,
        invoice_amount=total,
        point_amount="0.00",
        gmt_payment=moment(trade.paid_at),
        fund_bill_list=[{"amount": total, "fund_channel": "ALIPAYACCOUNT"}],
    )


async def query(call: Call) -> Inner:
    """The trade's state."""
    trade = cashier.find(call)
    total = amounts.yuan(trade.total)
    inner = success(
        trade_no=trade.trade_no,
        out_trade_no=trade.out_trade_no,
        buyer_logon_id=LOGON_ID,
        buyer_user_id=trade.buyer_id,
        trade_status=trade.status.value,
        total_amount=total,
        receipt_amount=total if trade.paid_at is not None else "0.00",
        buyer_pay_amount=total if trade.paid_at is not None else "0.00",
        invoice_amount=total,
        point_amount="0.00",
        store_id=trade.store_id,
    )
    return inner if trade.paid_at is None else {**inner, "send_pay_date": moment(trade.paid_at)}


async def refund(call: Call) -> Inner:
    """Refund by request number; `refund_fee` is what was refunded of the trade altogether."""
    trade = cashier.find(call)
    found, moved = cashier.refund(call, trade)
    return success(
        trade_no=trade.trade_no,
        out_trade_no=trade.out_trade_no,
        buyer_logon_id=LOGON_ID,
        buyer_user_id=trade.buyer_id,
        fund_change="Y" if moved else "N",
        refund_fee=amounts.yuan(trade.refunded),
        send_back_fee=amounts.yuan(found.amount if moved else 0),
        gmt_refund_pay=moment(found.created_at),
    )


async def refund_query(call: Call) -> Inner:
    """One refund; an unknown one is answered with success and no facts, as the provider does."""
    trade = cashier.find(call)
    number = call.text("out_request_no", required=True)
    found = next((refund for refund in trade.refunds if refund.out_request_no == number), None)
    if found is None:
        return success()
    inner = success(
        trade_no=trade.trade_no,
        out_trade_no=trade.out_trade_no,
        out_request_no=number,
        total_amount=amounts.yuan(trade.total),
        refund_amount=amounts.yuan(found.amount),
    )
    if not found.is_settled:
        return inner
    return {**inner, "refund_status": "REFUND_SUCCESS", "gmt_refund_pay": moment(found.created_at)}


async def cancel(call: Call) -> Inner:
    """Undo a trade: refund when paid, close when not, nothing when Alipay never knew it."""
    number = call.text("out_trade_no")
    trade = alipay_of(call.world).trades.get(number) if number else cashier.find(call)
    if trade is None:
        return success(out_trade_no=number, retry_flag="N")
    paid_before = trade.paid_at is not None and trade.refunded < trade.total
    action = book.cancel(trade, call.world.clock.now())
    inner = success(out_trade_no=trade.out_trade_no, retry_flag="N", action=action)
    if paid_before:
        inner["gmt_refund_pay"] = moment(call.world.clock.now())
    return {**inner, "trade_no": trade.trade_no} if trade.trade_no else inner


async def close(call: Call) -> Inner:
    """Close a trade that waits for its buyer."""
    trade = cashier.find(call)
    book.close(trade, call.world.clock.now())
    return success(trade_no=trade.trade_no, out_trade_no=trade.out_trade_no)


async def bill_address(call: Call) -> Inner:
    """The 30-second address of a day's zip."""
    if call.text("bill_type") not in ("trade", "signcustomer"):
        raise errors.invalid("bill_type")
    try:
        day = date.fromisoformat(call.text("bill_date", required=True))
    except ValueError:
        raise errors.invalid("bill_date") from None
    content = bill_of(call.world, day)
    token = "".join(call.world.rng.choices(HEX, k=40))
    alipay_of(call.world).downloads[token] = Download(
        f"{keys_of(call.world).seller_id}_{day:%Y%m%d}.csv.zip",
        content,
        call.world.clock.now() + DOWNLOAD_SECONDS,
    )
    address = f"{call.host}/downloadBillFile.resource?bizType=trade&fileType=csv.zip&fileId={token}"
    return success(bill_download_url=address)


def bill_of(world: World, day: date) -> bytes:
    """A day's zip: as it was closed, or made now when the day is over and it is past ten; refuses others."""
    if (kept := alipay_of(world).bills.get(day)) is not None:
        return kept
    now = datetime.fromtimestamp(world.clock.now(), BEIJING)
    if day >= now.date():
        raise errors.business("isp.bill_not_exist", "账单不存在")
    ready = datetime(day.year, day.month, day.day, READY_HOUR, tzinfo=BEIJING) + timedelta(days=1)
    if now < ready:
        raise errors.business("isp.bill_not_exist", "账单不存在")
    return make_bill(world, day, None)[0]


def make_bill(
    world: World, day: date, plant: str | None, *, allow_empty: bool = False
) -> tuple[bytes, int, bills.Break | None]:
    """Make and keep a day's zip; returns it, its number of lines and the break planted in it."""
    lines = bills.lines_of(alipay_of(world).trades.values(), alipay_of(world).settings.fee_rate, day)
    if not lines and not allow_empty:
        raise errors.business("isp.bill_not_exist", "账单不存在")
    planted = None
    if plant:
        lines, planted = bills.plant(lines, plant, day)
    content = bills.archive(lines, seller_id=keys_of(world).seller_id, day=day, made_at=world.clock.now())
    alipay_of(world).bills[day] = content
    return content, len(lines), planted


async def certificate(call: Call) -> Inner:
    """Alipay's certificate of a serial number in base64, for who meets a new one in an answer."""
    known = keys_of(call.world).certificates
    if call.text("alipay_cert_sn", required=True) != known.platform_sn:
        raise errors.business("isv.invalid-alipay-cert-sn", "证书不存在")
    return success(alipay_cert_content=base64.b64encode(known.platform.encode()).decode("ascii"))


METHODS: Mapping[str, Method] = {
    "alipay.trade.precreate": precreate,
    "alipay.trade.create": create,
    "alipay.trade.pay": pay,
    "alipay.trade.query": query,
    "alipay.trade.refund": refund,
    "alipay.trade.fastpay.refund.query": refund_query,
    "alipay.trade.cancel": cancel,
    "alipay.trade.close": close,
    "alipay.data.dataservice.bill.downloadurl.query": bill_address,
    "alipay.open.app.alipaycert.download": certificate,
}
