"""What merchants abroad are paid: each day's CNY is converted the day after, and paid out once it is worth it.

`batches` is computed from the orders, so it always agrees with them. It reports the institution's own total, whatever
sub-merchant the query names, as the documents say.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from starlette.routing import Route

from seta_sandbox.wechatpay import amounts, bills, errors
from seta_sandbox.wechatpay.documents import BEIJING
from seta_sandbox.wechatpay.door import Answer, Call, signed
from seta_sandbox.wechatpay.state import Order, Settings, wechatpay_of

LIMIT_MAX = 20
REGION = "CHINA_MAINLAND"


@dataclass
class Batch:
    """The converted days between two payouts; money in minor units of the settlement currency."""

    days: list[date] = field(default_factory=list)
    pay: int = 0
    refund: int = 0
    fee: int = 0
    paid_on: date | None = None

    @property
    def due(self) -> int:
        """What the merchant gets."""
        return self.pay - self.refund - self.fee


async def query(call: Call) -> Answer:
    """The batches paid out in a range of days (SETTLED), or what waits for its payout (UNSETTLE)."""
    params = call.request.query_params
    state = params.get("settle_state", "")
    if state not in ("SETTLED", "UNSETTLE"):
        raise errors.parameter("settle_state", "应为SETTLED或UNSETTLE", state, "query")
    first, last = _day(params.get("settle_start_date", "")), _day(params.get("settle_end_date", ""))
    if state == "SETTLED" and (first is None or last is None or first > last):
        raise errors.parameter("settle_start_date", "查询已结算资金时起止日期必填", None, "query")
    offset, limit = _number(params.get("offset"), "offset", 0), _number(params.get("limit"), "limit", 1)
    world = call.world
    orders = [order for order in wechatpay_of(world).orders.values() if order.scheme == "global"]
    now = datetime.fromtimestamp(world.clock.now(), UTC).astimezone(BEIJING).date()
    found = [
        batch
        for batch in batches(orders, wechatpay_of(world).settings, now)
        if (batch.paid_on is not None) == (state == "SETTLED")
        and (batch.paid_on is None or (first or now) <= batch.paid_on <= (last or now))
    ]
    page = found[offset : offset + limit]
    currency = wechatpay_of(world).settings.settle_currency
    answer: dict[str, Any] = {"total_count": len(found), "offset": offset, "limit": len(page)}
    if page:
        answer["data"] = [_entry(batch, currency) for batch in page]
    return 200, answer


def batches(orders: Iterable[Order], settings: Settings, today: date) -> list[Batch]:
    """The batches until today: a day converts on the next, and a batch is paid when it reaches the minimum."""
    lines = bills.lines_of(orders, settings.fee_rate)
    first = min((bills.day_of(line.at) for line in lines), default=today)
    made, batch = list[Batch](), Batch()
    for number in range((today - first).days):
        day = first + timedelta(days=number)
        of_day = [line for line in lines if bills.day_of(line.at) == day]
        if not of_day:
            continue
        batch.days.append(day)
        for line in of_day:
            if line.refund is None:
                batch.pay += settled(line.order, line.order.total, settings)
            else:
                batch.refund += settled(line.order, line.refund.amount, settings)
            batch.fee += _fee(line, settings)
        if batch.due >= settings.payout_minimum:
            batch.paid_on = day + timedelta(days=1)
            made.append(batch)
            batch = Batch()
    return [*made, batch] if batch.days else made


def settled(order: Order, amount: int, settings: Settings) -> int:
    """An amount of an order in the settlement currency: unchanged when it is priced in it, so without FX risk."""
    if order.currency == settings.settle_currency:
        return amount
    fen = amounts.convert(amount, order.rate, exponent_from=amounts.exponent(order.currency))
    rate = settings.rates[settings.settle_currency]
    decimals = amounts.POWERS[amounts.exponent(settings.settle_currency)]
    numerator = fen * amounts.RATE_SCALE * decimals
    return (2 * numerator + rate * 100) // (2 * rate * 100)


def _fee(line: bills.Line, settings: Settings) -> int:
    if line.refund is None:
        return amounts.fee(settled(line.order, line.order.total, settings), line.fee_rate)
    return -amounts.fee(settled(line.order, line.refund.amount, settings), line.fee_rate)


def _entry(batch: Batch, currency: str) -> dict[str, Any]:
    is_paid = batch.paid_on is not None
    on = batch.paid_on or batch.days[-1] + timedelta(days=1)
    return {
        "batch_id": f"{on:%Y%m%d}001" if is_paid else "",
        "settlement_date": f"{on:%Y%m%d}",
        "trade_start_date": f"{batch.days[0]:%Y%m%d}",
        "trade_end_date": f"{batch.days[-1]:%Y%m%d}",
        "amount": {
            "settled": batch.due if is_paid else 0,
            "unsettle": 0 if is_paid else batch.due,
            "currency": currency,
            "pay": batch.pay,
            "refund": batch.refund,
            "net": batch.pay - batch.refund,
            "fee": batch.fee,
        },
        "wallet_region": REGION,
    }


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return datetime.strptime(text, "%Y%m%d").date()
    except ValueError:
        raise errors.parameter("settle_start_date", "格式应为YYYYMMDD", text, "query") from None


def _number(text: str | None, name: str, least: int) -> int:
    if text is None or not text.isdecimal() or len(text) > 6 or int(text) < least:
        raise errors.parameter(name, "缺少或不是整数", text, "query")
    if name == "limit" and int(text) > LIMIT_MAX:
        raise errors.parameter(name, f"不能超过{LIMIT_MAX}", text, "query")
    return int(text)


ROUTES: list[Route] = [Route("/v3/global/settle/settlements", signed(query))]
