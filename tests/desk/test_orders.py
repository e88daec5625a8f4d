"""Staff send, hand over and take back orders at the desk, hold fittings, issue fapiao and prepare bags."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.test import Client

from seta.boutique import operations, queries
from seta.boutique.models import AfterSale, Fapiao, Fitting, Fulfilment, Order, PreparedBag
from seta.boutique.queries import promises
from seta.boutique.queries.promises import terms
from seta.boutique.rules import Line
from seta.boutique.rules.fulfilment import Address
from seta.boutique.rules.service import Gift
from tests.boutique.shop import make_variant, paid_fact
from tests.desk.conftest import SCRIPT, World

SHOP = "monte-napoleone"
HOME = Address("陈晓", "13800138000", "上海市 静安区", "南京西路 1 号")


def paid(world: World, **more: Any) -> int:
    now = datetime.now(UTC)
    card = operations.check_out(
        house_id=world.ours.id,
        person_id=world.ours.client,
        lines=[Line(world.ours.variant, 1)],
        now=now,
        **more,
    )
    operations.on_payment_succeeded(paid_fact(world.ours.id, card, intent_id=9000 + card.order_id), now)
    return card.order_id


def seen(desk: Client, path: str) -> str:
    response = desk.get(path, follow=True)
    assert response.status_code == 200, path
    return response.content.decode()


def press(desk: Client, path: str, **sent: Any) -> str:
    return desk.post(path, sent, follow=True).content.decode()


def test_a_parcel_is_sent_arrives_and_a_part_of_it_is_taken_back(world: World) -> None:
    desk = world.sign_in("associate")
    order = paid(world, address=HOME, gift=Gift(True, SCRIPT, True))
    at = f"/desk/boutique/orders/{order}/"

    assert "To send" in seen(desk, "/desk/boutique/orders/")
    assert str(Order.objects.get(pk=order).number) in seen(desk, "/desk/boutique/orders/?work=to_send")
    assert "tracking number of 4" in press(desk, at + "ship/", carrier="SF", tracking="1")
    assert "SF123456" in press(desk, at + "ship/", carrier="SF Express", tracking="SF 123456")
    assert "does not allow" in press(desk, at + "ship/", carrier="SF", tracking="SF123456")
    press(desk, at + "delivered/")
    line = Order.objects.get(pk=order).lines.get().pk
    sent: dict[str, Any] = {
        "kind": "return",
        "reason": "size",
        "line_id": line,
        "quantity": "1",
        "words": SCRIPT,
        "key": "a",
    }
    page = press(desk, at + "ask/", **sent)
    request = AfterSale.objects.get()
    before = queries.stock_left(variant_id=world.ours.variant, location=SHOP)
    press(desk, f"/desk/boutique/requests/{request.pk}/accept/", answer="ok")
    done = press(
        desk,
        f"/desk/boutique/requests/{request.pk}/receive/",
        place=SHOP,
        restock=str(request.lines.get().pk),
    )

    assert "Size or fit" in page and SCRIPT not in page
    assert queries.stock_left(variant_id=world.ours.variant, location=SHOP) == before + 1
    assert "The money did not go" in done
    assert "Returned pieces received" in seen(desk, at)


def test_a_pick_up_is_prepared_found_by_its_code_and_handed_over(world: World) -> None:
    desk = world.sign_in("associate")
    order = paid(world, pickup_at=SHOP)
    code = Fulfilment.objects.get(order_id=order).code

    press(desk, f"/desk/boutique/orders/{order}/ready/")
    found = seen(desk, f"/desk/boutique/counter/?code=seta:pickup={code}")
    wrong = seen(desk, "/desk/boutique/counter/?code=00000000")
    press(desk, "/desk/boutique/counter/hand-over/", code=code)
    again = press(desk, "/desk/boutique/counter/hand-over/", code=code)

    assert "Hand the pieces over" in found and "No order waits under this code" in wrong
    assert Fulfilment.objects.get(order_id=order).stage == "handed_over"
    assert "does not allow" in again


def test_an_overdue_pick_up_stands_apart(world: World) -> None:
    desk = world.sign_in("associate")
    order = paid(world, pickup_at=SHOP)
    operations.make_ready(
        house_id=world.ours.id, order_id=order, user_id=1, now=datetime.now(UTC) - timedelta(days=15)
    )

    assert "Waiting too long" in seen(desk, "/desk/boutique/counter/")


def test_an_order_without_a_way_is_given_one_and_cancelled_with_a_reason(world: World) -> None:
    desk = world.sign_in("associate")
    order = paid(world)
    at = f"/desk/boutique/orders/{order}/"

    assert "Say how it arrives" in seen(desk, at)
    press(desk, at + "way/", pickup_at=SHOP)
    press(desk, at + "ask/", kind="cancel", reason="other", key="a")
    request = AfterSale.objects.get()
    assert "Say why" in press(desk, f"/desk/boutique/requests/{request.pk}/decline/", answer="")
    press(desk, f"/desk/boutique/requests/{request.pk}/decline/", answer="already engraved")

    assert Fulfilment.objects.get(order_id=order).way == "pickup"
    assert "already engraved" in seen(desk, at)


def test_a_held_piece_is_tried_on_and_bought_at_the_till_or_left(world: World) -> None:
    desk = world.sign_in("associate")
    now = datetime.now(UTC)
    said: dict[str, Any] = {
        "house_id": world.ours.id,
        "person_id": world.ours.client,
        "variant_id": world.ours.variant,
    }
    first, second = (operations.hold_fitting(**said, boutique=SHOP, key=key, now=now) for key in ("a", "b"))

    assert "Fittings" in seen(desk, "/desk/boutique/counter/")
    press(desk, f"/desk/boutique/fittings/{first}/try/")
    sold = desk.post(f"/desk/boutique/fittings/{first}/buy/")
    press(desk, f"/desk/boutique/fittings/{second}/leave/")

    row = Fitting.objects.get(pk=first)
    assert sold["Location"] == f"/desk/boutique/till/{row.order_id}/"
    assert [each.state for each in Fitting.objects.order_by("id")] == ["bought", "left"]


def test_the_counter_shows_all_pieces_of_a_visit_together(world: World) -> None:
    desk, now = world.sign_in("associate"), datetime.now(UTC)
    house = world.ours.id
    variants = [world.ours.variant, make_variant(house)]
    operations.hold_fittings(
        house_id=house, person_id=world.ours.client, variant_ids=variants, boutique=SHOP, key="bag", now=now
    )

    seen_there = seen(desk, "/desk/boutique/counter/")

    assert "2 pieces" in seen_there
    assert seen_there.count("Without an appointment") == 1


def test_finance_issues_a_fapiao_and_nobody_else(world: World) -> None:
    associate, finance = world.sign_in("associate"), world.sign_in("finance")
    at = f"/desk/boutique/orders/{paid(world)}/fapiao/"
    fields = {"buyer": "company", "title": "某公司", "email": "a@example.com"}

    assert "tax number" in press(associate, at, **fields, tax_number="91350100M000100Y44")
    press(associate, at, **fields, tax_number="91350100M000100Y43")
    assert associate.post(at + "issue/", {"number": "1" * 20}).status_code == 403
    press(finance, at + "issue/", number="1" * 20)

    assert Fapiao.objects.get().number == "1" * 20


def test_a_bag_is_prepared_for_a_client_of_the_book_and_withdrawn(world: World) -> None:
    desk = world.sign_in("associate")
    sent: dict[str, Any] = {
        "variant_id": [str(world.ours.variant), ""],
        "quantity": ["1", "1"],
        "note": "为您挑选",
        "days": "7",
    }

    page = press(desk, "/desk/boutique/bags/prepare/", **sent, person_id=str(world.ours.client), key="a")
    bag = PreparedBag.objects.get()
    stranger = press(
        desk, "/desk/boutique/bags/prepare/", **sent, person_id=str(world.theirs.client), key="b"
    )
    press(desk, f"/desk/boutique/bags/{bag.pk}/withdraw/")

    assert bag.token in page and SCRIPT not in page
    assert bag.associate_id in world.ours.associates
    assert "Choose one from the list" in stranger
    assert PreparedBag.objects.get().state == "withdrawn"


def test_the_promises_are_changed_by_finance_and_hold_from_then_on(world: World) -> None:
    finance, associate = world.sign_in("finance"), world.sign_in("associate")
    sent: dict[str, Any] = {
        "delivery_fee": "80.00",
        "free_from": "0",
        "return_days": "14",
        "pickup_days": "10",
        "send_back_days": "14",
        "exchange_days": "3",
        "fitting_hours": "24",
    }

    press(finance, "/desk/boutique/promises/set/", **sent)
    refused = press(finance, "/desk/boutique/promises/set/", **{**sent, "pickup_days": "-1"})

    assert (terms(world.ours.id).delivery_fee, terms(world.ours.id).return_days) == (8_000, 14)
    assert "days from 1 to 365" in refused
    assert associate.post("/desk/boutique/promises/set/", sent).status_code == 403


def test_finance_says_what_deliveries_to_a_country_cost_and_takes_it_back(world: World) -> None:
    finance, associate = world.sign_in("finance"), world.sign_in("associate")
    at = "/desk/boutique/promises/fee/"

    page = press(finance, at, market="it", delivery_fee="300.00", free_from="20000")
    wrong = press(finance, at, market="it", delivery_fee="-1", free_from="0")
    refused = associate.post(at, {"market": "it", "delivery_fee": "1", "free_from": "0"})
    kept = promises.delivery_fees(world.ours.id)["it"]
    press(finance, at, market="it", delivery_fee="")

    assert "Italy" in page and "300.00" in page
    assert "Write amounts from zero up" in wrong
    assert refused.status_code == 403
    assert (kept.delivery_fee, kept.free_from) == (30_000, 2_000_000)
    assert promises.delivery_fees(world.ours.id) == promises.delivery_fees(world.theirs.id) == {}


def test_a_neighbours_order_request_fitting_and_bag_are_unknown(world: World) -> None:
    desk = world.sign_in("associate")
    order = paid(world, address=HOME)
    press(desk, f"/desk/boutique/orders/{order}/ask/", kind="cancel", reason="other", key="a")
    request = AfterSale.objects.get().pk
    theirs = Client()
    theirs.post("/desk/sign-in/", {"username": "associate-lucente", "password": "silk-road-2026"})

    for path in (
        f"orders/{order}/ship/",
        f"orders/{order}/ask/",
        f"requests/{request}/accept/",
        f"requests/{request}/receive/",
        "fittings/1/buy/",
    ):
        assert theirs.post(f"/desk/boutique/{path}").status_code == 404, path
    assert theirs.get("/desk/boutique/bags/1/").status_code == 404
    assert AfterSale.objects.get().state == "asked"
