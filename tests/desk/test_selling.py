"""The till and refunds, against the providers' sandbox."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from seta.boutique import queries as boutique
from seta.boutique.queries import OrderView
from seta.desk import queries as desk
from seta.events.operations import deliver_due
from seta.payments import operations as pay
from seta.payments import queries as payments
from tests.desk.conftest import LetterBox, World
from tests.payments.conftest import connect
from tests.sandbox_server import RunningSandbox

LIMIT = 500_000


@pytest.fixture
def selling(world: World, sandbox: RunningSandbox, letters: LetterBox) -> World:
    """Our house with its payment accounts, a rate, and a limit above which refunds need two people."""
    now = datetime.now(UTC)
    connect(world.ours.id, sandbox)
    pay.set_rate(house_id=world.ours.id, currency="EUR", scaled=12_782_072, now=now)
    pay.set_terms(house_id=world.ours.id, now=now, second_person_above=LIMIT)
    return world


def sell(world: World, sandbox: RunningSandbox, client: Client, **changed: object) -> OrderView:
    """Sell the scarf for ¥8,888.00 to an Alipay code and let the facts arrive."""
    code = sandbox.control("payment_code", provider="alipay")["auth_code"]
    form = {
        "variant_id": world.ours.variant,
        "quantity": 1,
        "boutique": "monte-napoleone",
        "associate": "associate",
        "auth_code": code,
        "key": "k1",
    } | changed
    done = client.post("/desk/boutique/till/charge/", form)
    assert done.status_code == 302
    return settled(world, int(done["Location"].strip("/").rpartition("/")[2]))


def settled(world: World, order_id: int) -> OrderView:
    """The order after everything that waits was delivered."""
    while deliver_due(now=datetime.now(UTC)):
        pass
    order = boutique.order(order_id=order_id, house_id=world.ours.id)
    assert order is not None
    return order


def refund(client: Client, order: OrderView, **form: str) -> str:
    path = f"/desk/boutique/orders/{order.id}/"
    return client.post(f"{path}refund/", form, follow=True).content.decode()


def test_a_sale_at_the_till_is_paid_and_shows_its_receipt(selling: World, sandbox: RunningSandbox) -> None:
    client = selling.sign_in("associate")

    order = sell(selling, sandbox, client)

    assert (order.state, order.channel, order.total) == ("paid", "till", 888_800)
    assert (order.associate_id, order.boutique) == (selling.ours.associates[0], "monte-napoleone")
    page = client.get(f"/desk/boutique/till/{order.id}/").content.decode()
    assert "¥8,888.00" in page
    assert "€" in page
    assert "1 CNY = 0." in page


def test_the_same_form_sent_twice_sells_once(selling: World, sandbox: RunningSandbox) -> None:
    client = selling.sign_in("associate")

    first = sell(selling, sandbox, client)
    again = sell(selling, sandbox, client)

    assert first.id == again.id
    assert len(boutique.orders(house_id=selling.ours.id, channel="till")) == 1
    assert len(payments.payments(selling.ours.id)) == 1


def test_a_code_of_nobody_sells_nothing(selling: World) -> None:
    form = {
        "variant_id": selling.ours.variant,
        "quantity": 1,
        "boutique": "monte-napoleone",
        "auth_code": "42",
    }

    page = (
        selling.sign_in("associate").post("/desk/boutique/till/charge/", form, follow=True).content.decode()
    )

    assert "not a payment code" in page
    assert boutique.orders(house_id=selling.ours.id, channel="till") == []


def test_a_sale_of_more_than_there_is_says_so(selling: World, sandbox: RunningSandbox) -> None:
    code = sandbox.control("payment_code", provider="alipay")["auth_code"]
    form = {
        "variant_id": selling.ours.variant,
        "quantity": 20,
        "boutique": "monte-napoleone",
        "auth_code": code,
    }

    page = (
        selling.sign_in("associate").post("/desk/boutique/till/charge/", form, follow=True).content.decode()
    )

    assert "not enough pieces" in page


def test_a_sale_may_not_name_another_houses_associate_or_client(selling: World) -> None:
    client, theirs = selling.sign_in("associate"), selling.theirs
    form = {"variant_id": selling.ours.variant, "boutique": "monte-napoleone", "auth_code": "28" + "0" * 16}

    for stranger in ({"associate": theirs.associates[0]}, {"person_id": theirs.client}):
        page = client.post("/desk/boutique/till/charge/", form | stranger, follow=True).content.decode()
        assert "Choose one from the list" in page


def test_a_small_refund_goes_out_at_once_and_only_once_a_form(
    selling: World, sandbox: RunningSandbox
) -> None:
    order = sell(selling, sandbox, selling.sign_in("associate"))
    client = selling.sign_in("finance")

    said = refund(client, order, amount="88.00", reason="尺寸", key="r1")
    refund(client, order, amount="88.00", reason="尺寸", key="r1")

    assert "on its way" in said
    after = settled(selling, order.id)
    assert (after.state, after.refunded) == ("partly_refunded", 8_800)


def test_a_large_refund_waits_for_a_second_person(selling: World, sandbox: RunningSandbox) -> None:
    order = sell(selling, sandbox, selling.sign_in("associate"))
    asker, approver = selling.sign_in("finance"), selling.sign_in("finance2")

    said = refund(asker, order, amount="8,888.00", reason="质量问题", key="r1")
    (wish,) = desk.refund_requests(selling.ours.id, order_id=order.id)
    approve = f"/desk/boutique/refunds/{wish.id}/approve/"
    page = f"/desk/boutique/orders/{order.id}/"

    assert "needs a second person" in said
    assert approve not in asker.get(page).content.decode()
    assert approve in approver.get(page).content.decode()
    alone = asker.post(approve, follow=True).content.decode()
    assert "You asked for this refund yourself" in alone
    assert settled(selling, order.id).state == "paid"
    approver.post(approve)
    assert settled(selling, order.id).state == "refunded"
    (paid,) = payments.payments(selling.ours.id)
    (back,) = payments.payment(selling.ours.id, paid.id, now=datetime.now(UTC)).refunds
    assert (back.requested_by, back.approved_by) == (selling.user_id("finance"), selling.user_id("finance2"))


def test_a_declined_refund_leaves_the_order_as_it_was(selling: World, sandbox: RunningSandbox) -> None:
    order = sell(selling, sandbox, selling.sign_in("associate"))
    refund(selling.sign_in("finance"), order, amount="8888", reason="误购", key="r1")
    (wish,) = desk.refund_requests(selling.ours.id, order_id=order.id)
    client = selling.sign_in("finance2")

    client.post(f"/desk/boutique/refunds/{wish.id}/decline/")
    late = client.post(f"/desk/boutique/refunds/{wish.id}/approve/", follow=True).content.decode()

    assert "has been decided already" in late
    assert settled(selling, order.id).state == "paid"
    said = refund(client, order, amount="1.00", reason="误购", key="r2")
    assert "on its way" in said


@pytest.mark.parametrize(
    ("amount", "says"),
    [
        ("abc", "Write the amount in yuan"),
        ("0", "Write the amount in yuan"),
        ("9000", "more than what is left"),
    ],
)
def test_an_impossible_refund_says_what_to_change(
    selling: World, sandbox: RunningSandbox, amount: str, says: str
) -> None:
    order = sell(selling, sandbox, selling.sign_in("associate"))

    assert says in refund(selling.sign_in("finance"), order, amount=amount, reason="x")


def test_a_payment_page_shows_what_was_signed_and_posted(selling: World, sandbox: RunningSandbox) -> None:
    sell(selling, sandbox, selling.sign_in("associate"))
    (paid,) = payments.payments(selling.ours.id)
    client = selling.sign_in("finance")

    page = client.get(f"/desk/money/payments/{paid.id}/").content.decode()
    books = client.get("/desk/money/books/").content.decode()

    assert "receivable:alipay" in page
    assert "In its own words" in page
    assert "merchant:house" in books
    assert "not zero" not in books


def test_an_associate_refunds_on_an_orders_page_as_at_the_till(
    selling: World, sandbox: RunningSandbox
) -> None:
    client = selling.sign_in("associate")
    order = sell(selling, sandbox, client)

    page = client.get(f"/desk/boutique/orders/{order.id}/").content.decode()
    answer = client.post(
        f"/desk/boutique/orders/{order.id}/refund/", {"amount": "1", "reason": "x", "key": "one"}, follow=True
    )

    assert f"orders/{order.id}/refund/" in page
    assert "The refund is on its way." in answer.content.decode()
    assert selling.sign_in("marketing").post(f"/desk/boutique/orders/{order.id}/refund/").status_code == 403
