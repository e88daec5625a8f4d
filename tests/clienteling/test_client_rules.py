"""Sizes, standing, quiet times and files of the client book, by example and by property."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from seta.clienteling import rules
from seta.clienteling.rules.contacting import BlackoutTerms, Contact, Contactable, contactable
from seta.clienteling.rules.importing import read_book
from seta.clienteling.rules.sizes import CHARTS, SYSTEMS, in_all_systems
from seta.clienteling.rules.standing import ClientState, next_best, next_yearly, tier_of

ROME = ZoneInfo("Europe/Rome")
NOON = datetime(2026, 11, 22, 12, tzinfo=ROME)


@pytest.mark.parametrize("category", CHARTS)
def test_a_size_means_the_same_from_every_system(category: str) -> None:
    for row in CHARTS[category]:
        for system, value in zip(SYSTEMS, row, strict=True):
            assert value in in_all_systems(category, system, value)[system]


def test_sizes_of_a_dress_and_a_shoe() -> None:
    assert in_all_systems("women_clothing", "IT", "40") == {
        "IT": "40",
        "FR": "36",
        "EU": "34",
        "US": "4",
        "CN": "160/84A",
    }
    assert in_all_systems("women_shoes", "CN", "235")["IT"] == "37"
    assert in_all_systems("ring", "IT", "3") == {}


def ask(contacts: list[Contact], *, now: datetime = NOON, agreed: bool = True) -> Contactable:
    return contactable(
        has_agreed=agreed, contacts=contacts, associate_id=1, local_now=now, terms=BlackoutTerms()
    )


def test_nobody_is_written_to_without_consent_or_at_night() -> None:
    late = NOON.replace(hour=23)

    assert ask([], agreed=False).reason == "no_consent"
    assert ask([], now=late) == Contactable(False, "night", datetime(2026, 11, 23, 9, tzinfo=ROME))
    assert ask([]).allowed


def test_a_colleagues_message_holds_mine_and_three_a_week_are_enough() -> None:
    yesterday = Contact(2, NOON - timedelta(days=1))
    mine = [Contact(1, NOON - timedelta(days=days)) for days in (1, 2, 3)]

    assert ask([yesterday]) == Contactable(False, "colleague", NOON + timedelta(days=2))
    assert ask(mine).reason == "week"
    assert ask([Contact(1, NOON - timedelta(hours=1))]).reason == "own"
    assert ask([Contact(2, NOON - timedelta(days=4))]).allowed


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(0, 60 * 24 * 14)), max_size=8), st.integers(0, 23))
def test_when_the_blackout_ends_no_earlier_contact_holds_longer(
    past: list[tuple[int, int]], hour: int
) -> None:
    now = NOON.replace(hour=hour)
    contacts = [Contact(who, now - timedelta(minutes=minutes)) for who, minutes in past]
    held = ask(contacts, now=now)

    assert held.allowed or (held.until is not None and held.until > now)
    fewer = ask(contacts[1:], now=now)
    assert fewer.allowed or not held.allowed


def state(**more: object) -> ClientState:
    told: dict[str, object] = {
        "today": date(2026, 11, 22),
        "now": datetime(2026, 11, 22, 12, tzinfo=UTC),
        "contactable": Contactable(True),
    }
    return ClientState(**{**told, **more})  # type: ignore[arg-type]


def test_the_most_pressing_step_comes_first_with_its_reason() -> None:
    advice = next_best(
        state(
            arrival_on=date(2026, 11, 25),
            birthday_on=date(2026, 11, 24),
            wishes_back=("Carré",),
            last_seen_at=datetime(2026, 1, 1, tzinfo=UTC),
        )
    )

    assert advice.action is not None
    assert (advice.action.kind, advice.action.on) == ("arrival", date(2026, 11, 25))
    assert [step.kind for step in advice.others] == ["birthday", "wish_back", "silence"]


def test_no_step_is_advised_within_a_blackout() -> None:
    held = Contactable(False, "colleague", NOON)

    advice = next_best(state(contactable=held, birthday_on=date(2026, 11, 24)))

    assert advice.action is None
    assert advice.held == held


@given(st.integers(1, 12), st.integers(1, 28), st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_a_yearly_day_comes_within_a_year(month: int, day: int, today: date) -> None:
    assert today <= next_yearly(month, day, today) <= today + timedelta(days=366)


def test_a_leap_day_and_the_tiers() -> None:
    assert next_yearly(2, 29, date(2027, 1, 1)) == date(2027, 2, 28)
    assert [tier_of(spent, 1) for spent in (0, 500_000, 2_000_000, 5_000_000)] == [
        "client",
        "silver",
        "gold",
        "platinum",
    ]
    assert tier_of(0, 0) == "prospect"


@pytest.mark.parametrize("query", ["陈晓", "chenxiao", "chen xiao", "cx", "Xiao", "太太"])
def test_a_client_answers_to_name_pinyin_initials_and_remark(query: str) -> None:
    assert rules.plain_query(query) in rules.search_text("陈晓", "陈太太")


def test_every_bad_row_is_told_in_the_readers_language_and_left_out() -> None:
    text = "name;phone;birthday;size_category;size_system;size\n王芳;138 0000 1234;1990-05-20;ring;IT;12\n"
    text += ";12;13-45;ring;IT;3\nAnna;+8613800001234;;;;\nBea;13800001234;;;;\n"
    read = read_book("\ufeff".encode() + text.encode())

    assert [line.name for line in read.lines] == ["王芳", "Anna"]
    assert {(each.row, each.column) for each in read.problems} == {
        (3, "name"),
        (3, "phone"),
        (3, "birthday"),
        (3, "size"),
        (5, "phone"),
    }
    assert "姓名" in read.problems[0].text("zh-hans")
    assert "nome" in read.problems[0].text("it")


@given(st.binary(max_size=400))
@example(b"\r\x00")
def test_any_bytes_are_read_or_refused_with_words(data: bytes) -> None:
    for problem in read_book(data).problems:
        assert problem.text("en")
