"""Tells clients that what they ordered waits for them in a store."""

from datetime import datetime

from seta.boutique.events import PickupReady
from seta.conversations.operations import notify
from seta.stores.models import Boutique
from seta.stores.rules import pickup_data


def tell_pickup_ready(fact: PickupReady, now: datetime) -> None:
    """Send the client the ready notice by subscribe message; once an order, however often it is called."""
    store = Boutique.objects.filter(house_id=fact.house_id, code=fact.boutique).first()
    if fact.person_id is None or store is None:
        return
    notify(
        house_id=fact.house_id,
        person_id=fact.person_id,
        template="pickup",
        data=pickup_data(store=store.name_zh, number=fact.number),
        page=f"pages/order/order?id={fact.order_id}",
        now=now,
        key=f"pickup:{fact.order_id}",
    )
