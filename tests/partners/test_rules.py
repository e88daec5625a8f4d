"""Weeks of hours, what a form states, and what a change changes."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seta.guide.rules.hours import is_valid, windows
from seta.guide.rules.listing import kinds_of, on_day
from seta.partners.rules.comparing import changed, differences, newly_told
from seta.partners.rules.form import Problem, hours_of, one, read_listing
from seta.partners.rules.refusals import TEXTS, Refusal
from seta.partners.rules.week import DAY_MINUTES, BadWeek, Week, clock, spec_of, week_from, week_of
from seta.partners.rules.words import PAGE, PROBLEMS

MONDAY = date(2026, 11, 23)
NIGHTS = (DAY_MINUTES + 60, DAY_MINUTES + 150)
QUARTERS = st.integers(24, DAY_MINUTES // 15 - 1).map(lambda quarter: 15 * quarter)


@st.composite
def days(draw: st.DrawFn) -> tuple[tuple[int, int], ...]:
    """Nothing, one span or two of a day from six on that do not touch; the last may end late in the night."""
    marks = sorted(draw(st.lists(QUARTERS, min_size=4, max_size=4, unique=True)))
    spans = [(marks[0], marks[1]), (marks[2], draw(st.sampled_from([marks[3], DAY_MINUTES, *NIGHTS])))]
    return tuple(spans[draw(st.integers(0, 2)) :])


WEEKS: st.SearchStrategy[Week] = st.lists(days(), min_size=7, max_size=7).map(tuple)


@given(WEEKS)
def test_a_week_written_out_is_read_back_as_the_same_week(week: Week) -> None:
    spec = spec_of(week)

    assert not spec or (is_valid(spec) and week_of(spec) == week)


@given(WEEKS)
def test_the_guide_opens_and_closes_as_the_week_says(week: Week) -> None:
    spec = spec_of(week)

    for ahead, day in enumerate(week):
        assert not spec or windows(spec, MONDAY + timedelta(days=ahead)) == day


@given(WEEKS)
def test_the_form_of_a_week_states_the_same_week(week: Week) -> None:
    cells = [[(clock(opens), clock(closes)) for opens, closes in day] for day in week]

    assert week_from(cells) == week


@pytest.mark.parametrize(
    ("spec", "same"),
    [
        ("Mo-Su 07:30-20:00", "Mo-Su 07:30-20:00"),
        ("Mo-Sa 12:00-14:30,19:00-22:30", "Mo-Sa 12:00-14:30,19:00-22:30"),
        ("Tu-Su 19:00-02:00; Mo off", "Tu-Su 19:00-02:00"),
        ("Mo 19:00-02:00, Tu-Su 10:00-12:00", "Mo 19:00-02:00, Tu-Su 10:00-12:00"),
        ("Fr,Sa 18:00-24:00", "Fr,Sa 18:00-24:00"),
        ("24/7", "24/7"),
    ],
)
def test_hours_of_the_list_fit_the_form(spec: str, same: str) -> None:
    week = week_of(spec)

    assert week is not None and spec_of(week) == same


@pytest.mark.parametrize(
    "spec", ["Mo-Sa 10:00-19:00; Dec 25 off", "sunrise-sunset", "Mo 08:00-09:00,10:00-11:00,12:00-13:00"]
)
def test_hours_that_seven_days_cannot_say_stay_written_out(spec: str) -> None:
    assert week_of(spec) is None


@pytest.mark.parametrize(
    "pair", [("10:00", ""), ("", "10:00"), ("24:30", "25:00"), ("20:00", "07:00"), ("x", "y")]
)
def test_a_span_that_is_none_is_refused(pair: tuple[str, str]) -> None:
    with pytest.raises(BadWeek):
        week_from([[pair], *([] for _ in range(6))])


def test_spans_that_overlap_are_refused() -> None:
    with pytest.raises(BadWeek):
        week_from([[("09:00", "13:00"), ("12:00", "18:00")], *([] for _ in range(6))])


def test_hours_written_out_are_checked_and_so_is_that_they_ever_open() -> None:
    written = {"hours_by": ["text"], "hours_text": ["Mo-Fr 10:00-18:00; Dec 25 off"]}

    assert hours_of(written, today=MONDAY) == "Mo-Fr 10:00-18:00; Dec 25 off"
    for text, problem in (
        ("when I like", Problem.HOURS),
        ("Mo-Su off", Problem.NEVER_OPEN),
        ("", Problem.HOURS),
    ):
        with pytest.raises(ValueError) as bad:
            hours_of(written | {"hours_text": [text]}, today=MONDAY)
        assert bad.value.args == (problem,)


@given(
    st.dictionaries(
        st.sampled_from(["name", "note_zh", "position", "d0_opens0", "offer0_it", "offer0_from", "category"]),
        st.lists(st.text(max_size=40), max_size=2),
    )
)
def test_any_form_is_read_or_told_what_to_change(sent: dict[str, list[str]]) -> None:
    read = read_listing(sent, today=MONDAY)

    assert read.problems
    assert all(isinstance(problem, Problem) for problem in read.problems.values())


@given(st.text(max_size=200))
def test_a_field_is_one_line_of_signs_that_can_be_seen(text: str) -> None:
    said = one({"name": [text]}, "name")

    assert (said == " ".join(said.split()) and said.isprintable()) or not said


def test_an_offer_that_is_over_is_no_offer_and_one_language_serves_for_all() -> None:
    base = {"offer0_it": ["Sconto"], "offer0_from": ["2026-11-01"], "offer0_until": ["2026-11-22"]}

    over = read_listing(base, today=MONDAY)
    held = read_listing(base | {"offer0_until": ["2026-11-23"]}, today=MONDAY)
    reversed_days = read_listing(base | {"offer0_until": ["2026-10-01"]}, today=MONDAY)

    assert over.fields["offers"] == []
    assert held.fields["offers"][0]["zh"] == "Sconto"
    assert reversed_days.problems["offers"] is Problem.OFFER_DAYS
    assert on_day(held.fields["offers"], MONDAY) and not on_day(
        held.fields["offers"], MONDAY + timedelta(days=1)
    )


def test_a_change_names_only_what_differs_and_what_it_tells_anew() -> None:
    before = {
        "wifi": False,
        "payment": ["card"],
        "languages": ["it"],
        "opening_hours": "24/7",
        "lat": 45.0,
        "lon": 9.0,
    }
    before |= dict.fromkeys(("menu_zh", "hot_water", "tax_free", "halal", "accessible"), False)
    after = {**before, "wifi": True, "lon": 9.1}

    found = changed(before, after)

    assert found == {"wifi": True, "lat": 45.0, "lon": 9.1}
    assert newly_told(before, after) == ("wifi",)
    assert set(kinds_of(after)) == {"hours", "card", "wifi"}
    told = {one.field: (one.before, one.after) for one in differences(found, before, before, "it")}
    assert told == {"wifi": ("no", "sì"), "position": ("45.00000, 9.00000", "45.00000, 9.10000")}


def test_every_reason_and_word_is_there_in_three_languages() -> None:
    for table in (TEXTS, PAGE, PROBLEMS):
        assert all(len(words) == 3 and all(words) for words in table.values())
    assert set(TEXTS) == set(Refusal) and set(PROBLEMS) == set(Problem)
