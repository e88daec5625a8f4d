"""Oversight's part when two people turn out to be one, or when one must be forgotten."""

from datetime import datetime

from django.db import transaction

from seta.oversight.models import Agreement, ArchivedMessage, BodyKey, RawRecord
from seta.oversight.operations.audit import append_audit
from seta.oversight.operations.indexing import unindex_person
from seta.people.events import PersonsMerged
from seta.people.operations import repoint


@transaction.atomic
def repoint_person(fact: PersonsMerged, now: datetime) -> None:
    """Give the absorbed person's messages and keys to the kept one."""
    repoint(BodyKey, fact)
    repoint(ArchivedMessage, fact)


@transaction.atomic
def destroy_bodies(*, house_id: int, person_id: int, now: datetime) -> int:
    """Make everything a person said unreadable for ever; returns how many keys were destroyed.

    Keys are destroyed, what the search index knows of their words goes first, sealed records that WeCom's key would
    open again are emptied, and the pairs of the consent list go. The messages' digests stay, so the audit log still verifies.
    """
    messages = ArchivedMessage.objects.filter(house_id=house_id, person_id=person_id)
    for account_id, seq in messages.values_list("account_id", "seq"):
        RawRecord.objects.filter(account_id=account_id, seq=seq).update(
            encrypt_random_key="", encrypt_chat_msg=""
        )
    names = set(messages.values_list("external_userid", flat=True)) - {""}
    Agreement.objects.filter(house_id=house_id, external_userid__in=names).delete()
    unindex_person(house_id=house_id, person_id=person_id)
    destroyed = BodyKey.objects.filter(house_id=house_id, person_id=person_id, destroyed_at=None).update(
        sealed=None, destroyed_at=now
    )
    details = {"person": person_id, "keys": destroyed}
    append_audit(house_id=house_id, kind="bodies.destroyed", details=details, now=now)
    return destroyed
