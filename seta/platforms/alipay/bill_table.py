"""Alipay's trade bill, a zip of GBK files, as a table in DuckDB: end marker and totals held, or nothing at all."""

import re
import zipfile
import zlib
from pathlib import Path

from seta.platforms.alipay import bill
from seta.platforms.core.bills import BILL_BYTES_MAX, BillRefused, member_name, require_total, scaled
from seta.platforms.core.tables import (
    CHUNK_BYTES,
    Engine,
    Loaded,
    csv_source,
    edges,
    infer_agreed_fees,
    one,
    refuse_bad_rows,
    refusing,
    transcoded,
)

SUMMARY_MARK = "汇总"
SERVICE_FEE = "服务费(元)"


def load(engine: Engine, path: Path, folder: Path) -> Loaded:
    """Leave the table `bill` of a day's zip; BillRefused when a member, the end marker or a total is off."""
    details, summary = _members(path, folder)
    head, tail = (edge.replace(b"\r\n", b"\n") for edge in edges(details))
    feet = _feet(tail)
    names = _header(head)
    places = {field: names.index(column) for field, column in bill.COLUMNS.items()}
    start, end = _body(details)
    body = transcoded(details, folder / "details.utf8", start=start, end=end, encoding="gbk")
    with refusing():
        source = csv_source(
            body,
            [f"c{place}" for place in range(len(names))],
            delimiter=",",
            options={"quote": "'\"'", "escape": "'\"'", "null_padding": "true", "new_line": _ending(details)},
        )
        cells = {field: f"trim(c{place}, chr(9) || ' ')" for field, place in places.items()}
        engine.execute(
            _BILL.format(source=source, last=f"c{len(names) - 1}", above=_lines_above(details), **cells)
        )
        refuse_bad_rows(engine, "bill")
        loaded = _balanced(engine, feet)
        infer_agreed_fees(engine)
    if summary is not None:
        _hold_summary(engine, summary)
    return loaded


def _members(path: Path, folder: Path) -> tuple[Path, Path | None]:
    """The file of details and the file of the summary, written out a piece at a time."""
    found: dict[bool, Path] = {}
    try:
        with zipfile.ZipFile(path) as archive:
            infos = [info for info in archive.infolist() if member_name(info).endswith(".csv")]
            if sum(info.file_size for info in infos) > BILL_BYTES_MAX:
                raise BillRefused("the zip file is too large")
            for info in infos:
                is_summary = SUMMARY_MARK in member_name(info)
                if is_summary in found:
                    raise BillRefused("the zip does not hold exactly one file of details")
                found[is_summary] = folder / ("summary.csv" if is_summary else "details.csv")
                with archive.open(info) as source, found[is_summary].open("wb") as out:
                    while piece := source.read(CHUNK_BYTES):
                        out.write(piece)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError) as error:
        raise BillRefused(f"the zip file is broken or cut short: {error}") from error
    if False not in found:
        raise BillRefused("the zip does not hold exactly one file of details")
    return found[False], found.get(True)


def _gbk(content: bytes) -> str:
    try:
        return content.decode("gbk")
    except UnicodeDecodeError as error:
        raise BillRefused("the file is not GBK") from error


def _header(head: bytes) -> list[str]:
    line = next((one_ for one_ in head.split(b"\n") if one_ and not one_.startswith(b"#")), b"")
    names = _plain_names(_gbk(line))
    missing = [column for column in bill.COLUMNS.values() if column not in names]
    if missing:
        raise BillRefused(f"columns are missing: {', '.join(missing)}")
    return names


def _plain_names(line: str) -> list[str]:
    return [name.strip().replace("（", "(").replace("）", ")") for name in line.split(",")]


def _feet(tail: bytes) -> list[str]:
    """The comment lines at the end, from the end marker on."""
    lines: list[str] = []
    for line in reversed(tail.rstrip(b"\n").split(b"\n")):
        if not line.startswith(b"#"):
            break
        lines.insert(0, _gbk(line))
    if not lines or bill.DETAIL_END not in lines[0]:
        raise BillRefused("the end marker is missing: the file is cut short")
    return lines


def _body(path: Path) -> tuple[int, int]:
    """Where the rows begin, after the header, and end, before the comments at the foot; GBK hides no line end."""
    head, tail = edges(path)
    start = 0
    while head[start : start + 1] == b"#":
        start = head.index(b"\n", start) + 1
    start = head.index(b"\n", start) + 1
    size = path.stat().st_size
    foot = re.search(rb"\n#[^\n]*(\n#[^\n]*)*\n?\Z", tail)
    assert foot is not None, "the foot was found before"
    return start, max(start, size - len(tail) + foot.start() + 1)


def _ending(path: Path) -> str:
    return "'\\r\\n'" if edges(path)[0].split(b"\n", 1)[0].endswith(b"\r") else "'\\n'"


def _lines_above(path: Path) -> int:
    return edges(path)[0][: _body(path)[0]].count(b"\n")


def _balanced(engine: Engine, feet: list[str]) -> Loaded:
    totals = {found.group(1): found for line in feet if (found := bill.TOTALS.match(line))}
    rows = one(engine, "SELECT count(*) FROM bill")[0] or 0
    for kind, letter in ((bill.PAYMENT, "P"), (bill.REFUND, "R")):
        found = totals.get(kind)
        if found is None:
            raise BillRefused(f"the total of {kind} is missing: the file is cut short")
        count, received = one(
            engine, f"SELECT count(*), coalesce(sum(received), 0) FROM bill WHERE letter = '{letter}'"
        )
        require_total(f"{kind}合计 count", int(found.group(2)), count or 0)
        # Refunds are negative in the rows; whether the total repeats the sign differs between files.
        require_total(f"{kind}合计", abs(scaled(found.group(3), 2)), abs(received or 0))
    return Loaded(rows, "trade")


def _hold_summary(engine: Engine, path: Path) -> None:
    """The service fee of the summary file is the sum of the details' fees."""
    if path.stat().st_size > CHUNK_BYTES:
        raise BillRefused("the summary file is too large")
    lines = [line for line in _gbk(path.read_bytes()).splitlines() if line and not line.startswith("#")]
    if len(lines) < 2:
        raise BillRefused("the summary file is cut short")
    cells = dict(zip(_plain_names(lines[0]), (cell.strip() for cell in lines[-1].split(",")), strict=False))
    if SERVICE_FEE in cells:
        fees = one(engine, "SELECT coalesce(sum(stated_fee), 0) FROM bill")[0] or 0
        require_total(SERVICE_FEE, -scaled(cells[SERVICE_FEE], 2), fees)


# A trade's service fee is negative in the file and a refund gives it back; here a fee is what the provider takes.
_BILL = """
CREATE TABLE bill AS
SELECT *, CASE
    WHEN is_short THEN 'another number of cells than the header has'
    WHEN letter IS NULL THEN 'unknown kind ' || left(kind, 20)
    WHEN number = '' THEN 'no order or refund number'
    WHEN happened_at IS NULL THEN 'not a time'
    WHEN amount IS NULL OR received IS NULL OR stated_fee IS NULL THEN 'not an amount'
    END AS problem
FROM (
    SELECT row_number() OVER () + {above} AS line, {kind} AS kind, {last} IS NULL AS is_short,
        CASE {kind} WHEN '交易' THEN 'P' WHEN '退款' THEN 'R' END AS letter,
        CASE WHEN {kind} = '退款' THEN {request_no} ELSE {out_trade_no} END AS number,
        '' AS merchant, abs(cents({total})) AS amount, 'CNY' AS currency,
        -cents({fee}) AS fee, -cents({fee}) AS stated_fee, NULL::BIGINT AS agreed_fee, 'CNY' AS fee_currency,
        cents({total}) AS base, 0::BIGINT AS rate_gap, 'CNY' AS rate_currency,
        CASE WHEN {kind} = '退款' THEN 'REFUND' ELSE 'SUCCESS' END AS status,
        cents({received}) AS received, TRY_CAST({finished} AS TIMESTAMP) AS happened_at
    FROM {source}
)
"""
