"""Collections as clients see them, and as those who arrange them do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from seta.boutique import pictures
from seta.boutique.models import Collection, CollectionChange, CollectionPiece
from seta.boutique.queries.editing import ChangeRow
from seta.boutique.queries.showing import ProductCard, image_url, in_language, products
from seta.boutique.rules.availability import Sale
from seta.boutique.rules.collections import FIELDS, Showing, showing
from seta.boutique.rules.editing import edition


@dataclass(frozen=True)
class CollectionCard:
    """A collection as clients see it; `pieces` are those of it that the catalogue shows, in its order."""

    code: str
    name: str
    season: str
    cover_url: str
    shown_until: datetime | None
    pieces: tuple[ProductCard, ...]


@dataclass(frozen=True)
class CollectionRow:
    """A collection at the desk: how it stands now and how many pieces it has."""

    id: int
    code: str
    name: str
    season: str
    cover_url: str
    shown_from: datetime | None
    shown_until: datetime | None
    showing: Showing
    pieces: int


@dataclass(frozen=True)
class PieceInCollection:
    """A piece of a collection, whether clients see it or not."""

    product_id: int
    code: str
    name: str
    image_url: str
    is_listed: bool


@dataclass(frozen=True)
class CollectionEdit:
    """A collection with what is said of it, the edition that is, and its pieces in order."""

    row: CollectionRow
    said: Mapping[str, str]
    edition: str
    has_cover: bool
    pieces: tuple[PieceInCollection, ...]


def collections(*, house_id: int, language: str, now: datetime) -> list[CollectionCard]:
    """The house's collections that are shown now and have something to show, in their order."""
    rows = Collection.objects.filter(house_id=house_id).prefetch_related("pieces")
    current = [row for row in rows if showing(row.shown_from, row.shown_until, now) is Showing.NOW]
    if not current:
        return []
    shown = {
        card.id: card for card in products(house_id=house_id, language=language, now=now) if is_shown(card)
    }
    cards = (_card(row, shown, language) for row in current)
    return [card for card in cards if card.pieces]


def collection(*, house_id: int, code: str, language: str, now: datetime) -> CollectionCard | None:
    """One of them by its code."""
    found = collections(house_id=house_id, language=language, now=now)
    return next((card for card in found if card.code == code), None)


def is_shown(card: ProductCard) -> bool:
    """Whether the mini program's catalogue shows a piece: not when the sale of all its variants is over."""
    return any(variant.sale.sale is not Sale.OVER for variant in card.variants)


def collection_rows(*, house_id: int, language: str, now: datetime) -> list[CollectionRow]:
    """All collections of the house, in their order."""
    rows = Collection.objects.filter(house_id=house_id).prefetch_related("pieces__product")
    return [_row(row, language, now) for row in rows]


def collection_to_edit(
    *, house_id: int, collection_id: int, language: str, now: datetime
) -> CollectionEdit | None:
    """A collection of the house; None when there is none."""
    rows = Collection.objects.filter(house_id=house_id).prefetch_related("pieces__product")
    row = rows.filter(pk=collection_id).first()
    if row is None:
        return None
    said = said_of(row)
    return CollectionEdit(
        row=_row(row, language, now),
        said=said,
        edition=edition(said),
        has_cover=bool(row.cover),
        pieces=tuple(_piece(each, language) for each in row.pieces.all()),
    )


def collection_changes(*, house_id: int, collection_id: int, limit: int = 50) -> list[ChangeRow]:
    """What was changed of a collection, newest first; the piece it was about stands as the row's code."""
    rows = CollectionChange.objects.filter(collection_id=collection_id, collection__house_id=house_id)
    rows = rows.select_related("product").order_by("-at", "-id")[:limit]
    return [
        ChangeRow(
            id=row.pk,
            what=row.what,
            sku=row.product.code if row.product else "",
            before=row.before,
            after=row.after,
            user_id=row.user_id,
            at=row.at,
        )
        for row in rows
    ]


def said_of(row: Collection) -> dict[str, str]:
    """What is said of a collection, as its edition is made of and its changes keep it; days as instants in UTC."""
    days = {"shown_from": row.shown_from, "shown_until": row.shown_until}
    said = {name: str(getattr(row, name)) for name in FIELDS}
    return said | {name: day.astimezone(UTC).isoformat() if day else "" for name, day in days.items()}


def _card(row: Collection, shown: Mapping[int, ProductCard], language: str) -> CollectionCard:
    pieces = [shown[each.product_id] for each in row.pieces.all() if each.product_id in shown]
    return CollectionCard(
        code=row.code,
        name=in_language(row, "name", language),
        season=row.season,
        cover_url=_cover(row) or (pieces[0].image_url if pieces else ""),
        shown_until=row.shown_until,
        pieces=tuple(pieces),
    )


def _row(row: Collection, language: str, now: datetime) -> CollectionRow:
    pieces = list(row.pieces.all())
    return CollectionRow(
        id=row.pk,
        code=row.code,
        name=in_language(row, "name", language),
        season=row.season,
        cover_url=_cover(row) or (image_url(pieces[0].product.image) if pieces else ""),
        shown_from=row.shown_from,
        shown_until=row.shown_until,
        showing=showing(row.shown_from, row.shown_until, now),
        pieces=len(pieces),
    )


def _piece(row: CollectionPiece, language: str) -> PieceInCollection:
    return PieceInCollection(
        product_id=row.product_id,
        code=row.product.code,
        name=in_language(row.product, "name", language),
        image_url=image_url(row.product.image),
        is_listed=row.product.is_listed,
    )


def _cover(row: Collection) -> str:
    """The file a phone shows: 640 pixels wide, or the widest below; empty when it has no cover."""
    fitting = [sha256 for width, _height, sha256 in row.cover if width <= 640]
    return pictures.address(fitting[-1]) if fitting else ""
