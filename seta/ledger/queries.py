"""Reading the books: balances, the trial balance, a statement, and everything posted for one reference."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Count, F, OuterRef, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from seta.ledger import models
from seta.ledger.drilling import (
    ClearingAlarm,
    JournalCard,
    PendingCard,
    account_postings,
    clearing_alarms,
    journal,
    journals_of,
    pending,
)
from seta.ledger.lines import PostingLine, line_of

STATEMENT_LINES_MAX = 1_000
FOLD_READS_MAX = 5

__all__ = [
    "ClearingAlarm",
    "JournalCard",
    "PendingCard",
    "PostingLine",
    "Statement",
    "StatementLine",
    "TrialLine",
    "account_postings",
    "balance",
    "clearing_alarms",
    "guarded_balance",
    "is_posted",
    "journal",
    "journals_of",
    "pending",
    "postings_of",
    "postings_of_journal",
    "statement",
    "sums",
    "trial_balance",
    "unbalanced_journals",
]


@dataclass(frozen=True)
class TrialLine:
    """One account's turnover and balance in minor units; debit and credit are both positive."""

    code: str
    currency: str
    debit: int
    credit: int
    balance: int
    postings: int

    def plus(self, other: "TrialLine") -> "TrialLine":
        """Both turnovers of the same account together."""
        assert (self.code, self.currency) == (other.code, other.currency)
        return TrialLine(
            self.code,
            self.currency,
            self.debit + other.debit,
            self.credit + other.credit,
            self.balance + other.balance,
            self.postings + other.postings,
        )


@dataclass(frozen=True)
class StatementLine:
    """One movement of an account and the balance after it."""

    posting: PostingLine
    balance: int


@dataclass(frozen=True)
class Statement:
    """An account between two instants: opening + movements = closing, in minor units, debit positive.

    `lines` may be one page of the `count` movements.
    """

    code: str
    currency: str
    opening: int
    closing: int
    lines: Sequence[StatementLine]
    count: int


def balance(house_id: int, code: str, currency: str) -> int:
    """An account's balance in minor units, debit positive; 0 for an account that does not exist.

    What is folded plus what was posted since, read by one statement: always the sum of the postings.
    """
    account_id = _account_id(house_id, code, currency)
    return sums({account_id})[account_id] if account_id is not None else 0


def guarded_balance(house_id: int, code: str, currency: str) -> int:
    """What of a guarded account may still be debited, as a credit (negative): its balance less what is pending."""
    account_id = _account_id(house_id, code, currency)
    if account_id is None:
        return 0
    held = models.Balance.objects.filter(account_id=account_id).values_list("held", flat=True).first()
    return sums({account_id})[account_id] + (held or 0)


def sums(account_ids: Collection[int]) -> dict[int, int]:
    """Balances of these accounts by id, each the fold plus the tail, from one snapshot of the database."""
    upto = Coalesce(Subquery(models.Fold.objects.values("upto")[:1]), 0)
    tail = (
        models.Posting.objects.filter(account_id=OuterRef("pk"), journal_id__gt=upto)
        .order_by()
        .values("account_id")
        .annotate(total=Sum("amount"))
        .values("total")
    )
    rows = (
        models.Account.objects.filter(pk__in=account_ids)
        .annotate(
            known=Coalesce(F("folded__debit") - F("folded__credit"), 0), since=Coalesce(Subquery(tail), 0)
        )
        .values_list("pk", "known", "since")
    )
    return {pk: known + since for pk, known, since in rows}


def _account_id(house_id: int, code: str, currency: str) -> int | None:
    return (
        models.Account.objects.filter(house_id=house_id, code=code, currency=currency)
        .values_list("pk", flat=True)
        .first()
    )


def trial_balance(house_id: int, *, before: datetime | None = None) -> list[TrialLine]:
    """Every account's turnover and balance, by currency and code; the balances of a currency sum to zero.

    Without an instant it is what is folded plus the tail; at an instant every posting before it is summed.
    """
    postings = models.Posting.objects.filter(account__house_id=house_id)
    if before is not None:
        return _trial(postings.filter(journal__at__lt=before))
    for _ in range(FOLD_READS_MAX):
        upto = _folded_upto()
        tail = _trial(postings.filter(journal_id__gt=upto))
        folded = models.Folded.objects.filter(account__house_id=house_id).values_list(
            "account__code", "account__currency", "debit", "credit", "postings"
        )
        known = [TrialLine(*row[:4], row[2] - row[3], row[4]) for row in folded]
        # Unless something was folded between the two, which would then be counted twice.
        if _folded_upto() == upto:
            return _merged([*known, *tail])
    return _trial(postings)


def _folded_upto() -> int:
    return models.Fold.objects.values_list("upto", flat=True).first() or 0


def _merged(lines: Sequence[TrialLine]) -> list[TrialLine]:
    merged: dict[tuple[str, str], TrialLine] = {}
    for line in lines:
        key = (line.currency, line.code)
        merged[key] = line.plus(merged[key]) if key in merged else line
    return [merged[key] for key in sorted(merged)]


def _trial(postings: QuerySet[models.Posting]) -> list[TrialLine]:
    rows = (
        postings.values(code=F("account__code"), unit=F("account__currency"))
        .annotate(
            debit=Coalesce(Sum(Case(When(amount__gt=0, then=F("amount")), default=Value(0))), 0),
            credit=Coalesce(Sum(Case(When(amount__lt=0, then=-F("amount")), default=Value(0))), 0),
            moved=Count("pk"),
        )
        .order_by("unit", "code")
    )
    return [
        TrialLine(
            code=row["code"],
            currency=row["unit"],
            debit=int(row["debit"]),
            credit=int(row["credit"]),
            balance=int(row["debit"]) - int(row["credit"]),
            postings=row["moved"],
        )
        for row in rows
    ]


def postings_of(house_id: int, ref: str) -> list[PostingLine]:
    """Every line of every journal that carries this reference, in the order they were posted."""
    rows = models.Posting.objects.filter(journal__house_id=house_id, journal__ref=ref)
    return [line_of(row) for row in rows.select_related("journal", "account").order_by("journal_id", "line")]


def postings_of_journal(house_id: int, idem: str) -> list[PostingLine]:
    """The lines of one journal; empty when it is not in the books."""
    rows = models.Posting.objects.filter(journal__house_id=house_id, journal__idem=idem)
    return [line_of(row) for row in rows.select_related("journal", "account").order_by("line")]


def is_posted(house_id: int, idem: str) -> bool:
    """Whether a journal with this key is in the house's books."""
    return models.Journal.objects.filter(house_id=house_id, idem=idem).exists()


def statement(
    house_id: int,
    code: str,
    currency: str,
    *,
    since: datetime,
    until: datetime,
    skip: int = 0,
    limit: int = STATEMENT_LINES_MAX,
) -> Statement:
    """Movements in [since, until), oldest first, at most `limit` lines after the first `skip`; the closing is whole."""
    assert since <= until, "a statement runs forward"
    mine = models.Posting.objects.filter(
        account__house_id=house_id, account__code=code, account__currency=currency
    ).select_related("journal", "account")
    opening = int(mine.filter(journal__at__lt=since).aggregate(total=Sum("amount"))["total"] or 0)
    within = mine.filter(journal__at__gte=since, journal__at__lt=until)
    closing = opening + int(within.aggregate(total=Sum("amount"))["total"] or 0)
    ordered = within.order_by("journal__at", "journal_id", "line")
    running = opening + sum(ordered.values_list("amount", flat=True)[:skip])
    lines: list[StatementLine] = []
    for row in ordered[skip : skip + min(limit, STATEMENT_LINES_MAX)]:
        running += row.amount
        lines.append(StatementLine(posting=line_of(row), balance=running))
    return Statement(
        code=code, currency=currency, opening=opening, closing=closing, lines=lines, count=within.count()
    )


def unbalanced_journals(house_id: int) -> list[str]:
    """Keys of journals that do not sum to zero in some currency: always empty, and asked so by the doctor."""
    rows = (
        models.Posting.objects.filter(journal__house_id=house_id)
        .values("journal__idem", "currency")
        .annotate(total=Sum("amount"))
        .exclude(total=0)
        .values_list("journal__idem", flat=True)
    )
    return sorted(set(rows))
