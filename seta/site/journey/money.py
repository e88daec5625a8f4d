"""What the books say about a reference, read from the ledger and from the provider's signed facts."""

from collections import Counter
from datetime import UTC, datetime
from typing import Any

from seta.payments import queries as payments
from seta.site.journey.traveller import demand


def in_books(house_id: int, reference: str) -> dict[str, Any]:
    """Provider's number, amounts in both currencies and postings; fails when they do not sum to zero."""
    rows = [row for row in payments.payments(house_id, search=reference) if row.reference == reference]
    demand(len(rows) == 1, f"{reference} has {len(rows)} payments")
    detail = payments.payment(house_id, rows[0].id, now=datetime.now(UTC))
    sums: Counter[str] = Counter()
    for line in detail.postings:
        sums[line.currency] += line.amount
    demand(
        bool(sums) and not any(sums.values()), f"{reference} is not balanced in the books", sums=dict(sums)
    )
    return {
        "provider": rows[0].provider,
        "transaction": detail.provider_number,
        "amount": f"{rows[0].amount} {rows[0].currency}",
        "settles": f"{rows[0].settle_amount} {rows[0].settle_currency}",
        "postings": len(detail.postings),
        "currencies": sorted(sums),
        "signed_facts": [f"{fact.source}: {fact.state}" for fact in detail.facts],
    }
