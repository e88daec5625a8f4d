"""Clienteling's part when a person is forgotten: the client book loses them, sales stay without whose they were."""

from datetime import datetime

from django.db import transaction

from seta.clienteling.models import (
    ClientBookEntry,
    ClientNote,
    ClientProfile,
    ClientSize,
    ContactMade,
    FollowUp,
    HandoverClient,
    ImportantDate,
    MessageDraft,
    OutreachResult,
    Preference,
    ProductShare,
    SaleCredit,
    TimelineEntry,
    WardrobeItem,
    WishlistItem,
)

_DELETED = (
    HandoverClient,
    HandoverClient,
    FollowUp,
    ContactMade,
    ClientNote,
    ClientProfile,
    ClientSize,
    Preference,
    ImportantDate,
    WardrobeItem,
    WishlistItem,
    TimelineEntry,
    MessageDraft,
    ProductShare,
    ClientBookEntry,
)


@transaction.atomic
def forget_person(*, house_id: int, person_id: int, now: datetime) -> int:
    """Delete what associates know and wrote of the person; returns how many rows.

    Credits and commissions stay without a name, since associates are paid by them.
    """
    mine = {"house_id": house_id, "person_id": person_id}
    parted = SaleCredit.objects.filter(**mine).update(person_id=None)
    parted += OutreachResult.objects.filter(person_id=person_id).update(person_id=None, external_userid="")
    return parted + sum(each.objects.filter(**mine).delete()[0] for each in _DELETED)
