"""A client becomes an associate's contact: the code, the event, the greeting, who they are."""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import transaction

from seta.callbacks.rules import Inbound
from seta.clienteling.events import ContactAdded
from seta.clienteling.models import Associate, ClientBookEntry, ContactWay
from seta.clienteling.operations.book import add_entry, index_names
from seta.clienteling.operations.tagging import welcome_of
from seta.clienteling.rules import Refusal, Refused
from seta.events.operations import publish
from seta.houses import queries as houses
from seta.kit.ids import new_token
from seta.oversight.operations import clear_to_send, expect_agreement, record_agreement
from seta.people.operations import recognise
from seta.people.rules import IdentityKey
from seta.platforms.core.errors import PlatformError

log = logging.getLogger(__name__)

STATE_BITS = 100
REMARK_CHARS_MAX = 30
# WeCom: too late or unknown, already talking or greeted, consent to the archive missing.
_WELCOME_IS_OVER = {"41050": "too late", "41051": "already greeted", "41053": "no consent"}


@dataclass(frozen=True)
class ContactWayCard:
    """A contact code: print or show `qr_url`."""

    id: int
    associate_id: int
    campaign: str
    boutique: str
    state: str
    config_id: str
    qr_url: str


def create_contact_way(
    *, house_id: int, associate_id: int, campaign: str, boutique: str, now: datetime
) -> ContactWayCard:
    """The code of an associate for a campaign and a boutique, made at WeCom the first time it is asked for.

    Raises Refused (UNKNOWN, INACTIVE) and PlatformError. Call outside a transaction.
    """
    associate = Associate.objects.filter(pk=associate_id, house_id=house_id).first()
    if associate is None:
        raise Refused(Refusal.UNKNOWN)
    if not associate.is_active:
        raise Refused(Refusal.INACTIVE)
    way, _ = ContactWay.objects.get_or_create(
        associate=associate,
        campaign=campaign,
        boutique=boutique,
        defaults={"house_id": house_id, "state": new_token(STATE_BITS), "made_at": now},
    )
    if not way.config_id:
        remark = f"{campaign or 'seta'} {boutique}".strip()[:REMARK_CHARS_MAX]
        made = houses.wecom(house_id).add_contact_way(
            users=[associate.userid], state=way.state, remark=remark
        )
        way.config_id, way.qr_url = made.config_id, made.qr_code
        way.save(update_fields=["config_id", "qr_url"])
    return ContactWayCard(way.pk, associate_id, campaign, boutique, way.state, way.config_id, way.qr_url)


def on_contact_added(inbound: Inbound, now: datetime) -> None:
    """WeCom's add_external_contact: put the client in the associate's book and let the worker greet them."""
    pair = _pair(inbound)
    if pair is None:
        return
    associate, external_userid = pair
    state = str(inbound.fields.get("State", ""))
    way = ContactWay.objects.filter(house_id=inbound.house_id, state=state).first() if state else None
    person_id = recognise(
        house_id=inbound.house_id,
        identities=[IdentityKey("external_userid", inbound.app_id, external_userid)],
        now=now,
    )
    entry, is_new = add_entry(associate, person_id, external_userid=external_userid, way=way, now=now)
    entry.welcome_code = str(inbound.fields.get("WelcomeCode", ""))[:128]
    entry.save(update_fields=["welcome_code"])
    expect_agreement(
        house_id=inbound.house_id, userid=associate.userid, external_userid=external_userid, now=now
    )
    publish(
        ContactAdded(
            house_id=inbound.house_id,
            occurred_at=now,
            person_id=person_id,
            associate_id=associate.pk,
            campaign=way.campaign if way else "",
            entry_id=entry.pk,
            userid=associate.userid,
            boutique=(way.boutique if way else "") or associate.boutique,
            is_new=is_new,
        )
    )


def _pair(inbound: Inbound) -> tuple[Associate, str] | None:
    """The associate and the client that an event names, or None, logged, when we know no such associate."""
    userid = str(inbound.fields.get("UserID", ""))
    external_userid = str(inbound.fields.get("ExternalUserID", ""))
    associate = Associate.objects.filter(house_id=inbound.house_id, userid=userid).first()
    if associate is None or not external_userid or len(external_userid) > 128:
        log.warning("house %s: %s names no known associate or no client", inbound.house_id, inbound.kind)
        return None
    return associate, external_userid


def greet_contact(fact: ContactAdded, now: datetime) -> None:
    """Send the welcome, once; WeCom takes it for 20 seconds after the event, so this hearer comes first."""
    entry = ClientBookEntry.objects.select_related("associate").filter(pk=fact.entry_id).first()
    if entry is None or not entry.welcome_code or entry.welcomed_at or entry.welcome_state:
        return
    text = welcome_of(entry)
    verdict = clear_to_send(house_id=fact.house_id, channel="welcome", text=text, now=now)
    state = "held by policy" if verdict.refused else _send_welcome(fact.house_id, entry.welcome_code, text)
    ClientBookEntry.objects.filter(pk=entry.pk).update(
        welcome_state=state, welcome_code="", welcomed_at=now if state == "sent" else None
    )


def _send_welcome(house_id: int, welcome_code: str, text: str) -> str:
    try:
        houses.wecom(house_id).send_welcome_msg(welcome_code=welcome_code, text=text)
    except PlatformError as problem:
        over = _WELCOME_IS_OVER.get(problem.code)
        if over is None and problem.retryable:
            raise
        log.warning("house %s: the welcome was not sent: %s", house_id, problem)
        return over or f"failed: {problem.code}"[:40]
    return "sent"


def enrich_contact(fact: ContactAdded, now: datetime) -> None:
    """Ask WeCom who the contact is; a unionid makes them one with the person of the mini program."""
    entry = ClientBookEntry.objects.filter(pk=fact.entry_id).first()
    if entry is None:
        return
    contact = houses.wecom(fact.house_id).externalcontact_get(entry.external_userid)
    app = houses.account(fact.house_id, "wecom").app_id
    identities = [IdentityKey("external_userid", app, entry.external_userid)]
    if contact.unionid:
        identities.append(IdentityKey("unionid", "", contact.unionid))
    with transaction.atomic():
        person_id = recognise(
            house_id=fact.house_id, identities=identities, now=now, display_name=contact.name[:80]
        )
        index_names(house_id=fact.house_id, person_ids=[person_id])


def on_agreement(inbound: Inbound, now: datetime) -> None:
    """WeCom's msg_audit_approved: the client agreed to be archived with this associate."""
    pair = _pair(inbound)
    if pair is None:
        return
    created = str(inbound.fields.get("CreateTime", ""))
    answered_at = datetime.fromtimestamp(int(created), UTC) if created.isdecimal() else now
    record_agreement(
        house_id=inbound.house_id,
        userid=pair[0].userid,
        external_userid=pair[1],
        status="Agree",
        answered_at=answered_at,
        now=now,
    )


def on_contact_lost(inbound: Inbound, now: datetime) -> None:
    """WeCom's del_external_contact and del_follow_user: the pair ends, the history stays."""
    pair = _pair(inbound)
    if pair is not None:
        ClientBookEntry.objects.filter(
            associate=pair[0], external_userid=pair[1], ended_at__isnull=True
        ).update(ended_at=now)
