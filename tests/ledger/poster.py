"""Processes that post payments and say which are acknowledged, until somebody kills them."""

import os
import sys
from datetime import UTC, datetime

from seta.site.boot import boot


def main() -> None:
    """`python -m tests.ledger.poster HOUSE`: each line read is a name, and starts a poster of that name.

    Posters are forked, so that Django is loaded once. A poster says `ready PID`, then the key of each journal that
    is acknowledged; when it is dead, `dead` follows.
    """
    boot()
    from django.db import connection  # noqa: PLC0415  Django is ready only now

    house_id = int(sys.argv[1])
    connection.close()
    for line in iter(sys.stdin.readline, ""):
        child = os.fork()
        if child == 0:
            try:
                post_until_killed(house_id, line.strip())
            finally:
                os._exit(1)
        os.waitpid(child, 0)
        told("dead")


def told(*idems: str) -> None:
    """One write, so that nothing is cut in half: a pipe takes up to 4,096 bytes whole."""
    os.write(1, "".join(f"{idem}\n" for idem in idems).encode())


def post_until_killed(house_id: int, name: str) -> None:
    """Singles, batches, the group-committing writer and pending journals, folding in between."""
    from seta.ledger.operations import (  # noqa: PLC0415  Django is ready only now
        fold_balances,
        post,
        post_many,
        post_pending,
        reserve,
    )
    from seta.ledger.writer import Writer  # noqa: PLC0415
    from tests.ledger.entries import payout, sale  # noqa: PLC0415

    number = 0
    told(f"ready {os.getpid()}")
    with Writer() as writer:
        while True:
            now = datetime.now(UTC)
            entries = [sale(house_id, f"{name}:{number}:{place}") for place in range(60)]
            post(journal=entries[0], now=now)
            told(entries[0].idem)
            post_many(journals=entries[1:40], now=now)
            told(*[entry.idem for entry in entries[1:40]])
            for entry, future in [(entry, writer.submit(entry)) for entry in entries[40:]]:
                future.result()
                told(entry.idem)
            back = payout(house_id, f"{name}:{number}:out", 1_000)
            reserve(journal=back, now=now)
            post_pending(house_id=house_id, idem=back.idem, now=now)
            told(back.idem)
            fold_balances(now)
            number += 1


if __name__ == "__main__":
    main()
