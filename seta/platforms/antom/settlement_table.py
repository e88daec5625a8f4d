"""Antom's settlement file as a table in DuckDB: its end marker, its one batch and every row's own sum held."""

from pathlib import Path

from seta.platforms.antom import settlement
from seta.platforms.core.bills import BillRefused
from seta.platforms.core.tables import (
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

QUOTE = "settlementQuote"
# Currencies without a minor unit; every other one that is settled has two decimals.
WHOLE = "('JPY', 'KRW', 'VND')"


def load(engine: Engine, path: Path, folder: Path, *, name: str = "") -> Loaded:
    """Leave the table `bill` of a settlement file; BillRefused when it is cut short or a row is off.

    A name of Antom's form must name the batch and the merchant of every row; under another name the rows must all
    be of one batch.
    """
    head, tail = edges(path)
    start = head.find(b"\n") + 1
    end = path.stat().st_size - len(tail) + _end(tail)
    try:
        names = [cell.strip() for cell in head[:start].decode("utf-8-sig").split(",")]
    except UnicodeDecodeError as error:
        raise BillRefused("the file is not UTF-8") from error
    missing = [column for column in settlement.COLUMNS.values() if column not in names]
    if missing:
        raise BillRefused(f"columns are missing: {', '.join(missing)}", 1)
    body = transcoded(path, folder / "rows.csv", start=start, end=end, encoding="utf-8")
    ending = "'\\r\\n'" if head[:start].endswith(b"\r\n") else "'\\n'"
    options = {"quote": "'\"'", "escape": "'\"'", "null_padding": "true", "new_line": ending}
    columns = [f"c{place}" for place in range(len(names))]
    cells = {field: f"trim(c{names.index(column)})" for field, column in settlement.COLUMNS.items()}
    quote = f"trim(c{names.index(QUOTE)})" if QUOTE in names else "''"
    with refusing():
        source = csv_source(body, columns, delimiter=",", options=options)
        engine.execute(_BILL.format(source=source, last=columns[-1], quote=quote, whole=WHOLE, **cells))
        refuse_bad_rows(engine, "bill")
        _hold_batch(engine, name)
        # A refund or a cancel may give the fee back or keep it: only payments are held to a rate.
        infer_agreed_fees(engine, where="letter = 'P'")
    return Loaded(one(engine, "SELECT count(*) FROM bill")[0] or 0, "settlement")


def _end(tail: bytes) -> int:
    """Where in the last bytes the end marker begins."""
    rest = tail.rstrip(b"\r\n ")
    marker = settlement.END.encode()
    if not rest.endswith(b"\n" + marker):
        raise BillRefused("the end marker is missing: the file is cut short")
    return len(rest) - len(marker)


def _hold_batch(engine: Engine, name: str) -> None:
    batches = engine.execute("SELECT DISTINCT merchant, batch FROM bill LIMIT 2").fetchall()
    if len(batches) > 1:
        raise BillRefused("its rows belong to more than one merchant or batch")
    found = settlement.NAME.fullmatch(name)
    if found and batches and batches[0] != (found["merchant"], found["batch"]):
        raise BillRefused(f"{name[:80]} holds the rows of another merchant or batch")


def net(engine: Engine) -> dict[tuple[str, str], int]:
    """What the loaded file comes to: minor units by batch and settlement currency."""
    rows = engine.execute(
        "SELECT batch, fee_currency, sum(base - stated_fee) FROM bill GROUP BY ALL ORDER BY ALL"
    )
    return {(batch, currency): int(amount) for batch, currency, amount in rows.fetchall()}


# A quote is what one unit of the settlement currency costs in the currency of the transaction.
_BILL = """
CREATE TABLE bill AS
SELECT *, CASE
    WHEN is_short THEN 'another number of cells than the header has'
    WHEN letter IS NULL THEN 'unknown kind ' || left(kind, 20)
    WHEN number = '' THEN 'no request number'
    WHEN happened_at IS NULL THEN 'not a time with its zone'
    WHEN amount IS NULL OR base IS NULL OR stated_fee IS NULL OR net IS NULL THEN 'not an amount'
    WHEN base - stated_fee <> net THEN 'gross ' || base || ' less fee ' || stated_fee || ' is not net ' || net
    END AS problem,
    CASE WHEN quoted IS NULL OR abs(abs(base) - quoted) <= 1 THEN 0::BIGINT
        WHEN base < 0 THEN base + quoted ELSE base - quoted END AS rate_gap
FROM (
    SELECT *, CAST(round(amount / quote * CASE WHEN fee_currency IN {whole} THEN 0.01 ELSE 1 END
        * CASE WHEN currency IN {whole} THEN 100 ELSE 1 END) AS BIGINT) AS quoted
    FROM (
        SELECT row_number() OVER () + 1 AS line, upper({kind}) AS kind, {last} IS NULL AS is_short,
            CASE upper({kind}) WHEN 'PAYMENT' THEN 'P' WHEN 'REFUND' THEN 'R' WHEN 'CANCEL' THEN 'V' END AS letter,
            {request_id} AS number, {merchant_id} AS merchant,
            {batch_id} AS batch, abs(minor({amount}, {currency})) AS amount, {currency} AS currency,
            CASE WHEN {settlement_currency} = 'CNY' THEN minor({fee}, 'CNY') ELSE 0 END AS fee,
            minor({fee}, {settlement_currency}) AS stated_fee, NULL::BIGINT AS agreed_fee,
            {settlement_currency} AS fee_currency, minor({gross}, {settlement_currency}) AS base,
            minor({net}, {settlement_currency}) AS net, {settlement_currency} AS rate_currency,
            upper({kind}) AS status, CAST(TRY_CAST({at} AS TIMESTAMPTZ) AS TIMESTAMP) AS happened_at,
            NULLIF(TRY_CAST({quote} AS DECIMAL(18, 8)), 0) AS quote
        FROM {source}
    )
)
"""
