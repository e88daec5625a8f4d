"""Pieces held for fittings and bags that associates prepared, as clients and the desk read them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, QuerySet

from seta.boutique.models import Fitting, PreparedBag, PreparedLine
from seta.boutique.queries.pricing import points_of
from seta.boutique.queries.showing import image_url, in_language, label_of
from seta.boutique.rules.prices import HOME, charged_at
from seta.boutique.rules.service import HOLDING, BagState


@dataclass(frozen=True)
class FittingView:
    """A piece that waits, or waited, to be tried on."""

    id: int
    person_id: int
    product_code: str
    variant_id: int
    sku: str
    name: str
    label: str
    image_url: str
    boutique: str
    appointment: str
    state: str
    held_at: datetime
    held_until: datetime
    ended_at: datetime | None
    order_id: int | None


@dataclass(frozen=True)
class BagLine:
    """Pieces in a bag; `amount` is today's unit price in fen, None when it is not sold any more."""

    variant_id: int
    product_code: str
    name: str
    label: str
    image_url: str
    quantity: int
    seen_amount: int
    amount: int | None


@dataclass(frozen=True)
class BagView:
    """A prepared bag; `path` is the mini program's page that opens it."""

    id: int
    token: str
    path: str
    associate_id: int | None
    person_id: int | None
    note: str
    state: str
    is_expired: bool
    prepared_by: int
    prepared_at: datetime
    expires_at: datetime
    opened_at: datetime | None
    order_id: int | None
    lines: tuple[BagLine, ...]

    @property
    def total(self) -> int:
        """What the pieces cost when the bag was prepared, in fen."""
        return sum(line.quantity * line.seen_amount for line in self.lines)


def fittings(
    *,
    house_id: int,
    person_id: int | None = None,
    boutique: str = "",
    is_open: bool | None = None,
    language: str = "en",
    limit: int = 100,
) -> list[FittingView]:
    """Fittings: the open ones by the end of their time, all others newest first."""
    rows = Fitting.objects.filter(house_id=house_id).select_related("variant__product")
    wanted = {"person_id": person_id, "boutique_code": boutique}
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    if is_open is not None:
        rows = rows.filter(state__in=sorted(HOLDING)) if is_open else rows.exclude(state__in=sorted(HOLDING))
    rows = rows.order_by("held_until", "id") if is_open else rows.order_by("-held_at", "-id")
    return [_fitting(row, language) for row in rows[:limit]]


def fitting(*, house_id: int, fitting_id: int, language: str = "en") -> FittingView | None:
    """One fitting of the house."""
    rows = Fitting.objects.filter(pk=fitting_id, house_id=house_id).select_related("variant__product")
    row = rows.first()
    return _fitting(row, language) if row else None


def _fitting(row: Fitting, language: str) -> FittingView:
    product = row.variant.product
    return FittingView(
        id=row.pk,
        person_id=row.person_id,
        product_code=product.code,
        variant_id=row.variant_id,
        sku=row.variant.sku,
        name=in_language(product, "name", language),
        label=label_of(row.variant, language),
        image_url=image_url(product.image),
        boutique=row.boutique_code,
        appointment=row.appointment,
        state=row.state,
        held_at=row.held_at,
        held_until=row.held_until,
        ended_at=row.ended_at,
        order_id=row.order_id,
    )


def bags(*, house_id: int, now: datetime, language: str = "en", limit: int = 100) -> list[BagView]:
    """Prepared bags, newest first."""
    rows = _bags(house_id).order_by("-prepared_at", "-id")[:limit]
    return _bag_views(rows, now, language)


def bag(*, house_id: int, bag_id: int, now: datetime, language: str = "en") -> BagView | None:
    """One prepared bag of the house."""
    found = _bag_views(_bags(house_id).filter(pk=bag_id), now, language)
    return found[0] if found else None


def bag_of_token(*, house_id: int, token: str, now: datetime, language: str = "en") -> BagView | None:
    """The bag that a link opens."""
    found = _bag_views(_bags(house_id).filter(token=token[:26]), now, language)
    return found[0] if found else None


def _bags(house_id: int) -> QuerySet[PreparedBag]:
    lines = PreparedLine.objects.select_related("variant__product").order_by("id")
    lines = lines.prefetch_related("variant__prices")
    return PreparedBag.objects.filter(house_id=house_id).prefetch_related(Prefetch("lines", lines))


def _bag_views(rows: Iterable[PreparedBag], now: datetime, language: str) -> list[BagView]:
    same = (
        *("id", "token", "associate_id", "person_id", "note", "state", "prepared_by", "prepared_at"),
        *("expires_at", "opened_at", "order_id"),
    )
    return [
        BagView(
            **{name: getattr(row, name) for name in same},
            path=f"pages/boutique/boutique?bag={row.token}",
            is_expired=row.state == BagState.SHARED and row.expires_at <= now,
            lines=tuple(_bag_line(line, now, language) for line in row.lines.all()),
        )
        for row in rows
    ]


def _bag_line(line: PreparedLine, now: datetime, language: str) -> BagLine:
    product = line.variant.product
    price = charged_at(points_of(line.variant), market=HOME, at=now)
    is_sold = product.is_listed and line.variant.retired_at is None
    return BagLine(
        variant_id=line.variant_id,
        product_code=product.code,
        name=in_language(product, "name", language),
        label=label_of(line.variant, language),
        image_url=image_url(product.image),
        quantity=line.quantity,
        seen_amount=line.seen_amount,
        amount=price.amount if price and is_sold else None,
    )
