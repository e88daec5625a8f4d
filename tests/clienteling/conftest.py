"""A house with an associate, a client in their book and an approved scarf; and the sandbox for the wire."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from pytest_django import Settings

from seta.boutique.operations import import_catalogue, open_sales_point
from seta.clienteling import operations
from seta.clienteling.models import Associate
from seta.clienteling.operations.book import add_entry
from seta.houses.operations import found_house, hire
from seta.houses.queries import members
from seta.people.operations import recognise
from seta.people.rules import IdentityKey
from tests.boutique.shop import row
from tests.sandbox_server import sandbox, sandbox_process

__all__ = ["sandbox", "sandbox_process"]

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@dataclass
class Floor:
    """The ids a test needs."""

    house: int
    yue: int
    marco: int
    client: int


def user_of(house_id: int, name: str) -> int:
    return next(member.user_id for member in members(house_id) if member.name == name)


def make_person(house_id: int, name: str) -> int:
    key = IdentityKey("external_userid", "ww1", "wm-" + name)
    return recognise(house_id=house_id, identities=[key], now=NOON, display_name=name)


@pytest.fixture
def floor(db: None, settings: Settings) -> Floor:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    house = found_house(code="serica", name="Serica Milano", kind="maison")
    open_sales_point(house_id=house, code="monte-napoleone", district="quadrilatero")
    hire(house_id=house, username="yue", password="x" * 12, role="associate", name="林悦")
    hire(house_id=house, username="marco", password="x" * 12, role="associate", name="Marco")
    hire(house_id=house, username="sup", password="x" * 12, role="supervisor", name="Sup")
    ids = [
        operations.enrol_associate(
            house_id=house,
            code=code,
            userid=code,
            name=name,
            boutique="brera",
            user_id=user_of(house, name),
            now=NOON,
        )
        for code, name in (("linyue", "林悦"), ("marco.bassi", "Marco"))
    ]
    made = import_catalogue(house_id=house, rows=[row(code="scarf", sku="SCARF-1")], now=NOON)
    assert not made.problems, made.problems
    operations.approve_product(
        house_id=house, product_code="scarf", text="桑蚕丝方巾，手工卷边。", approved_by="Anna", now=NOON
    )
    client = make_person(house, "陈晓")
    add_entry(Associate.objects.get(pk=ids[0]), client, external_userid="wm-陈晓", way=None, now=NOON)
    return Floor(house, ids[0], ids[1], client)
