"""Whoever waited elsewhere hears that a piece is theirs for a while."""

from datetime import datetime

from seta.boutique.queries import product_of_variant
from seta.conversations.operations import notify
from seta.drops.events import PieceOffered
from seta.drops.models import Reservation
from seta.drops.operations.places import stock_location
from seta.drops.rules import Hold, notice_data
from seta.houses.queries import AccountMissing
from seta.people.queries import current_id


def tell_offered(fact: PieceOffered, now: datetime) -> None:
    """Send the subscribe message `drop` of the mini program, once, while the piece may still be paid."""
    assert fact.person_id is not None
    person_id = current_id(fact.person_id)
    held = Reservation.objects.filter(
        drop_id=fact.drop_id, person_id=person_id, seq=fact.seq, state=Hold.RESERVED, expires_at__gt=now
    )
    row = held.select_related("drop").first()
    if row is None:
        return
    piece = product_of_variant(
        variant_id=row.drop.variant_id, language="zh", location=stock_location(fact.drop_id)
    )
    assert piece is not None, "a drop's variant is protected"
    try:
        notify(
            house_id=fact.house_id,
            person_id=person_id,
            template="drop",
            data=notice_data(piece=piece.name, until=row.expires_at),
            page=f"pages/drop/drop?id={fact.drop_id}",
            now=now,
            key=f"drop:{fact.drop_id}:{fact.seq}",
        )
    except AccountMissing:
        return  # A house without a mini program has nobody to tell there.
