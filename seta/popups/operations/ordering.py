"""An order in a pop-up takes the pop-up's own pieces, and only while it is open."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from seta.boutique.operations import place_order
from seta.boutique.queries import OrderCard
from seta.boutique.rules import Line
from seta.boutique.rules.availability import Door
from seta.popups.models import Popup, PopupOrder
from seta.popups.operations.noting import poster_of
from seta.popups.rules.plan import PlaceKind, State, location_of, scene_of
from seta.popups.rules.refusals import PopupRefused, Refusal


@transaction.atomic
def order_pieces(
    *,
    house_id: int,
    code: str,
    person_id: int,
    lines: Sequence[Line],
    now: datetime,
    scene: str = "",
    key: str = "",
) -> OrderCard:
    """Put a pop-up's pieces aside as an order of the boutique, to be paid there; the same `key` gives it again.

    Raises PopupRefused UNKNOWN_POPUP, NOT_OPEN, NOT_OFFERED, or the boutique's OrderRefused.
    """
    # Locked, so that a closing waits for the order and then knows of it.
    popup = Popup.objects.select_for_update(of=("self",)).filter(house_id=house_id, code=code).first()
    if popup is None:
        raise PopupRefused(Refusal.UNKNOWN_POPUP)
    if popup.state != State.OPEN or popup.closes_at <= now:
        raise PopupRefused(Refusal.NOT_OPEN)
    offered = set(popup.pieces.values_list("variant_id", flat=True))
    if any(line.variant_id not in offered for line in lines):
        raise PopupRefused(Refusal.NOT_OFFERED)
    poster = poster_of(popup, scene)
    placed = place_order(
        house_id=house_id,
        person_id=person_id,
        lines=lines,
        source=scene_of(popup.code, poster),
        boutique=popup.place_code if popup.place_kind == PlaceKind.BOUTIQUE else "",
        campaign=popup.code,
        location=location_of(popup.code),
        door=Door.POPUP,
        key=key,
        now=now,
    )
    PopupOrder.objects.get_or_create(
        order_id=placed.order_id,
        defaults={
            "popup": popup,
            "person_id": person_id,
            "poster": poster,
            "pieces": sum(line.quantity for line in lines),
            "total": placed.total,
            "placed_at": now,
        },
    )
    return placed
