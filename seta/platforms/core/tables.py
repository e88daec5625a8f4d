"""A provider's file as a table in DuckDB: text first, exact integers after, or nothing at all.

Every reader of a provider's file leaves a table or view `bill` with the columns of BILL_COLUMNS and returns a Loaded.
"""

import codecs
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from seta.platforms.core.bills import BILL_BYTES_MAX, BillRefused

Engine = duckdb.DuckDBPyConnection

CHUNK_BYTES = 1 << 20
EDGE_BYTES = 1 << 16
MEMORY_MAX = "768MB"
GZIP_MAGIC = b"\x1f\x8b"

BILL_COLUMNS = """
    letter VARCHAR, number VARCHAR, merchant VARCHAR, amount BIGINT, currency VARCHAR, fee BIGINT,
    stated_fee BIGINT, agreed_fee BIGINT, fee_currency VARCHAR, rate_gap BIGINT, rate_currency VARCHAR,
    status VARCHAR, happened_at TIMESTAMP
"""
"""`letter` is P payment, R refund, V reversal; `fee` in fen, `rate_gap` is the amount less what its own rate makes."""

# A macro and not a plain cast: casting to DECIMAL rounds a third decimal away in silence.
_MACROS = """
CREATE MACRO exact(cell, digits) AS
    strpos(cell, '.') = strlen(cell) - digits
    OR regexp_full_match(cell, '-?[0-9]+([.][0-9]{1,' || digits || '}0*)?');
CREATE MACRO cents(cell) AS
    CASE WHEN cell = '0.00' THEN 0
    WHEN exact(cell, 2) THEN CAST(TRY_CAST(cell AS DECIMAL(18, 2)) * 100 AS BIGINT) END;
CREATE MACRO fifths(cell) AS
    CASE WHEN exact(cell, 5) THEN CAST(TRY_CAST(cell AS DECIMAL(18, 5)) * 100000 AS BIGINT) END;
CREATE MACRO minor(cell, currency) AS
    CASE WHEN currency IN ('JPY', 'KRW', 'VND') THEN TRY_CAST(cell AS BIGINT) ELSE cents(cell) END;
CREATE MACRO nearest(part, whole) AS
    CASE WHEN part >= 0 THEN (2 * part + whole) // (2 * whole) ELSE -((-2 * part + whole) // (2 * whole)) END;
"""


@dataclass(frozen=True)
class Loaded:
    """How many rows a file has, and what its sentence for the log is."""

    rows: int
    kind: str


@contextmanager
def engine(folder: Path) -> Iterator[Engine]:
    """DuckDB in memory with a limit, spilling into `folder`; what it cannot read is a BillRefused."""
    settings: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": MEMORY_MAX,
        "temp_directory": str(folder / "spill"),
    }
    with duckdb.connect(":memory:", config=settings) as made:
        made.execute(_MACROS)
        yield made


def quoted(text: str) -> str:
    """Text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def csv_source(path: Path, columns: Sequence[str], *, delimiter: str, options: Mapping[str, str]) -> str:
    """A `read_csv` call that takes every cell as text, guesses nothing, and tells a missing cell from an empty one."""
    names = ", ".join(f"{quoted(name)}: 'VARCHAR'" for name in columns)
    given = {
        "auto_detect": "false",
        "columns": f"{{{names}}}",
        "header": "false",
        "delim": quoted(delimiter),
        "nullstr": "'\\0'",
        "quote": "''",
        "escape": "''",
        **options,
    }
    return f"read_csv({quoted(str(path))}, {', '.join(f'{name} = {value}' for name, value in given.items())})"


@contextmanager
def refusing() -> Iterator[None]:
    """What DuckDB cannot parse in a file refuses the file."""
    try:
        yield
    except (duckdb.Error, UnicodeDecodeError) as problem:
        reason = str(problem).strip().splitlines()[0][:160]
        raise BillRefused(f"the file cannot be read as its format says: {reason}") from problem


def plain(path: Path, folder: Path) -> Path:
    """The file itself, or what its gzip holds written into `folder`, a piece at a time and within the limit."""
    with path.open("rb") as source:
        if source.read(2) != GZIP_MAGIC:
            return path
        source.seek(0)
        target = folder / "plain"
        inflater, size = zlib.decompressobj(wbits=31), 0
        with target.open("wb") as out:
            try:
                while piece := source.read(CHUNK_BYTES):
                    size += out.write(inflater.decompress(piece))
                    if size > BILL_BYTES_MAX:
                        raise BillRefused("the gzip file is too large")
                out.write(inflater.flush())
            except zlib.error as error:
                raise BillRefused(f"the gzip file is broken: {error}") from error
        if not inflater.eof:
            raise BillRefused("the gzip file is cut short")
    return target


def edges(path: Path) -> tuple[bytes, bytes]:
    """The first and the last bytes of a file, where its header and its summary stand."""
    with path.open("rb") as source:
        head = source.read(EDGE_BYTES)
        source.seek(max(0, path.stat().st_size - EDGE_BYTES))
        return head, source.read()


def transcoded(path: Path, target: Path, *, start: int, end: int, encoding: str) -> Path:
    """The bytes from `start` to `end` as UTF-8 in `target`; BillRefused when they are not of the encoding."""
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as source, target.open("wb") as out:
        source.seek(start)
        left = end - start
        try:
            while left > 0 and (piece := source.read(min(left, CHUNK_BYTES))):
                left -= len(piece)
                out.write(decoder.decode(piece, final=left <= 0).encode())
        except UnicodeDecodeError as error:
            raise BillRefused(f"the file is not {encoding.upper()}") from error
    return target


def first(made: Engine, sql: str) -> tuple[Any, ...] | None:
    """The first row of a query that has few, None when it has none; the connection is free again after."""
    rows = made.execute(sql).fetchall()
    return tuple(rows[0]) if rows else None


def one(made: Engine, sql: str) -> tuple[int | None, ...]:
    """The only row of a query whose columns are integers or nothing."""
    found = first(made, sql)
    assert found is not None
    return tuple(None if value is None else int(value) for value in found)


def refuse_bad_rows(made: Engine, table: str) -> None:
    """BillRefused naming the first row whose `problem` is not NULL, by its line in the file."""
    found = first(made, f"SELECT line, problem FROM {table} WHERE problem IS NOT NULL ORDER BY line LIMIT 1")
    if found is not None:
        raise BillRefused(str(found[1]), int(found[0]))


# A provider whose file names no rate has one all the same: the one that most of its own lines were charged at.
_INFER = """
UPDATE bill SET agreed_fee = nearest(abs(base) * rate.bps, 10000) * CASE WHEN base < 0 THEN -1 ELSE 1 END
FROM (
    WITH payment AS (
        SELECT stated_fee, base FROM bill WHERE letter = 'P' AND base > 0
    ), candidate AS (
        -- The largest payments tell a rate to the basis point; small ones only round to it.
        SELECT DISTINCT nearest(stated_fee * 10000, base) AS bps
        FROM (SELECT * FROM payment ORDER BY base DESC LIMIT 9)
    )
    SELECT bps FROM candidate JOIN payment ON nearest(base * bps, 10000) = stated_fee
    GROUP BY bps HAVING count(*) >= 2 AND 2 * count(*) > (SELECT count(*) FROM payment)
    ORDER BY count(*) DESC, bps LIMIT 1
) AS rate
WHERE {where}
"""


def infer_agreed_fees(made: Engine, *, where: str = "TRUE") -> None:
    """Set `agreed_fee` from the rate in basis points that explains more than half of the payments of the file.

    Needs a column `base`: what the fee is taken from. Without such a rate every fee stays as the file states it.
    """
    made.execute(_INFER.format(where=where))
