"""The city pack: whole for a new phone, a difference for one that has it, with every spelling."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from seta.guide.models import Guide, Place
from seta.guide.operations import confirm_hours, import_milan
from seta.people.operations import open_session, recognise
from seta.people.rules import IdentityKey
from tests.conversations.world import NOON, make_house

PACK = "/api/mp/v1/guide/pack"


@pytest.fixture
def house(db: None) -> int:
    house_id = make_house()[0]
    import_milan(house_id=house_id, now=NOON)
    return house_id


@pytest.fixture
def phone(house: int) -> Client:
    now = timezone.now() - timedelta(minutes=1)
    keys = [IdentityKey("openid", "wx-mp-serica", "m-pack")]
    person = recognise(house_id=house, identities=keys, now=now)
    token = open_session(house_id=house, person_id=person, now=now)
    return Client(headers={"Authorization": f"Bearer {token}", "Accept-Language": "zh-hans"})


def ask(phone: Client, **body: Any) -> dict[str, Any]:
    answer = phone.post(PACK, json.dumps(body), content_type="application/json")
    assert answer.status_code == 200, answer.content
    told: dict[str, Any] = answer.json()
    return told


def marks(told: dict[str, Any]) -> dict[str, str]:
    return {place["code"]: place["mark"] for place in told["changed"]}


def test_a_new_phone_gets_the_whole_city_with_characters_pinyin_and_initials(phone: Client) -> None:
    told = ask(phone)
    assert len(told["changed"]) >= 68 and told["gone"] == []
    duomo = next(place for place in told["changed"] if place["code"] == "duomo")
    assert "大教堂" in duomo["spelled"] and "duomo" in duomo["spelled"]
    assert {"milandajiaotang", "mldjt"} <= set(duomo["sounds"])


def test_a_phone_with_this_version_gets_nothing(phone: Client) -> None:
    told = ask(phone)
    again = ask(phone, version=told["version"], marks=marks(told))
    assert again == {"version": told["version"], "changed": [], "gone": []}


def test_one_changed_and_one_closed_place_are_all_that_is_sent(phone: Client, house: int) -> None:
    told = ask(phone)
    Place.objects.filter(house_id=house, code="duomo").update(opening_hours="Mo-Su 10:00-12:00")
    gone = Place.objects.filter(house_id=house).exclude(code="duomo").order_by("-rank").first()
    assert gone is not None
    gone.delete()
    guide = Guide.objects.get(house_id=house)
    guide.version += 1
    guide.save()
    after = ask(phone, version=told["version"], marks=marks(told))
    assert after["version"] != told["version"]
    assert [(place["code"], place["hours"]) for place in after["changed"]] == [("duomo", "Mo-Su 10:00-12:00")]
    assert gone.code in after["gone"]


def test_hours_confirmed_long_ago_are_no_longer_sure_on_the_phone(phone: Client, house: int) -> None:
    today = timezone.now().date()
    confirm_hours(house_id=house, code="duomo", on=today - timedelta(days=30), now=timezone.now())
    confirm_hours(house_id=house, code="galleria", on=today - timedelta(days=400), now=timezone.now())

    sure = {place["code"]: place["sure"] for place in ask(phone)["changed"]}

    assert sure["duomo"] and not sure["galleria"]


def test_a_phone_without_a_session_or_with_absurd_marks_gets_nothing(phone: Client) -> None:
    assert Client().post(PACK, "{}", content_type="application/json").status_code == 401
    bad = json.dumps({"version": "x" * 400})
    assert phone.post(PACK, bad, content_type="application/json").status_code == 422


def test_a_confirmed_day_reaches_the_phone_as_a_change_and_the_name_does_not(
    phone: Client, house: int
) -> None:
    had = ask(phone)
    today = timezone.now().date()

    confirm_hours(house_id=house, code="duomo", on=today, by="Anna Rossi", now=timezone.now())

    (changed,) = ask(phone, version=had["version"], marks=marks(had))["changed"]
    assert (changed["code"], changed["hours_on"]) == ("duomo", str(today))
    place = phone.get("/api/mp/v1/guide/places/duomo")
    assert "Anna" not in place.content.decode() + json.dumps(changed)
    assert place.json()["facts"][0]["confirmed_on"] == str(today)
