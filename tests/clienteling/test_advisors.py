"""A client's own advisors: active contacts of theirs, the primary one first."""

from datetime import UTC, datetime
from itertools import count

import pytest
from django.test import Client

from seta.clienteling.models import Associate, ClientBookEntry
from seta.houses.operations import found_house
from seta.people.operations import open_session, recognise
from seta.people.rules import IdentityKey

pytestmark = pytest.mark.django_db

_numbers = count(1)


def test_advisors_are_the_active_contacts_of_the_client_the_primary_one_first() -> None:
    number, now = next(_numbers), datetime.now(UTC)
    house = found_house(code=f"advised-{number}", name="Serica", kind="maison")
    person, other = (
        recognise(house_id=house, identities=[IdentityKey("openid", "wxmp", f"o-{name}{number}")], now=now)
        for name in ("chen", "wang")
    )
    for code, role, contact, active in (
        ("anna", "secondary", "wm1", True),
        ("lin", "primary", "wm1", True),
        ("gone", "secondary", "wm1", False),
        ("unknown", "secondary", "", True),
    ):
        associate = Associate.objects.create(
            house_id=house, code=code, userid=code, name=code.title(), boutique="brera", is_active=active
        )
        ClientBookEntry.objects.create(
            house_id=house,
            associate=associate,
            person_id=person,
            role=role,
            external_userid=contact,
            since=now,
        )

    told = {}
    for who in (person, other):
        headers = {"authorization": f"Bearer {open_session(house_id=house, person_id=who, now=now)}"}
        told[who] = Client().get("/api/mp/v1/clienteling/advisors", headers=headers).json()["advisors"]

    assert told[person] == [
        {"name": "Lin", "boutique": "brera", "is_primary": True},
        {"name": "Anna", "boutique": "brera", "is_primary": False},
    ]
    assert told[other] == []
