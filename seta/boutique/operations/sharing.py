"""An associate prepares a bag for a client and shares its link, which says whose work the order is."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from seta.boutique.events import BagShared
from seta.boutique.models import PreparedBag, PreparedLine
from seta.boutique.operations.checkout import must_be_clear
from seta.boutique.operations.orders import amount_of, variants_for
from seta.boutique.rules.availability import Door
from seta.boutique.rules.orders import Line, merged
from seta.boutique.rules.refusals import OrderRefused, Refusal
from seta.boutique.rules.service import BAG_DAYS_MAX, BAG_NOTE_CHARS_MAX, BagState
from seta.events.operations import publish
from seta.kit.ids import new_token

NOTE_CHANNEL = "composer"


def prepare_bag(
    *,
    house_id: int,
    lines: Sequence[Line],
    associate_id: int | None,
    person_id: int | None = None,
    note: str = "",
    days: int = 7,
    user_id: int,
    key: str,
    now: datetime,
) -> str:
    """Keep a bag at today's prices under an unguessable token and return the token; the same `key` keeps once.

    The note goes to the client, so policy judges it first; ask outside a transaction. Raises OrderRefused for a
    bag that cannot be, NOTE_MISSING for a note that is too long, CARD_REFUSED, WRONG_TERMS outside 1..30 days.
    """
    note = " ".join(note.split())
    if len(note) > BAG_NOTE_CHARS_MAX:
        raise OrderRefused(Refusal.NOTE_MISSING)
    if not 1 <= days <= BAG_DAYS_MAX:
        raise OrderRefused(Refusal.WRONG_TERMS, str(days))
    wishes = merged(lines)
    if note:
        must_be_clear(house_id, note, NOTE_CHANNEL, now)
    with transaction.atomic():
        earlier = PreparedBag.objects.filter(house_id=house_id, key=key).first()
        if earlier is not None:
            return earlier.token
        variants = variants_for(house_id, wishes, door=Door.MINI_PROGRAM, now=now)
        bag = PreparedBag.objects.create(
            house_id=house_id,
            token=new_token(80),
            key=key,
            associate_id=associate_id,
            person_id=person_id,
            note=note,
            prepared_by=user_id,
            prepared_at=now,
            expires_at=now + timedelta(days=days),
        )
        PreparedLine.objects.bulk_create(
            PreparedLine(
                bag=bag,
                variant_id=wish.variant_id,
                quantity=wish.quantity,
                seen_amount=amount_of(variants[wish.variant_id], now=now),
            )
            for wish in wishes
        )
        publish(
            BagShared(
                house_id=house_id,
                occurred_at=now,
                person_id=person_id,
                associate_id=associate_id,
                bag_id=bag.pk,
                product_codes=tuple(variants[wish.variant_id].product.code for wish in wishes),
            )
        )
    return bag.token


@transaction.atomic
def open_bag(*, house_id: int, token: str, person_id: int, now: datetime) -> int:
    """Note that the link was opened; returns the bag's id. Raises OrderRefused: UNKNOWN_BAG, BAG_ENDED.

    Whoever else opens it than the client it is for may see and order the pieces, and nothing of that client.
    """
    rows = PreparedBag.objects.select_for_update(of=("self",))
    row = rows.filter(house_id=house_id, token=token[:26]).first()
    if row is None:
        raise OrderRefused(Refusal.UNKNOWN_BAG)
    if row.state != BagState.SHARED or row.expires_at <= now:
        raise OrderRefused(Refusal.BAG_ENDED, row.state)
    if row.opened_at is None and row.person_id in (None, person_id):
        row.opened_at = now
        row.save(update_fields=["opened_at"])
    return row.pk


@transaction.atomic
def withdraw_bag(*, house_id: int, bag_id: int, user_id: int, now: datetime) -> None:
    """The link opens nothing any more; raises OrderRefused: UNKNOWN_BAG, BAG_ENDED once it is ordered."""
    rows = PreparedBag.objects.select_for_update(of=("self",))
    row = rows.filter(house_id=house_id, pk=bag_id).first()
    if row is None:
        raise OrderRefused(Refusal.UNKNOWN_BAG)
    if row.state != BagState.SHARED:
        raise OrderRefused(Refusal.BAG_ENDED, row.state)
    row.state = BagState.WITHDRAWN
    row.save(update_fields=["state"])
