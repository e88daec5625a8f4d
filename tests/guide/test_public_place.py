"""Anybody can read a place's page in three languages, and a search engine the same facts."""

import json
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from seta.guide import operations, queries
from seta.guide.models import Partner, Place
from seta.guide.operations.importing import DATA
from seta.guide.rules.dated import STALE_AFTER, Source, Standing, dated, hours_fact, partner_facts
from seta.guide.rules.linked import Described, json_ld, script, week
from seta.houses.operations import found_house
from tests.conversations.world import NOON, make_house
from tests.guide.test_flow import API, make_client

TODAY = date(2026, 11, 24)
PARTNERS = (DATA / "milan_partners.csv").read_text("utf-8")


@pytest.fixture
def city(db: None) -> int:
    house_id, _ = make_house(code="open-city")
    operations.import_milan(house_id=house_id, now=NOON)
    return house_id


def page(code: str, **asked: str) -> str:
    response = Client().get(f"/places/{code}", asked, headers={"accept-language": "it"})
    assert response.status_code == 200
    return response.content.decode()


def linked(text: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    assert found is not None
    told: dict[str, Any] = json.loads(found.group(1))
    return told


@pytest.mark.parametrize(
    ("asked", "lang", "name", "word"),
    [
        ("zh", "zh-Hans", "米兰大教堂", "未来七天"),
        ("en", "en", "Milan Cathedral", "The next seven days"),
        ("it", "it", "Duomo di Milano", "I prossimi sette giorni"),
    ],
)
def test_a_place_is_told_in_the_language_asked_for(
    city: int, asked: str, lang: str, name: str, word: str
) -> None:
    text = page("duomo", lang=asked)

    assert f'<html lang="{lang}">' in text
    assert f"<h1>{name}</h1>" in text and word in text
    assert linked(text)["name"] == name


def test_the_browser_chooses_the_language_where_nobody_else_does(city: int) -> None:
    assert '<html lang="it">' in page("duomo")


def test_the_description_names_what_the_page_shows(city: int) -> None:
    told = linked(page("duomo", lang="en"))

    assert told["@type"] == ["TouristAttraction", "Church"]
    assert told["alternateName"] == ["米兰大教堂", "Duomo di Milano"]
    assert told["geo"] == {"@type": "GeoCoordinates", "latitude": 45.46416, "longitude": 9.1919}
    assert told["isAccessibleForFree"] is False
    assert told["url"].endswith("/places/duomo")


def test_a_partner_has_a_page_with_how_one_pays_and_since_when_that_is_known(city: int) -> None:
    operations.import_partners(house_id=city, text=PARTNERS, now=NOON)
    text = page("partner:caffe-lanterna", lang="en")

    assert "WeChat Pay accepted" in text and "2026-11-02" in text and "Hot water" in text
    assert linked(text)["paymentAccepted"] == "Alipay, Credit card, WeChat Pay"


def test_the_mini_program_is_told_the_same_facts(city: int) -> None:
    operations.import_partners(house_id=city, text=PARTNERS, now=NOON)
    client = make_client((city, 0), language="en")

    told = json.loads(client.get(f"{API}/places/partner:caffe-lanterna").content)

    facts = {fact["kind"]: (fact["source"], fact["confirmed_on"]) for fact in told["facts"]}
    assert facts["alipay"] == ("list", "2026-11-02") and facts["wifi"] == ("business", None)


def test_a_partner_that_is_not_listed_has_no_page(city: int) -> None:
    operations.import_partners(house_id=city, text=PARTNERS, now=NOON)
    Partner.objects.filter(code="caffe-lanterna").update(listed=False)

    assert Client().get("/places/partner:caffe-lanterna").status_code == 404


@pytest.mark.parametrize("code", ["nowhere", "partner:", "partner:nobody", "%00", "a" * 300, "<script>"])
def test_an_address_of_nothing_is_not_found(city: int, code: str) -> None:
    assert Client().get(f"/places/{code}").status_code == 404


def test_names_cannot_leave_their_place_in_the_page(city: int) -> None:
    Place.objects.filter(code="duomo").update(name_en="</script><script>alert(1)</script>")
    operations.confirm_hours(house_id=city, code="duomo", on=TODAY, now=NOON)

    text = page("duomo", lang="en")

    assert "<script>alert" not in text
    assert linked(text)["name"] == "</script><script>alert(1)</script>"


def test_the_page_forbids_itself_every_script(city: int) -> None:
    policy = Client().get("/places/duomo").headers["Content-Security-Policy"]

    assert "default-src 'none'" in policy and "script-src" not in policy


def test_a_city_speaks_for_a_place_that_a_maison_has_too(city: int) -> None:
    destination = found_house(code="open-destination", name="Milano Aperta", kind="destination")
    operations.import_milan(house_id=destination, now=NOON)

    found = queries.public_place("duomo", day=TODAY, language="en")

    assert found is not None and found.house_id == destination


def test_the_neighbours_of_a_place_are_the_nearest(city: int) -> None:
    found = queries.public_place("duomo", day=TODAY, language="en")

    assert found is not None
    assert [each.metres for each in found.nearby] == sorted(each.metres for each in found.nearby)
    assert "duomo_terraces" in [each.code for each in found.nearby]


def test_hours_confirmed_long_ago_are_shown_as_such(city: int) -> None:
    operations.confirm_hours(house_id=city, code="duomo", on=TODAY - timedelta(days=400), now=NOON)

    assert "over half a year old" in page("duomo", lang="en")


@given(st.integers(0, 800))
def test_a_fact_goes_stale_after_half_a_year_and_not_before(days: int) -> None:
    fact = dated("wifi", Source.CITY, TODAY - timedelta(days=days), today=TODAY, language="en")

    assert (fact.standing is Standing.STALE) == (days > STALE_AFTER.days)


def test_what_a_business_says_without_a_day_is_undated() -> None:
    facts = partner_facts(
        payment={"alipay": "2026-11-01"},
        languages=("it", "zh"),
        has={"menu_zh": True, "wifi": False},
        today=TODAY,
        language="en",
    )

    told = {fact.kind: (fact.source, fact.standing) for fact in facts}
    assert told == {
        "hours": (Source.LIST, Standing.UNDATED),
        "alipay": (Source.LIST, Standing.FRESH),
        "speaks_zh": (Source.BUSINESS, Standing.UNDATED),
        "menu_zh": (Source.BUSINESS, Standing.UNDATED),
    }


def test_hours_that_are_certain_need_no_day() -> None:
    fact = hours_fact(sure=True, confirmed_on=None, today=TODAY, language="it")

    assert (fact.source, fact.standing) == (Source.LIST, Standing.FRESH)


def test_a_week_is_told_by_its_days() -> None:
    assert week("Mo-Tu,Th-Su 10:00-19:00") == [
        {
            "@type": "OpeningHoursSpecification",
            "dayOfWeek": ["Monday", "Tuesday", "Thursday", "Friday", "Saturday", "Sunday"],
            "opens": "10:00",
            "closes": "19:00",
        }
    ]


def test_a_lunch_break_makes_two_spans_and_a_later_rule_wins() -> None:
    spans = [
        (each["dayOfWeek"], each["opens"]) for each in week("Mo-Sa 09:00-12:00,15:00-18:00; Sa 10:00-12:00")
    ]

    weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]
    assert spans == [(weekdays, "09:00"), (weekdays, "15:00"), (["Saturday"], "10:00")]


@pytest.mark.parametrize("spec", ["", "Mo-Fr 09:00-18:00; PH off", "Apr-Oct 09:00-20:00", "sunrise-sunset"])
def test_hours_with_seasons_or_holidays_are_left_out_rather_than_half_told(spec: str) -> None:
    assert week(spec) == []


@given(st.text(max_size=60), st.text(max_size=60))
def test_whatever_a_name_contains_the_description_can_be_read_back(name: str, note: str) -> None:
    told = json_ld(
        Described(
            url="https://seta.example/places/x",
            names=(name, name, name),
            language="en",
            category="museum",
            partner=False,
            lat=45.0,
            lon=9.0,
            note=note,
            opening_hours="24/7",
        )
    )

    text = script(told)

    assert "<" not in text and json.loads(text) == told


def test_the_house_knows_who_confirmed_the_hours_and_the_public_knows_the_editors(city: int) -> None:
    operations.confirm_hours(house_id=city, code="duomo", on=TODAY, by="Anna Rossi", now=NOON)

    found = queries.public_place("duomo", day=TODAY, language="en")
    text = page("duomo", lang="en")

    assert found is not None and isinstance(found.card, queries.PlaceCard)
    assert found.card.hours_confirmed_by == "Anna Rossi"
    assert f"checked by the editors · confirmed on {TODAY}" in text and "Anna" not in text
