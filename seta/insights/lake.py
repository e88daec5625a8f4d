"""The lake: a Delta table of facts, appended exactly once, read by DuckDB (and by Spark) as plain Parquet files.

Batches carry their number into the table's own log, so a process that dies between the commit of the table and
the mark in the database neither loses nor doubles a batch.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
from deltalake import CommitProperties, DeltaTable, Transaction, write_deltalake

from seta.events.queries import EventRow

WRITER = "seta-lake"

SCHEMA = pa.schema(
    [
        ("event_id", pa.int64()),
        ("name", pa.string()),
        ("house_id", pa.int64()),
        ("person_id", pa.int64()),
        ("occurred_at", pa.timestamp("us", tz="UTC")),
        ("month", pa.string()),
        ("campaign", pa.string()),
        ("associate_id", pa.int64()),
        ("click_id", pa.string()),
        ("impression_id", pa.string()),
        ("district", pa.string()),
        ("boutique", pa.string()),
        ("place", pa.string()),
        ("channel", pa.string()),
        ("order_id", pa.int64()),
        ("amount", pa.int64()),
        ("currency", pa.string()),
        ("settle_amount", pa.int64()),
        ("settle_currency", pa.string()),
        ("kept_id", pa.int64()),
        ("absorbed_id", pa.int64()),
        ("body", pa.string()),
    ]
)
"""Columns that measures use, and the whole fact as JSON in `body`."""

_FROM_BODY = (
    "campaign",
    "associate_id",
    "click_id",
    "impression_id",
    "district",
    "boutique",
    "place",
    "channel",
    "order_id",
    "amount",
    "currency",
    "settle_amount",
    "settle_currency",
    "kept_id",
    "absorbed_id",
)


def rows_of(events: Sequence[EventRow]) -> pa.Table:
    """The events as rows of the lake."""
    return pa.Table.from_pylist([_row(event) for event in events], schema=SCHEMA)


def _row(event: EventRow) -> dict[str, Any]:
    row: dict[str, Any] = {name: event.body.get(name) for name in _FROM_BODY}
    row |= {
        "event_id": event.id,
        "name": event.name,
        "house_id": event.house_id,
        "person_id": event.person_id,
        "occurred_at": event.occurred_at,
        "month": f"{event.occurred_at:%Y-%m}",
        "body": msgspec.json.encode(event.body).decode(),
    }
    return row


class Lake:
    """The table in a folder; made at the first append."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "events"

    def exists(self) -> bool:
        """Whether anything was ever written."""
        return bool(DeltaTable.is_deltatable(str(self.folder)))

    def append(self, batch_number: int, events: Sequence[EventRow]) -> bool:
        """Append a numbered batch; False, and nothing done, when that batch is in the table already."""
        if self.exists():
            written = DeltaTable(str(self.folder)).transaction_version(WRITER)
            if written is not None and written >= batch_number:
                return False
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        write_deltalake(
            str(self.folder),
            rows_of(events),
            partition_by=["house_id", "month"],
            mode="append",
            commit_properties=CommitProperties(app_transactions=[Transaction(WRITER, batch_number)]),
        )
        return True

    def files(self) -> list[str]:
        """The Parquet files of the newest version; right for tables without deletion vectors, as ours is."""
        if not self.exists():
            return []
        return [str(uri) for uri in DeltaTable(str(self.folder)).file_uris()]

    def rows(self) -> int:
        """How many facts the lake holds."""
        if not self.exists():
            return 0
        return int(DeltaTable(str(self.folder)).to_pyarrow_dataset().count_rows())

    def compact(self) -> None:
        """Join small files; the worker does so once a day."""
        if self.exists():
            DeltaTable(str(self.folder)).optimize.compact()
