"""Batches of payments through the product, each beside the same rows inserted raw, in one database and process."""

import gc
import json
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from threading import Thread
from typing import Any

from seta.site.boot import boot

boot()

from django.db import connection, transaction  # noqa: E402  Django is ready only now

from bench.ledger_world import found, migrate, payment, truth  # noqa: E402
from seta.ledger import rules  # noqa: E402
from seta.ledger.models import Account, Posting  # noqa: E402
from seta.ledger.models import Journal as JournalRow  # noqa: E402
from seta.ledger.operations import post_many  # noqa: E402
from seta.ledger.rules import Journal  # noqa: E402
from seta.ledger.writer import Writer  # noqa: E402

BATCH = 1_000
THREADS = 32
_JOURNALS = (
    "INSERT INTO ledger_journal (id, house_id, idem, fingerprint, kind, ref, at) VALUES (?, ?, ?, ?, ?, ?, ?)"
)
_POSTINGS = (
    "INSERT INTO ledger_posting (journal_id, line, account_id, currency, amount) VALUES (?, ?, ?, ?, ?)"
)


def raw_rows(
    house_id: int, journals: Sequence[Journal], first: int
) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """The rows of these journals, ready for the driver."""
    accounts = {
        (row.code, row.currency): row.pk for row in Account.objects.filter(house_id=house_id).order_by("pk")
    }
    at = connection.ops.adapt_datetimefield_value(datetime.now(UTC))
    heads = [
        (pk, house_id, entry.idem, rules.fingerprint(entry), entry.kind, entry.ref, at)
        for pk, entry in enumerate(journals, start=first)
    ]
    lines = [
        (pk, number, accounts[line.code, line.currency], line.currency, line.amount)
        for pk, entry in enumerate(journals, start=first)
        for number, line in enumerate(entry.postings, start=1)
    ]
    return heads, lines


def insert_raw(rows: tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]) -> None:
    """The least that could keep these rows: the driver, two statements, one commit."""
    with transaction.atomic():
        connection.connection.executemany(_JOURNALS, rows[0])
        connection.connection.executemany(_POSTINGS, rows[1])


def timed(work: Callable[[], object]) -> float:
    """Seconds of one call."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def alternate(house_id: int, raw_house: int, batches: int) -> dict[str, list[float]]:
    """Seconds of each batch, raw and product by turns, each first every other time."""
    seconds: dict[str, list[float]] = {"raw": [], "product": []}
    gc.freeze()
    for number in range(batches):
        ours = [payment(house_id, f"B{number:06}N{place:06}") for place in range(BATCH)]
        theirs = [payment(raw_house, f"B{number:06}N{place:06}") for place in range(BATCH)]
        # What the bench leaves behind is collected off the clock; what a batch leaves behind is on its own.
        gc.collect()
        for name in ("raw", "product") if number % 2 else ("product", "raw"):
            if name == "product":
                batch_of_ours = ours
                seconds[name].append(
                    timed(lambda batch=batch_of_ours: post_many(journals=batch, now=datetime.now(UTC)))  # type: ignore[misc]
                )
            else:
                rows = raw_rows(raw_house, theirs, JournalRow.objects.order_by("-pk")[0].pk + 1)
                seconds[name].append(timed(lambda rows=rows: insert_raw(rows)))  # type: ignore[misc]
    return seconds


def grouped(house_id: int, payments: int) -> tuple[float, list[str]]:
    """Seconds that many threads take to post payments one by one through the group-committing writer."""
    numbers = [f"G{number:08}" for number in range(payments)]

    def client(mine: Sequence[str]) -> None:
        for number in mine:
            writer.post(payment(house_id, number))

    with Writer() as writer:
        threads = [Thread(target=client, args=(numbers[start::THREADS],)) for start in range(THREADS)]
        begun = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return time.perf_counter() - begun, numbers


def main() -> None:
    """`python -m bench.ledger_batches BATCHES`; one JSON object."""
    migrate()
    batches = int(sys.argv[1])
    house_id, raw_house = found("bench"), found("raw")
    alternate_from = found("warm")
    post_many(
        journals=[payment(alternate_from, f"W{place}") for place in range(BATCH)], now=datetime.now(UTC)
    )
    seconds = alternate(house_id, raw_house, batches)
    group_seconds, group_numbers = grouped(house_id, BATCH * 2)
    numbers = [f"B{number:06}N{place:06}" for number in range(batches) for place in range(BATCH)]
    replay = [payment(house_id, number) for number in numbers[:BATCH]]
    replay_seconds = timed(lambda: post_many(journals=replay, now=datetime.now(UTC)))
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous")
        synchronous = cursor.fetchone()[0]
    assert synchronous == 2, "the bench measures durable commits"
    print(
        json.dumps(
            {
                "seconds": seconds,
                "grouped_a_second": len(group_numbers) / group_seconds,
                "replayed_a_second": BATCH / replay_seconds,
                "postings": Posting.objects.count(),
                "truth": truth(house_id, numbers + group_numbers),
            }
        )
    )


if __name__ == "__main__":
    main()
