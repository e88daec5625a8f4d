"""Write a day's trade bill as Alipay's zip: details and summary, GBK, comment lines at head and foot.

The columns and decorations are from memory of real files; no official page of them was found. A trade's service
fee is negative in the file, a refund gives it back; a refund's amounts are negative.
"""

import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from seta_sandbox.alipay import amounts
from seta_sandbox.alipay.gateway import BEIJING, moment
from seta_sandbox.alipay.state import Refund, Trade

COLUMNS = (
    "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,"
    "订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,"
    "券名称,商家红包消费金额（元）,卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注"
)
SUMMARY_COLUMNS = (
    "门店编号,门店名称,交易订单总笔数,退款订单总笔数,订单金额（元）,商家实收（元）,支付宝优惠（元）,商家优惠（元）,"
    "卡消费金额（元）,服务费（元）,分润（元）,实收净额（元）"
)
RULE = "-" * 40
PLANTS = ("missing", "amount", "extra")
PLANTED_FEN = 100


@dataclass(frozen=True)
class Line:
    """One payment or refund; `total` and `fee` in fen as the file signs them."""

    at: float
    trade: Trade
    out_trade_no: str
    trade_no: str
    total: int
    fee: int
    refund: Refund | None = None


@dataclass(frozen=True)
class Break:
    """A difference planted on purpose: which trade, what the bill says (`None`: nothing) and what is true."""

    kind: str
    out_trade_no: str
    bill_amount: int | None
    true_amount: int | None


def day_of(at: float) -> date:
    """The Beijing day of an instant; bills are cut there."""
    return datetime.fromtimestamp(at, UTC).astimezone(BEIJING).date()


def lines_of(trades: Iterable[Trade], fee_rate: int, day: date) -> list[Line]:
    """The day's payments and refunds in order of time."""
    lines: list[Line] = []
    for trade in trades:
        if trade.paid_at is None:
            continue
        fee = amounts.fee(trade.total, fee_rate)
        lines.append(Line(trade.paid_at, trade, trade.out_trade_no, trade.trade_no, trade.total, -fee))
        for refund in trade.refunds:
            fee = amounts.fee(refund.amount, fee_rate)
            lines.append(
                Line(
                    refund.created_at, trade, trade.out_trade_no, trade.trade_no, -refund.amount, fee, refund
                )
            )
    return sorted((line for line in lines if day_of(line.at) == day), key=lambda line: line.at)


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
        changed = [wrong if line is first else line for line in lines]
        return changed, Break(kind, first.out_trade_no, wrong.total, first.total)
    number = f"EXTRA{day:%Y%m%d}"
    extra = replace(first, out_trade_no=number, trade_no=f"{day:%Y%m%d}22001" + "9" * 15)
    return [*lines, extra], Break(kind, number, extra.total, None)


def archive(lines: Sequence[Line], *, seller_id: str, day: date, made_at: float) -> bytes:
    """The zip with its two files, whose names are GBK bytes as Alipay's are."""
    head = [
        f"#账号：[{seller_id}0156]",
        f"#起始日期：[{_edge(day)}]   终止日期：[{_edge(day + timedelta(days=1))}]",
    ]
    foot = [f"#导出时间：[{moment(made_at)}]"]
    names = (f"{seller_id}0156_{day:%Y%m%d}_业务明细.csv", f"{seller_id}0156_{day:%Y%m%d}_业务明细(汇总).csv")
    rows = (_detail_rows(lines), _summary_rows(lines))
    titles = ("业务明细列表", "业务汇总列表")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as out:
        for name, title, content in zip(names, titles, rows, strict=True):
            text = [
                "#支付宝业务明细查询" if title == titles[0] else "#支付宝业务汇总查询", *head,
                f"#{RULE}{title}{RULE}", *content, f"#{RULE}{title}结束{RULE}", *_totals(lines), *foot,
            ]  # fmt: skip
            out.writestr(_GbkName(name, (day.year, day.month, day.day, 0, 0, 0)), _gbk(text))
    return buffer.getvalue()


class _GbkName(zipfile.ZipInfo):
    """A member whose name is stored as GBK without the UTF-8 flag."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:
        return self.filename.encode("gbk"), self.flag_bits & ~0x800


def _detail_rows(lines: Sequence[Line]) -> list[str]:
    return [COLUMNS, *(",".join(_cells(line)) for line in lines)]


def _cells(line: Line) -> list[str]:
    trade, refund = line.trade, line.refund
    total, zero = amounts.yuan(line.total), "0.00"
    return [
        line.trade_no + "\t", line.out_trade_no + "\t", "退款" if refund else "交易", _plain(trade.subject),
        moment(trade.created_at), moment(line.at), trade.store_id, "", trade.operator_id, trade.terminal_id,
        f"*(***{trade.buyer_id[-4:]})", total, total, zero, zero, zero, zero, zero, "", zero, zero,
        refund.out_request_no + "\t" if refund else "", amounts.yuan(line.fee), zero,
        _plain(refund.reason) if refund else "",
    ]  # fmt: skip


def _summary_rows(lines: Sequence[Line]) -> list[str]:
    total, fee = sum(line.total for line in lines), sum(line.fee for line in lines)
    payments = sum(1 for line in lines if line.refund is None)
    cells = [
        "合计", "", str(payments), str(len(lines) - payments), amounts.yuan(total), amounts.yuan(total),
        "0.00", "0.00", "0.00", amounts.yuan(fee), "0.00", amounts.yuan(total + fee),
    ]  # fmt: skip
    return [SUMMARY_COLUMNS, ",".join(cells)]


def _totals(lines: Sequence[Line]) -> list[str]:
    return [
        f"#{name}合计：{len(part)}笔，商家实收共{amounts.yuan(sum(line.total for line in part))}元，商家优惠共0.00元"
        for name, part in (
            ("交易", [line for line in lines if line.refund is None]),
            ("退款", [line for line in lines if line.refund is not None]),
        )
    ]


def _gbk(rows: Iterable[str]) -> bytes:
    return ("\r\n".join(rows) + "\r\n").encode("gbk", "replace")


def _plain(text: str) -> str:
    return " ".join(text.replace(",", " ").split())


def _edge(day: date) -> str:
    return f"{day:%Y年%m月%d日} 00:00:00"
