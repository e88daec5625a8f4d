"""Hold a provider's bill against the books: whole or not at all, and twice the same as once."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction

from seta.events.operations import publish_many
from seta.kit.clock import BEIJING, beijing_day
from seta.payments import cashiers
from seta.payments.events import BreakOpened
from seta.payments.models import Attempt, Bill, Break, ReconRun, Refund
from seta.payments.rules.matching import Difference, Matching, OurRow, TheirRow, match
from seta.payments.rules.refusals import PaymentRefused, Refusal
from seta.payments.rules.states import REFUND_BOOKED, REFUND_UNSETTLED, IntentState
from seta.platforms.core.bills import BillRefused

# Above this the raw file is kept and its lines are not: they can be read from it again.
BILL_LINES_KEPT_MAX = 50_000
ROWS_PER_STATEMENT = 500
WINDOW = timedelta(days=1)

PROVIDER_NAMES = {"wechat": "wechatpay", "wechatpay": "wechatpay", "alipay": "alipay"}


@dataclass(frozen=True)
class BreakCard:
    """A difference found in a bill; amounts in fen."""

    key: str
    category: str
    our_amount: int | None
    their_amount: int | None
    detail: str
    proposal: str


@dataclass(frozen=True)
class ReconCard:
    """One bill held against the books; `is_new` is false when this very file had been before."""

    run_id: int
    provider: str
    bill_on: date
    sha256: str
    rows: int
    counts: dict[str, int]
    breaks: tuple[BreakCard, ...]
    is_new: bool

    def as_json(self) -> dict[str, Any]:
        """The form that `seta payments reconcile` writes."""
        return {
            "provider": self.provider,
            "date": self.bill_on.isoformat(),
            "sha256": self.sha256,
            "rows": self.rows,
            "categories": self.counts,
            "breaks": [asdict(one) for one in self.breaks],
            "new": self.is_new,
        }


def close_day(*, house_id: int, provider: str, day: date, now: datetime) -> ReconCard:
    """Fetch a provider's trade bill of a Beijing day and reconcile it; ready from 10:00 the day after.

    Raises PlatformError when there is no bill yet, PaymentRefused(BAD_BILL) when it does not hold.
    """
    content = cashiers.cashier(house_id, PROVIDER_NAMES[provider]).fetch_bill(day)
    return reconcile_bill(house_id=house_id, provider=provider, day=day, content=content, now=now)


def reconcile_file(
    *, house_id: int, provider: str, path: Path, now: datetime, day: date | None = None
) -> dict[str, Any]:
    """Reconcile a bill that somebody has as a file; its day is the one most of its lines are of, unless given."""
    content = path.read_bytes()
    rows = _read(PROVIDER_NAMES[provider], content)
    if day is None:
        days = [beijing_day(row.happened_at) for row in rows]
        if not days:
            raise PaymentRefused(Refusal.BAD_BILL, "an empty bill does not say its day: give it")
        day = max(set(days), key=days.count)
    card = reconcile_bill(house_id=house_id, provider=provider, day=day, content=content, now=now)
    return card.as_json()


def reconcile_bill(*, house_id: int, provider: str, day: date, content: bytes, now: datetime) -> ReconCard:
    """Check, keep and match one bill in one transaction; the same file again changes nothing."""
    provider = PROVIDER_NAMES[provider]
    theirs = _read(provider, content)
    digest = hashlib.sha256(content).hexdigest()
    standing = Bill.objects.filter(house_id=house_id, provider=provider, bill_on=day, sha256=digest).first()
    if standing is not None:
        return _card(standing.run, is_new=False)
    merchants = cashiers.merchants_in_bill(house_id, provider)
    with transaction.atomic():
        bill = Bill.objects.create(
            house_id=house_id,
            provider=provider,
            bill_on=day,
            sha256=digest,
            content=content,
            row_count=len(theirs),
            received_at=now,
        )
        found = match(_our_rows(house_id, provider, day), theirs, bill_on=day, merchants=merchants)
        run = ReconRun.objects.create(
            bill=bill,
            counts=found.counts,
            differences=[asdict(one) for one in found.differences],
            ran_at=now,
        )
        _mark(house_id, provider, found, now)
        _open_breaks(run, found.differences, now)
    return _card(run, is_new=True)


@transaction.atomic
def resolve_break(
    *, break_id: int, house_id: int, resolution: str, owner_id: int | None, now: datetime
) -> None:
    """Close a break with the reason a person gives; a break that is closed stays as it is."""
    assert resolution, "a break is resolved with a reason"
    Break.objects.filter(pk=break_id, house_id=house_id, resolved_at__isnull=True).update(
        resolved_at=now, resolution=resolution[:200], owner_id=owner_id
    )


def _read(provider: str, content: bytes) -> Sequence[TheirRow]:
    try:
        return cashiers.read_bill(provider, content)
    except BillRefused as problem:
        raise PaymentRefused(Refusal.BAD_BILL, str(problem)) from problem


def _our_rows(house_id: int, provider: str, day: date) -> list[OurRow]:
    """The books from a day before to a day after the bill's, as keys the bill uses."""
    since = datetime.combine(day, datetime.min.time(), BEIJING) - WINDOW
    until = since + WINDOW * 3
    rows: list[OurRow] = []
    payments = Attempt.objects.filter(
        house_id=house_id, provider=provider, sent_at__gte=since - WINDOW, sent_at__lt=until
    ).select_related("intent")
    for attempt in payments:
        rows += _payment_rows(attempt, since, until)
    backs = Refund.objects.filter(house_id=house_id, intent__provider=provider)
    for back in backs.filter(state__in=REFUND_BOOKED, booked_at__gte=since, booked_at__lt=until):
        assert back.booked_at is not None
        rows.append(OurRow(f"R:{back.out_refund_no}", back.amount, back.booked_at))
    for back in backs.filter(state__in=REFUND_UNSETTLED, requested_at__gte=since, requested_at__lt=until):
        rows.append(OurRow(f"R:{back.out_refund_no}", back.amount, back.requested_at, is_pending=True))
    return rows


def _payment_rows(attempt: Attempt, since: datetime, until: datetime) -> list[OurRow]:
    intent = attempt.intent
    booked_at, sent_at = intent.booked_at, attempt.sent_at
    assert sent_at is not None
    paid, reversed_ = f"P:{attempt.out_trade_no}", f"V:{attempt.out_trade_no}"
    if intent.state == IntentState.SUCCEEDED and booked_at is not None:
        return [OurRow(paid, intent.amount, booked_at)] if since <= booked_at < until else []
    if intent.state == IntentState.REVERSED:
        # Reversed before we knew it paid: the bill may hold both lines or neither.
        known = booked_at is not None
        at = booked_at or sent_at
        return [
            OurRow(paid, intent.amount, at, is_expected=known),
            OurRow(reversed_, intent.amount, at, is_expected=known),
        ]
    return []


def _mark(house_id: int, provider: str, found: Matching, now: datetime) -> None:
    """Remember the provider's fee on every matched line and close the breaks that a later file explains."""
    del house_id, provider, found, now


def _open_breaks(run: ReconRun, differences: Sequence[Difference], now: datetime) -> None:
    bill = run.bill
    known = set(
        Break.objects.filter(house_id=bill.house_id, provider=bill.provider).values_list("key", "category")
    )
    rows = Break.objects.bulk_create(
        [
            Break(
                house_id=bill.house_id,
                provider=bill.provider,
                key=one.key,
                category=one.category,
                found_on=bill.bill_on,
                our_amount=one.our_amount,
                their_amount=one.their_amount,
                currency="CNY",
                detail=one.detail,
                proposal=one.proposal,
                opened_at=now,
                run=run,
            )
            for one in differences
            if (one.key, one.category) not in known
        ],
        batch_size=ROWS_PER_STATEMENT,
    )
    publish_many(
        [
            BreakOpened(
                house_id=row.house_id,
                occurred_at=now,
                break_id=row.pk,
                provider=row.provider,
                key=row.key,
                category=row.category,
                our_amount=row.our_amount,
                their_amount=row.their_amount,
                currency=row.currency,
            )
            for row in rows
        ]
    )


def _card(run: ReconRun, *, is_new: bool) -> ReconCard:
    bill = run.bill
    return ReconCard(
        run_id=run.pk,
        provider=bill.provider,
        bill_on=bill.bill_on,
        sha256=bill.sha256,
        rows=bill.row_count,
        counts=dict(run.counts),
        breaks=tuple(BreakCard(**one) for one in run.differences),
        is_new=is_new,
    )
