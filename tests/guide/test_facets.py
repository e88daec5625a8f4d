"""Whoever narrows the guide's list always has something left to look at."""

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from seta.guide import operations
from seta.guide.operations.importing import DATA
from seta.guide.rules.facets import SINGLE, Choice, Facet, Item, narrow
from tests.conversations.world import NOON, make_house
from tests.guide.test_flow import API, make_client

VALUES = st.frozensets(st.sampled_from("abcd"), max_size=3)
ONE = st.sampled_from("abcd").map(lambda value: frozenset({value}))
ITEMS = st.lists(
    st.fixed_dictionaries({facet: ONE if facet in SINGLE else VALUES for facet in Facet}),
    min_size=1,
    max_size=12,
).map(lambda rows: [Item(str(number), values) for number, values in enumerate(rows)])
CHOICES: st.SearchStrategy[list[Choice]] = st.lists(
    st.tuples(st.sampled_from(list(Facet)), st.sampled_from("abcde")), max_size=6
)


@given(ITEMS, CHOICES)
def test_no_choice_and_no_option_leads_to_an_empty_list(items: Sequence[Item], wanted: list[Choice]) -> None:
    narrowed = narrow(items, wanted)

    assert narrowed.items
    for option in narrowed.options:
        then = narrow(items, [*narrowed.chosen, (option.facet, option.value)])
        assert len(then.items) == option.count > 0
        assert then.set_aside == ()


@given(ITEMS, CHOICES)
def test_what_is_left_has_all_that_was_chosen_and_keeps_its_order(
    items: Sequence[Item], wanted: list[Choice]
) -> None:
    narrowed = narrow(items, wanted)

    assert list(narrowed.items) == [item for item in items if all(item.has(each) for each in narrowed.chosen)]
    assert set(narrowed.chosen) | set(narrowed.set_aside) <= set(wanted)


@given(ITEMS)
def test_every_value_of_the_list_is_offered_at_first(items: Sequence[Item]) -> None:
    offered = {(option.facet, option.value) for option in narrow(items, []).options}

    assert offered == {
        (facet, value) for item in items for facet, values in item.values.items() for value in values
    }


@pytest.fixture
def client(db: None) -> Client:
    house = make_house(code="browsing")
    operations.import_milan(house_id=house[0], now=NOON)
    partners = (DATA / "milan_partners.csv").read_text("utf-8")
    operations.import_partners(house_id=house[0], text=partners, now=NOON + timedelta(minutes=1))
    return make_client(house, language="en")


def browse(client: Client, **asked: Any) -> dict[str, Any]:
    response = client.get(f"{API}/browse", asked)
    assert response.status_code == 200, response.content
    told: dict[str, Any] = json.loads(response.content)
    return told


def test_a_guest_finds_who_takes_alipay_and_has_hot_water(client: Client) -> None:
    told = browse(client, choice=["payment:alipay", "has:hot_water"])

    assert told["total"] == len(told["places"]) > 0
    assert all("alipay" in each["payment"] and each["hot_water"] for each in told["places"])
    assert told["set_aside"] == []


def test_each_option_brings_as_many_as_it_says(client: Client) -> None:
    first = browse(client, choice=["kind:partner"])

    for option in first["options"]:
        then = browse(client, choice=["kind:partner", option["choice"]], limit=1)
        assert then["total"] == option["count"] > 0, option


def test_a_choice_that_would_leave_nothing_is_set_aside_and_said(client: Client) -> None:
    told = browse(client, choice=["category:park", "payment:alipay", "nonsense:x", "nonsense"])

    assert told["total"] > 0
    assert told["chosen"] == ["category:park"]
    assert told["set_aside"] == ["payment:alipay", "nonsense:x", "nonsense"]


def test_a_query_is_narrowed_in_its_order(client: Client) -> None:
    told = browse(client, q="大教堂", choice=["kind:place"])

    assert told["searched"] and told["places"][0]["code"] == "duomo"


def test_a_query_without_an_answer_shows_everything_and_says_so(client: Client) -> None:
    told = browse(client, q="asdfgh")

    assert not told["searched"] and told["total"] == browse(client)["total"]


def test_the_list_comes_page_by_page(client: Client) -> None:
    first, second = browse(client, limit=30), browse(client, limit=30, offset=30)

    codes = [each["code"] for each in first["places"] + second["places"]]
    assert len(codes) == len(set(codes)) == 60


@pytest.mark.parametrize("asked", [{"limit": 0}, {"limit": 1000}, {"offset": -1}, {"choice": ["a:b"] * 21}])
def test_an_impossible_page_is_refused(client: Client, asked: dict[str, Any]) -> None:
    assert client.get(f"{API}/browse", asked).status_code == 422
