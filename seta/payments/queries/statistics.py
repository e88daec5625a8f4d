"""Payments counted and summed: by Beijing day, provider and method for charts, and by method for a till."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import TruncDate

from seta.kit.clock import BEIJING
from seta.payments.models import Intent, Refund
from seta.payments.rules.states import ENDED_UNPAID, OPEN_STATES, REFUND_VOID, IntentState


@dataclass(frozen=True)
class MethodTotal:
    """What one method took and gave back in fen, and in the settlement currency's minor units."""

    method: str
    settle_currency: str
    payments: int
    amount: int
    settle_amount: int
    refunded: int
    settle_refunded: int


@dataclass(frozen=True)
class DayBar:
    """What a provider took on one Beijing day, in fen, and with how many payments."""

    day: date
    provider: str
    payments: int
    amount: int


@dataclass(frozen=True)
class MethodRate:
    """How payments by one method ended: paid, ended without money, and still open."""

    provider: str
    method: str
    paid: int
    ended: int
    open: int
    amount: int

    @property
    def decided(self) -> int:
        """How many ended, paid or not."""
        return self.paid + self.ended

    @property
    def success(self) -> float | None:
        """The share of decided payments that were paid; None before any was decided."""
        return self.paid / self.decided if self.decided else None


def method_totals(house_id: int, *, since: datetime, boutique_code: str = "") -> Sequence[MethodTotal]:
    """Paid payments opened since an instant, by method; refunds of these payments beside them."""
    rows = _of(Intent.objects.filter(house_id=house_id, opened_at__gte=since), boutique_code)
    paid = (
        rows.filter(state=IntentState.SUCCEEDED)
        .values("method", "settle_currency")
        .annotate(n=Count("id"), cny=Sum("amount"), settle=Sum("settle_amount"))
        .order_by("method", "settle_currency")
    )
    back = (
        Refund.objects.filter(intent__in=rows, booked_at__isnull=False)
        .exclude(state__in=REFUND_VOID)
        .values(m=F("intent__method"), c=F("intent__settle_currency"))
        .annotate(cny=Sum("amount"), settle=Sum("settle_amount"))
    )
    refunds = {(row["m"], row["c"]): row for row in back}
    totals = []
    for row in paid:
        given = refunds.get((row["method"], row["settle_currency"]), {"cny": 0, "settle": 0})
        totals.append(
            MethodTotal(
                row["method"],
                row["settle_currency"],
                row["n"],
                row["cny"],
                row["settle"],
                given["cny"],
                given["settle"],
            )
        )
    return totals


def day_bars(house_id: int, *, last: date, days: int, boutique_code: str = "") -> Sequence[DayBar]:
    """What each provider took on each of the `days` Beijing days up to `last`; days without money are absent."""
    since = datetime.combine(last - timedelta(days=days - 1), time.min, BEIJING)
    rows = _of(Intent.objects.filter(house_id=house_id, state=IntentState.SUCCEEDED), boutique_code)
    found = (
        rows.filter(booked_at__gte=since, booked_at__lt=since + timedelta(days=days))
        .annotate(on=TruncDate("booked_at", tzinfo=BEIJING))
        .values("on", "provider")
        .annotate(n=Count("id"), cny=Sum("amount"))
        .order_by("on", "provider")
    )
    return [DayBar(row["on"], row["provider"], row["n"], row["cny"]) for row in found]


def method_rates(house_id: int, *, since: datetime, boutique_code: str = "") -> Sequence[MethodRate]:
    """How the payments opened since an instant stand, by provider and method."""
    paid = Q(state=IntentState.SUCCEEDED)
    rows = (
        _of(Intent.objects.filter(house_id=house_id, opened_at__gte=since), boutique_code)
        .values("provider", "method")
        .annotate(
            paid=Count("id", filter=paid),
            ended=Count("id", filter=Q(state__in=ENDED_UNPAID)),
            open=Count("id", filter=Q(state__in=OPEN_STATES)),
            cny=Sum("amount", filter=paid),
        )
        .order_by("provider", "method")
    )
    return [
        MethodRate(row["provider"], row["method"], row["paid"], row["ended"], row["open"], row["cny"] or 0)
        for row in rows
    ]


def unknown_now(house_id: int, *, boutique_code: str = "") -> int:
    """Payments that were sent and whose outcome the provider has not said."""
    rows = Intent.objects.filter(house_id=house_id, state=IntentState.UNKNOWN)
    return _of(rows, boutique_code).count()


def _of(rows: QuerySet[Intent], boutique_code: str) -> QuerySet[Intent]:
    return rows.filter(boutique_code=boutique_code) if boutique_code else rows
