"""From a total down to what it is made of: account, postings, journal, reference; and what should be zero."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import F, OuterRef, Q, Subquery, Sum

from seta.kit.clock import BEIJING
from seta.ledger import models
from seta.ledger.lines import PostingLine, line_of

POSTINGS_PER_PAGE_MAX = 500
JOURNALS_PER_REF_MAX = 500


@dataclass(frozen=True)
class JournalCard:
    """One journal with its lines; `reversal_of` and `reversed_by` are keys of journals, or empty."""

    id: int
    idem: str
    kind: str
    ref: str
    at: datetime
    fingerprint: str
    lines: Sequence[PostingLine]
    reversal_of: str
    reversed_by: str
    was_pending: bool


@dataclass(frozen=True)
class PendingCard:
    """One pending journal, what it would post, and how it ended ("" while it has not)."""

    idem: str
    kind: str
    ref: str
    at: datetime
    lines: Sequence[PostingLine]
    outcome: str


@dataclass(frozen=True)
class ClearingAlarm:
    """What a clearing account still holds of one provider after a day that should have returned to zero."""

    day: date
    code: str
    currency: str
    provider: str
    amount: int


def account_postings(
    house_id: int,
    code: str,
    currency: str,
    *,
    before_journal: int | None = None,
    limit: int = 100,
) -> list[PostingLine]:
    """An account's postings, newest first; the next page begins before the last line's journal."""
    rows = models.Posting.objects.filter(
        account__house_id=house_id, account__code=code, account__currency=currency
    )
    if before_journal is not None:
        rows = rows.filter(journal_id__lt=before_journal)
    page = rows.select_related("journal", "account").order_by("-journal_id", "line")
    return [line_of(row) for row in page[: min(limit, POSTINGS_PER_PAGE_MAX)]]


def journal(house_id: int, journal_id: int) -> JournalCard | None:
    """One journal of this house, or None."""
    rows = models.Journal.objects.filter(house_id=house_id, pk=journal_id)
    return next(iter(_cards(house_id, list(rows))), None)


def journals_of(house_id: int, ref: str) -> list[JournalCard]:
    """Every journal that carries this reference, oldest first."""
    rows = models.Journal.objects.filter(house_id=house_id, ref=ref).order_by("pk")
    return _cards(house_id, list(rows[:JOURNALS_PER_REF_MAX]))


def pending(house_id: int, *, is_open: bool = True, limit: int = 100) -> list[PendingCard]:
    """Pending journals, oldest first: those that still hold something, or all."""
    rows = models.Pending.objects.filter(house_id=house_id).select_related("resolution")
    if is_open:
        rows = rows.filter(resolution__isnull=True)
    page = list(rows.order_by("pk").prefetch_related("lines__account")[:limit])
    return [
        PendingCard(
            idem=row.idem,
            kind=row.kind,
            ref=row.ref,
            at=row.at,
            lines=[
                PostingLine(
                    row.pk,
                    one.line,
                    row.idem,
                    row.kind,
                    row.ref,
                    row.at,
                    one.account.code,
                    one.currency,
                    one.amount,
                )
                for one in row.lines.all()
            ],
            outcome=row.resolution.outcome if hasattr(row, "resolution") else "",
        )
        for row in page
    ]


def clearing_alarms(
    house_id: int,
    *,
    day: date,
    code: str = "fx:clearing",
    counterpart: str = "receivable:",
    settling: Sequence[str] = ("conversion",),
    days_to_settle: int = 1,
) -> list[ClearingAlarm]:
    """What of a Beijing day and the days before it has not been converted when it should have been (T+1).

    Everything that entered the clearing account by the end of the day must have left it by journals of a `settling`
    kind within `days_to_settle` days. The provider is the account with the `counterpart` prefix in the same journal.
    Empty is good; each line is an alarm for finance.
    """
    end = datetime.combine(day + timedelta(days=1), time.min, BEIJING)
    deadline = end + timedelta(days=days_to_settle)
    provider = models.Posting.objects.filter(
        journal_id=OuterRef("journal_id"), account__code__startswith=counterpart
    ).values("account__code")[:1]
    is_settling = Q(journal__kind__in=settling)
    rows = (
        models.Posting.objects.filter(account__house_id=house_id, account__code=code)
        .filter(Q(is_settling, journal__at__lt=deadline) | Q(~is_settling, journal__at__lt=end))
        .annotate(owner=Subquery(provider))
        .values("owner", unit=F("currency"))
        .annotate(total=Sum("amount"))
        .exclude(total=0)
        .order_by("owner", "unit")
    )
    return [
        ClearingAlarm(day, code, row["unit"], (row["owner"] or "").removeprefix(counterpart), row["total"])
        for row in rows
    ]


def _cards(house_id: int, rows: Sequence[models.Journal]) -> list[JournalCard]:
    idems = [row.idem for row in rows]
    kin = [f"{idem}:reversal" for idem in idems] + [idem.removesuffix(":reversal") for idem in idems]
    there = set(models.Journal.objects.filter(house_id=house_id, idem__in=kin).values_list("idem", flat=True))
    lines: dict[int, list[PostingLine]] = {row.pk: [] for row in rows}
    postings = models.Posting.objects.filter(journal__in=lines).select_related("journal", "account")
    for one in postings.order_by("journal_id", "line"):
        lines[one.journal_id].append(line_of(one))
    held = set(models.Resolution.objects.filter(journal__in=lines).values_list("journal_id", flat=True))
    return [
        JournalCard(
            id=row.pk,
            idem=row.idem,
            kind=row.kind,
            ref=row.ref,
            at=row.at,
            fingerprint=row.fingerprint,
            lines=lines[row.pk],
            reversal_of=_kin(row.idem.removesuffix(":reversal"), row.idem, there),
            reversed_by=_kin(f"{row.idem}:reversal", row.idem, there),
            was_pending=row.pk in held,
        )
        for row in rows
    ]


def _kin(idem: str, own: str, there: set[str]) -> str:
    return idem if idem != own and idem in there else ""
