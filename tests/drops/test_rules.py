"""A drop's rules by example and by property."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seta.drops.rules import (
    TEXTS,
    DropRefused,
    Hold,
    Holding,
    Refusal,
    Standing,
    State,
    check_move,
    check_plan,
    lapse,
    next_in_line,
    refusal,
    winners,
)
from tests.boutique.shop import NOON

HOUR = timedelta(hours=1)
people = st.integers(1, 30)


def standing(*, state: State = State.OPEN, left: int = 1) -> Standing:
    return Standing(1, state, NOON, NOON + HOUR, left)


@pytest.mark.parametrize(
    ("stands", "at", "said"),
    [
        (standing(), NOON - timedelta(seconds=1), Refusal.NOT_OPEN),
        (standing(), NOON, None),
        (standing(), NOON + HOUR, Refusal.CLOSED),
        (standing(left=0), NOON, Refusal.SOLD_OUT),
        (standing(state=State.PAUSED), NOON, Refusal.PAUSED),
        (standing(state=State.CLOSED), NOON, Refusal.CLOSED),
        (standing(state=State.DRAFT), NOON, Refusal.UNKNOWN_DROP),
    ],
)
def test_a_drop_says_no_for_a_named_reason(stands: Standing, at: object, said: Refusal | None) -> None:
    assert refusal(stands, house_id=1, now=at) == said  # type: ignore[arg-type]
    assert refusal(stands, house_id=2, now=at) == Refusal.UNKNOWN_DROP  # type: ignore[arg-type]


@given(st.lists(people), st.sets(people), st.integers(0, 10))
def test_pieces_go_to_the_first_who_hold_none_and_never_more_than_are_left(
    asking: list[int], holders: set[int], left: int
) -> None:
    won = winners(asking, holders=holders, left=left)

    fresh = list(dict.fromkeys(person for person in asking if person not in holders))
    assert won == fresh[:left]


@given(st.lists(st.tuples(st.sampled_from(list(Hold)), st.integers(-60, 60)), max_size=20), st.integers(0, 5))
def test_only_what_is_over_lapses_and_only_who_waits_is_next(
    rows: list[tuple[Hold, int]], freed: int
) -> None:
    held = [Holding(n, n, hold, NOON + timedelta(seconds=s)) for n, (hold, s) in enumerate(rows)]

    over, following = lapse(held, now=NOON), next_in_line(held, freed=freed)

    assert all(not one.stands(NOON) for one in over)
    assert [one.seq for one in following] == sorted(one.seq for one in held if one.hold == Hold.WAITING)[
        :freed
    ]


@given(st.lists(st.sampled_from(list(State)), max_size=8))
def test_a_closed_drop_stays_closed(wishes: list[State]) -> None:
    state, been = State.DRAFT, [State.DRAFT]
    for wish in wishes:
        try:
            check_move(state, wish)
        except DropRefused:
            continue
        state = wish
        been.append(wish)

    assert State.CLOSED not in been[:-1]


@pytest.mark.parametrize(
    ("pieces", "hours", "hold"), [(0, 1, 600), (-1, 1, 600), (10**9, 1, 600), (1, 0, 600), (1, 1, 1)]
)
def test_a_plan_that_could_never_work_is_refused(pieces: int, hours: int, hold: int) -> None:
    with pytest.raises(DropRefused):
        check_plan(pieces=pieces, opens_at=NOON, closes_at=NOON + hours * HOUR, hold_seconds=hold)


def test_every_refusal_speaks_three_languages() -> None:
    assert set(TEXTS) == set(Refusal)
    assert all(set(words) == {"zh", "en", "it"} and all(words.values()) for words in TEXTS.values())
