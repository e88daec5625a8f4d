"""The cross-border statement of a day: a bare CSV from nine the next morning, its SHA-1 in a header.

The columns are from memory of such files; the rules of when and how long are the documents'.
"""

from datetime import date, datetime, time, timedelta

from starlette.responses import Response
from starlette.routing import Route

from seta_sandbox.kit.world import World
from seta_sandbox.wechatpay import amounts, bills, documents, errors
from seta_sandbox.wechatpay.documents import BEIJING
from seta_sandbox.wechatpay.door import Call, unsigned
from seta_sandbox.wechatpay.state import Order, wechatpay_of

COLUMNS = (
    "交易时间,公众账号ID,商户号,特约商户号,微信订单号,商户订单号,用户标识,交易类型,交易状态,货币种类,订单金额,"
    "用户支付币种,用户支付金额,微信退款单号,商户退款单号,退款金额,用户退款金额,退款状态,商品名称,手续费,费率,汇率类型,汇率"
)
SUMMARY_COLUMNS = "总交易单数,支付笔数,用户支付总金额,退款笔数,用户退款总金额,手续费总金额"
KIND = "statement"
READY_AT = time(9)
KEPT_DAYS = 180


async def download(call: Call) -> Response:
    """A day's statement."""
    asked = call.request.query_params.get("date", "")
    try:
        day = datetime.strptime(asked, "%Y%m%d").date()
    except ValueError:
        raise errors.parameter("date", "格式应为YYYYMMDD", asked, "query") from None
    content = statement_of(call.world, day)
    return Response(
        content,
        media_type="text/csv; charset=utf-8",
        headers={"Wechatpay-Statement-Sha1": bills.sha1(content)},
    )


def statement_of(world: World, day: date) -> bytes:
    """A day's statement: as it was closed, or made now when its time has come. Refuses other days and empty ones."""
    kept = wechatpay_of(world).bills.get((KIND, day))
    now = datetime.fromtimestamp(world.clock.now(), BEIJING)
    if kept is None and day < now.date() - timedelta(days=KEPT_DAYS):
        raise errors.invalid("账单日期超过可下载期限(180天)")
    if kept is None and day >= now.date():
        raise errors.Refusal(400, "NO_STATEMENT_EXIST", "账单文件不存在")
    if kept is None and now < datetime.combine(day + timedelta(days=1), READY_AT, BEIJING):
        raise errors.Refusal(400, "STATEMENT_CREATING", "账单生成中，请稍后再试")
    content = kept if kept is not None else make(world, day)
    if content is None:
        raise errors.Refusal(400, "NO_STATEMENT_EXIST", "账单文件不存在")
    return content


def make(world: World, day: date) -> bytes | None:
    """Make and keep a day's statement; None for a day without movements."""
    orders = [order for order in wechatpay_of(world).orders.values() if order.scheme == "global"]
    lines = bills.lines_of(orders, wechatpay_of(world).settings.fee_rate, day)
    if not lines:
        return None
    payments = [line for line in lines if line.refund is None]
    refunds = [line for line in lines if line.refund is not None]
    summary = (
        str(len(lines)), str(len(payments)), amounts.yuan(sum(line.total for line in payments)),
        str(len(refunds)), amounts.yuan(sum(line.refunded for line in refunds)),
        amounts.fee_yuan(sum(line.fee for line in lines)),
    )  # fmt: skip
    rows = [COLUMNS, *(bills.cells(_cells(line)) for line in lines)]
    content = bills.file_of([*rows, SUMMARY_COLUMNS, bills.cells(summary)])
    wechatpay_of(world).bills[KIND, day] = content
    return content


def _cells(line: bills.Line) -> tuple[str, ...]:
    order, found = line.order, line.refund
    total = "0.00" if found else _priced(order, order.total)
    rate_type = documents.refund_rate_type(order) if found else "SETTLEMENT_RATE"
    return (
        documents.rfc3339(line.at)[:19].replace("T", " "), order.appid,
        order.identity.get("mchid") or order.identity["sp_mchid"], order.identity.get("sub_mchid", ""),
        line.transaction_id, line.out_trade_no, order.openid, order.trade_type, line.state, order.currency,
        total, "CNY", amounts.yuan(line.total),
        found.refund_id if found else "", found.out_refund_no if found else "",
        _priced(order, found.amount) if found else "0.00", amounts.yuan(line.refunded),
        found.status.value if found else "", order.description,
        amounts.fee_yuan(line.fee), amounts.percent(line.fee_rate), rate_type, str(order.rate),
    )  # fmt: skip


def _priced(order: Order, amount: int) -> str:
    return amounts.yuan(amount) if amounts.exponent(order.currency) == 2 else str(amount)


ROUTES: list[Route] = [Route("/v3/global/statements", unsigned(download))]
