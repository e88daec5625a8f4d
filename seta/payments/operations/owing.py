"""One at a time may promise away what somebody is owed: a batch, or a refund that is being claimed."""

from collections.abc import Iterable

from django.db import connection

from seta.payments.rules.books import owed_to


def lock_owed(house_id: int, currency: str, payees: Iterable[str]) -> None:
    """Wait for whoever is promising the same money (payee codes, empty for the house), until this commits.

    What is available has to be read after it. SQLite has one writer at a time anyway: its transactions begin as
    writers.
    """
    assert connection.in_atomic_block, "the lock is the transaction's"
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        # In one order, so that two who want the same two never wait for each other.
        for code in sorted({owed_to(payee) for payee in payees}):
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{house_id} {code} {currency}"]
            )
