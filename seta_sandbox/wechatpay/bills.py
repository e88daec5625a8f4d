"""Write a day's trade bill and fund bill as WeChat Pay's files: backquoted cells, CRLF, a summary at the end.

Column order from the documents' table; the BOM and CRLF are from memory. A bill lists successful payments and
accepted refunds of one Beijing day.
"""

import gzip
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from seta_sandbox.wechatpay import amounts
from seta_sandbox.wechatpay.documents import BANK, BEIJING
from seta_sandbox.wechatpay.state import Order, Refund, TradeState

BOM = "\ufeff"
TRADE_COLUMNS = (
    "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,"
    "应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,"
    "手续费,费率,订单金额,申请退款金额,费率备注"
)
TRADE_SUMMARY_COLUMNS = (
    "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额"
)
FUND_COLUMNS = (
    "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),"
    "账户结余(元),资金变更提交申请人,备注,业务凭证号"
)
FUND_SUMMARY_COLUMNS = "资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额"
PLANTS = ("missing", "amount", "extra")
PLANTED_FEN = 100


@dataclass(frozen=True)
class Line:
    """One payment or refund; money in fen. A refund's `fee` is negative: the provider gives it back."""

    at: float
    order: Order
    transaction_id: str
    out_trade_no: str
    state: str
    total: int
    fee: int
    fee_rate: int
    refund: Refund | None = None

    @property
    def refunded(self) -> int:
        """The refund's fen, 0 for a payment."""
        return self.refund.payer_amount if self.refund else 0


@dataclass(frozen=True)
class Break:
    """A difference planted on purpose: which order, what the bill says (`None`: nothing) and what is true."""

    kind: str
    out_trade_no: str
    bill_amount: int | None
    true_amount: int | None


def day_of(at: float) -> date:
    """The Beijing day of an instant; bills are cut there."""
    return datetime.fromtimestamp(at, UTC).astimezone(BEIJING).date()


def lines_of(orders: Iterable[Order], fee_rate: int, day: date | None = None) -> list[Line]:
    """The lines of one day (of all days for None) in order of time."""
    lines = [line for order in orders for line in _lines_of_order(order, fee_rate)]
    return sorted((line for line in lines if day is None or day_of(line.at) == day), key=lambda line: line.at)


def plant(lines: Sequence[Line], kind: str, day: date) -> tuple[list[Line], Break]:
    """The lines with one break: a payment left out, a payment's amount raised by 1 yuan, or an unknown payment.

    Raises ValueError when there is no payment to break or the kind is unknown.
    """
    if kind not in PLANTS:
        raise ValueError(f"plant must be one of {', '.join(PLANTS)}")
    first = next((line for line in lines if line.refund is None), None)
    if first is None:
        raise ValueError("the day has no payment to plant a break in")
    if kind == "missing":
        kept = [line for line in lines if line is not first]
        return kept, Break(kind, first.out_trade_no, None, first.total)
    if kind == "amount":
        wrong = replace(first, total=first.total + PLANTED_FEN)
        return [wrong if line is first else line for line in lines], Break(
            kind, first.out_trade_no, wrong.total, first.total
        )
    number = f"EXTRA{day:%Y%m%d}"
    extra = replace(first, out_trade_no=number, transaction_id="4200000999" + f"{day:%Y%m%d}" + "0" * 10)
    return [*lines, extra], Break(kind, number, extra.total, None)


def trade_bill(lines: Sequence[Line]) -> bytes:
    """The ALL trade bill."""
    rows = [TRADE_COLUMNS, *(cells(_trade_cells(line)) for line in lines)]
    payments = sum(line.total for line in lines if line.refund is None)
    refunds = sum(line.refunded for line in lines)
    summary = (
        str(len(lines)), amounts.yuan(payments), amounts.yuan(refunds), "0.00",
        amounts.fee_yuan(sum(line.fee for line in lines)), amounts.yuan(payments), amounts.yuan(refunds),
    )  # fmt: skip
    return file_of([*rows, TRADE_SUMMARY_COLUMNS, cells(summary)])


def fund_bill(lines: Sequence[Line], day: date) -> bytes:
    """The BASIC account's fund bill of one day; `lines` are those of all days, for the running balance."""
    balance = 0
    rows: list[str] = [FUND_COLUMNS]
    income: list[int] = []
    expense: list[int] = []
    for line in lines:
        for index, (name, fen) in enumerate(_movements(line)):
            balance += fen
            if day_of(line.at) != day or not fen:
                continue
            (income if fen > 0 else expense).append(abs(fen))
            rows.append(cells(_fund_cells(line, index, name, fen, balance)))
    summary = (
        str(len(income) + len(expense)), str(len(income)), amounts.yuan(sum(income)),
        str(len(expense)), amounts.yuan(sum(expense)),
    )  # fmt: skip
    return file_of([*rows, FUND_SUMMARY_COLUMNS, cells(summary)])


def sha1(content: bytes) -> str:
    """The hash the bill calls give: of the file before compression."""
    return hashlib.sha1(content, usedforsecurity=False).hexdigest()


def compress(content: bytes) -> bytes:
    """GZIP without a time in its header, so that one bill has one form."""
    return gzip.compress(content, mtime=0)


def cells(values: Iterable[str]) -> str:
    """One line of a bill: every cell begins with a backquote, so that spreadsheets keep long numbers."""
    return ",".join("`" + _plain(value) for value in values)


def file_of(rows: Iterable[str]) -> bytes:
    """A bill file: UTF-8 with BOM, CRLF after every line."""
    return (BOM + "\r\n".join(rows) + "\r\n").encode()


def _lines_of_order(order: Order, fee_rate: int) -> list[Line]:
    if order.paid_at is None:
        return []

    def line(at: float, state: TradeState, total: int, fee: int, refund: Refund | None = None) -> Line:
        ids = (order.transaction_id, order.out_trade_no)
        return Line(at, order, *ids, state.value, total, fee, fee_rate, refund)

    fee = amounts.fee(order.payer_total, fee_rate)
    lines = [line(order.paid_at, TradeState.SUCCESS, order.payer_total, fee)]
    for refund in order.refunds:
        state = TradeState.REVOKED if refund.is_reversal else TradeState.REFUND
        lines.append(line(refund.created_at, state, 0, -amounts.fee(refund.payer_amount, fee_rate), refund))
    return lines


def _trade_cells(line: Line) -> tuple[str, ...]:
    order, refund = line.order, line.refund
    return (
        _moment(line.at), order.appid, order.identity.get("mchid", ""), "0", "",
        line.transaction_id, line.out_trade_no, order.openid, order.trade_type, line.state, BANK, "CNY",
        amounts.yuan(line.total), "0.00",
        refund.refund_id if refund else "0", refund.out_refund_no if refund else "0",
        amounts.yuan(line.refunded), "0.00",
        "ORIGINAL" if refund else "", refund.status.value if refund else "",
        order.description, order.attach,
        amounts.fee_yuan(line.fee), amounts.percent(line.fee_rate),
        amounts.yuan(line.total), amounts.yuan(line.refunded), "",
    )  # fmt: skip


def _movements(line: Line) -> list[tuple[str, int]]:
    if line.refund is None:
        return [("交易", line.total), ("扣除交易手续费", -line.fee)]
    return [("退款", -line.refunded), ("退还交易手续费", -line.fee)]


def _fund_cells(line: Line, index: int, name: str, fen: int, balance: int) -> tuple[str, ...]:
    number = line.refund.refund_id if line.refund else line.transaction_id
    voucher = line.refund.out_refund_no if line.refund else line.out_trade_no
    return (
        _moment(line.at), number, f"{number}{index}", name, name, "收入" if fen > 0 else "支出",
        amounts.yuan(abs(fen)), amounts.yuan(balance), "system", line.order.description, voucher,
    )  # fmt: skip


def _moment(at: float) -> str:
    return f"{datetime.fromtimestamp(int(at), UTC).astimezone(BEIJING):%Y-%m-%d %H:%M:%S}"


def _plain(value: str) -> str:
    """A cell's text without what would end the cell or the line: the files have no quoting."""
    return value.replace(",", " ").replace("`", " ").replace("\r", "\\r").replace("\n", "\\n")
