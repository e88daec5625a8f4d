"""WeChat Pay's cross-border statement of a day as frozen rows: exact integers, control totals held, or nothing.

The columns are from memory of such files: they stand in one place, to be compared with a real one.
"""

from dataclasses import dataclass
from datetime import datetime

from seta.kit.money import exponent
from seta.platforms.core.bills import BillRefused, beijing_time, require_total, scaled
from seta.platforms.wechatpay.bill import sections

COLUMNS = (
    *("交易时间", "公众账号ID", "商户号", "特约商户号", "微信订单号", "商户订单号", "用户标识", "交易类型"),
    *("交易状态", "货币种类", "订单金额", "用户支付币种", "用户支付金额", "微信退款单号", "商户退款单号"),
    *("退款金额", "用户退款金额", "退款状态", "商品名称", "手续费", "费率", "汇率类型", "汇率"),
)
TOTALS = ("总交易单数", "支付笔数", "用户支付总金额", "退款笔数", "用户退款总金额", "手续费总金额")
STATES = ("SUCCESS", "REFUND", "REVOKED")
_FEE_DIGITS = 5


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One payment, refund or undone payment; `total` and `refund` in minor units of `currency`.

    `payer_total` and `payer_refund` are what moved at the client, in fen; `rate` is scaled by 10^8.
    """

    traded_at: datetime
    mchid: str
    sub_mchid: str
    transaction_id: str
    out_trade_no: str
    trade_state: str
    currency: str
    total: int
    payer_total: int
    refund_id: str
    out_refund_no: str
    refund: int
    payer_refund: int
    refund_status: str
    fee_e5: int
    fee_rate: str
    rate: int

    @property
    def fee(self) -> int:
        """The fee in hundredths, half up away from zero."""
        size = (abs(self.fee_e5) + 500) // 1000
        return size if self.fee_e5 >= 0 else -size


@dataclass(frozen=True)
class Statement:
    """A whole day across the border."""

    rows: tuple[StatementRow, ...]


def parse_statement(content: bytes) -> Statement:
    """Parse a day's statement; BillRefused when a line or a total does not hold."""
    lines, totals = sections(content, COLUMNS, TOTALS)
    rows = tuple(_row(cells, number) for number, cells in lines)
    refunds = [row for row in rows if row.refund_id]
    require_total(TOTALS[0], scaled(totals[0], 0), len(rows))
    require_total(TOTALS[1], scaled(totals[1], 0), len(rows) - len(refunds))
    require_total(TOTALS[2], scaled(totals[2], 2), sum(row.payer_total for row in rows if not row.refund_id))
    require_total(TOTALS[3], scaled(totals[3], 0), len(refunds))
    require_total(TOTALS[4], scaled(totals[4], 2), sum(row.payer_refund for row in refunds))
    require_total(TOTALS[5], scaled(totals[5], _FEE_DIGITS), sum(row.fee_e5 for row in rows))
    return Statement(rows)


def _row(cells: list[str], number: int) -> StatementRow:
    if cells[8] not in STATES:
        raise BillRefused(f"unknown trade state {cells[8][:20]!r}", number)
    if not cells[5]:
        raise BillRefused("no merchant order number", number)
    digits = exponent(cells[9])
    return StatementRow(
        traded_at=beijing_time(cells[0], number),
        mchid=cells[2],
        sub_mchid=cells[3],
        transaction_id=cells[4],
        out_trade_no=cells[5],
        trade_state=cells[8],
        currency=cells[9],
        total=scaled(cells[10], digits, number),
        payer_total=scaled(cells[12], 2, number),
        refund_id=cells[13] if cells[13] != "0" else "",
        out_refund_no=cells[14] if cells[14] != "0" else "",
        refund=scaled(cells[15], digits, number),
        payer_refund=scaled(cells[16], 2, number),
        refund_status=cells[17],
        fee_e5=scaled(cells[19], _FEE_DIGITS, number),
        fee_rate=cells[20],
        rate=scaled(cells[22], 0, number),
    )
