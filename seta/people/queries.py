"""Who a person is, by which identities, and what they have agreed to."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from seta.people.events import PersonsMerged
from seta.people.models import Consent, Identity, Merge, Person

ASKED_AT_ONCE = 5_000
"""People in one statement: SQLite takes no more than 32,766 values."""


@dataclass(frozen=True)
class PersonCard:
    """A person as the desk shows them; openids by appid."""

    id: int
    house_id: int
    display_name: str
    language: str
    city: str
    created_at: datetime
    openids: Mapping[str, str]
    external_userid: str


@dataclass(frozen=True)
class ConsentCard:
    """The newest answer for a purpose."""

    purpose: str
    granted: bool
    source: str
    at: datetime


@dataclass(frozen=True)
class Addressee:
    """Somebody whom an app may write to: by which openid, in which language, and their newest word on a purpose."""

    person_id: int
    openid: str
    language: str
    city: str
    agreed: bool | None


def card(person_id: int) -> PersonCard:
    """The person, or the one they were merged into; raises Person.DoesNotExist."""
    return cards([person_id])[person_id]


def cards(person_ids: Iterable[int]) -> Mapping[int, PersonCard]:
    """Several people by the ids asked for, with two statements."""
    asked = set(person_ids)
    rows = {row.pk: row for row in Person.objects.filter(pk__in=asked).select_related("merged_into")}
    missing = asked - rows.keys()
    if missing:
        raise Person.DoesNotExist(f"no person {sorted(missing)}")
    now_is = {asked_id: row.merged_into or row for asked_id, row in rows.items()}
    identities: dict[int, list[Identity]] = {}
    for identity in Identity.objects.filter(person_id__in={row.pk for row in now_is.values()}):
        identities.setdefault(identity.person_id, []).append(identity)
    return {asked_id: _card(row, identities.get(row.pk, [])) for asked_id, row in now_is.items()}


def _card(row: Person, identities: Sequence[Identity]) -> PersonCard:
    openids = {identity.app: identity.value for identity in identities if identity.kind == "openid"}
    external = [identity.value for identity in identities if identity.kind == "external_userid"]
    return PersonCard(
        id=row.pk,
        house_id=row.house_id,
        display_name=row.display_name,
        language=row.language,
        city=row.city,
        created_at=row.created_at,
        openids=openids,
        external_userid=external[0] if external else "",
    )


def current_id(person_id: int) -> int:
    """The id that this person has now, after any merging."""
    merged = Person.objects.filter(pk=person_id).values_list("merged_into", flat=True).first()
    return merged or person_id


def living_id(person_id: int) -> int | None:
    """The id that this person has now, after any merging; None once they were erased."""
    row = Person.objects.filter(pk=person_id).values_list("merged_into", "erased_at").first()
    if row is None:
        return person_id
    merged, erased_at = row
    return None if erased_at else merged or person_id


def identities(person_id: int) -> Sequence[tuple[str, str, str]]:
    """Kind, app and value of every name by which a platform knows the person."""
    rows = Identity.objects.filter(person_id=person_id).order_by("kind", "app", "id")
    return list(rows.values_list("kind", "app", "value"))


def merges_since(instant: datetime) -> Sequence[PersonsMerged]:
    """Who became one since an instant, as the fact said it."""
    rows = Merge.objects.filter(at__gte=instant).order_by("id")
    return [
        PersonsMerged(
            house_id=row.house_id,
            occurred_at=row.at,
            person_id=row.kept_id,
            kept_id=row.kept_id,
            absorbed_id=row.absorbed_id,
        )
        for row in rows
    ]


def openid(person_id: int, app: str) -> str | None:
    """The person's openid in an app, if they have been seen there."""
    return (
        Identity.objects.filter(person_id=person_id, kind="openid", app=app)
        .values_list("value", flat=True)
        .first()
    )


def find(*, house_id: int, kind: str, app: str, value: str) -> int | None:
    """The person known by an identity, without making one."""
    return (
        Identity.objects.filter(house_id=house_id, kind=kind, app=app, value=value)
        .values_list("person_id", flat=True)
        .first()
    )


def known_as(*, house_id: int, value: str) -> list[int]:
    """The house's people with this number, or whom a platform or they themselves call so; merged ones as they are now.

    Who was erased is nobody.
    """
    named = Identity.objects.filter(house_id=house_id, value=value).values_list("person_id", flat=True)
    ids = set(named)
    if value.isascii() and value.isdigit() and len(value) < 19:
        ids |= set(Person.objects.filter(house_id=house_id, pk=int(value)).values_list("pk", flat=True))
    return sorted({living for each in ids if (living := living_id(each)) is not None})


def find_many(*, house_id: int, kind: str, app: str, values: Collection[str]) -> dict[str, int]:
    """Of several values of one kind those that somebody is known by, with the person; one statement."""
    if not values:
        return {}
    # By hand, since every batch of callbacks and messages asks this, and the ORM takes thirty times as long to put it.
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT value, person_id FROM {Identity._meta.db_table}"
            f" WHERE house_id = %s AND kind = %s AND app = %s AND value IN ({', '.join(['%s'] * len(values))})",
            [house_id, kind, app, *values],
        )
        return dict(cursor.fetchall())


def consents(person_id: int) -> Sequence[ConsentCard]:
    """The newest answer for each purpose that was ever asked."""
    newest: dict[str, Consent] = {}
    for row in Consent.objects.filter(person_id=person_id).order_by("at", "id"):
        newest[row.purpose] = row
    return [ConsentCard(row.purpose, row.granted, row.source, row.at) for row in newest.values()]


def has_agreed(person_id: int, purpose: str) -> bool:
    """Whether the newest answer for a purpose is yes; silence is no."""
    return any(consent.purpose == purpose and consent.granted for consent in consents(person_id))


def addressees(person_ids: Iterable[int], *, app: str, purpose: str) -> list[Addressee]:
    """Of many people those who are known in an app, in the order of their ids; the erased and the merged are not."""
    wanted = sorted(set(person_ids))
    found: list[Addressee] = []
    for start in range(0, len(wanted), ASKED_AT_ONCE):
        ids = wanted[start : start + ASKED_AT_ONCE]
        known = Person.objects.filter(pk__in=ids, merged_into=None, erased_at=None).order_by("pk")
        openids = dict(
            Identity.objects.filter(person_id__in=ids, kind="openid", app=app)
            .order_by("-pk")
            .values_list("person_id", "value")
        )
        said = dict(
            Consent.objects.filter(person_id__in=ids, purpose=purpose)
            .order_by("at", "pk")
            .values_list("person_id", "granted")
        )
        found += [
            Addressee(person_id, openids[person_id], language, city, said.get(person_id))
            for person_id, language, city in known.values_list("pk", "language", "city")
            if person_id in openids
        ]
    return found


def count(house_id: int) -> int:
    """How many people the house knows."""
    return Person.objects.filter(house_id=house_id, merged_into=None, erased_at=None).count()
