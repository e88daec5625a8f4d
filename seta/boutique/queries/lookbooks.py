"""Lookbooks as clients leaf through them, and as those who make them see them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import QuerySet

from seta.boutique.models import Look, Lookbook, LookbookChange
from seta.boutique.queries.collecting import PieceInCollection, is_shown
from seta.boutique.queries.editing import ChangeRow
from seta.boutique.queries.picturing import PictureCard, sizes_of
from seta.boutique.queries.showing import ProductCard, image_url, in_language, products
from seta.boutique.rules.collections import Showing
from seta.boutique.rules.editing import LANGUAGES, edition
from seta.boutique.rules.lookbooks import FIELDS, LOOK_FIELDS, published


@dataclass(frozen=True)
class LookCard:
    """A look as clients see it; `pieces` are those of it that the catalogue shows, in its order."""

    id: int
    caption: str
    picture: PictureCard
    pieces: tuple[ProductCard, ...]


@dataclass(frozen=True)
class LookbookCard:
    """A published lookbook in the reader's language; its first look's picture is its cover."""

    code: str
    name: str
    description: str
    season: str
    cover: PictureCard
    looks: int
    shown_until: datetime | None


@dataclass(frozen=True)
class LookbookRow:
    """A lookbook at the desk: how it stands now and what it holds."""

    id: int
    code: str
    name: str
    season: str
    cover_url: str
    shown_from: datetime | None
    shown_until: datetime | None
    standing: Showing
    looks: int


@dataclass(frozen=True)
class LookEdit:
    """A look at the desk: what is said of it, the edition that is, and its pieces, shown to clients or not."""

    id: int
    picture: PictureCard
    shows: str
    said: Mapping[str, str]
    edition: str
    pieces: tuple[PieceInCollection, ...]


@dataclass(frozen=True)
class LookbookEdit:
    """A lookbook with what is said of it, the edition that is, and its looks in order."""

    row: LookbookRow
    said: Mapping[str, str]
    edition: str
    looks: tuple[LookEdit, ...]


def lookbooks(*, house_id: int, language: str, now: datetime) -> list[LookbookCard]:
    """The house's lookbooks that are published now and have a look, in their order."""
    return [_card(row, language) for row in _published(house_id, now)]


def lookbook(
    *, house_id: int, code: str, language: str, now: datetime
) -> tuple[LookbookCard, list[LookCard]] | None:
    """A published lookbook by its code, with its looks."""
    row = next((each for each in _published(house_id, now) if each.code == code), None)
    if row is None:
        return None
    cards = products(house_id=house_id, language=language, now=now)
    shown = {card.id: card for card in cards if is_shown(card)}
    return _card(row, language), [_look(each, shown, language) for each in row.looks.all()]


def lookbook_rows(*, house_id: int, language: str, now: datetime) -> list[LookbookRow]:
    """All lookbooks of the house, in their order."""
    return [_row(row, language, now) for row in _whole(house_id)]


def lookbook_to_edit(*, house_id: int, lookbook_id: int, language: str, now: datetime) -> LookbookEdit | None:
    """A lookbook of the house; None when there is none."""
    row = _whole(house_id).filter(pk=lookbook_id).first()
    if row is None:
        return None
    said = said_of(row)
    looks = tuple(_to_edit(each, language) for each in row.looks.all())
    return LookbookEdit(_row(row, language, now), said, edition(said), looks)


def lookbook_of(*, house_id: int, look_id: int) -> int | None:
    """The lookbook that a look of the house is in."""
    rows = Look.objects.filter(pk=look_id, lookbook__house_id=house_id)
    return rows.values_list("lookbook_id", flat=True).first()


def lookbook_changes(*, house_id: int, lookbook_id: int, limit: int = 50) -> list[ChangeRow]:
    """What was changed of a lookbook, newest first; the piece it was about stands as the row's code."""
    rows = LookbookChange.objects.filter(lookbook_id=lookbook_id, lookbook__house_id=house_id)
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


def said_of(row: Lookbook) -> dict[str, str]:
    """What is said of a lookbook, as its edition is made of and its changes keep it; days as instants in UTC."""
    days = {"shown_from": row.shown_from, "shown_until": row.shown_until}
    said = {name: str(getattr(row, name)) for name in FIELDS}
    return said | {name: day.astimezone(UTC).isoformat() if day else "" for name, day in days.items()}


def said_of_look(row: Look) -> dict[str, str]:
    """What is said of a look, as its edition is made of and its changes keep it."""
    return {name: str(getattr(row, name)) for name in LOOK_FIELDS}


def _whole(house_id: int) -> QuerySet[Lookbook]:
    return Lookbook.objects.filter(house_id=house_id).prefetch_related("looks__pieces__product")


def _published(house_id: int, now: datetime) -> list[Lookbook]:
    rows = Lookbook.objects.filter(house_id=house_id).prefetch_related("looks__pieces")
    return [
        row
        for row in rows
        if published(row.shown_from, row.shown_until, now) is Showing.NOW and row.looks.all()
    ]


def _picture(row: Look) -> PictureCard:
    alt = {each: str(getattr(row, f"alt_{each}")) for each in LANGUAGES}
    return PictureCard(id=row.pk, alt=alt, sizes=sizes_of(row.sizes))


def _card(row: Lookbook, language: str) -> LookbookCard:
    looks = row.looks.all()
    return LookbookCard(
        code=row.code,
        name=in_language(row, "name", language),
        description=in_language(row, "description", language),
        season=row.season,
        cover=_picture(looks[0]),
        looks=len(looks),
        shown_until=row.shown_until,
    )


def _look(row: Look, shown: Mapping[int, ProductCard], language: str) -> LookCard:
    pieces = (shown[each.product_id] for each in row.pieces.all() if each.product_id in shown)
    return LookCard(row.pk, in_language(row, "caption", language), _picture(row), tuple(pieces))


def _row(row: Lookbook, language: str, now: datetime) -> LookbookRow:
    looks = row.looks.all()
    return LookbookRow(
        id=row.pk,
        code=row.code,
        name=in_language(row, "name", language),
        season=row.season,
        cover_url=_picture(looks[0]).sizes[0].url if looks else "",
        shown_from=row.shown_from,
        shown_until=row.shown_until,
        standing=published(row.shown_from, row.shown_until, now),
        looks=len(looks),
    )


def _to_edit(row: Look, language: str) -> LookEdit:
    said = said_of_look(row)
    return LookEdit(
        id=row.pk,
        picture=_picture(row),
        shows=in_language(row, "alt", language),
        said=said,
        edition=edition(said),
        pieces=tuple(
            PieceInCollection(
                product_id=each.product_id,
                code=each.product.code,
                name=in_language(each.product, "name", language),
                image_url=image_url(each.product.image),
                is_listed=each.product.is_listed,
            )
            for each in row.pieces.all()
        ),
    )
