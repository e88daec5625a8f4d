"""Lets a business in by a letter to its address: the same answer for every address, a link that is good once."""

import logging
from datetime import datetime
from smtplib import SMTPException

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F, QuerySet

from seta.houses.queries import house
from seta.partners import letters, links
from seta.partners.models import Account, EntryLink
from seta.partners.rules.refusals import PartnerRefused, Refusal

log = logging.getLogger(__name__)
EMAIL_MAX = 160


def send_link(*, house_id: int, email: str, language: str, sender: str, now: datetime) -> None:
    """Send a link to an address, known or not; an address that had its share lately gets no further one.

    Nothing tells the caller which it was. Raises PartnerRefused: BAD_EMAIL, TOO_MANY from this sender, NOT_SENT.
    """
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise PartnerRefused(Refusal.BAD_EMAIL) from None
    if len(email) > EMAIL_MAX:
        raise PartnerRefused(Refusal.BAD_EMAIL)
    token = _note_link(
        house_id=house_id, email=email, language=language, sender=links.sender_of(sender), now=now
    )
    if token is None:
        return
    try:
        letters.send_entry(house(house_id), email, token, language)
    except (OSError, SMTPException) as problem:
        log.error("a letter to a partner could not be sent: %s", problem)
        raise PartnerRefused(Refusal.NOT_SENT) from problem


@transaction.atomic
def enter(*, house_id: int, token: str, now: datetime) -> int:
    """Use a link: the account of its address, made when there is none. Raises PartnerRefused, see `check_link`."""
    row = _link(house_id, token, now, EntryLink.objects.select_for_update())
    row.used_at = now
    row.save(update_fields=["used_at"])
    return open_account(house_id=house_id, email=row.email, language=row.language, now=now)


@transaction.atomic
def open_account(*, house_id: int, email: str, language: str, now: datetime) -> int:
    """The account of an address that is known to be somebody's, made when there is none; it reads this language."""
    account, _ = Account.objects.update_or_create(
        house_id=house_id,
        email=email,
        defaults={"language": language},
        create_defaults={"language": language, "created_at": now},
    )
    return account.pk


def check_link(*, house_id: int, token: str, now: datetime) -> str:
    """The address that a link would let in; uses nothing up. Raises PartnerRefused: BAD_LINK, USED_LINK, OLD_LINK."""
    return _link(house_id, token, now, EntryLink.objects.all()).email


def forget_links(now: datetime) -> int:
    """Remove links that no longer count towards any limit; returns how many."""
    return EntryLink.objects.filter(expires_at__lt=now - links.WINDOW).delete()[0]


@transaction.atomic
def _note_link(*, house_id: int, email: str, language: str, sender: str, now: datetime) -> str | None:
    since = now - links.WINDOW
    if EntryLink.objects.filter(sender=sender, sent_at__gt=since).count() >= links.PER_SENDER_MAX:
        raise PartnerRefused(Refusal.TOO_MANY)
    letters_sent = EntryLink.objects.filter(house_id=house_id, email=email, sent_at__gt=since)
    sent = letters_sent.exclude(used_at=F("sent_at")).count()
    token, digest = links.make(house_id)
    # Kept beyond the limit too, spent at once: whoever asks in vain is counted as whoever is answered.
    in_vain = sent >= links.PER_ADDRESS_MAX
    EntryLink.objects.create(
        house_id=house_id,
        email=email,
        language=language,
        digest=digest,
        sender=sender,
        sent_at=now,
        expires_at=now + links.LIFE,
        used_at=now if in_vain else None,
    )
    return None if in_vain else token


def _link(house_id: int, token: str, now: datetime, rows: QuerySet[EntryLink]) -> EntryLink:
    digest = links.digest_in(token, house_id)
    row = rows.filter(house_id=house_id, digest=digest).first() if digest else None
    if row is None:
        raise PartnerRefused(Refusal.BAD_LINK)
    if row.used_at is not None:
        raise PartnerRefused(Refusal.USED_LINK)
    if row.expires_at <= now:
        raise PartnerRefused(Refusal.OLD_LINK)
    return row
