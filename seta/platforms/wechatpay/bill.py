"""WeChat Pay's trade bill and fund bill as frozen rows: exact integers, control totals held, or nothing at all."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from seta.platforms.core.bills import BillRefused, beijing_time, require_total, scaled, unzipped

TRADE_COLUMNS = (
    *("交易时间", "公众账号ID", "商户号", "特约商户号", "设备号", "微信订单号", "商户订单号", "用户标识"),
    *("交易类型", "交易状态", "付款银行", "货币种类", "应结订单金额", "代金券金额", "微信退款单号"),
    *("商户退款单号", "退款金额", "充值券退款金额", "退款类型", "退款状态", "商品名称", "商户数据包"),
    *("手续费", "费率", "订单金额", "申请退款金额", "费率备注"),
)
TRADE_TOTALS = (
    *("总交易单数", "应结订单总金额", "退款总金额", "充值券退款总金额"),
    *("手续费总金额", "订单总金额", "申请退款总金额"),
)
FUND_COLUMNS = (
    *("记账时间", "微信支付业务单号", "资金流水单号", "业务名称", "业务类型", "收支类型", "收支金额(元)"),
    *("账户结余(元)", "资金变更提交申请人", "备注", "业务凭证号"),
)
FUND_TOTALS = ("资金流水总笔数", "收入笔数", "收入金额", "支出笔数", "支出金额")

_FEE_DIGITS = 5
_INCOME, _EXPENSE = "收入", "支出"


@dataclass(frozen=True, slots=True)
class TradeRow:
    """One payment (SUCCESS), refund (REFUND) or undone payment (REVOKED); amounts in fen.

    `fee_e5` is the fee in 1/100000 yuan as the bill states it, negative when given back; `fee` rounds it half up
    to fen. `refund_status` is the state on the bill's day and is never updated in later bills.
    """

    traded_at: datetime
    appid: str
    mchid: str
    sub_mchid: str
    device: str
    transaction_id: str
    out_trade_no: str
    openid: str
    trade_type: str
    trade_state: str
    bank: str
    currency: str
    settled_total: int
    coupon: int
    refund_id: str
    out_refund_no: str
    refund: int
    coupon_refund: int
    refund_type: str
    refund_status: str
    description: str
    attach: str
    fee_e5: int
    fee_rate: str
    order_total: int
    requested_refund: int
    fee_note: str

    @property
    def fee(self) -> int:
        """The fee in fen, half up away from zero."""
        size = (abs(self.fee_e5) + 500) // 1000
        return size if self.fee_e5 >= 0 else -size

    @property
    def is_refund(self) -> bool:
        """Whether money goes back in this row."""
        return self.trade_state in ("REFUND", "REVOKED")


@dataclass(frozen=True)
class TradeBill:
    """A whole day of trades; the totals are those of the file, and are the sums of the rows."""

    rows: tuple[TradeRow, ...]
    settled_total: int
    refund_total: int
    fee_total_e5: int
    order_total: int


@dataclass(frozen=True, slots=True)
class FundRow:
    """One movement of the account; `amount` in fen is negative for an expense, `balance` is after it."""

    booked_at: datetime
    business_id: str
    flow_id: str
    name: str
    kind: str
    amount: int
    balance: int
    applicant: str
    note: str
    voucher: str


@dataclass(frozen=True)
class FundBill:
    """A whole day of one account's movements."""

    rows: tuple[FundRow, ...]
    income: int
    expense: int


def parse_trade_bill(content: bytes) -> TradeBill:
    """Parse an ALL trade bill (plain or gzip); BillRefused when any line or total does not hold."""
    lines, totals = sections(content, TRADE_COLUMNS, TRADE_TOTALS)
    rows = tuple(_trade_row(cells, number) for number, cells in lines)
    settled, refund, coupon_refund = (scaled(totals[index], 2) for index in (1, 2, 3))
    fee = scaled(totals[4], _FEE_DIGITS)
    order, requested = scaled(totals[5], 2), scaled(totals[6], 2)
    require_total(TRADE_TOTALS[0], _count(totals[0]), len(rows))
    require_total(TRADE_TOTALS[1], settled, sum(row.settled_total for row in rows))
    require_total(TRADE_TOTALS[2], refund, sum(row.refund for row in rows))
    require_total(TRADE_TOTALS[3], coupon_refund, sum(row.coupon_refund for row in rows))
    require_total(TRADE_TOTALS[4], fee, sum(row.fee_e5 for row in rows))
    require_total(TRADE_TOTALS[5], order, sum(row.order_total for row in rows))
    require_total(TRADE_TOTALS[6], requested, sum(row.requested_refund for row in rows))
    return TradeBill(rows, settled, refund, fee, order)


def parse_fund_bill(content: bytes) -> FundBill:
    """Parse a fund bill (plain or gzip); BillRefused when any line or total does not hold."""
    lines, totals = sections(content, FUND_COLUMNS, FUND_TOTALS)
    rows = tuple(_fund_row(cells, number) for number, cells in lines)
    incomes = [row.amount for row in rows if row.amount >= 0]
    expenses = [-row.amount for row in rows if row.amount < 0]
    require_total(FUND_TOTALS[0], _count(totals[0]), len(rows))
    require_total(FUND_TOTALS[1], _count(totals[1]), len(incomes))
    require_total(FUND_TOTALS[2], scaled(totals[2], 2), sum(incomes))
    require_total(FUND_TOTALS[3], _count(totals[3]), len(expenses))
    require_total(FUND_TOTALS[4], scaled(totals[4], 2), sum(expenses))
    return FundBill(rows, sum(incomes), sum(expenses))


def sections(
    content: bytes, columns: tuple[str, ...], totals: tuple[str, ...]
) -> tuple[Iterator[tuple[int, list[str]]], list[str]]:
    """Split a file into its numbered detail lines and its one line of totals."""
    try:
        text = unzipped(content).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BillRefused("the file is not UTF-8") from error
    lines = text.replace("\r\n", "\n").rstrip("\n").split("\n")
    if len(lines) < 3 or _header(lines[0]) != columns:
        raise BillRefused("the header is not the one expected", 1)
    if _header(lines[-2]) != totals:
        raise BillRefused("the summary is missing: the file is cut short", len(lines))
    details = ((number, _cells(line, len(columns), number)) for number, line in enumerate(lines[1:-2], 2))
    return details, _cells(lines[-1], len(totals), len(lines))


def _header(line: str) -> tuple[str, ...]:
    return tuple(name.strip().lstrip("`") for name in line.split(","))


def _cells(line: str, count: int, number: int) -> list[str]:
    # Every cell begins with a backquote, so a comma inside a description does not end it.
    cells = line[1:].split(",`") if line.startswith("`") else []
    if len(cells) != count:
        raise BillRefused(f"{len(cells)} cells instead of {count}", number)
    return cells


def _trade_row(cells: list[str], number: int) -> TradeRow:
    if cells[9] not in ("SUCCESS", "REFUND", "REVOKED"):
        raise BillRefused(f"unknown trade state {cells[9][:20]!r}", number)
    if not cells[6]:
        raise BillRefused("no merchant order number", number)
    return TradeRow(
        traded_at=beijing_time(cells[0], number),
        appid=cells[1],
        mchid=cells[2],
        sub_mchid=cells[3],
        device=cells[4],
        transaction_id=cells[5],
        out_trade_no=cells[6],
        openid=cells[7],
        trade_type=cells[8],
        trade_state=cells[9],
        bank=cells[10],
        currency=cells[11],
        settled_total=scaled(cells[12], 2, number),
        coupon=scaled(cells[13], 2, number),
        refund_id=_number(cells[14]),
        out_refund_no=_number(cells[15]),
        refund=scaled(cells[16], 2, number),
        coupon_refund=scaled(cells[17], 2, number),
        refund_type=cells[18],
        refund_status=cells[19],
        description=cells[20],
        attach=cells[21],
        fee_e5=scaled(cells[22], _FEE_DIGITS, number),
        fee_rate=cells[23],
        order_total=scaled(cells[24], 2, number),
        requested_refund=scaled(cells[25], 2, number),
        fee_note=cells[26],
    )


def _fund_row(cells: list[str], number: int) -> FundRow:
    if cells[5] not in (_INCOME, _EXPENSE):
        raise BillRefused(f"unknown direction {cells[5][:20]!r}", number)
    amount = scaled(cells[6], 2, number)
    return FundRow(
        booked_at=beijing_time(cells[0], number),
        business_id=cells[1],
        flow_id=cells[2],
        name=cells[3],
        kind=cells[4],
        amount=amount if cells[5] == _INCOME else -amount,
        balance=scaled(cells[7], 2, number),
        applicant=cells[8],
        note=cells[9],
        voucher=cells[10],
    )


def _number(cell: str) -> str:
    # A payment has no refund number; the file writes 0.
    return "" if cell == "0" else cell


def _count(cell: str) -> int:
    return scaled(cell, 0)
