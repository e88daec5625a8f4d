"""The guide learns what people search for, and never who."""

from datetime import date, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from seta.guide import operations, queries
from seta.guide.models import SearchedDay, SearchHeard
from seta.guide.rules.heard import PEOPLE_MIN, Asked, Heard, closed, kept_query, who, without_beginnings
from seta.houses.operations import hire
from tests.conversations.world import NOON, make_house, make_inbound

TOMORROW = NOON + timedelta(days=1)
TODAY = date(2026, 11, 24)
House = tuple[int, int]


@pytest.fixture
def house(db: None) -> House:
    house = make_house(code="hearing")
    operations.import_milan(house_id=house[0], now=NOON)
    return house


def write(house: House, text: str, people: int, *, times: int = 1) -> None:
    batch = [
        make_inbound(house, openid=f"o-{who}", Content=text) for who in range(people) for _ in range(times)
    ]
    operations.answer_texts(batch, NOON)


def shown(house: House) -> dict[str, int]:
    return {asked.query: asked.people for asked in queries.searched(house[0], since=TODAY)}


def test_a_query_is_shown_from_five_people_on_once_the_day_is_over(house: House) -> None:
    write(house, "大教堂", PEOPLE_MIN)
    write(house, "最后的晚餐", PEOPLE_MIN - 1)
    assert shown(house) == {}

    assert operations.close_searches(TOMORROW) == 1

    assert shown(house) == {"大教堂": PEOPLE_MIN}


def test_one_person_who_asks_again_and_again_is_one(house: House) -> None:
    write(house, "大教堂", PEOPLE_MIN - 1, times=5)

    operations.close_searches(TOMORROW)

    assert shown(house) == {}


def test_nothing_of_who_searched_outlives_the_day(house: House) -> None:
    write(house, "大教堂", 3)
    assert SearchHeard.objects.filter(house_id=house[0]).count() == 3
    assert not SearchHeard.objects.filter(who__contains="o-").exists()

    operations.close_searches(TOMORROW)

    assert not SearchHeard.objects.filter(house_id=house[0]).exists()


def test_today_is_not_closed_before_it_is_over(house: House) -> None:
    write(house, "大教堂", PEOPLE_MIN)

    assert operations.close_searches(NOON) == 0
    assert SearchHeard.objects.filter(house_id=house[0]).count() == PEOPLE_MIN


def test_a_search_of_the_mini_program_is_counted_and_one_without_a_person_is_not(house: House) -> None:
    for person_id in range(PEOPLE_MIN):
        operations.note_search(house_id=house[0], person_id=person_id + 1, query="Duomo", now=NOON)
        operations.note_search(house_id=house[0], person_id=None, query="Brera", now=NOON)

    operations.close_searches(TOMORROW)

    assert shown(house) == {"duomo": PEOPLE_MIN}


def test_two_channels_do_not_make_two_people_of_one(house: House) -> None:
    write(house, "duomo", 3)
    for person_id in range(3):
        operations.note_search(house_id=house[0], person_id=person_id + 1, query="duomo", now=NOON)

    operations.close_searches(TOMORROW)

    assert shown(house) == {}


def test_closing_twice_keeps_what_was_kept(house: House) -> None:
    write(house, "大教堂", PEOPLE_MIN)
    operations.close_searches(TOMORROW)

    assert operations.close_searches(TOMORROW) == 0
    assert shown(house) == {"大教堂": PEOPLE_MIN}


def test_what_was_searched_is_kept_for_a_year_and_a_month(house: House) -> None:
    write(house, "大教堂", PEOPLE_MIN)
    operations.close_searches(TOMORROW)

    operations.close_searches(NOON + timedelta(days=402))

    assert not SearchedDay.objects.filter(house_id=house[0]).exists()


@pytest.mark.parametrize("text", ["", "a", "13812345678", "订单 99182", "x" * 41, "\0", "\ud800"])
def test_a_number_a_letter_or_a_whole_message_is_not_kept(text: str) -> None:
    assert kept_query(text) == ""


@given(st.text(max_size=60))
def test_what_is_kept_can_be_stored_anywhere(text: str) -> None:
    query = kept_query(text)

    assert "\0" not in query and query.encode() is not None and len(query) <= 60


def test_one_persons_searches_cannot_be_joined() -> None:
    def mark(query: str, day: date) -> str:
        return who("o-chen", house_id=1, day=day, query=query, secret="s")

    marks = {mark("duomo", TODAY), mark("brera", TODAY), mark("duomo", TODAY + timedelta(days=1))}

    assert len(marks) == 3


@given(
    st.lists(
        st.builds(Heard, st.sampled_from("abc"), st.sampled_from("mo"), st.integers(1, 12), st.booleans())
    )
)
def test_no_count_that_is_kept_is_below_five(heard: list[Heard]) -> None:
    assert all(people >= PEOPLE_MIN for people, _ in closed(heard).values())


def test_what_was_typed_on_the_way_to_a_longer_query_is_left_out() -> None:
    asked = [Asked("duo", 1, 12, True), Asked("duomo", 1, 9, True), Asked("du", 1, 40, True)]

    assert [each.query for each in without_beginnings(asked)] == ["duomo", "du"]


def test_the_desk_shows_what_people_search_for(house: House) -> None:
    write(house, "大教堂", PEOPLE_MIN)
    operations.close_searches(TOMORROW)
    # The desk looks back from the real today, whatever day the search was made on.
    SearchedDay.objects.filter(house_id=house[0]).update(day=timezone.now().date())
    hire(house_id=house[0], username="hearing-marketing", password="silk-2026", role="marketing", name="Mia")
    client = Client()
    client.force_login(get_user_model().objects.get(username="hearing-marketing"))

    text = client.get("/desk/guide/searches/", headers={"accept-language": "en"}).content.decode()

    assert "大教堂" in text and "What people search for" in text
