"""Several browsers press the same button at once: one does it, the others are told, and nothing moves twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from seta.boutique import operations, queries
from seta.boutique.models import AfterSale, Fulfilment, MoneyBack, Order
from seta.boutique.rules import Line, OrderRefused
from seta.boutique.rules.after_sale import Kind, Wish
from tests.boutique.aftermath import MILAN, SHOP, STAFF, ask, delivered, only_line, paid
from tests.boutique.shop import NOON, make_house, make_person, make_variant

pytestmark = pytest.mark.django_db(transaction=True)
BROWSERS = 8


def pressed(act: Callable[[int], object]) -> list[str]:
    """What each browser is told: ok or the name of a refusal."""

    def press(number: int) -> str:
        try:
            act(number)
            return "ok"
        except OrderRefused as refused:
            return str(refused.refusal)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=BROWSERS) as pool:
        return list(pool.map(press, range(BROWSERS)))


def test_the_last_piece_is_ordered_or_held_by_one() -> None:
    house = make_house()
    people = [make_person(house, f"p{number}") for number in range(BROWSERS)]
    variant = make_variant(house, pieces=0)

    def want(number: int) -> None:
        if number % 2:
            operations.hold_fitting(
                house_id=house,
                person_id=people[number],
                variant_id=variant,
                boutique=SHOP,
                key=f"k{number}",
                now=NOON,
            )
        else:
            operations.check_out(
                house_id=house,
                person_id=people[number],
                lines=[Line(variant, 1)],
                pickup_at=SHOP,
                now=NOON,
            )

    told = pressed(want)

    assert (told.count("ok"), told.count("out_of_stock")) == (2, BROWSERS - 2)
    assert queries.stock_left(variant_id=variant, location=SHOP) == 0
    assert not queries.stock_breaks(house_id=house)


def test_a_cancellation_accepted_in_every_browser_returns_its_pieces_once() -> None:
    house = make_house()
    variant = make_variant(house, pieces=3)
    order = paid(house, make_person(house), variant, 2, address=MILAN)
    request = ask(order, Kind.CANCEL)

    told = pressed(
        lambda _: operations.accept_after_sale(house_id=house, request_id=request, user_id=STAFF, now=NOON)
    )

    assert (told.count("ok"), told.count("request_decided")) == (1, BROWSERS - 1)
    assert (queries.stock_left(variant_id=variant), MoneyBack.objects.get().amount) == (3, order.total)


def test_pieces_are_asked_back_received_and_paid_back_once() -> None:
    house = make_house()
    variant = make_variant(house, pieces=3)
    order = delivered(house, make_person(house), variant, 1)

    asked = pressed(lambda number: ask(order, Kind.RETURN, Wish(only_line(order), 1), key=f"k{number}"))
    request = AfterSale.objects.get()
    operations.accept_after_sale(house_id=house, request_id=request.pk, user_id=STAFF, now=NOON)
    lines = list(request.lines.values_list("pk", flat=True))
    received = pressed(
        lambda _: operations.receive_after_sale(
            house_id=house, request_id=request.pk, place=SHOP, restocked=lines, user_id=STAFF, now=NOON
        )
    )

    assert (asked.count("ok"), asked.count("already_asked")) == (1, BROWSERS - 1)
    assert (received.count("ok"), received.count("request_decided")) == (1, BROWSERS - 1)
    assert queries.stock_left(variant_id=variant, location=SHOP) == 3
    assert MoneyBack.objects.get().amount == Order.objects.get().total


def test_a_code_shown_at_every_counter_is_handed_over_to_once() -> None:
    house = make_house()
    order = paid(house, make_person(house), make_variant(house), pickup_at=SHOP)
    operations.make_ready(house_id=house, order_id=order.pk, user_id=STAFF, now=NOON)
    code = Fulfilment.objects.get().code

    told = pressed(
        lambda _: operations.hand_over(house_id=house, code=code, boutique=SHOP, user_id=STAFF, now=NOON)
    )

    assert (told.count("ok"), told.count("wrong_state")) == (1, BROWSERS - 1)


def test_one_bag_is_ordered_once_by_its_client() -> None:
    house = make_house()
    chen, variant = make_person(house), make_variant(house, pieces=9)
    token = operations.prepare_bag(
        house_id=house,
        lines=[Line(variant, 1)],
        associate_id=5,
        person_id=chen,
        user_id=STAFF,
        key="b",
        now=NOON,
    )

    told = pressed(
        lambda number: operations.check_out(
            house_id=house, person_id=chen, lines=[Line(variant, 1)], bag=token, key=f"t{number}", now=NOON
        )
    )

    assert (told.count("ok"), told.count("bag_ended")) == (1, BROWSERS - 1)
    assert queries.stock_left(variant_id=variant) == 8
