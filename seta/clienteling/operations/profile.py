"""Keep what is known of a client: pieces, sizes, tastes, days, wishes, notes and what they agreed to."""

from datetime import date, datetime

from django.db import transaction

from seta.boutique import queries as boutique
from seta.clienteling.models import (
    Associate,
    ClientBookEntry,
    ClientNote,
    ClientSize,
    ImportantDate,
    Preference,
    WardrobeItem,
    WishlistItem,
)
from seta.clienteling.rules import Refusal, Refused
from seta.clienteling.rules.importing import birthday_of
from seta.clienteling.rules.known import DATE_KINDS, PREFERENCE_KINDS
from seta.clienteling.rules.sizes import in_all_systems
from seta.oversight.operations import append_audit
from seta.people.operations import record_consent
from seta.people.queries import current_id
from seta.people.rules import PURPOSES

Visibility = ClientNote.Visibility


def _own(house_id: int, associate_id: int, person_id: int) -> tuple[Associate, int]:
    """The associate and the client's id now, when they are this associate's; raises Refused (NOT_YOURS)."""
    person_id = current_id(person_id)
    entry = (
        ClientBookEntry.objects.filter(
            house_id=house_id, associate_id=associate_id, person_id=person_id, ended_at__isnull=True
        )
        .select_related("associate")
        .first()
    )
    if entry is None:
        raise Refused(Refusal.NOT_YOURS)
    return entry.associate, person_id


def _text(text: str, most: int) -> str:
    plain = text.strip()
    if not plain:
        raise Refused(Refusal.EMPTY)
    if len(plain) > most:
        raise Refused(Refusal.TOO_LONG)
    return plain


@transaction.atomic
def add_piece(
    *,
    house_id: int,
    associate_id: int,
    person_id: int,
    name: str,
    size: str = "",
    note: str = "",
    acquired_on: date | None = None,
    now: datetime,
) -> int:
    """Keep a piece that the client owns and did not buy here; returns its id. Raises Refused."""
    associate, person_id = _own(house_id, associate_id, person_id)
    if len(size) > 24 or len(note) > 200:
        raise Refused(Refusal.TOO_LONG)
    return WardrobeItem.objects.create(
        house_id=house_id,
        person_id=person_id,
        name=_text(name, 120),
        size=size,
        note=note,
        acquired_on=acquired_on,
        added_by=associate,
        added_at=now,
    ).pk


@transaction.atomic
def remove_piece(*, house_id: int, associate_id: int, person_id: int, piece_id: int, now: datetime) -> None:
    """Take away a piece that was told of; what was bought here stays. Raises Refused (UNKNOWN, NOT_YOURS)."""
    _, person_id = _own(house_id, associate_id, person_id)
    rows = WardrobeItem.objects.filter(pk=piece_id, house_id=house_id, person_id=person_id, order_id=None)
    if not rows.delete()[0]:
        raise Refused(Refusal.UNKNOWN)


@transaction.atomic
def keep_size(
    *,
    house_id: int,
    associate_id: int,
    person_id: int,
    category: str,
    system: str,
    value: str,
    note: str = "",
    now: datetime,
) -> None:
    """Keep the client's size in a category instead of the one before. Raises Refused (BAD_SIZE, NOT_YOURS)."""
    associate, person_id = _own(house_id, associate_id, person_id)
    if not in_all_systems(category, system, value):
        raise Refused(Refusal.BAD_SIZE)
    if len(note) > 120:
        raise Refused(Refusal.TOO_LONG)
    ClientSize.objects.update_or_create(
        house_id=house_id,
        person_id=person_id,
        category=category,
        defaults={
            "system": system,
            "value": value.strip(),
            "note": note,
            "kept_by": associate,
            "kept_at": now,
        },
    )


@transaction.atomic
def keep_preference(
    *, house_id: int, associate_id: int, person_id: int, kind: str, value: str, now: datetime
) -> None:
    """Keep a taste, once. Raises Refused (BAD_CHOICE, EMPTY, TOO_LONG, NOT_YOURS)."""
    associate, person_id = _own(house_id, associate_id, person_id)
    if kind not in PREFERENCE_KINDS:
        raise Refused(Refusal.BAD_CHOICE)
    Preference.objects.get_or_create(
        house_id=house_id,
        person_id=person_id,
        kind=kind,
        value=_text(value, 120),
        defaults={"kept_by": associate, "kept_at": now},
    )


@transaction.atomic
def forget_preference(
    *, house_id: int, associate_id: int, person_id: int, preference_id: int, now: datetime
) -> None:
    """Take a taste away. Raises Refused (UNKNOWN, NOT_YOURS)."""
    _, person_id = _own(house_id, associate_id, person_id)
    rows = Preference.objects.filter(pk=preference_id, house_id=house_id, person_id=person_id)
    if not rows.delete()[0]:
        raise Refused(Refusal.UNKNOWN)


@transaction.atomic
def keep_date(
    *, house_id: int, associate_id: int, person_id: int, kind: str, day: str, label: str = "", now: datetime
) -> None:
    """Keep a yearly day written as 1990-05-20 or 05-20. Raises Refused (BAD_DATE, BAD_CHOICE, NOT_YOURS)."""
    associate, person_id = _own(house_id, associate_id, person_id)
    found = birthday_of(day)
    if kind not in DATE_KINDS:
        raise Refused(Refusal.BAD_CHOICE)
    if found is None:
        raise Refused(Refusal.BAD_DATE)
    if len(label) > 60:
        raise Refused(Refusal.TOO_LONG)
    month, number, year = found
    ImportantDate.objects.update_or_create(
        house_id=house_id,
        person_id=person_id,
        kind=kind,
        label=label,
        defaults={"month": month, "day": number, "year": year, "kept_by": associate, "kept_at": now},
    )


@transaction.atomic
def forget_date(*, house_id: int, associate_id: int, person_id: int, date_id: int, now: datetime) -> None:
    """Take a yearly day away. Raises Refused (UNKNOWN, NOT_YOURS)."""
    _, person_id = _own(house_id, associate_id, person_id)
    if not ImportantDate.objects.filter(pk=date_id, house_id=house_id, person_id=person_id).delete()[0]:
        raise Refused(Refusal.UNKNOWN)


@transaction.atomic
def add_wish(
    *, house_id: int, associate_id: int, person_id: int, product_code: str, note: str = "", now: datetime
) -> int:
    """Put a product on the client's wishlist, once; returns the wish. Raises Refused (UNKNOWN, NOT_YOURS)."""
    associate, person_id = _own(house_id, associate_id, person_id)
    product = boutique.product(house_id=house_id, code=product_code)
    if product is None:
        raise Refused(Refusal.UNKNOWN)
    if len(note) > 200:
        raise Refused(Refusal.TOO_LONG)
    wish, _ = WishlistItem.objects.get_or_create(
        house_id=house_id,
        person_id=person_id,
        product_code=product_code,
        removed_at=None,
        defaults={
            "note": note,
            "added_by": associate,
            "added_at": now,
            "was_out": not any(variant.available > 0 for variant in product.variants),
        },
    )
    return wish.pk


@transaction.atomic
def remove_wish(*, house_id: int, associate_id: int, person_id: int, wish_id: int, now: datetime) -> None:
    """Take a product off the wishlist. Raises Refused (UNKNOWN, NOT_YOURS)."""
    _, person_id = _own(house_id, associate_id, person_id)
    rows = WishlistItem.objects.filter(
        pk=wish_id, house_id=house_id, person_id=person_id, removed_at__isnull=True
    )
    if not rows.update(removed_at=now):
        raise Refused(Refusal.UNKNOWN)


@transaction.atomic
def write_note(
    *, house_id: int, associate_id: int, person_id: int, text: str, visibility: str, now: datetime
) -> int:
    """Note something for oneself (private), one's boutique or the house; returns the note. Raises Refused."""
    associate, person_id = _own(house_id, associate_id, person_id)
    if visibility not in Visibility.values:
        raise Refused(Refusal.BAD_CHOICE)
    note = ClientNote.objects.create(
        house_id=house_id,
        person_id=person_id,
        author=associate,
        boutique=associate.boutique,
        visibility=visibility,
        text=_text(text, 1000),
        written_at=now,
    )
    return note.pk


@transaction.atomic
def remove_note(*, house_id: int, associate_id: int, note_id: int, now: datetime) -> None:
    """Take one's own note away. Raises Refused (UNKNOWN)."""
    rows = ClientNote.objects.filter(pk=note_id, house_id=house_id, author_id=associate_id)
    if not rows.delete()[0]:
        raise Refused(Refusal.UNKNOWN)


@transaction.atomic
def note_consent(
    *,
    house_id: int,
    associate_id: int,
    person_id: int,
    purpose: str,
    granted: bool,
    how: str,
    now: datetime,
) -> None:
    """Keep what the client said about a purpose and how they said it; logged. Raises Refused."""
    associate, person_id = _own(house_id, associate_id, person_id)
    if purpose not in PURPOSES:
        raise Refused(Refusal.BAD_CHOICE)
    source = f"{associate.code}: {_text(how, 50)}"
    record_consent(
        house_id=house_id, person_id=person_id, purpose=purpose, granted=granted, source=source, now=now
    )
    details = {"associate": associate_id, "person": person_id, "purpose": purpose, "granted": granted}
    append_audit(house_id=house_id, kind="consent.noted", details=details, now=now)
