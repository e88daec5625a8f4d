"""What the books have of a bill's days, carried into DuckDB as text: no object of Python's for any row.

SQLite joins each slice of time into one string and PostgreSQL streams COPY; both are read as CSV by Arrow.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.csv
from django.db import connection
from django.db.models import BigIntegerField, BooleanField, ExpressionWrapper, F, Min, Q, QuerySet, Value
from django.db.models.functions import Cast

from seta.kit.clock import BEIJING
from seta.payments.models import Attempt, Bill, Refund
from seta.payments.operations.recon.files import FUND
from seta.payments.rules.matching import CUTOFF_MINUTES, OUR_COLUMNS
from seta.payments.rules.states import REFUND_BOOKED, REFUND_UNSETTLED, IntentState
from seta.platforms.core.tables import Engine, first

WINDOW = timedelta(days=1)
ROWS_PER_SLICE = 50_000
BYTES_PER_READ = 4 << 20
_COLUMNS = ("row_id", "number", "amount", "currency", "on_day", "near_cutoff")
_TYPES = {
    "row_id": pa.int64(),
    "number": pa.string(),
    "amount": pa.int64(),
    "currency": pa.string(),
    "on_day": pa.int64(),
    "near_cutoff": pa.int64(),
}


@dataclass(frozen=True)
class Days:
    """A Beijing day with the window around it in which its keys are looked for."""

    start: datetime
    end: datetime

    @property
    def since(self) -> datetime:
        """A day before."""
        return self.start - WINDOW

    @property
    def until(self) -> datetime:
        """A day after."""
        return self.end + WINDOW

    @classmethod
    def around(cls, day: date) -> "Days":
        """The window of a Beijing day."""
        start = datetime.combine(day, time.min, BEIJING)
        return cls(start, start + timedelta(days=1))


@dataclass(frozen=True)
class _Part:
    """One kind of row: which rows, by which instant, and how they are judged."""

    letters: str
    rows: QuerySet[Any]
    at: str
    number: str
    amount: str
    currency: str
    is_pending: bool = False
    is_expected: bool = True


def extract(engine: Engine, *, house_id: int, provider: str, day: date) -> int:
    """Fill the table `our` with the window of a Beijing day; returns how many rows."""
    days = Days.around(day)
    told = _told_elsewhere(house_id, provider, day)
    engine.execute(f"CREATE OR REPLACE TABLE our ({OUR_COLUMNS})")
    for part in _parts(house_id, provider):
        for text in _texts(part, days, told):
            # Named in the query: DuckDB reads an Arrow table where it stands.
            engine.register(
                "read",
                pyarrow.csv.read_csv(
                    io.BytesIO(text),
                    read_options=pyarrow.csv.ReadOptions(column_names=list(_COLUMNS), use_threads=False),
                    parse_options=pyarrow.csv.ParseOptions(delimiter="\t", quote_char=False),
                    convert_options=pyarrow.csv.ConvertOptions(column_types=_TYPES),
                ),
            )
            for letter in part.letters:
                engine.execute(
                    "INSERT INTO our SELECT ?, row_id, number, amount, currency, on_day = 1, near_cutoff = 1, ?, ? "
                    "FROM read",
                    [letter, part.is_pending, part.is_expected],
                )
            engine.unregister("read")
    found = first(engine, "SELECT count(*) FROM our")
    assert found is not None
    return int(found[0])


def _told_elsewhere(house_id: int, provider: str, day: date) -> Q:
    """Rows that stood in the bill of another day: what we heard late is booked late, and no bill tells it twice.

    A bill that comes again is another edition of the day, so what its first one told is looked for in it.
    """
    editions = Bill.objects.filter(house_id=house_id, provider=provider, bill_on=day).exclude(kind=FUND)
    first_at = editions.aggregate(at=Min("received_at"))["at"]
    told = Q(reconciled_at__isnull=False)
    return told if first_at is None else told & Q(reconciled_at__lt=first_at)


def _parts(house_id: int, provider: str) -> list[_Part]:
    paid = Attempt.objects.filter(intent__house_id=house_id, intent__provider=provider)
    back = Refund.objects.filter(house_id=house_id, intent__provider=provider)
    payment = ("out_trade_no", "intent__amount", "intent__currency")
    refund = ("out_refund_no", "amount", "intent__currency")
    undone = paid.filter(intent__state=IntentState.REVERSED)
    unknown = undone.filter(intent__booked_at__isnull=True, sent_at__isnull=False)
    pending = back.filter(state__in=REFUND_UNSETTLED)
    return [
        _Part("P", paid.filter(intent__state=IntentState.SUCCEEDED), "intent__booked_at", *payment),
        _Part("PV", undone.filter(intent__booked_at__isnull=False), "intent__booked_at", *payment),
        # Reversed before we knew it paid: the bill may hold both lines or neither.
        _Part("PV", unknown, "intent__opened_at", *payment, is_expected=False),
        _Part("R", back.filter(state__in=REFUND_BOOKED), "booked_at", *refund),
        _Part("R", pending, "requested_at", *refund, is_pending=True),
    ]


def _texts(part: _Part, days: Days, told: Q) -> Iterator[bytes]:
    since = part.rows.filter(**{f"{part.at}__gte": days.since, f"{part.at}__lt": days.until})
    count = since.count()
    if not count:
        return
    if connection.vendor == "postgresql":
        yield from _copied(_selected(part, since, days, told))
        return
    slices = -(-count // ROWS_PER_SLICE)
    step = (days.until - days.since) / slices
    for number in range(slices):
        first = days.since + step * number
        last = days.until if number == slices - 1 else first + step
        chosen = part.rows.filter(**{f"{part.at}__gte": first, f"{part.at}__lt": last})
        yield from _joined(_selected(part, chosen, days, told))


def _selected(part: _Part, rows: QuerySet[Any], days: Days, told: Q) -> QuerySet[Any]:
    return rows.order_by().values(
        row_number=Cast(F("id"), BigIntegerField()),
        number_sent=F(part.number),
        amount_sent=F(part.amount),
        currency_sent=F(part.currency),
        instant=F(part.at),
        told_elsewhere=ExpressionWrapper(told, BooleanField()),
        day_start=Value(days.start),
        day_end=Value(days.end),
        **{
            name: Value(instant)
            for name, instant in zip(
                ("after_start", "before_end", "before_start", "after_end"),
                (
                    days.start + timedelta(minutes=CUTOFF_MINUTES),
                    days.end - timedelta(minutes=CUTOFF_MINUTES),
                    days.start - timedelta(minutes=CUTOFF_MINUTES),
                    days.end + timedelta(minutes=CUTOFF_MINUTES),
                ),
                strict=True,
            )
        },
    )


_ON_DAY = "(instant >= day_start AND instant < day_end AND NOT told_elsewhere)"
_NEAR = (
    "((instant >= before_start AND instant < after_start) OR (instant >= before_end AND instant < after_end))"
)


def _joined(rows: QuerySet[Any]) -> Iterator[bytes]:
    sql, params = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT group_concat(row_number || char(9) || number_sent || char(9) || amount_sent || char(9) || "
            f"currency_sent || char(9) || {_ON_DAY} || char(9) || {_NEAR}, char(10)) FROM ({sql})",
            params,
        )
        found = cursor.fetchone()
    if found and found[0]:
        yield found[0].encode()


def _copied(rows: QuerySet[Any]) -> Iterator[bytes]:
    sql, params = rows.query.sql_with_params()
    flags = f"{_ON_DAY}::int, {_NEAR}::int"
    text = f"COPY (SELECT row_number, number_sent, amount_sent, currency_sent, {flags} FROM ({sql}) AS found) TO STDOUT"
    with connection.cursor() as cursor, cursor.copy(text, params) as stream:
        held = bytearray()
        for piece in stream:
            held += piece
            if len(held) >= BYTES_PER_READ:
                yield bytes(held)
                held.clear()
    if held:
        yield bytes(held)
