"""Approve what may be shared, and share it with a client by a link that remembers who sent it."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from seta.boutique import queries as boutique
from seta.clienteling import rules
from seta.clienteling.events import ProductShared
from seta.clienteling.models import Associate, ClientBookEntry, ProductShare
from seta.clienteling.operations.preparing import may_write
from seta.clienteling.rules import Refusal, Refused
from seta.content import queries as content
from seta.content.operations import adopt_text
from seta.content.queries import VersionRow
from seta.events.operations import publish
from seta.kit.ids import new_id
from seta.oversight.operations import append_audit, clear_to_send
from seta.oversight.queries import advice
from seta.people.queries import current_id

CHANNEL = "composer"
# Approved words may go anywhere, so they must bear the strictest reading.
APPROVAL_CHANNEL = "moments"


@dataclass(frozen=True)
class ShareCard:
    """A share ready to send: the token, the mini program page, the approved words and the associate's note."""

    id: int
    token: str
    path: str
    text: str
    note: str


def approve_product(
    *,
    house_id: int,
    product_code: str,
    text: str,
    approved_by: str,
    now: datetime,
    valid_until: datetime | None = None,
) -> int:
    """Put a new version of a product's shareable words in force; returns its version. Raises Refused."""
    product = boutique.product(house_id=house_id, code=product_code)
    if product is None:
        raise Refused(Refusal.UNKNOWN)
    _must_be_clear(house_id, text, APPROVAL_CHANNEL, now)
    with transaction.atomic():
        adopted = adopt_text(
            house_id=house_id,
            code=product_code,
            title=product.name,
            text=text,
            product_code=product_code,
            valid_until=valid_until,
            now=now,
        )
        row = content.version(house_id, adopted, now=now)
        assert row is not None
        version = row.number
        details = {"product": product_code, "version": version, "by": approved_by}
        append_audit(house_id=house_id, kind="content.approved", details=details, now=now)
    return version


def share_product(
    *, house_id: int, associate_id: int, person_id: int, product_code: str, note: str, now: datetime
) -> ShareCard:
    """Prepare an approved product for a client who may be written to, with a note that policy lets pass.

    Raises Refused: UNKNOWN, INACTIVE, NOT_YOURS, NO_CONSENT, BLACKOUT, NOT_APPROVED, TOO_LONG, POLICY (with advice).
    Ask outside a transaction: a refusal stays in the audit log.
    """
    associate, entry = own_client(house_id=house_id, associate_id=associate_id, person_id=person_id, now=now)
    may_write(house_id=house_id, person_id=person_id, associate_id=associate_id, now=now)
    version = words_in_force(house_id, product_code, now)
    if len(note) > rules.NOTE_CHARS_MAX:
        raise Refused(Refusal.TOO_LONG)
    _must_be_clear(house_id, f"{version.text}\n{note}", CHANNEL, now)
    return keep_share(associate, entry, version, note, now)


def own_client(
    *, house_id: int, associate_id: int, person_id: int, now: datetime
) -> tuple[Associate, ClientBookEntry]:
    """An active associate and a client of their book; raises Refused, and logs who reached for another's client."""
    associate = Associate.objects.filter(pk=associate_id, house_id=house_id).first()
    if associate is None:
        raise Refused(Refusal.UNKNOWN)
    if not associate.is_active:
        raise Refused(Refusal.INACTIVE)
    entry = ClientBookEntry.objects.filter(
        associate=associate, person_id=current_id(person_id), ended_at__isnull=True
    ).first()
    if entry is None:
        details = {"associate": associate_id, "person": current_id(person_id)}
        append_audit(house_id=house_id, kind="client.refused", details=details, now=now)
        raise Refused(Refusal.NOT_YOURS)
    return associate, entry


def words_in_force(house_id: int, product_code: str, now: datetime) -> VersionRow:
    """The newest approved words of a product; raises Refused (NOT_APPROVED)."""
    rows = content.in_force(house_id, now=now, product_code=product_code)
    words = [row for row in rows if row.text]
    if not words:
        raise Refused(Refusal.NOT_APPROVED)
    return max(words, key=lambda row: row.id)


def _must_be_clear(house_id: int, text: str, channel: str, now: datetime) -> None:
    verdict = clear_to_send(house_id=house_id, channel=channel, text=text, now=now)
    if verdict.refused:
        found = sorted({hit.rule for hit in verdict.hits})
        raise Refused(Refusal.POLICY, advice(found, house_id=house_id, language="zh"), found)


@transaction.atomic
def keep_share(
    associate: Associate, entry: ClientBookEntry, version: VersionRow, note: str, now: datetime
) -> ShareCard:
    """Keep that an associate shares a product with a client; nothing is asked any more."""
    share = ProductShare.objects.create(
        house_id=associate.house_id,
        associate=associate,
        person_id=entry.person_id,
        product_code=version.product_code,
        version_id=version.id,
        campaign=entry.campaign,
        note=note,
        token=new_id("shr"),
        shared_at=now,
    )
    publish(
        ProductShared(
            house_id=associate.house_id,
            occurred_at=now,
            person_id=entry.person_id,
            associate_id=associate.pk,
            campaign=entry.campaign,
            share_id=share.pk,
            product_code=version.product_code,
            content_version=version.number,
        )
    )
    details = {"share": share.pk, "product": version.product_code, "version": version.number}
    append_audit(house_id=associate.house_id, kind="product.shared", details=details, now=now)
    path = rules.share_path(version.product_code, share.token)
    return ShareCard(share.pk, share.token, path, version.text, note)
