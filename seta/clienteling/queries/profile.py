"""What is known of a client, as far as the reader may see it, and what to do for them next."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Q

from seta.boutique import queries as boutique
from seta.clienteling.models import (
    ClientNote,
    ClientProfile,
    ClientSize,
    FollowUp,
    ImportantDate,
    Preference,
    TimelineEntry,
    WardrobeItem,
    WishlistItem,
)
from seta.clienteling.queries.associates import AssociateCard
from seta.clienteling.queries.contacting import may_contact
from seta.clienteling.rules.sizes import in_all_systems
from seta.clienteling.rules.standing import Advice, ClientState, next_best, next_yearly
from seta.houses import queries as houses

PLAN_SAVED = "guide.plan.saved"
PLANS_READ = 20
SEEN = (
    "boutique.order.paid",
    "stores.visit.checked_in",
    "stores.appointment.booked",
    "guide.plan.saved",
    "clienteling.contact.added",
)
"""Facts that say the client was there of their own accord."""


@dataclass(frozen=True)
class PieceRow:
    """A piece of the wardrobe; `is_bought` when it came of an order here."""

    id: int
    name: str
    product_code: str
    size: str
    quantity: int
    note: str
    acquired_on: date | None
    is_bought: bool
    gone_at: datetime | None


@dataclass(frozen=True)
class SizeRow:
    """A size as it was said, and in the other systems."""

    category: str
    system: str
    value: str
    note: str
    systems: Mapping[str, str]


@dataclass(frozen=True)
class PreferenceRow:
    """A taste."""

    id: int
    kind: str
    value: str


@dataclass(frozen=True)
class DateRow:
    """A yearly day with the next time it comes."""

    id: int
    kind: str
    label: str
    month: int
    day: int
    year: int | None
    next_on: date


@dataclass(frozen=True)
class WishRow:
    """A wished-for product; `available` pieces online now, `is_back` when it had been out of stock."""

    id: int
    product_code: str
    name: str
    note: str
    added_at: datetime
    available: int
    is_back: bool


@dataclass(frozen=True)
class NoteRow:
    """A note that the reader may see."""

    id: int
    author_id: int
    author: str
    visibility: str
    text: str
    written_at: datetime


@dataclass(frozen=True)
class ProfileCard:
    """What is known of a client."""

    tier: str
    spent: int
    currency: str
    orders: int
    pieces: tuple[PieceRow, ...]
    sizes: tuple[SizeRow, ...]
    preferences: tuple[PreferenceRow, ...]
    dates: tuple[DateRow, ...]
    wishes: tuple[WishRow, ...]
    notes: tuple[NoteRow, ...]


def profile(
    *, house_id: int, person_id: int, reader: AssociateCard | None, now: datetime, language: str = "en"
) -> ProfileCard:
    """What is known of a client; notes as `reader` may see them: one's own, one's boutique's, the house's."""
    standing = ClientProfile.objects.filter(house_id=house_id, person_id=person_id).first()
    whose = {"house_id": house_id, "person_id": person_id}
    today = now.astimezone(ZoneInfo(houses.house(house_id).timezone)).date()
    return ProfileCard(
        tier=standing.tier if standing else "prospect",
        spent=standing.spent if standing else 0,
        currency=standing.currency if standing else "",
        orders=standing.orders if standing else 0,
        pieces=tuple(
            _piece(row) for row in WardrobeItem.objects.filter(**whose).order_by("-added_at", "-id")
        ),
        sizes=tuple(_size(row) for row in ClientSize.objects.filter(**whose).order_by("category")),
        preferences=tuple(
            PreferenceRow(row.pk, row.kind, row.value)
            for row in Preference.objects.filter(**whose).order_by("kind", "value")
        ),
        dates=tuple(
            sorted(
                (_date(row, today) for row in ImportantDate.objects.filter(**whose)),
                key=lambda each: each.next_on,
            )
        ),
        wishes=tuple(wishes(house_id=house_id, person_id=person_id, language=language)),
        notes=tuple(notes(house_id=house_id, person_id=person_id, reader=reader)),
    )


def _piece(row: WardrobeItem) -> PieceRow:
    return PieceRow(
        row.pk,
        row.name,
        row.product_code,
        row.size,
        row.quantity,
        row.note,
        row.acquired_on,
        row.order_id is not None,
        row.gone_at,
    )


def _size(row: ClientSize) -> SizeRow:
    systems = in_all_systems(row.category, row.system, row.value)
    return SizeRow(row.category, row.system, row.value, row.note, systems)


def _date(row: ImportantDate, today: date) -> DateRow:
    next_on = next_yearly(row.month, row.day, today)
    return DateRow(row.pk, row.kind, row.label, row.month, row.day, row.year, next_on)


def wishes(*, house_id: int, person_id: int, language: str = "en") -> list[WishRow]:
    """What a client wishes for, newest first, with what is there of it now."""
    rows = WishlistItem.objects.filter(house_id=house_id, person_id=person_id, removed_at__isnull=True)
    found = []
    for row in rows.order_by("-added_at", "-id"):
        product = boutique.product(house_id=house_id, code=row.product_code, language=language)
        available = sum(variant.available for variant in product.variants) if product else 0
        name = product.name if product else row.product_code
        is_back = row.was_out and available > 0
        found.append(WishRow(row.pk, row.product_code, name, row.note, row.added_at, available, is_back))
    return found


def notes(*, house_id: int, person_id: int, reader: AssociateCard | None) -> list[NoteRow]:
    """Notes that a reader may see, newest first; a supervisor who is no associate sees the house's only."""
    visible = Q(visibility="house")
    if reader is not None:
        visible |= Q(author_id=reader.id)
        if reader.boutique:
            visible |= Q(visibility="boutique", boutique=reader.boutique)
    rows = ClientNote.objects.filter(visible, house_id=house_id, person_id=person_id).select_related("author")
    return [
        NoteRow(row.pk, row.author_id, row.author.name, row.visibility, row.text, row.written_at)
        for row in rows.order_by("-written_at", "-id")
    ]


def notes_on(*, house_id: int, person_id: int) -> list[NoteRow]:
    """Every note on a client, newest first, whoever may see it at the desk: for the client's own copy."""
    rows = ClientNote.objects.filter(house_id=house_id, person_id=person_id).select_related("author")
    return [
        NoteRow(row.pk, row.author_id, row.author.name, row.visibility, row.text, row.written_at)
        for row in rows.order_by("-written_at", "-id")
    ]


def next_action(
    *, house_id: int, person_id: int, associate_id: int, now: datetime, language: str = "en"
) -> Advice:
    """The one thing to do next for a client, with its reason; nothing without consent or within a blackout."""
    today = now.astimezone(ZoneInfo(houses.house(house_id).timezone)).date()
    seen = TimelineEntry.objects.filter(house_id=house_id, person_id=person_id)
    last = seen.filter(kind__in=SEEN).order_by("-at", "-id").first()
    bought = (
        WardrobeItem.objects.filter(
            house_id=house_id, person_id=person_id, order_id__isnull=False, gone_at__isnull=True
        )
        .order_by("-added_at", "-id")
        .first()
    )
    birthday = ImportantDate.objects.filter(house_id=house_id, person_id=person_id, kind="birthday").first()
    thanked = FollowUp.objects.filter(
        house_id=house_id,
        person_id=person_id,
        kind="after_purchase",
        done_at__gte=bought.added_at if bought else now,
    )
    state = ClientState(
        today=today,
        now=now,
        contactable=may_contact(house_id=house_id, person_id=person_id, associate_id=associate_id, now=now),
        arrival_on=_arrival(house_id, person_id, today),
        birthday_on=next_yearly(birthday.month, birthday.day, today) if birthday else None,
        bought_at=bought.added_at if bought else None,
        bought=bought.name if bought else "",
        wishes_back=tuple(
            wish.name
            for wish in wishes(house_id=house_id, person_id=person_id, language=language)
            if wish.is_back
        ),
        last_seen_at=last.at if last else None,
        thanked=thanked.exists(),
    )
    return next_best(state)


def _arrival(house_id: int, person_id: int, today: date) -> date | None:
    """The next day that the client has planned in town."""
    plans = TimelineEntry.objects.filter(house_id=house_id, person_id=person_id, kind=PLAN_SAVED)
    days = [date.fromisoformat(str(row.body["day"])) for row in plans.order_by("-at", "-id")[:PLANS_READ]]
    return min((day for day in days if day >= today), default=None)


def tiers_of_house(house_id: int) -> dict[int, str]:
    """The tier of everybody who has one, by person; whoever is missing is a prospect."""
    return dict(ClientProfile.objects.filter(house_id=house_id).values_list("person_id", "tier"))
