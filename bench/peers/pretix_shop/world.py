"""Makes the peer's tables and pieces, and reads back what its carts really took; runs in its environment."""

import json
import sys
from datetime import timedelta

import django

django.setup()

from django.core.management import call_command  # noqa: E402  Django is ready only now
from django.utils.timezone import now  # noqa: E402
from django_scopes import scopes_disabled  # type: ignore[import-not-found]  # noqa: E402
from pretix.base.models import (  # type: ignore[import-not-found]  # noqa: E402
    CartPosition,
    Event,
    Item,
    OrderPosition,
    Organizer,
)


def make() -> dict[str, str]:
    """Its tables and the organizer."""
    call_command("migrate", verbosity=0)
    Organizer.objects.create(name="House", slug="house")
    return {}


def offer(pieces: int) -> dict[str, str]:
    """An event that is live with one product, and a quota of so many; named by the event's and the product's keys."""
    number = Event.objects.count()
    event = Event.objects.create(
        organizer=Organizer.objects.get(),
        name=f"Drop {number}",
        slug=f"drop{number}",
        date_from=now() + timedelta(days=30),
        currency="EUR",
        live=True,
        plugins="",
    )
    item = event.items.create(name="Piece", default_price=10, admission=False)
    quota = event.quotas.create(name="Pieces", size=pieces)
    quota.items.add(item)
    return {"piece": f"{event.slug}/{item.pk}"}


def read(piece: str) -> dict[str, int]:
    """Pieces that carts and orders hold."""
    item = Item.objects.get(pk=int(piece.partition("/")[2]))
    carts, orders = CartPosition.objects.filter(item=item), OrderPosition.objects.filter(item=item)
    return {"allocated": carts.count() + orders.count()}


if __name__ == "__main__":
    with scopes_disabled():
        if sys.argv[1] == "make":
            said: object = make()
        elif sys.argv[1] == "offer":
            said = offer(int(sys.argv[2]))
        else:
            said = read(sys.argv[2])
    print(json.dumps(said))
