"""Antom's settlement file as frozen rows: its end marker, its name's batch and its own sums held, or nothing at all."""

import csv
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from seta.kit.money import exponent
from seta.platforms.core.bills import BillRefused, scaled

NAME = re.compile(r"(?P<merchant>\w+)_settle_(?P<day>\d{8})_(?P<batch>\w+)\.csv")
END = "<END>"
KINDS = ("PAYMENT", "REFUND", "CANCEL")
COLUMNS = {
    "batch_id": "settlementBatchId",
    "merchant_id": "customerId",
    "transaction_id": "transactionId",
    "original_id": "originalTransactionId",
    "request_id": "transactionRequestId",
    "kind": "transactionType",
    "at": "paymentTime",
    "settled_at": "settlementTime",
    "amount": "transactionAmountValue",
    "currency": "transactionCurrency",
    "gross": "grossSettlementAmountValue",
    "fee": "feeAmountValue",
    "net": "netSettlementAmountValue",
    "settlement_currency": "settlementCurrency",
}


@dataclass(frozen=True, slots=True)
class SettlementRow:
    """One payment, refund or cancel; amounts in minor units, negative where money goes back."""

    batch_id: str
    transaction_id: str
    original_id: str
    request_id: str
    kind: str
    at: datetime
    settled_at: datetime
    amount: int
    currency: str
    gross: int
    fee: int
    net: int
    settlement_currency: str


@dataclass(frozen=True)
class SettlementFile:
    """A whole batch; `net` is what its rows come to in each settlement currency."""

    batch_id: str
    merchant_id: str
    rows: tuple[SettlementRow, ...]
    net: dict[str, int]


def name_of(content: bytes) -> str:
    """The name that a file's own first row gives it, for a file that came without; BillRefused without a row."""
    try:
        lines = content.decode("utf-8-sig").splitlines()
        names, first = (next(csv.reader([line])) for line in lines[:2])
        row = dict(zip(names, first, strict=True))
        day = datetime.fromisoformat(row[COLUMNS["settled_at"]])
        return f"{row[COLUMNS['merchant_id']]}_settle_{day:%Y%m%d}_{row[COLUMNS['batch_id']]}.csv"
    except (ValueError, KeyError, StopIteration, csv.Error) as error:
        raise BillRefused("the file has no settlement row to tell its batch by") from error


def parse_settlement(content: bytes, *, name: str) -> SettlementFile:
    """Parse a file named MID_settle_YYYYMMDD_BatchID.csv.

    BillRefused without its end marker, with another batch's or merchant's rows, with a row whose gross less fee is
    not its net, or with one transaction twice.
    """
    found = NAME.fullmatch(name)
    if found is None:
        raise BillRefused(f"{name[:80]!r} is not the name of a settlement file")
    try:
        lines = content.decode("utf-8-sig").replace("\r\n", "\n").rstrip("\n").split("\n")
    except UnicodeDecodeError as error:
        raise BillRefused("the file is not UTF-8") from error
    if lines[-1].strip() != END or len(lines) < 2:
        raise BillRefused("the end marker is missing: the file is cut short")
    names = [cell.strip() for cell in next(csv.reader([lines[0]]), [])]
    missing = [column for column in COLUMNS.values() if column not in names]
    if missing:
        raise BillRefused(f"columns are missing: {', '.join(missing)}", 1)
    places = {field: names.index(column) for field, column in COLUMNS.items()}
    rows: list[SettlementRow] = []
    for number, line in enumerate(lines[1:-1], 2):
        cells = next(csv.reader([line]), [])
        if len(cells) != len(names):
            raise BillRefused(f"{len(cells)} cells instead of {len(names)}", number)
        cell = {field: cells[place].strip() for field, place in places.items()}
        if (cell["merchant_id"], cell["batch_id"]) != (found["merchant"], found["batch"]):
            raise BillRefused("the row belongs to another merchant or batch", number)
        rows.append(_row(cell, number))
    if len({(row.kind, row.transaction_id) for row in rows}) != len(rows):
        raise BillRefused("a transaction is listed twice")
    net: dict[str, int] = {}
    for row in rows:
        net[row.settlement_currency] = net.get(row.settlement_currency, 0) + row.net
    return SettlementFile(found["batch"], found["merchant"], tuple(rows), net)


def _row(cell: dict[str, str], number: int) -> SettlementRow:
    if cell["kind"].upper() not in KINDS:
        raise BillRefused(f"unknown kind {cell['kind'][:20]!r}", number)
    paid = exponent(cell["currency"])
    settled = exponent(cell["settlement_currency"])
    gross, fee, net = (scaled(cell[name], settled, number) for name in ("gross", "fee", "net"))
    if gross - fee != net:
        raise BillRefused(f"gross {gross} less fee {fee} is not net {net}", number)
    return SettlementRow(
        batch_id=cell["batch_id"],
        transaction_id=cell["transaction_id"],
        original_id=cell["original_id"],
        request_id=cell["request_id"],
        kind=cell["kind"].upper(),
        at=_instant(cell["at"], number),
        settled_at=_instant(cell["settled_at"], number),
        amount=scaled(cell["amount"], paid, number),
        currency=cell["currency"],
        gross=gross,
        fee=fee,
        net=net,
        settlement_currency=cell["settlement_currency"],
    )


def _instant(text: str, number: int) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise BillRefused(f"{text[:40]!r} is not a time", number) from error
    if instant.tzinfo is None:
        raise BillRefused(f"{text[:40]!r} has no zone", number)
    return instant.astimezone(UTC)
