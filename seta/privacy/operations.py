"""Forget a person in every part at once, and finish later what a legal hold or a late fact left."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from seta.boutique.operations import forgetting as boutique
from seta.boutique.queries.unfinished import unfinished_orders
from seta.broadcasts.operations import forgetting as broadcasts
from seta.clienteling.operations import forgetting as clienteling
from seta.consultations.operations import forgetting as consultations
from seta.conversations.operations import forgetting as conversations
from seta.drops.operations import forgetting as drops
from seta.guide.operations import forgetting as guide
from seta.loyalty import operations as loyalty
from seta.oversight.operations import forgetting as oversight
from seta.people import operations as people
from seta.people.queries import current_id
from seta.popups.operations import forgetting as popups
from seta.privacy.models import Erasure
from seta.privacy.rules import UnfinishedOrders
from seta.stores.operations import forgetting as stores

LATE = timedelta(minutes=10)
"""A fact told before the erasure may be heard after it, and write a line again; not later than this."""


_PARTS: tuple[Callable[..., int], ...] = (
    boutique.forget_person,
    stores.forget_person,
    drops.forget_person,
    popups.forget_person,
    broadcasts.forget_person,
    guide.forget_person,
    clienteling.forget_person,
    consultations.forget_person,
    conversations.forget_person,
    loyalty.erase_person,
)
"""Each takes `house_id`, `person_id` and `now`, and may be called again."""


@transaction.atomic
def forget(*, house_id: int, person_id: int, source: str, now: datetime) -> bool:
    """Forget a person everywhere or nowhere; True when nothing of their words is left.

    False means that a legal hold keeps archived chats: `finish_erasures` destroys them once it is released. Raises
    UnfinishedOrders while an order is under way, with everything as it was.
    """
    person_id = current_id(person_id)
    numbers = unfinished_orders(house_id=house_id, person_id=person_id, now=now)
    if numbers:
        raise UnfinishedOrders(numbers)
    erasure, _ = Erasure.objects.get_or_create(
        person_id=person_id, defaults={"house_id": house_id, "source": source, "asked_at": now}
    )
    return _forget(erasure, now)


def finish_erasures(now: datetime) -> int:
    """Forget again who asked a moment ago, and those of whom a hold kept words; returns how many are done."""
    rows = Erasure.objects.filter(Q(done_at=None) | Q(asked_at__gte=now - LATE))
    return sum(_again(pk, now) for pk in list(rows.order_by("id").values_list("id", flat=True)))


@transaction.atomic
def _again(erasure_id: int, now: datetime) -> bool:
    return _forget(Erasure.objects.select_for_update().get(pk=erasure_id), now)


def _forget(erasure: Erasure, now: datetime) -> bool:
    """Every part in turn; people last, since others look for what platforms call the person."""
    house_id, person_id = erasure.house_id, erasure.person_id
    for forget_part in _PARTS:
        forget_part(house_id=house_id, person_id=person_id, now=now)
    done = oversight.forget_person(house_id=house_id, person_id=person_id, now=now)
    people.forget_person(house_id=house_id, person_id=person_id, now=now)
    if done and erasure.done_at is None:
        erasure.done_at = now
        erasure.save(update_fields=["done_at"])
    return done
