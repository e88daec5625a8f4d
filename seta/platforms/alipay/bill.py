"""Alipay's trade bill, a zip of GBK files, as frozen rows: end marker and totals held, or nothing at all."""

import csv
import re
from dataclasses import dataclass
from datetime import datetime

from seta.platforms.core.bills import BillRefused, beijing_time, require_total, scaled, zip_members

PAYMENT, REFUND = "交易", "退款"
DETAIL_END = "业务明细列表结束"
TOTALS = re.compile(r"^#(交易|退款)合计[：:](\d+)笔[，,]商家实收(?:退款)?共(-?[\d.]+)元")
COLUMNS = {
    "trade_no": "支付宝交易号",
    "out_trade_no": "商户订单号",
    "kind": "业务类型",
    "subject": "商品名称",
    "created": "创建时间",
    "finished": "完成时间",
    "store": "门店编号",
    "account": "对方账户",
    "total": "订单金额(元)",
    "received": "商家实收(元)",
    "request_no": "退款批次号/请求号",
    "fee": "服务费(元)",
    "note": "备注",
}


@dataclass(frozen=True, slots=True)
class TradeRow:
    """One payment or refund; amounts in fen, negative for a refund as in the file."""

    trade_no: str
    out_trade_no: str
    is_refund: bool
    subject: str
    created_at: datetime
    finished_at: datetime
    store: str
    account: str
    total: int
    received: int
    out_request_no: str
    fee: int
    note: str


@dataclass(frozen=True)
class TradeBill:
    """A whole day; the received totals are those of the file, and are the sums of the rows."""

    rows: tuple[TradeRow, ...]
    received: int
    refunded: int


def parse_trade_bill(content: bytes) -> TradeBill:
    """Parse the zip of a day; BillRefused without its details, its end marker or its true totals."""
    details = [data for name, data in zip_members(content) if "汇总" not in name and name.endswith(".csv")]
    if len(details) != 1:
        raise BillRefused("the zip does not hold exactly one file of details")
    try:
        lines = details[0].decode("gbk").replace("\r\n", "\n").split("\n")
    except UnicodeDecodeError as error:
        raise BillRefused("the file is not GBK") from error
    if not any(line.startswith("#") and DETAIL_END in line for line in lines):
        raise BillRefused("the end marker is missing: the file is cut short")
    rows = _rows(
        [(number, line) for number, line in enumerate(lines, 1) if line and not line.startswith("#")]
    )
    return _balanced(rows, lines)


def _rows(lines: list[tuple[int, str]]) -> tuple[TradeRow, ...]:
    if not lines:
        raise BillRefused("the header is missing")
    (_, header), *details = lines
    names = [name.strip().replace("（", "(").replace("）", ")") for name in header.split(",")]
    missing = [column for column in COLUMNS.values() if column not in names]
    if missing:
        raise BillRefused(f"columns are missing: {', '.join(missing)}", lines[0][0])
    places = {field: names.index(column) for field, column in COLUMNS.items()}
    return tuple(_row(next(csv.reader([line])), len(names), places, number) for number, line in details)


def _row(cells: list[str], count: int, places: dict[str, int], number: int) -> TradeRow:
    if len(cells) != count:
        raise BillRefused(f"{len(cells)} cells instead of {count}", number)
    # Ids end in a tab so that spreadsheets keep them as text.
    cell = {field: cells[place].strip() for field, place in places.items()}
    if cell["kind"] not in (PAYMENT, REFUND):
        raise BillRefused(f"unknown kind {cell['kind'][:20]!r}", number)
    return TradeRow(
        trade_no=cell["trade_no"],
        out_trade_no=cell["out_trade_no"],
        is_refund=cell["kind"] == REFUND,
        subject=cell["subject"],
        created_at=beijing_time(cell["created"], number),
        finished_at=beijing_time(cell["finished"], number),
        store=cell["store"],
        account=cell["account"],
        total=scaled(cell["total"], 2, number),
        received=scaled(cell["received"], 2, number),
        out_request_no=cell["request_no"],
        fee=scaled(cell["fee"], 2, number),
        note=cell["note"],
    )


def _balanced(rows: tuple[TradeRow, ...], lines: list[str]) -> TradeBill:
    totals = {found.group(1): found for line in lines if (found := TOTALS.match(line))}
    sums: list[int] = []
    for kind, is_refund in ((PAYMENT, False), (REFUND, True)):
        found = totals.get(kind)
        if found is None:
            raise BillRefused(f"the total of {kind} is missing: the file is cut short")
        counted = [row.received for row in rows if row.is_refund is is_refund]
        require_total(f"{kind}合计 count", int(found.group(2)), len(counted))
        # Refunds are negative in the rows; whether the total repeats the sign differs between files.
        require_total(f"{kind}合计", abs(scaled(found.group(3), 2)), abs(sum(counted)))
        sums.append(abs(sum(counted)))
    return TradeBill(rows, sums[0], sums[1])
