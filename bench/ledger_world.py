"""The ledger bench's payments, its houses, and what is true of its books afterwards."""

from collections.abc import Collection
from datetime import UTC, datetime

from django.core.management import call_command
from django.db.models import Count, Sum

from seta.houses.operations import found_house
from seta.ledger import queries
from seta.ledger.models import Journal as JournalRow
from seta.ledger.models import Posting
from seta.ledger.operations import fold_balances, post
from seta.ledger.rules import Journal
from seta.payments.rules import books

SETTLED = 118_800
"""What a payment of the bench adds to what the house is owed, in cents."""


def payment(house_id: int, number: str) -> Journal:
    """A payment as production books it: 5 postings in two currencies."""
    return books.payment(
        books.Moved(
            house_id=house_id,
            provider="wechatpay",
            number=number,
            ref=number,
            amount=938_815,
            settle_amount=SETTLED + 1_200,
            settle_currency="EUR",
            fee=1_200,
        )
    )


def found(code: str) -> int:
    """A house whose accounts are open, as they are after its first payment."""
    house_id = found_house(code=code, name=code, kind="maison")
    post(journal=payment(house_id, "first"), now=datetime.now(UTC))
    return house_id


def migrate() -> None:
    """An empty schema."""
    call_command("migrate", verbosity=0)


def truth(house_id: int, acknowledged: Collection[str]) -> dict[str, int]:
    """What must be 0 after a run: `acknowledged` are the numbers of the payments that were said to be posted."""
    wanted = {books.payment_idem(number) for number in acknowledged}
    rows = JournalRow.objects.filter(house_id=house_id)
    kept = set(rows.values_list("idem", flat=True))
    postings = Posting.objects.filter(journal__house_id=house_id)
    short = rows.annotate(lines=Count("postings")).exclude(lines=5).count()
    told = sum(line.balance for line in queries.trial_balance(house_id) if line.code == books.MERCHANT)
    fold_balances(datetime.now(UTC))
    summed = postings.filter(account__code=books.MERCHANT).aggregate(total=Sum("amount"))["total"]
    folded = queries.balance(house_id, books.MERCHANT, "EUR")
    return {
        "unbalanced": len(queries.unbalanced_journals(house_id)) + short,
        "lost": len(wanted - kept),
        "doubled": rows.count() - len(kept) + abs(summed + SETTLED * len(kept)) // SETTLED,
        "balance_off": abs(folded - summed) + abs(told - summed),
    }
