"""Oversight's part when two people turn out to be one, or when one must be forgotten."""

from datetime import datetime

from django.db import transaction

from seta.oversight import bodies
from seta.oversight.models import (
    Agreement,
    ArchivedMessage,
    ArchiveMedia,
    BodyKey,
    ExportRequest,
    LegalHold,
    RawRecord,
)
from seta.oversight.operations.archive.media import forget_files
from seta.oversight.operations.audit import append_audit
from seta.oversight.operations.exporting import forget_bundle
from seta.oversight.operations.indexing import unindex_person
from seta.oversight.operations.retention import holds_on_person
from seta.oversight.rules.retention import EvidenceRefused, Refusal
from seta.people.events import PersonsMerged
from seta.people.operations import repoint


@transaction.atomic
def repoint_person(fact: PersonsMerged, now: datetime) -> None:
    """Give the absorbed person's messages, keys and holds to the kept one."""
    repoint(BodyKey, fact)
    repoint(ArchivedMessage, fact)
    repoint(LegalHold, fact)


def destroy_bodies(*, house_id: int, person_id: int, now: datetime) -> int:
    """Make everything a person said unreadable for ever; returns how many keys were destroyed.

    Keys are destroyed, sealed records that WeCom's key would open again are emptied, bundles that hold the words are
    deleted, and the pairs of the consent list go. The messages' digests stay, so the audit log still verifies. Raises
    EvidenceRefused, which names the holds, while a legal hold keeps anything of the person; the try is logged.
    """
    holds = holds_on_person(house_id, person_id)
    if holds:
        details = {"person": person_id, "holds": len(holds)}
        append_audit(house_id=house_id, kind="bodies.kept_by_hold", details=details, now=now)
        raise EvidenceRefused(Refusal.HELD, ", ".join(holds))
    return _destroy(house_id, person_id, now)


@transaction.atomic
def _destroy(house_id: int, person_id: int, now: datetime) -> int:
    messages = ArchivedMessage.objects.filter(house_id=house_id, person_id=person_id)
    for account_id, seq in messages.values_list("account_id", "seq"):
        RawRecord.objects.filter(account_id=account_id, seq=seq).update(
            encrypt_random_key="", encrypt_chat_msg=""
        )
    names = set(messages.values_list("external_userid", flat=True)) - {""}
    Agreement.objects.filter(house_id=house_id, external_userid__in=names).delete()
    unindex_person(house_id=house_id, person_id=person_id)
    mine = BodyKey.objects.filter(house_id=house_id, person_id=person_id, destroyed_at=None)
    files = ArchiveMedia.objects.filter(body_key__in=mine).exclude(state=ArchiveMedia.State.FORGOTTEN)
    forget_files(list(files), house_id=house_id, now=now)
    destroyed = mine.update(sealed=None, destroyed_at=now)
    bodies.forget_opened()
    for request in ExportRequest.objects.filter(house_id=house_id, state=ExportRequest.State.READY):
        if person_id in request.persons:
            forget_bundle(request)
    details = {"person": person_id, "keys": destroyed}
    append_audit(house_id=house_id, kind="bodies.destroyed", details=details, now=now)
    return destroyed
