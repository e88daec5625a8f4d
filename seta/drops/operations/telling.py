"""Whoever waited elsewhere hears that a piece is theirs for a while, or what the house decided about them."""

from contextlib import suppress
from datetime import datetime

from seta.boutique.queries import product_of_variant
from seta.conversations.operations import notify
from seta.drops.events import PieceOffered, ScreeningDecided
from seta.drops.models import Drop, Reservation, Screening
from seta.drops.operations.places import stock_location
from seta.drops.rules import Hold, Screened, notice_data, risk
from seta.houses.queries import AccountMissing
from seta.people.queries import card, current_id


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
    _notify(
        row.drop,
        person_id,
        notice_data(piece=_piece(row.drop, "zh"), until=row.expires_at),
        key=f"drop:{fact.drop_id}:{fact.seq}",
        now=now,
    )


def tell_decided(fact: ScreeningDecided, now: datetime) -> None:
    """Tell a person in their language what the house decided about their check, while it still is so."""
    assert fact.person_id is not None
    person_id = current_id(fact.person_id)
    state = Screened.LET_IN if fact.lets_in else Screened.TURNED_AWAY
    drop = Drop.objects.get(pk=fact.drop_id)
    still = Screening.objects.filter(drop=drop, person_id=person_id, state=state)
    if not still.exists() or now >= drop.closes_at:
        return
    language = card(person_id).language
    data = risk.decision_data(
        piece=_piece(drop, language),
        lets_in=fact.lets_in,
        at=drop.closes_at if fact.lets_in else fact.occurred_at,
        language=language,
    )
    _notify(drop, person_id, data, key=f"screening:{drop.pk}:{person_id}:{state}", now=now)


def _piece(drop: Drop, language: str) -> str:
    piece = product_of_variant(
        variant_id=drop.variant_id, language=language, location=stock_location(drop.pk)
    )
    assert piece is not None, "a drop's variant is protected"
    return piece.name


def _notify(drop: Drop, person_id: int, data: dict[str, str], *, key: str, now: datetime) -> None:
    """Send the subscribe message `drop`, which opens the release's page."""
    with suppress(AccountMissing):  # A house without a mini program has nobody to tell there.
        notify(
            house_id=drop.house_id,
            person_id=person_id,
            template="drop",
            data=data,
            page=f"pages/drop/drop?id={drop.pk}",
            now=now,
            key=key,
        )
