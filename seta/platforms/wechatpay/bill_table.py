"""WeChat Pay's trade bill, fund bill and cross-border statement as tables in DuckDB, their control totals held."""

from collections.abc import Sequence
from pathlib import Path

from seta.platforms.core.bills import BillRefused, require_total, scaled
from seta.platforms.core.tables import Engine, Loaded, csv_source, edges, first, one, quoted, refusing
from seta.platforms.wechatpay import bill, statement

# Every cell begins with a backquote: taken with the comma as one delimiter, a comma inside a cell ends nothing.
DELIMITER = ",`"
SUMMARY_LINES = 2
_TRADE_RATE, _STATEMENT_RATE = 23, 20
FUND_TABLE = "fund"


def kind_of(path: Path) -> str:
    """`trade`, `statement` or `fund` by the header; BillRefused for another file."""
    first = edges(path)[0].removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)[0]
    try:
        names = _names(first.decode())
    except UnicodeDecodeError as error:
        raise BillRefused("the file is not UTF-8", 1) from error
    kinds = {bill.TRADE_COLUMNS: "trade", statement.COLUMNS: "statement", bill.FUND_COLUMNS: "fund"}
    if names not in kinds:
        raise BillRefused("the header is not the one expected", 1)
    return kinds[names]


def load(engine: Engine, path: Path) -> Loaded:
    """Leave the table `bill` of an ALL trade bill or of a statement; BillRefused when a row or a total is off."""
    kind = kind_of(path)
    with refusing():
        return _load_trade(engine, path) if kind == "trade" else _load_statement(engine, path)


def load_fund(engine: Engine, path: Path) -> Loaded:
    """Leave the table `fund` (line, number, voucher, kind, amount, balance) of a fund bill, in the file's order."""
    if kind_of(path) != "fund":
        raise BillRefused("this is not a fund bill", 1)
    with refusing():
        return _load_fund(engine, path)


def _load_trade(engine: Engine, path: Path) -> Loaded:
    totals = _totals(path, bill.TRADE_TOTALS)
    source = _source(path, len(bill.TRADE_COLUMNS))
    # Matched by their numbers, so their order is not worth an eighth of the reading; a refusal reads in order again.
    engine.execute("SET preserve_insertion_order = false")
    engine.execute(_TRADE.format(source=source, usual=quoted(_in_first_line(path, _TRADE_RATE))))
    engine.execute("RESET preserve_insertion_order")
    return _checked(
        engine,
        source,
        totals,
        names=bill.TRADE_TOTALS,
        sums=("sum(settled)", "sum(refund)", "sum(coupon)", "sum(fee_e5)", "sum(total)", "sum(requested)"),
        digits=(2, 2, 2, 5, 2, 2),
        last="c26",
        problem=_TRADE_PROBLEM,
        kind="trade",
    )


def _load_statement(engine: Engine, path: Path) -> Loaded:
    totals = _totals(path, statement.TOTALS)
    source = _source(path, len(statement.COLUMNS))
    engine.execute(_STATEMENT.format(source=source, usual=quoted(_in_first_line(path, _STATEMENT_RATE))))
    return _checked(
        engine,
        source,
        totals,
        names=statement.TOTALS,
        sums=(
            "count(*) FILTER (letter = 'P')",
            "sum(amount) FILTER (letter = 'P')",
            "count(*) FILTER (letter <> 'P')",
            "sum(amount) FILTER (letter <> 'P')",
            "sum(fee_e5)",
        ),
        digits=(0, 2, 0, 2, 5),
        last="c22",
        problem=_STATEMENT_PROBLEM,
        kind="statement",
    )


def _load_fund(engine: Engine, path: Path) -> Loaded:
    totals = _totals(path, bill.FUND_TOTALS)
    source = _source(path, len(bill.FUND_COLUMNS))
    engine.execute(_FUND.format(source=source))
    return _checked(
        engine,
        source,
        totals,
        names=bill.FUND_TOTALS,
        sums=(
            "count(*) FILTER (amount >= 0)",
            "sum(amount) FILTER (amount >= 0)",
            "count(*) FILTER (amount < 0)",
            "-sum(amount) FILTER (amount < 0)",
        ),
        digits=(0, 2, 0, 2),
        last="c10",
        problem=_FUND_PROBLEM,
        kind="fund",
        table=FUND_TABLE,
    )


def _checked(
    engine: Engine,
    source: str,
    totals: Sequence[str],
    *,
    names: Sequence[str],
    sums: Sequence[str],
    digits: Sequence[int],
    last: str,
    problem: str,
    kind: str,
    table: str = "bill",
) -> Loaded:
    """Hold every row and every total; the rows are those whose last cell is there.

    The summary has fewer cells and none of those that are summed.
    """
    rows, whole, good, *counted = one(
        engine,
        f"SELECT count(*), count(*) FILTER (is_whole), count(*) FILTER (is_whole AND is_good), "
        f"{', '.join(sums)} FROM {table}",
    )
    assert rows is not None and whole is not None
    if good != whole or rows - whole != SUMMARY_LINES:
        _refuse_first(engine, source, last, problem, rows)
    require_total(names[0], scaled(totals[0], 0), whole)
    for name, written, places, value in zip(names[1:], totals[1:], digits, counted, strict=True):
        require_total(name, scaled(written, places), value or 0)
    engine.execute(f"DELETE FROM {table if table == FUND_TABLE else 'lines'} WHERE NOT is_whole")
    return Loaded(whole, kind)


def _refuse_first(engine: Engine, source: str, last: str, problem: str, rows: int) -> None:
    """Read the file once more for the sentence: the line and what is wrong in it."""
    found = first(
        engine,
        f"SELECT line, problem FROM (SELECT *, {problem} AS problem FROM ("
        f"SELECT *, row_number() OVER () + 1 AS line FROM {source})) "
        f"WHERE problem IS NOT NULL AND line <= {rows - SUMMARY_LINES + 1} ORDER BY line LIMIT 1",
    )
    if found is None:
        raise BillRefused("a line has too few cells: the file is cut short")
    raise BillRefused(str(found[1]), int(found[0]))


def _source(path: Path, count: int) -> str:
    head = edges(path)[0]
    ending = "'\\r\\n'" if head.split(b"\n", 1)[0].endswith(b"\r") else "'\\n'"
    options = {"skip": "1", "null_padding": "true", "new_line": ending}
    return csv_source(path, [f"c{place}" for place in range(count)], delimiter=DELIMITER, options=options)


def _in_first_line(path: Path, place: int) -> str:
    """A cell of the first line under the header; empty when there is none."""
    lines = edges(path)[0].split(b"\n", 2)
    cells = lines[1].decode(errors="replace").strip().split(DELIMITER) if len(lines) > 2 else []
    return cells[place] if len(cells) > place else ""


def _totals(path: Path, names: Sequence[str]) -> list[str]:
    """The cells of the summary line, which must be the last and follow its header."""
    try:
        # The edge may begin in the middle of a character; the lines at the end are whole.
        lines = edges(path)[1].replace(b"\r\n", b"\n").rstrip(b"\n").split(b"\n")[-2:]
        header, cells = (line.decode() for line in lines)
    except (UnicodeDecodeError, ValueError) as error:
        raise BillRefused("the summary is missing: the file is cut short") from error
    found = cells[1:].split(DELIMITER) if cells.startswith("`") else []
    if _names(header) != tuple(names) or len(found) != len(names):
        raise BillRefused("the summary is missing: the file is cut short")
    return found


def _names(line: str) -> tuple[str, ...]:
    return tuple(name.strip().lstrip("`") for name in line.split(","))


_TIME = "TRY_CAST(ltrim(c0, '`') AS TIMESTAMP)"

# TRY_CAST of the rate's percent to six decimals: 0.60% becomes 600000, hundred-millionths of the amount. DuckDB works
# out once what it makes of the first line's, which is nearly every line's.
_PER_CENT = "CAST(TRY_CAST(rtrim({cell}, '%') AS DECIMAL(9, 6)) * 1000000 AS BIGINT)"
_RATE = f"CASE WHEN {{cell}} = {{{{usual}}}} THEN {_PER_CENT.format(cell='{{usual}}')} ELSE {_PER_CENT} END"

# The view computes what only some of its readers need; the table holds what the file says.
_TRADE = (
    """
CREATE TABLE lines AS
SELECT CASE c9 WHEN 'SUCCESS' THEN 'P' WHEN 'REFUND' THEN 'R' WHEN 'REVOKED' THEN 'V' END AS letter,
    CASE WHEN c9 = 'REFUND' THEN NULLIF(c15, '0') ELSE c6 END AS number, c6 <> '' AS is_of_order, c2 AS merchant,
    c11 AS currency, CASE WHEN c9 = 'SUCCESS' THEN c9 ELSE c19 END AS status, c26 IS NOT NULL AS is_whole,
    cents(c12) AS settled, cents(c16) AS refund, cents(c17) AS coupon, fifths(c22) AS fee_e5,
    cents(c24) AS total, cents(c25) AS requested, """
    + _RATE.format(cell=f"c{_TRADE_RATE}")
    + " AS rate, "
    + _TIME
    + """ AS happened_at
FROM {source};
CREATE VIEW bill AS
SELECT letter, number, merchant, amount, currency, nearest(fee_e5, 1000) AS fee, nearest(fee_e5, 1000) AS stated_fee,
    CASE WHEN letter = 'P' THEN nearest(amount * rate, 100000000) ELSE -nearest(amount * rate, 100000000)
    END AS agreed_fee,
    'CNY' AS fee_currency, 0::BIGINT AS rate_gap, 'CNY' AS rate_currency,
    status, happened_at, settled, refund, coupon, fee_e5, total, requested, is_whole,
    coalesce(letter IS NOT NULL AND is_of_order AND number <> '' AND happened_at IS NOT NULL
        AND settled + refund + coupon + fee_e5 + total + requested IS NOT NULL, FALSE) AS is_good
FROM (
    SELECT *, CASE WHEN letter = 'P' THEN settled WHEN refund <> 0 THEN refund ELSE requested END AS amount
    FROM lines
)
"""
)


def _amount_problems(cells: dict[str, int]) -> str:
    return " ".join(
        f"WHEN NOT coalesce(exact({cell}, {digits}) AND TRY_CAST({cell} AS DECIMAL(18, {digits})) IS NOT NULL, "
        f"FALSE) THEN '''' || left({cell}, 40) || ''' is not an amount'"
        for cell, digits in cells.items()
    )


_TRADE_PROBLEM = (
    "CASE WHEN c26 IS NULL THEN 'fewer than 27 cells' "
    "WHEN c9 NOT IN ('SUCCESS', 'REFUND', 'REVOKED') THEN 'unknown trade state ' || left(c9, 20) "
    "WHEN c6 = '' THEN 'no merchant order number' "
    "WHEN c9 = 'REFUND' AND c15 IN ('', '0') THEN 'no refund number' "
    f"WHEN {_TIME} IS NULL THEN '''' || left(c0, 40) || ''' is not a time' "
    + _amount_problems({"c12": 2, "c16": 2, "c17": 2, "c22": 5, "c24": 2, "c25": 2})
    + " END"
)

_STATEMENT = (
    """
CREATE TABLE lines AS
SELECT CASE c8 WHEN 'SUCCESS' THEN 'P' WHEN 'REFUND' THEN 'R' WHEN 'REVOKED' THEN 'V' END AS letter,
    c5 AS out_trade_no, c14 AS out_refund_no, CASE WHEN c3 IN ('', '0') THEN c2 ELSE c3 END AS merchant,
    c8 AS state, c22 IS NOT NULL AS is_whole, cents(c12) AS paid, cents(c16) AS returned,
    fifths(c19) AS fee_e5, cents(CASE WHEN c8 = 'SUCCESS' THEN c10 ELSE c15 END) AS priced,
    TRY_CAST(c22 AS BIGINT) AS exchange, """
    + _RATE.format(cell=f"c{_STATEMENT_RATE}")
    + " AS rate, "
    + _TIME
    + """ AS happened_at
FROM {source};
CREATE VIEW bill AS
SELECT letter, CASE WHEN letter = 'R' THEN out_refund_no ELSE out_trade_no END AS number,
    merchant, amount, 'CNY' AS currency, nearest(fee_e5, 1000) AS fee, nearest(fee_e5, 1000) AS stated_fee,
    CASE WHEN letter = 'P' THEN nearest(amount * rate, 100000000) ELSE -nearest(amount * rate, 100000000)
    END AS agreed_fee,
    'CNY' AS fee_currency,
    CASE WHEN exchange > 0 AND abs(amount - priced_in_fen) > 1 THEN amount - priced_in_fen ELSE 0 END
        AS rate_gap,
    'CNY' AS rate_currency, state AS status, happened_at, fee_e5, is_whole,
    coalesce(letter IS NOT NULL AND out_trade_no <> '' AND happened_at IS NOT NULL
        AND (letter <> 'R' OR out_refund_no NOT IN ('', '0'))
        AND amount + fee_e5 + priced + exchange IS NOT NULL, FALSE) AS is_good
FROM (
    SELECT *, CASE WHEN letter = 'P' THEN paid ELSE returned END AS amount,
        CAST(nearest(CAST(priced AS HUGEINT) * exchange, 100000000) AS BIGINT) AS priced_in_fen
    FROM lines
)
"""
)

_STATEMENT_PROBLEM = (
    "CASE WHEN c22 IS NULL THEN 'fewer than 23 cells' "
    "WHEN c8 NOT IN ('SUCCESS', 'REFUND', 'REVOKED') THEN 'unknown trade state ' || left(c8, 20) "
    "WHEN c5 = '' THEN 'no merchant order number' "
    "WHEN c8 = 'REFUND' AND c14 IN ('', '0') THEN 'no refund number' "
    f"WHEN {_TIME} IS NULL THEN '''' || left(c0, 40) || ''' is not a time' "
    "WHEN TRY_CAST(c22 AS BIGINT) IS NULL THEN '''' || left(c22, 40) || ''' is not a rate' "
    + _amount_problems({"c10": 2, "c12": 2, "c15": 2, "c16": 2, "c19": 5})
    + " END"
)

_FUND = (
    """
CREATE TABLE fund AS
SELECT row_number() OVER () + 1 AS line, c1 AS number, c10 AS voucher, c4 AS kind,
    CASE c5 WHEN '收入' THEN cents(c6) WHEN '支出' THEN -cents(c6) END AS amount, cents(c7) AS balance,
    c10 IS NOT NULL AS is_whole, """
    + _TIME
    + """ AS happened_at,
    coalesce(c5 IN ('收入', '支出') AND cents(c6) IS NOT NULL AND cents(c7) IS NOT NULL, FALSE) AS is_good
FROM {source}
"""
)

_FUND_PROBLEM = (
    "CASE WHEN c10 IS NULL THEN 'fewer than 11 cells' "
    "WHEN c5 NOT IN ('收入', '支出') THEN 'unknown direction ' || left(c5, 20) "
    + _amount_problems({"c6": 2, "c7": 2})
    + " END"
)
