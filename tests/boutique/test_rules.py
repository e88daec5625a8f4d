"""The boutique's rules by example and by property."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seta.boutique.rules import (
    LINES_MAX,
    QUANTITY_MAX,
    TEXTS,
    Line,
    OrderRefused,
    Refusal,
    State,
    Step,
    after,
    check_price,
    merged,
    refund_step,
)
from seta.boutique.rules.codes import gtin_is_valid
from seta.boutique.rules.prices import read_amount


@pytest.mark.parametrize("quantity", [0, -1, 10**9, QUANTITY_MAX + 1])
def test_a_quantity_outside_the_bounds_is_refused_by_name(quantity: int) -> None:
    with pytest.raises(OrderRefused) as refused:
        merged([Line(1, quantity)])

    assert refused.value.refusal == Refusal.WRONG_QUANTITY


def test_an_empty_bag_and_too_many_lines_are_refused() -> None:
    with pytest.raises(OrderRefused, match="empty_bag"):
        merged([])
    with pytest.raises(OrderRefused, match="too_many_lines"):
        merged([Line(number, 1) for number in range(LINES_MAX + 1)])


def test_a_price_that_changed_since_the_client_saw_it_is_refused() -> None:
    check_price(Line(1, 1, seen_amount=888_800), 888_800)
    check_price(Line(1, 1), 888_800)

    with pytest.raises(OrderRefused, match="price_changed"):
        check_price(Line(1, 1, seen_amount=888_800), 900_000)


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 3)), min_size=1, max_size=6))
def test_merging_a_bag_keeps_every_piece_once_a_variant_in_order(bag: list[tuple[int, int]]) -> None:
    lines = merged([Line(variant_id, quantity) for variant_id, quantity in bag])

    assert [line.variant_id for line in lines] == sorted({variant_id for variant_id, _ in bag})
    assert sum(line.quantity for line in lines) == sum(quantity for _, quantity in bag)


@given(st.lists(st.sampled_from(list(Step)), max_size=12))
def test_no_way_through_the_states_pays_twice_or_refunds_what_was_not_paid(steps: list[Step]) -> None:
    state, taken = State.PLACED, []
    for step in steps:
        try:
            state = after(state, step)
        except OrderRefused:
            continue
        taken.append(step)

    assert taken.count(Step.PAY) <= 1
    refunds = [step for step in taken if step in (Step.REFUND_PART, Step.REFUND_REST)]
    assert not refunds or taken[0] == Step.PAY
    assert taken.count(Step.REFUND_REST) <= 1
    assert not ({Step.CANCEL, Step.EXPIRE} & set(taken)) or len(taken) == 1


@given(st.integers(1, 10_000), st.lists(st.integers(-5, 4_000), max_size=12))
def test_refunds_never_exceed_the_total_and_end_exactly_there(total: int, amounts: list[int]) -> None:
    refunded, state = 0, State.PAID
    for amount in amounts:
        try:
            state = after(state, refund_step(total=total, refunded=refunded, amount=amount))
        except OrderRefused:
            continue
        refunded += amount

    assert 0 <= refunded <= total
    assert (state == State.REFUNDED) == (refunded == total)


def test_every_refusal_speaks_three_languages() -> None:
    assert set(TEXTS) == set(Refusal)
    assert all(set(words) == {"zh", "en", "it"} and all(words.values()) for words in TEXTS.values())
    assert OrderRefused(Refusal.EMPTY_BAG).text("fr") == TEXTS[Refusal.EMPTY_BAG]["zh"]


def test_the_check_digit_of_a_gtin_is_the_one_of_gs1() -> None:
    assert gtin_is_valid("4006381333931")
    assert not gtin_is_valid("4006381333932")
    assert not gtin_is_valid("40063813339x1")


@pytest.mark.parametrize("text", ["", "0", "-1", "8888.001", "1e20", "NaN", "Infinity", "eight"])
def test_a_price_that_is_no_amount_of_fen_is_refused(text: str) -> None:
    assert read_amount(text) is None
