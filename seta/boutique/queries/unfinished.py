"""Which of a person's orders are still under way, so that a name and an address are needed."""

from datetime import datetime

from django.db.models import Q

from seta.boutique.models import AfterSale, Order
from seta.boutique.rules import Channel, State
from seta.boutique.rules.after_sale import OPEN
from seta.boutique.rules.fulfilment import ARRIVED, Stage

_PAID = (State.PAID, State.PARTLY_REFUNDED)
_ENDED = (*sorted(ARRIVED), Stage.STOPPED)


def unfinished_orders(*, house_id: int, person_id: int, now: datetime) -> list[str]:
    """Numbers of orders that wait for money, for their pieces to arrive, or for an answer to a request."""
    asked = AfterSale.objects.filter(state__in=sorted(OPEN)).values("order_id")
    taken = Q(channel=Channel.TILL, fulfilment=None)
    under_way = Q(state__in=_PAID) & ~Q(fulfilment__stage__in=_ENDED) & ~taken
    waits = Q(state=State.PLACED, expires_at__gt=now)
    rows = Order.objects.filter(under_way | waits | Q(pk__in=asked), house_id=house_id, person_id=person_id)
    return list(rows.order_by("id").values_list("number", flat=True))
