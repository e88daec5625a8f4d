"""Money for a piece that has lapsed goes back by itself, and the piece goes to somebody else."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from seta.boutique import queries as boutique
from seta.boutique.operations.payment import CLOSED_REASON
from seta.drops import operations
from seta.drops.models import Drop, Reservation
from seta.drops.operations import Asker
from seta.payments import queries as payments
from seta.people.operations import recognise
from seta.people.rules import IdentityKey
from tests.boutique.shop import make_variant
from tests.boutique.test_paying import BASE, hear, phone
from tests.drops.release import make_people
from tests.payments.conftest import LetterBox, house_id, letters
from tests.sandbox_server import RunningSandbox

__all__ = ["house_id", "letters", "phone"]


@pytest.fixture
def release(house_id: int) -> int:
    """One piece, open for an hour."""
    now = datetime.now(UTC)
    drop = operations.plan_drop(
        house_id=house_id,
        code="one-piece",
        variant_id=make_variant(house_id, pieces=1),
        pieces=1,
        opens_at=now - timedelta(minutes=1),
        closes_at=now + timedelta(hours=1),
        now=now - timedelta(minutes=2),
    )
    operations.open_drop(drop_id=drop, now=now - timedelta(minutes=2))
    return drop


def test_money_for_a_lapsed_piece_goes_back_and_the_piece_to_the_next_in_line(
    phone: Client, house_id: int, release: int, sandbox: RunningSandbox, letters: LetterBox
) -> None:
    now, payer = datetime.now(UTC), sandbox.config["wechat"]
    openid = IdentityKey("openid", payer["appid"], payer["openid"])
    chen = recognise(house_id=house_id, identities=[openid], now=now)
    (patient,) = make_people(house_id, 1)
    operations.reserve_many(drop_id=release, askers=[Asker(house_id, chen)], now=now)
    operations.join_line(house_id=house_id, drop_id=release, person_id=patient, now=now)
    order = operations.claim(house_id=house_id, drop_id=release, person_id=chen, now=now)
    phone.post(f"{BASE}/orders/{order.order_id}/pay", "{}", content_type="application/json")
    view = boutique.order(order_id=order.order_id, house_id=house_id)
    assert view is not None
    assert view.intent_id is not None
    sandbox.control("pay", provider="wechat", out_trade_no=payments.intent(view.intent_id).out_trade_no)

    operations.lapse(now + timedelta(minutes=11))
    hear(letters)

    (paid,) = payments.payments(house_id)
    (back,) = payments.payment(house_id, paid.id, now=datetime.now(UTC)).refunds
    assert (back.amount, back.reason) == (order.total, CLOSED_REASON)
    states = dict(Reservation.objects.filter(drop_id=release).values_list("person_id", "state"))
    assert states == {chen: "expired", patient: "reserved"}
    assert Drop.objects.get(pk=release).left == 0
    assert not boutique.stock_breaks(house_id=house_id)
