"""The wardrobe holds what a client has: an exchanged piece hangs in the place of the one that came back."""

from datetime import timedelta

import pytest

from seta.boutique.events import OrderPaid, PieceExchanged
from seta.boutique.models import AfterSale
from seta.boutique.rules.after_sale import Kind, Wish
from seta.clienteling.models import WardrobeItem
from seta.clienteling.operations import change_wardrobe, fill_wardrobe
from seta.events.models import Event
from seta.events.rules import restored
from tests.boutique.aftermath import accept, ask, delivered, only_line, receive
from tests.boutique.shop import NOON, make_house, make_person, make_variant

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOON + timedelta(hours=1)


@pytest.mark.parametrize(("bought", "hanging"), [(1, [("NEW", 1)]), (3, [("NEW", 1), ("OLD", 2)])])
def test_an_even_exchange_changes_what_hangs_in_the_wardrobe(
    bought: int, hanging: list[tuple[str, int]]
) -> None:
    house = make_house()
    chen = make_person(house)
    old, new = make_variant(house, sku="OLD"), make_variant(house, sku="NEW")
    order = delivered(house, chen, old, bought)
    fill_wardrobe(restored(OrderPaid, Event.objects.get(name=OrderPaid.name).body), LATER)
    request = ask(order, Kind.EXCHANGE, Wish(only_line(order), 1, new))
    accept(house, request)

    receive(house, request)

    exchanged = restored(PieceExchanged, Event.objects.get(name=PieceExchanged.name).body)
    for _again in range(2):
        change_wardrobe(exchanged, LATER)
    there = WardrobeItem.objects.filter(person_id=chen, gone_at=None).order_by("sku")
    assert list(there.values_list("sku", "quantity")) == hanging
    assert AfterSale.objects.get(pk=request).state == "closed"
