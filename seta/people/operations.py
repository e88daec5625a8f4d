"""Recognise people by their identities, merge those who are one, and keep what they agree to."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection, models, transaction

from seta.events.operations import publish
from seta.kit.limits import SESSION_SECONDS
from seta.kit.signing import subkey
from seta.people import rules
from seta.people.events import ConsentGiven, PersonsMerged, SessionStarted
from seta.people.models import Consent, Identity, Merge, Person
from seta.people.queries import find_many
from seta.people.rules import IdentityKey


class UnknownPurpose(ValueError):
    """A consent named a purpose that the house does not ask for."""


@transaction.atomic
def recognise(
    *,
    house_id: int,
    identities: Sequence[IdentityKey],
    now: datetime,
    display_name: str = "",
    language: str = "",
) -> int:
    """The person behind one or several identities, made if unknown, merged if they were two; returns their id."""
    person_id = recognise_many(house_id=house_id, keys=[identities], now=now)[0]
    news = {"display_name": display_name, "language": language}
    learnt = {name: value for name, value in news.items() if value}
    if learnt:
        Person.objects.filter(pk=person_id).update(**learnt)
    return person_id


def recognise_many(*, house_id: int, keys: Sequence[Sequence[IdentityKey]], now: datetime) -> list[int]:
    """The people behind several sets of identities, in order; one statement when all of them are known already."""
    known = _known(house_id, {key for keys_of_one in keys for key in keys_of_one})
    owners = [{known.get(key) for key in keys_of_one} for keys_of_one in keys]
    if all(len(found) == 1 and None not in found for found in owners):
        return [known[keys_of_one[0]] for keys_of_one in keys]
    # What was read outside a transaction may be old once one has begun.
    read = known if connection.in_atomic_block else None
    try:
        return _introduce(house_id, keys, read, now)
    except IntegrityError:
        # Another process met the same newcomer at the same moment, and was first: now they are known.
        return _introduce(house_id, keys, None, now)


@transaction.atomic
def _introduce(
    house_id: int,
    keys: Sequence[Sequence[IdentityKey]],
    read: Mapping[IdentityKey, int] | None,
    now: datetime,
) -> list[int]:
    """Make who is new and merge who turn out to be one; raises IntegrityError when another process was first.

    `read` is who was known a statement ago in this transaction; None to ask.
    """
    if read is None:
        read = _known(house_id, {key for keys_of_one in keys for key in keys_of_one})
    known, found_before = dict(read), frozenset(read)
    unknown = _groups_unknown(keys, known)
    made = Person.objects.bulk_create(Person(house_id=house_id, created_at=now) for _ in unknown)
    for person, group in zip(made, unknown, strict=True):
        known.update(dict.fromkeys(group, person.pk))
    for keys_of_one in keys:
        found = {known[key] for key in keys_of_one if key in known}
        kept = rules.kept_of(sorted(found))
        for absorbed in found - {kept}:
            _merge(house_id, kept=kept, absorbed=absorbed, reason=str(keys_of_one[0].kind), now=now)
            known = {key: kept if owner == absorbed else owner for key, owner in known.items()}
        known.update(dict.fromkeys(keys_of_one, kept))
    _keep_identities(house_id, {key: owner for key, owner in known.items() if key not in found_before})
    return [known[keys_of_one[0]] for keys_of_one in keys]


def _known(house_id: int, wanted: set[IdentityKey]) -> dict[IdentityKey, int]:
    """One statement an app, so that each is a walk down the unique index and never one through the whole house."""
    values_of: dict[tuple[str, str], list[str]] = {}
    for key in wanted:
        values_of.setdefault((key.kind, key.app), []).append(key.value)
    found: dict[IdentityKey, int] = {}
    for (kind, app), values in values_of.items():
        owners = find_many(house_id=house_id, kind=kind, app=app, values=values)
        found.update((IdentityKey(kind, app, value), person_id) for value, person_id in owners.items())
    return found


def _groups_unknown(
    keys: Sequence[Sequence[IdentityKey]], known: dict[IdentityKey, int]
) -> list[set[IdentityKey]]:
    """Sets of identities that nobody is known by, joined where they share one."""
    groups: list[set[IdentityKey]] = []
    for keys_of_one in keys:
        assert keys_of_one, "somebody without any identity cannot be recognised"
        if any(key in known for key in keys_of_one):
            continue
        group = set(keys_of_one)
        for other in [other for other in groups if other & group]:
            group |= other
            groups.remove(other)
        groups.append(group)
    return groups


def _keep_identities(house_id: int, owners: Mapping[IdentityKey, int]) -> None:
    # In one order, since two processes that insert the same identities crosswise would wait for each other.
    Identity.objects.bulk_create(
        Identity(house_id=house_id, person_id=owner, kind=key.kind, app=key.app, value=key.value)
        for key, owner in sorted(owners.items(), key=lambda item: (item[0].kind, item[0].app, item[0].value))
    )


def _merge(house_id: int, *, kept: int, absorbed: int, reason: str, now: datetime) -> None:
    both = Person.objects.select_for_update().filter(pk__in=(kept, absorbed)).order_by("pk")
    gone = {row.pk: row for row in both}[absorbed]
    _give_rows(kept=kept, absorbed=absorbed)
    Person.objects.filter(pk=absorbed).update(merged_into=kept)
    Person.objects.filter(merged_into=absorbed).update(merged_into=kept)
    if gone.display_name:
        Person.objects.filter(pk=kept, display_name="").update(display_name=gone.display_name)
    Merge.objects.create(house_id=house_id, kept_id=kept, absorbed_id=absorbed, reason=reason, at=now)
    publish(
        PersonsMerged(house_id=house_id, occurred_at=now, person_id=kept, kept_id=kept, absorbed_id=absorbed)
    )


def _give_rows(*, kept: int, absorbed: int) -> None:
    Identity.objects.filter(person_id=absorbed).update(person_id=kept)
    Consent.objects.filter(person_id=absorbed).update(person_id=kept)


@transaction.atomic
def repoint_person(fact: PersonsMerged, now: datetime) -> None:
    """Give what was kept for the absorbed person while the merging went on to the kept one."""
    _give_rows(kept=fact.kept_id, absorbed=fact.absorbed_id)


def _held(person_id: int) -> int:
    """The person's id now; no merging can pass by until the transaction ends."""
    while True:
        row = Person.objects.select_for_update(no_key=True).only("merged_into_id").get(pk=person_id)
        if row.merged_into_id is None:
            return person_id
        person_id = row.merged_into_id


def repoint(model: type[models.Model], fact: PersonsMerged, *, field: str = "person_id") -> int:
    """Give a part's rows of the absorbed person to the kept one; returns how many.

    For a part's own `repoint_person(fact, now)`; rows that a unique constraint forbids to move are the part's to
    settle before.
    """
    rows: models.Manager[Any] = model._default_manager
    return rows.filter(**{field: fact.absorbed_id}).update(**{field: fact.kept_id})


@transaction.atomic
def record_consent(
    *, house_id: int, person_id: int, purpose: str, granted: bool, source: str, now: datetime
) -> None:
    """Keep a yes or a no for one purpose; raises UnknownPurpose."""
    if purpose not in rules.PURPOSES:
        raise UnknownPurpose(f"{purpose!r} is none of {', '.join(rules.PURPOSES)}")
    person_id = _held(person_id)
    Consent.objects.create(
        house_id=house_id, person_id=person_id, purpose=purpose, granted=granted, source=source, at=now
    )
    publish(
        ConsentGiven(
            house_id=house_id,
            occurred_at=now,
            person_id=person_id,
            purpose=purpose,
            granted=granted,
            source=source,
        )
    )


@transaction.atomic
def forget_person(*, house_id: int, person_id: int, now: datetime) -> bool:
    """Take every name from a person; False when that was done before.

    The row stays as a number without a name, under which papers are kept; so do the answers to what was asked, as
    proof. Whoever comes back is met as a new person.
    """
    person_id = _held(person_id)
    rows = Person.objects.filter(house_id=house_id).filter(
        models.Q(pk=person_id) | models.Q(merged_into=person_id)
    )
    Identity.objects.filter(house_id=house_id, person_id=person_id).delete()
    return bool(rows.filter(erased_at=None).update(display_name="", city="", erased_at=now))


@transaction.atomic
def start_session(
    *,
    house_id: int,
    appid: str,
    openid: str,
    unionid: str,
    language: str,
    click_id: str,
    scene: str,
    campaign: str,
    now: datetime,
) -> tuple[int, str]:
    """Recognise who opened the mini program and give them a session; returns (person id, token)."""
    identities = [IdentityKey("openid", appid, openid)]
    if unionid:
        identities.append(IdentityKey("unionid", "", unionid))
    person_id = recognise(house_id=house_id, identities=identities, now=now, language=language)
    publish(
        SessionStarted(
            house_id=house_id,
            occurred_at=now,
            person_id=person_id,
            campaign=campaign,
            app=appid,
            click_id=click_id,
            scene=scene,
        )
    )
    return person_id, open_session(house_id=house_id, person_id=person_id, now=now)


def open_session(*, house_id: int, person_id: int, now: datetime) -> str:
    """A token that names the person for a week, checked without the database."""
    expires = int((now + timedelta(seconds=SESSION_SECONDS)).timestamp())
    claim = rules.SessionClaim(house_id=house_id, person_id=person_id, expires=expires)
    return rules.session_token(claim, key=session_key())


def session_key() -> bytes:
    """The key that session tokens are signed with."""
    return subkey(settings.SECRET_KEY, "people.session")
