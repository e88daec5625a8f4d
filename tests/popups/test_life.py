"""A pop-up opens and closes by itself, brings its stock and sends back what is unsold, and leaves its figures."""

import csv
import io
from datetime import timedelta

import pytest

from seta.boutique.events import OrderRefunded
from seta.boutique.models import Order
from seta.boutique.operations import cancel_order, expire_orders
from seta.boutique.queries import stock_breaks
from seta.boutique.rules import Line, OrderRefused
from seta.people.events import PersonsMerged, SessionStarted
from seta.popups import operations
from seta.popups.events import PopupClosed
from seta.popups.models import Popup, PopupOrder, PopupVisit
from seta.popups.operations import (
    cancel_popup,
    change_popup,
    close_popup,
    keep_time,
    open_popup,
    order_pieces,
)
from seta.popups.queries import actions, by_scene, figures, popup, report_csv
from seta.popups.rules.refusals import PopupRefused, Refusal
from tests.boutique.shop import facts
from tests.popups.world import (
    CLOSES,
    MARKETING,
    NOON,
    OPENS,
    left,
    make_house,
    make_person,
    make_plan,
    planned,
    variant,
)

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


def state(popup_id: int) -> str:
    return Popup.objects.get(pk=popup_id).state


def opened(house_id: int, **changed: object) -> int:
    popup_id = planned(house_id, **changed)
    open_popup(popup_id=popup_id, now=OPENS)
    return popup_id


def order(house_id: int, person_id: int, quantity: int = 1, scene: str = "", key: str = "") -> int:
    return order_pieces(
        house_id=house_id,
        code="giardino",
        person_id=person_id,
        lines=[Line(variant(house_id), quantity)],
        scene=scene,
        key=key,
        now=OPENS + timedelta(hours=1),
    ).order_id


def test_it_opens_and_closes_by_itself_and_every_piece_is_where_it_belongs() -> None:
    house_id = make_house()
    popup_id = planned(house_id)

    assert keep_time(OPENS - SECOND) == 0 and state(popup_id) == "planned"
    keep_time(OPENS)
    assert state(popup_id) == "open"
    assert (left(house_id, "popup-giardino"), left(house_id, "online")) == (4, 6)
    assert keep_time(CLOSES - SECOND) == 0
    keep_time(CLOSES)

    assert state(popup_id) == "closed"
    assert (left(house_id, "popup-giardino"), left(house_id, "online")) == (0, 10)
    assert stock_breaks(house_id=house_id) == []
    assert [(row.verb, row.user_id) for row in actions(popup_id)] == [
        ("close", None),
        ("open", None),
        ("plan", MARKETING),
    ]


def test_it_may_be_opened_and_closed_early_by_hand_and_not_twice() -> None:
    house_id = make_house()
    popup_id = planned(house_id)
    by_hand = {"popup_id": popup_id, "house_id": house_id, "user_id": MARKETING}

    open_popup(now=NOON, **by_hand)
    close_popup(now=NOON + SECOND, **by_hand)

    for again in (open_popup, close_popup):
        with pytest.raises(PopupRefused) as refused:
            again(now=NOON, **by_hand)
        assert refused.value.refusal == Refusal.WRONG_STATE
    with pytest.raises(PopupRefused) as unknown:
        open_popup(popup_id=popup_id, house_id=make_house(), user_id=1, now=NOON)
    assert unknown.value.refusal == Refusal.UNKNOWN_POPUP


def test_with_fewer_pieces_than_wished_it_opens_with_what_there_is_and_says_so() -> None:
    house_id = make_house(pieces=3)

    popup_id = opened(house_id)

    assert left(house_id, "popup-giardino") == 3
    assert actions(popup_id)[0].detail == "SCARF-1 3/4"
    assert facts("popups.popup.opened")[-1]["short"] == 1


def test_a_pop_up_whose_whole_time_passed_without_a_worker_never_opens() -> None:
    house_id = make_house()
    popup_id = planned(house_id)

    keep_time(CLOSES + SECOND)

    assert state(popup_id) == "cancelled" and actions(popup_id)[0].verb == "miss"
    assert left(house_id, "online") == 10


def test_it_is_changed_until_it_opens_and_then_no_more() -> None:
    house_id = make_house()
    popup_id = planned(house_id)
    given = {"house_id": house_id, "popup_id": popup_id, "user_id": MARKETING}

    change_popup(plan=make_plan(accent="#7a2048", wishes=make_plan().wishes[:1]), now=NOON, **given)
    card = popup(house_id=house_id, popup_id=popup_id, language="en")
    assert card is not None and (card.accent, card.wishes) == ("#7a2048", (("SCARF-1", 4),))
    open_popup(popup_id=popup_id, now=OPENS)

    with pytest.raises(PopupRefused) as refused:
        change_popup(plan=make_plan(), now=OPENS, **given)
    assert refused.value.refusal == Refusal.NOT_PLANNED
    with pytest.raises(PopupRefused) as too_late:
        cancel_popup(now=OPENS, **given)
    assert too_late.value.refusal == Refusal.WRONG_STATE


def test_an_order_takes_the_pop_ups_pieces_and_its_code() -> None:
    house_id = make_house()
    opened(house_id)
    person_id = make_person(house_id)

    order_id = order(house_id, person_id, 2, scene="c=giardino;p=duomo", key="tap")
    assert order(house_id, person_id, 2, scene="c=giardino;p=duomo", key="tap") == order_id

    row = Order.objects.get(pk=order_id)
    assert (row.location, row.campaign, row.source) == ("popup-giardino", "giardino", "c=giardino;p=duomo")
    assert (left(house_id, "popup-giardino"), left(house_id, "online")) == (2, 6)
    assert PopupOrder.objects.filter(order_id=order_id).count() == 1


@pytest.mark.parametrize("quantity", [0, -1, 10**9])
def test_an_impossible_quantity_changes_nothing(quantity: int) -> None:
    house_id = make_house()
    opened(house_id)

    with pytest.raises(OrderRefused):
        order(house_id, make_person(house_id), quantity)

    assert left(house_id, "popup-giardino") == 4 and not PopupOrder.objects.exists()


def test_more_than_the_pop_up_has_is_refused_although_the_boutique_has_more() -> None:
    house_id = make_house()
    opened(house_id)

    with pytest.raises(OrderRefused):
        order(house_id, make_person(house_id), 5)


def test_nothing_is_sold_before_it_opens_nor_what_it_does_not_offer() -> None:
    house_id = make_house()
    popup_id = planned(house_id, wishes=make_plan().wishes[:1])
    person_id = make_person(house_id)

    with pytest.raises(PopupRefused) as early:
        order(house_id, person_id)
    open_popup(popup_id=popup_id, now=OPENS)
    with pytest.raises(PopupRefused) as other:
        order_pieces(
            house_id=house_id,
            code="giardino",
            person_id=person_id,
            lines=[Line(variant(house_id, "BAG-1"), 1)],
            now=OPENS,
        )
    with pytest.raises(PopupRefused) as late:
        order_pieces(house_id=house_id, code="giardino", person_id=person_id, lines=[], now=CLOSES)

    assert [each.value.refusal for each in (early, other, late)] == [
        Refusal.NOT_OPEN,
        Refusal.NOT_OFFERED,
        Refusal.NOT_OPEN,
    ]


def test_a_bag_that_is_unfinished_at_the_closing_is_told_and_its_pieces_follow_when_it_expires() -> None:
    house_id = make_house()
    popup_id = opened(house_id)
    order(house_id, make_person(house_id), 2)

    close_popup(popup_id=popup_id, now=OPENS + timedelta(hours=1, minutes=5))
    assert left(house_id, "online") == 8
    assert facts("popups.popup.closed")[-1]["unfinished"] == 1
    found = figures(popup_id)
    assert (found.unfinished, found.sold, found.pieces[0].held, found.sell_through) == (1, 0, 2, 0.0)
    late = OPENS + timedelta(hours=2)
    expire_orders(late)
    assert left(house_id, "popup-giardino") == 2
    keep_time(late)

    assert (left(house_id, "popup-giardino"), left(house_id, "online")) == (0, 10)
    assert stock_breaks(house_id=house_id) == []
    assert (figures(popup_id).returned, figures(popup_id).unfinished) == (6, 0)
    assert PopupOrder.objects.get(popup_id=popup_id).gone_at == late


def test_without_an_official_account_nobody_can_be_written_to_and_nothing_breaks() -> None:
    house_id = make_house()
    popup_id = opened(house_id)
    order(house_id, make_person(house_id))
    fact = PopupClosed(
        house_id=house_id, occurred_at=CLOSES, popup_id=popup_id, code="giardino", returned=0, unfinished=1
    )

    operations.tell_unfinished(fact, CLOSES)

    assert PopupOrder.objects.get(popup_id=popup_id).told_at is None


def session(house_id: int, person_id: int, scene: str, hours: int = 1) -> SessionStarted:
    return SessionStarted(
        house_id=house_id,
        occurred_at=OPENS + timedelta(hours=hours),
        person_id=person_id,
        app="wxmp",
        scene=scene,
    )


def test_visits_count_once_a_day_and_code_and_new_people_are_those_it_brought() -> None:
    house_id = make_house()
    popup_id = opened(house_id)
    known, new = make_person(house_id), make_person(house_id, at=OPENS + timedelta(minutes=30))

    for fact in (
        session(house_id, known, "c=giardino;p=duomo"),
        session(house_id, known, "c=giardino;p=duomo"),
        session(house_id, known, "c=giardino;p=brera"),
        session(house_id, known, "c=giardino;p=duomo", hours=25),
        session(house_id, new, "c=giardino;p=nowhere"),
        session(house_id, new, "c=other;p=duomo"),
        session(house_id, new, ""),
    ):
        operations.on_session_started(fact, CLOSES)

    found = figures(popup_id)
    assert (found.visits, found.visitors, found.new_people) == (4, 2, 1)
    assert [(row.code, row.visits) for row in found.posters] == [("", 1), ("duomo", 2), ("brera", 1)]
    assert [(row.day.day, row.visits, row.new_people) for row in found.days] == [(4, 3, 1), (5, 1, 0)]


def test_the_figures_follow_payment_and_refund_and_go_out_as_csv() -> None:
    house_id = make_house()
    popup_id = opened(house_id)
    first = order(house_id, make_person(house_id), 2, scene="c=giardino;p=duomo")
    second = order(house_id, make_person(house_id))
    paid_at = OPENS + timedelta(hours=2)
    for order_id in (first, second):
        PopupOrder.objects.filter(order_id=order_id).update(paid_at=paid_at)
        Order.objects.filter(pk=order_id).update(state="paid", paid_at=paid_at)
    Order.objects.filter(pk=second).update(refunded=88_800)
    operations.on_order_refunded(
        OrderRefunded(
            house_id=house_id,
            occurred_at=paid_at,
            order_id=second,
            number="S",
            refund_id=1,
            amount=88_800,
            currency="CNY",
            settle_amount=1,
            settle_currency="EUR",
            is_whole=False,
            channel="mini_program",
        ),
        paid_at,
    )
    close_popup(popup_id=popup_id, now=CLOSES)

    found = figures(popup_id)

    assert (found.orders, found.paid_orders, found.revenue, found.refunded) == (2, 2, 2_577_600, 88_800)
    assert (found.brought, found.sold, found.returned, found.sell_through) == (6, 3, 3, 0.5)
    assert {row.code: row.revenue for row in found.posters} == {"": 800_000, "duomo": 1_777_600, "brera": 0}
    rows = list(csv.reader(io.StringIO(report_csv(popup_id).removeprefix("\ufeff"))))
    assert ["popup", "giardino", "revenue", "25776.00", "CNY"] in rows
    assert ["popup", "giardino", "sell_through", "0.5000", "sold/brought"] in rows
    assert ["day", "2026-05-04", "paid_orders", "2", "orders"] in rows


def test_people_who_are_one_have_one_visit_a_day_and_all_orders() -> None:
    house_id = make_house()
    popup_id = opened(house_id)
    kept, absorbed = make_person(house_id), make_person(house_id)
    for person_id in (kept, absorbed):
        operations.on_session_started(session(house_id, person_id, "c=giardino;p=duomo"), CLOSES)
    operations.on_session_started(session(house_id, absorbed, "c=giardino;p=brera"), CLOSES)
    order(house_id, absorbed)

    for _ in range(2):
        operations.repoint_person(
            PersonsMerged(house_id=house_id, occurred_at=CLOSES, kept_id=kept, absorbed_id=absorbed), CLOSES
        )

    assert set(PopupVisit.objects.values_list("person_id", "poster")) == {(kept, "duomo"), (kept, "brera")}
    assert PopupOrder.objects.get(popup_id=popup_id).person_id == kept


def test_a_scanned_code_finds_its_pop_up_until_it_is_over_and_a_print_even_then() -> None:
    house_id = make_house()
    popup_id = opened(house_id)

    found = by_scene(house_id=house_id, scene="c=giardino;p=duomo", language="zh-hans")
    assert found is not None and found.title == "秘密花园"
    close_popup(popup_id=popup_id, now=CLOSES)

    assert by_scene(house_id=house_id, scene="c=giardino;p=duomo", language="zh") is None
    assert by_scene(house_id=house_id, scene="rubbish", language="zh") is None
    printed = f"https://seta.example/popups/{popup_id}/duomo"
    over = by_scene(house_id=house_id, scene=printed, language="zh")
    assert over is not None and over.state == "closed"


def test_a_cancelled_order_is_for_sale_again_in_the_pop_up() -> None:
    house_id = make_house()
    opened(house_id)

    cancel_order(order_id=order(house_id, make_person(house_id)), now=OPENS + timedelta(hours=1))

    assert left(house_id, "popup-giardino") == 4
