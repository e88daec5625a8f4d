"""One client process of the ledger bench: threads that post payment after payment, each on its own connection."""

import json
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

from seta.site.boot import boot

boot()

from django.db import connection  # noqa: E402  Django is ready only now

from bench import ledger_baseline  # noqa: E402
from bench.ledger_world import found, migrate, payment, truth  # noqa: E402
from seta.ledger.models import Journal  # noqa: E402
from seta.ledger.operations import post  # noqa: E402
from seta.ledger.rules import Journal as Entry  # noqa: E402


def product(journal: Entry, now: datetime) -> None:
    """The operation that production calls."""
    post(journal=journal, now=now)


def baseline(journal: Entry, now: datetime) -> None:
    """The design with hot balances."""
    ledger_baseline.post(journal=journal, now=now)


def client(
    write: Callable[[Entry, datetime], None],
    house_id: int,
    name: str,
    gate: threading.Barrier,
    seconds: float,
    told: list[float],
) -> None:
    """Post until the time is up; a latency in ms for each payment acknowledged."""
    connection.ensure_connection()
    gate.wait()
    until = time.monotonic() + seconds
    number = 0
    while time.monotonic() < until:
        entry = payment(house_id, f"{name}N{number}")
        begun = time.perf_counter()
        write(entry, datetime.now(UTC))
        told.append((time.perf_counter() - begun) * 1000)
        number += 1
    connection.close()


def compete(design: str, house_id: int, name: str, count: int, seconds: float) -> None:
    """Say `ready`, wait for a line, post from `count` threads, and print the latencies."""
    write = product if design == "product" else baseline
    told: list[list[float]] = [[] for _ in range(count)]
    gate = threading.Barrier(count + 1)
    threads = [
        threading.Thread(target=client, args=(write, house_id, f"{name}T{number}", gate, seconds, mine))
        for number, mine in enumerate(told)
    ]
    for thread in threads:
        thread.start()
    print("ready", flush=True)
    sys.stdin.readline()
    gate.wait()
    for thread in threads:
        thread.join()
    print(json.dumps([latency for mine in told for latency in mine]))


def main() -> None:
    """`prepare`, `truth HOUSE ACKNOWLEDGED`, or `product|baseline HOUSE NAME THREADS SECONDS`."""
    verb, *rest = sys.argv[1:]
    if verb == "prepare":
        migrate()
        house_id = found("bench")
        ledger_baseline.prepare()
        print(house_id)
    elif verb == "truth":
        told = truth(int(rest[0]), [])
        # One payment more than acknowledged opened the accounts.
        told["lost"] = max(0, int(rest[1]) + 1 - Journal.objects.filter(house_id=int(rest[0])).count())
        print(json.dumps(told))
    else:
        compete(verb, int(rest[0]), rest[1], int(rest[2]), float(rest[3]))


if __name__ == "__main__":
    main()
