"""What a scene says and sets: the welcome of a campaign's or a boutique's code, the tags of those who came by it."""

import logging
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from seta.clienteling.events import ContactAdded
from seta.clienteling.models import ClientBookEntry, ClientTag, SceneWelcome
from seta.clienteling.operations.contacting import must_supervise
from seta.clienteling.operations.shares import own_client
from seta.clienteling.rules import Refusal, Refused, welcome_text
from seta.houses import queries as houses
from seta.oversight.operations import append_audit, clear_to_send
from seta.oversight.queries import advice

log = logging.getLogger(__name__)

WELCOME_CHARS_MAX = 1000
TAG_CHARS_MAX = 30
"""WeCom's own limit (path/92117)."""
TAGS_MAX = 10
TAG_GROUP = "Seta"
CHANNEL = "welcome"


def set_welcome(
    *,
    house_id: int,
    user_id: int,
    campaign: str,
    boutique: str,
    text: str,
    tags: Sequence[str],
    language: str,
    now: datetime,
) -> None:
    """Say how a scene's clients are greeted and tagged; `{house}` and `{associate}` stand for their names.

    Raises Refused: SUPERVISOR_ONLY, TOO_LONG, BAD_CHOICE, POLICY (with advice). Ask outside a transaction.
    """
    must_supervise(house_id, user_id)
    names = list(dict.fromkeys(name.strip() for name in tags if name.strip()))
    if len(text) > WELCOME_CHARS_MAX:
        raise Refused(Refusal.TOO_LONG)
    if len(names) > TAGS_MAX or any(len(name) > TAG_CHARS_MAX for name in names):
        raise Refused(Refusal.BAD_CHOICE)
    verdict = clear_to_send(house_id=house_id, channel=CHANNEL, text=text, now=now)
    if verdict.refused:
        found = sorted({hit.rule for hit in verdict.hits})
        raise Refused(Refusal.POLICY, advice(found, house_id=house_id, language=language), found)
    with transaction.atomic():
        SceneWelcome.objects.update_or_create(
            house_id=house_id,
            campaign=campaign,
            boutique=boutique,
            defaults={"text": text, "tags": names, "changed_by": user_id, "changed_at": now},
        )
        details = {"campaign": campaign, "boutique": boutique, "user": user_id}
        append_audit(house_id=house_id, kind="welcome.set", details=details, now=now)


def scene_of(entry: ClientBookEntry) -> SceneWelcome | None:
    """What is set for the scene a client came by: campaign and boutique, else the campaign, else the boutique."""
    rows = SceneWelcome.objects.filter(house_id=entry.house_id)
    for campaign, boutique in (
        (entry.campaign, entry.boutique),
        (entry.campaign, ""),
        ("", entry.boutique),
        ("", ""),
    ):
        row = rows.filter(campaign=campaign, boutique=boutique).first()
        if row is not None:
            return row
    return None


def welcome_of(entry: ClientBookEntry) -> str:
    """The first words to a new contact, by the scene they came by."""
    house, scene = houses.house(entry.house_id).name, scene_of(entry)
    if scene is None or not scene.text:
        return welcome_text(house=house, associate=entry.associate.name)
    return scene.text.replace("{house}", house).replace("{associate}", entry.associate.name)


def tag_contact(fact: ContactAdded, now: datetime) -> None:
    """Give a new contact the tags of their scene, here and in WeCom; may be called again."""
    entry = ClientBookEntry.objects.select_related("associate").filter(pk=fact.entry_id).first()
    scene = scene_of(entry) if entry else None
    if entry is None or scene is None or not scene.tags:
        return
    source = f"{scene.campaign} {scene.boutique}".strip()
    for name in scene.tags:
        ClientTag.objects.get_or_create(
            entry=entry, name=name, removed_at=None, defaults={"set_at": now, "source": source}
        )
    mark_tags(entry, now)


def tag_client(
    *, house_id: int, associate_id: int, person_id: int, name: str, is_on: bool, now: datetime
) -> None:
    """Put a tag on one's client or take it off, here and in WeCom.

    Raises Refused (UNKNOWN, INACTIVE, NOT_YOURS, BAD_CHOICE) and PlatformError; call outside a transaction.
    """
    _, entry = own_client(house_id=house_id, associate_id=associate_id, person_id=person_id, now=now)
    if not 1 <= len(name.strip()) <= TAG_CHARS_MAX:
        raise Refused(Refusal.BAD_CHOICE)
    if is_on:
        ClientTag.objects.get_or_create(
            entry=entry, name=name.strip(), removed_at=None, defaults={"set_at": now}
        )
    else:
        ClientTag.objects.filter(entry=entry, name=name.strip(), removed_at=None).update(
            removed_at=now, marked_at=None
        )
    mark_tags(entry, now)


def mark_tags(entry: ClientBookEntry, now: datetime) -> None:
    """Bring WeCom's tags of a client to what is kept here; raises PlatformError, and may be called again."""
    waiting = list(ClientTag.objects.filter(entry=entry, marked_at__isnull=True))
    if not waiting or not entry.external_userid:
        return
    client = houses.wecom(entry.house_id)
    known = dict(client.corp_tags())
    missing = sorted({tag.name for tag in waiting if tag.removed_at is None} - known.keys())
    if missing:
        known |= client.add_corp_tags(group=TAG_GROUP, names=missing)
    on = {tag.name for tag in ClientTag.objects.filter(entry=entry, removed_at__isnull=True)}
    add = [known[tag.name] for tag in waiting if tag.removed_at is None and tag.name in known]
    gone = {tag.name for tag in waiting if tag.removed_at is not None} - on
    remove = [known[name] for name in gone if name in known]
    if add or remove:
        client.mark_tag(
            userid=entry.associate.userid, external_userid=entry.external_userid, add=add, remove=remove
        )
    for tag in waiting:
        ClientTag.objects.filter(pk=tag.pk).update(marked_at=now, tag_id=known.get(tag.name, ""))
