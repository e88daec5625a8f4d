"""What the books have of a bill's days, carried into DuckDB as columns: no object of Python's for any row.

SQLite joins each column of a slice of time into one text; PostgreSQL streams COPY, which Arrow reads as CSV.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
from django.db import connection
from django.db.models import Case, F, Min, Q, QuerySet, Value, When

from seta.kit.clock import BEIJING
from seta.payments.models import Attempt, Bill, Refund
from seta.payments.operations.recon.files import FUND
from seta.payments.rules.matching import CUTOFF_MINUTES, OUR_COLUMNS
from seta.payments.rules.states import REFUND_BOOKED, REFUND_UNSETTLED, IntentState
from seta.platforms.core.tables import Engine, first

WINDOW = timedelta(days=1)
CUTOFF = timedelta(minutes=CUTOFF_MINUTES)
SLICE = timedelta(hours=1)
BYTES_PER_READ = 4 << 20
CNY = "CNY"
_TOLD, _UNDONE = 1, 2
_NONE = Q(pk__isnull=True)
_ROW = {"row_id": pa.int64(), "number": pa.string(), "amount": pa.int64()}
_ODD = {"row_id": pa.int64(), "currency": pa.string(), "flags": pa.int8()}
_CELLS = _ROW | _ODD


@dataclass(frozen=True)
class Span:
    """A stretch of time whose rows stand alike to a bill: on its day or not, near the cut at midnight or not."""

    since: datetime
    until: datetime
    is_on_day: bool
    is_near_cutoff: bool


def spans_of(day: date) -> list[Span]:
    """A Beijing day with a day before and after it, cut where a row would be judged otherwise."""
    start = datetime.combine(day, time.min, BEIJING)
    end = start + WINDOW
    marks = [
        start - WINDOW,
        start - CUTOFF,
        start,
        start + CUTOFF,
        end - CUTOFF,
        end,
        end + CUTOFF,
        end + WINDOW,
    ]
    return [
        Span(since, until, start <= since < end, until - since == CUTOFF) for since, until in pairwise(marks)
    ]


@dataclass(frozen=True)
class _Part:
    """One kind of row: which rows, by which instant, and how they are judged; `undone` have a reversal's line too."""

    letter: str
    rows: QuerySet[Any]
    at: str
    number: str
    amount: str
    undone: Q = _NONE
    is_pending: bool = False
    is_expected: bool = True
    step: timedelta = SLICE


# Nearly every row is in CNY and has no flag: what the others have travels apart, in `odd`.
_INSERT = f"""
INSERT INTO our SELECT $letter, read.row_id, number, amount, coalesce(odd.currency, '{CNY}'),
    $is_on_day AND coalesce(odd.flags, 0) & {_TOLD} = 0, $is_near_cutoff, $is_pending, $is_expected
FROM read
"""
_ANY, _TURNED = (
    "LEFT JOIN odd USING (row_id)",
    f"JOIN odd ON odd.row_id = read.row_id AND odd.flags & {_UNDONE} <> 0",
)


def extract(engine: Engine, *, house_id: int, provider: str, day: date) -> int:
    """Fill the table `our` with the window of a Beijing day; returns how many rows."""
    told = _told_elsewhere(house_id, provider, day)
    engine.execute(f"CREATE OR REPLACE TABLE our ({OUR_COLUMNS})")
    for part in _parts(house_id, provider):
        sql, params = _selected(part, told).query.sql_with_params()
        for span in spans_of(day):
            read = list(_slices(sql, params, span, part.step))
            if read:
                _insert(engine, part, span, *(pa.concat_tables(tables) for tables in zip(*read, strict=True)))
    found = first(engine, "SELECT count(*) FROM our")
    assert found is not None
    return int(found[0])


def _told_elsewhere(house_id: int, provider: str, day: date) -> Q:
    """Rows that stood in the bill of another day: what we heard late is booked late, and no bill tells it twice.

    A bill that comes again is another edition of the day, so what its first one told is looked for in it.
    """
    editions = Bill.objects.filter(house_id=house_id, provider=provider, bill_on=day).exclude(kind=FUND)
    first_at = editions.aggregate(at=Min("received_at"))["at"]
    told = Q(confirmation__isnull=False)
    return told if first_at is None else told & Q(confirmation__run__ran_at__lt=first_at)


def _parts(house_id: int, provider: str) -> list[_Part]:
    paid = Attempt.objects.filter(intent__house_id=house_id, intent__provider=provider)
    back = Refund.objects.filter(house_id=house_id, intent__provider=provider)
    booked = paid.filter(intent__state__in=(IntentState.SUCCEEDED, IntentState.REVERSED))
    unknown = paid.filter(
        intent__state=IntentState.REVERSED, intent__booked_at__isnull=True, sent_at__isnull=False
    )
    undone = Q(intent__state=IntentState.REVERSED)
    pending = back.filter(state__in=REFUND_UNSETTLED)
    payment, refund = ("out_trade_no", "intent__amount"), ("out_refund_no", "amount")
    return [
        _Part("P", booked, "intent__booked_at", *payment, undone),
        # Reversed before we knew it paid: the bill may hold both lines or neither.
        _Part("P", unknown, "intent__opened_at", *payment, undone, is_expected=False),
        _Part("R", back.filter(state__in=REFUND_BOOKED), "booked_at", *refund),
        # Few, and found by no index of their instant: not an hour at a time.
        _Part("R", pending, "requested_at", *refund, is_pending=True, step=WINDOW),
    ]


def _selected(part: _Part, told: Q) -> QuerySet[Any]:
    return part.rows.order_by().values(
        row_number=F("id"),
        number_sent=F(part.number),
        amount_sent=F(part.amount),
        currency_sent=F("intent__currency"),
        instant=F(part.at),
        flags=Case(When(told, then=Value(_TOLD)), default=Value(0))
        + Case(When(part.undone, then=Value(_UNDONE)), default=Value(0)),
    )


def _slices(
    sql: str, params: tuple[Any, ...], span: Span, step: timedelta
) -> Iterator[tuple[pa.Table, pa.Table]]:
    """The rows of a span, and beside them those of them that are odd."""
    if connection.vendor == "postgresql":
        for text in _copied(sql, (*params, span.since, span.until)):
            table = _table(text, _CELLS)
            is_odd = pc.or_(pc.not_equal(table["currency"], CNY), pc.not_equal(table["flags"], 0))
            yield table.select(list(_ROW)), table.filter(is_odd).select(list(_ODD))
        return
    since = span.since
    while since < span.until:
        until = min(since + step, span.until)
        yield from _joined(sql, (*params, _stored(since), _stored(until)))
        since = until


def _stored(instant: datetime) -> str:
    return str(connection.ops.adapt_datetimefield_value(instant))


# The inner query is folded into the outer one, so that the window is looked up in the index of its instant.
_WINDOW = "WHERE instant >= %s AND instant < %s"
# Cheapest of what was tried: numbers as JSON, no row put together as text of its own.
_COLUMNS = "json_group_array(row_number), group_concat(number_sent, char(10)), json_group_array(amount_sent)"
_ODD_ONES = (
    "group_concat(printf('%%d\t%%s\t%%d', row_number, currency_sent, flags), char(10)) "
    f"FILTER (WHERE flags <> 0 OR currency_sent <> '{CNY}')"
)


def _joined(sql: str, params: tuple[Any, ...]) -> Iterator[tuple[pa.Table, pa.Table]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_COLUMNS}, {_ODD_ONES} FROM ({sql}) {_WINDOW}", params)
        row_ids, numbers, amounts, odd = cursor.fetchone()
    if numbers:
        columns = [
            _integers(row_ids),
            _table(numbers.encode(), {"number": pa.string()})["number"],
            _integers(amounts),
        ]
        yield pa.table(columns, schema=pa.schema(_ROW)), _table((odd or "").encode(), _ODD)


def _integers(text: str) -> Any:
    """The integers of a JSON array."""
    return np.fromstring(text[1:-1], dtype=np.int64, sep=",")


def _copied(sql: str, params: tuple[Any, ...]) -> Iterator[bytes]:
    cells = "row_number, number_sent, amount_sent, currency_sent, flags"
    text = f"COPY (SELECT {cells} FROM ({sql}) AS found {_WINDOW}) TO STDOUT"
    with connection.cursor() as cursor, cursor.copy(text, params) as stream:
        held = bytearray()
        for piece in stream:
            held += piece
            if len(held) >= BYTES_PER_READ:
                yield bytes(held)
                held.clear()
    if held:
        yield bytes(held)


def _table(text: bytes, types: dict[str, pa.DataType]) -> pa.Table:
    if not text:
        return pa.schema(types).empty_table()
    return pyarrow.csv.read_csv(
        io.BytesIO(text),
        read_options=pyarrow.csv.ReadOptions(column_names=list(types), use_threads=False),
        parse_options=pyarrow.csv.ParseOptions(delimiter="\t", quote_char=False),
        convert_options=pyarrow.csv.ConvertOptions(column_types=types),
    )


def _insert(engine: Engine, part: _Part, span: Span, read: pa.Table, odd: pa.Table) -> None:
    given = {
        "letter": part.letter,
        "is_on_day": span.is_on_day,
        "is_near_cutoff": span.is_near_cutoff,
        "is_pending": part.is_pending,
        "is_expected": part.is_expected,
    }
    # Named in the query: DuckDB reads an Arrow table where it stands.
    engine.register("read", read)
    engine.register("odd", odd)
    engine.execute(f"{_INSERT} {_ANY}", given)
    engine.execute(f"{_INSERT} {_TURNED}", {**given, "letter": "V"})
    engine.unregister("read")
    engine.unregister("odd")
