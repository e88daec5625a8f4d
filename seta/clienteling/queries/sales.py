"""Who was credited a sale and what it earned."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q

from seta.clienteling.models import (
    Associate,
    AttributionPolicy,
    CommissionDispute,
    CommissionEntry,
    CommissionShare,
    SaleCredit,
)
from seta.clienteling.queries.associates import AssociateCard, associate_card
from seta.clienteling.rules.attribution import AttributionTerms
from seta.houses import queries as houses


@dataclass(frozen=True)
class SaleRow:
    """A credited sale; amounts in minor units, commission in the settlement currency."""

    id: int
    order_id: int
    number: str
    associate_id: int
    associate_name: str
    person_id: int | None
    campaign: str
    reason: str
    amount: int
    currency: str
    settle_amount: int
    settle_currency: str
    commission: int
    clawed_back: int
    credited_at: datetime

    @property
    def commission_kept(self) -> int:
        """What is left after returns."""
        return self.commission - self.clawed_back


def sales(
    house_id: int, *, associate_id: int | None = None, campaign: str = "", limit: int = 50, offset: int = 0
) -> list[SaleRow]:
    """Credited sales, newest first."""
    rows = SaleCredit.objects.filter(house_id=house_id).select_related("associate")
    if associate_id is not None:
        rows = rows.filter(associate_id=associate_id)
    if campaign:
        rows = rows.filter(campaign=campaign)
    return [_sale(row) for row in rows.order_by("-credited_at", "-id")[offset : offset + limit]]


def sale_of_order(order_id: int) -> SaleRow | None:
    """Who got an order, if anybody."""
    row = SaleCredit.objects.filter(order_id=order_id).select_related("associate").first()
    return _sale(row) if row else None


def _sale(row: SaleCredit) -> SaleRow:
    return SaleRow(
        id=row.pk,
        order_id=row.order_id,
        number=row.number,
        associate_id=row.associate_id,
        associate_name=row.associate.name,
        person_id=row.person_id,
        campaign=row.campaign,
        reason=row.reason,
        amount=row.amount,
        currency=row.currency,
        settle_amount=row.settle_amount,
        settle_currency=row.settle_currency,
        commission=row.commission,
        clawed_back=row.clawed_back,
        credited_at=row.credited_at,
    )


@dataclass(frozen=True)
class StatementLine:
    """A line of a statement; `amount` is signed, `share_bps` the associate's part of the sale now."""

    at: datetime
    kind: str
    number: str
    amount: int
    currency: str
    share_bps: int
    sale_amount: int


@dataclass(frozen=True)
class Statement:
    """An associate's commission of a month on the house's calendar; sums in minor units by currency."""

    associate: AssociateCard
    year: int
    month: int
    lines: tuple[StatementLine, ...]
    earned: Mapping[str, int]
    returned: Mapping[str, int]
    moved: Mapping[str, int]
    due: Mapping[str, int]


@dataclass(frozen=True)
class DisputeRow:
    """A claim to a sale and what became of it; parts are basis points by associate's name."""

    id: int
    number: str
    claimant_id: int
    claimant: str
    claimed_bps: int
    reason: str
    state: str
    opened_at: datetime
    decided_by: str
    decided_at: datetime | None
    decision: str
    parts: Mapping[str, int]
    commission: int
    currency: str


def attribution_terms(house_id: int, *, at: datetime) -> AttributionTerms:
    """The terms in force at an instant, or those that houses start with."""
    row = (
        AttributionPolicy.objects.filter(house_id=house_id, valid_from__lte=at)
        .order_by("-valid_from", "-id")
        .first()
    )
    if row is None:
        return AttributionTerms()
    windows = timedelta(days=row.touch_days), timedelta(days=row.share_days)
    return AttributionTerms(row.model, *windows, row.primary_bps)


def statement(*, associate_id: int, year: int, month: int) -> Statement:
    """What an associate earned, gave back and was moved in a month on the house's calendar."""
    row = Associate.objects.get(pk=associate_id)
    since, until = _month(row.house_id, year, month)
    entries = list(
        CommissionEntry.objects.filter(house_id=row.house_id, associate=row, at__gte=since, at__lt=until)
        .select_related("credit")
        .order_by("at", "id")
    )
    parts = dict(
        CommissionShare.objects.filter(
            associate=row, credit_id__in={entry.credit_id for entry in entries}
        ).values_list("credit_id", "bps")
    )
    lines = tuple(
        StatementLine(
            entry.at,
            entry.kind,
            entry.credit.number,
            entry.amount,
            entry.currency,
            parts.get(entry.credit_id, 0),
            entry.credit.settle_amount,
        )
        for entry in entries
    )
    sums = {kind: _sums(lines, kind) for kind in CommissionEntry.Kind.values}
    return Statement(
        associate_card(row),
        year,
        month,
        lines,
        sums["earned"],
        sums["returned"],
        sums["moved"],
        _sums(lines, ""),
    )


def _sums(lines: Sequence[StatementLine], kind: str) -> Mapping[str, int]:
    sums: dict[str, int] = {}
    for line in lines:
        if kind in ("", line.kind):
            sums[line.currency] = sums.get(line.currency, 0) + line.amount
    return sums


def _month(house_id: int, year: int, month: int) -> tuple[datetime, datetime]:
    zone = ZoneInfo(houses.house(house_id).timezone)
    following = (year + 1, 1) if month == 12 else (year, month + 1)
    return datetime(year, month, 1, tzinfo=zone), datetime(*following, 1, tzinfo=zone)


def disputes(house_id: int, *, associate_id: int | None = None, limit: int = 100) -> list[DisputeRow]:
    """Claims, open ones first, then the latest; of an associate those they made or that touch their part."""
    rows = CommissionDispute.objects.filter(house_id=house_id).select_related("credit", "claimant")
    if associate_id is not None:
        rows = rows.filter(
            Q(claimant_id=associate_id) | Q(credit__shares__associate_id=associate_id)
        ).distinct()
    found = list(rows.order_by("-opened_at", "-id")[:limit])
    parts: dict[int, dict[str, int]] = {}
    shares = CommissionShare.objects.filter(credit_id__in={row.credit_id for row in found})
    for share in shares.select_related("associate").order_by("position"):
        parts.setdefault(share.credit_id, {})[share.associate.name] = share.bps
    names = {member.user_id: member.name for member in houses.members(house_id)}
    made = [
        DisputeRow(
            id=row.pk,
            number=row.credit.number,
            claimant_id=row.claimant_id,
            claimant=row.claimant.name,
            claimed_bps=row.claimed_bps,
            reason=row.reason,
            state=row.state,
            opened_at=row.opened_at,
            decided_by=names.get(row.decided_by or 0, ""),
            decided_at=row.decided_at,
            decision=row.decision,
            parts=parts.get(row.credit_id, {}),
            commission=row.credit.commission - row.credit.clawed_back,
            currency=row.credit.settle_currency,
        )
        for row in found
    ]
    return sorted(made, key=lambda each: each.state != "open")
