"""Who is whose client, and opening a client: only one's own, and never unseen."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Model

from seta.clienteling import queries
from seta.clienteling.models import (
    Associate,
    ClientBookEntry,
    ClientNote,
    ClientProfile,
    ClientSize,
    ContactMade,
    ContactWay,
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
from seta.clienteling.queries import ClientCard
from seta.clienteling.rules import PHONE_TAIL_DIGITS, SEES_ALL_CLIENTS, Refusal, Refused, search_text
from seta.houses.queries import member_of, members
from seta.oversight.operations import append_audit, read_own_conversation
from seta.oversight.queries import ConversationView
from seta.people.events import PersonsMerged
from seta.people.operations import repoint
from seta.people.queries import cards

Role = ClientBookEntry.Role
NAMES_BATCH = 500


@dataclass(frozen=True)
class ClientSeen:
    """A client's card as it was opened, and whether it was by their own associate."""

    card: ClientCard
    is_own: bool


@transaction.atomic
def enrol_associate(
    *,
    house_id: int,
    code: str,
    userid: str,
    name: str,
    boutique: str = "",
    user_id: int | None = None,
    commission_bps: int = 300,
    now: datetime,
) -> int:
    """Make a member an associate, or bring the one of this code up to date; returns the associate's id.

    `user_id` ties them to their sign-in; raises Refused (UNKNOWN) when that user works for another house.
    """
    if user_id is not None and user_id not in {member.user_id for member in members(house_id)}:
        raise Refused(Refusal.UNKNOWN)
    associate, _ = Associate.objects.update_or_create(
        house_id=house_id,
        code=code,
        defaults={
            "userid": userid,
            "name": name,
            "boutique": boutique,
            "user_id": user_id,
            "commission_bps": commission_bps,
            "is_active": True,
        },
    )
    return associate.pk


def add_entry(
    associate: Associate, person_id: int, *, external_userid: str, way: ContactWay | None, now: datetime
) -> tuple[ClientBookEntry, bool]:
    """Put a person in a book: as primary when nobody else is; call in a transaction. Returns (entry, is new)."""
    others = ClientBookEntry.objects.filter(
        house_id=associate.house_id, person_id=person_id, role=Role.PRIMARY, ended_at__isnull=True
    ).exclude(associate=associate)
    role = Role.SECONDARY if others.exists() else Role.PRIMARY
    entry, is_new = ClientBookEntry.objects.get_or_create(
        associate=associate,
        person_id=person_id,
        defaults={
            "house_id": associate.house_id,
            "search_text": search_text(cards([person_id])[person_id].display_name),
            "role": role,
            "external_userid": external_userid,
            "contact_way": way,
            "campaign": way.campaign if way else "",
            "boutique": (way.boutique if way else "") or associate.boutique,
            "since": now,
        },
    )
    if not is_new:
        entry.ended_at, entry.role = None, role
        entry.external_userid = external_userid or entry.external_userid
        entry.welcome_state, entry.welcomed_at = "", None
        entry.save()
    return entry, is_new


@transaction.atomic
def assign_client(
    *, house_id: int, associate_id: int, person_id: int, is_primary: bool, user_id: int, now: datetime
) -> None:
    """Give a client to an associate, by a supervisor; a new primary makes the former one secondary."""
    member = member_of(user_id)
    if member is None or member.house_id != house_id or member.role not in SEES_ALL_CLIENTS:
        raise Refused(Refusal.NOT_YOURS)
    associate = Associate.objects.filter(pk=associate_id, house_id=house_id).first()
    person = cards([person_id]).get(person_id) if associate else None
    if associate is None or person is None or person.house_id != house_id:
        raise Refused(Refusal.UNKNOWN)
    if is_primary:
        ClientBookEntry.objects.filter(house_id=house_id, person_id=person_id, role=Role.PRIMARY).update(
            role=Role.SECONDARY
        )
    entry, _ = add_entry(associate, person_id, external_userid="", way=None, now=now)
    if not is_primary:
        ClientBookEntry.objects.filter(pk=entry.pk).update(role=Role.SECONDARY)
    details = {"user": user_id, "associate": associate_id, "person": person_id, "primary": is_primary}
    append_audit(house_id=house_id, kind="client.assigned", details=details, now=now)


@transaction.atomic
def update_client(
    *, house_id: int, associate_id: int, person_id: int, remark: str, phone_tail: str, now: datetime
) -> None:
    """Keep how an associate remembers a client; raises Refused (NOT_YOURS, TOO_LONG)."""
    if len(remark) > 80 or len(phone_tail) > PHONE_TAIL_DIGITS or not (phone_tail or "0").isdecimal():
        raise Refused(Refusal.TOO_LONG)
    changed = ClientBookEntry.objects.filter(
        house_id=house_id, associate_id=associate_id, person_id=person_id
    ).update(remark=remark, phone_tail=phone_tail)
    if not changed:
        raise Refused(Refusal.NOT_YOURS)
    index_names(house_id=house_id, person_ids=[person_id])


def index_names(*, house_id: int, person_ids: Iterable[int]) -> int:
    """Bring what clients are searched by up to their names and remarks now; returns how many entries changed."""
    entries = list(ClientBookEntry.objects.filter(house_id=house_id, person_id__in=list(person_ids)))
    named = cards({entry.person_id for entry in entries})
    stale = []
    for entry in entries:
        text = search_text(named[entry.person_id].display_name, entry.remark)
        if text != entry.search_text:
            entry.search_text = text
            stale.append(entry)
    ClientBookEntry.objects.bulk_update(stale, ["search_text"], batch_size=200)
    return len(stale)


def refresh_names(now: datetime) -> int:
    """Follow names that changed in other parts, for every book; returns how many did. For the worker's schedule."""
    changed = 0
    for house_id in ClientBookEntry.objects.values_list("house_id", flat=True).distinct():
        ids = ClientBookEntry.objects.filter(house_id=house_id).order_by("person_id")
        people = list(ids.values_list("person_id", flat=True).distinct())
        for start in range(0, len(people), NAMES_BATCH):
            changed += index_names(house_id=house_id, person_ids=people[start : start + NAMES_BATCH])
    return changed


def open_client(
    *, house_id: int, user_id: int, person_id: int, now: datetime, language: str = "en"
) -> ClientSeen:
    """A client's card for their associate or a supervisor; anybody else is refused, and that is logged."""
    is_own = _allowed(house_id, user_id, person_id, now)
    card = queries.client_card(house_id=house_id, person_id=person_id, language=language)
    if card is None:
        raise Refused(Refusal.UNKNOWN)
    index_names(house_id=house_id, person_ids=[card.person.id])
    if not is_own:
        details = {"user": user_id, "person": person_id}
        append_audit(house_id=house_id, kind="client.opened", details=details, now=now)
    return ClientSeen(card, is_own)


def open_conversation(*, house_id: int, user_id: int, person_id: int, now: datetime) -> ConversationView:
    """What an associate and their own client wrote to each other; the reading is logged. Raises Refused."""
    associate = queries.associate_of_user(house_id=house_id, user_id=user_id)
    if not _allowed(house_id, user_id, person_id, now) or associate is None:
        raise Refused(Refusal.NOT_YOURS)
    entry = ClientBookEntry.objects.get(associate_id=associate.id, person_id=person_id)
    return read_own_conversation(
        house_id=house_id,
        userid=associate.userid,
        external_userid=entry.external_userid,
        user_id=user_id,
        purpose="client_service",
        now=now,
    )


def _allowed(house_id: int, user_id: int, person_id: int, now: datetime) -> bool:
    """True for the client's own associate, False for a supervisor of the house; raises Refused for the rest."""
    associate = queries.associate_of_user(house_id=house_id, user_id=user_id)
    if associate is not None:
        entries = ClientBookEntry.objects.filter(associate_id=associate.id, person_id=person_id)
        if entries.filter(ended_at__isnull=True).exists():
            return True
    member = member_of(user_id)
    if member is not None and member.house_id == house_id and member.role in SEES_ALL_CLIENTS:
        return False
    details = {"user": user_id, "person": person_id}
    append_audit(house_id=house_id, kind="client.refused", details=details, now=now)
    raise Refused(Refusal.NOT_YOURS)


@transaction.atomic
def repoint_person(fact: PersonsMerged, now: datetime) -> None:
    """Give the absorbed person's entries, shares, tasks and credits to the kept one; of two entries one stays."""
    absorbed = ClientBookEntry.objects.filter(person_id=fact.absorbed_id).order_by("id")
    for entry in absorbed:
        kept = ClientBookEntry.objects.filter(associate=entry.associate_id, person_id=fact.kept_id).first()
        if kept is not None:
            if not kept.external_userid:
                ClientBookEntry.objects.filter(pk=kept.pk).update(external_userid=entry.external_userid)
            entry.delete()
            continue
        has_primary = ClientBookEntry.objects.filter(
            house_id=entry.house_id, person_id=fact.kept_id, role=Role.PRIMARY, ended_at__isnull=True
        ).exists()
        entry.person_id = fact.kept_id
        entry.role = Role.SECONDARY if has_primary else entry.role
        entry.save()
    for model in (ProductShare, FollowUp, SaleCredit, WardrobeItem, ClientNote, TimelineEntry, ContactMade):
        repoint(model, fact)
    for later in (HandoverClient, MessageDraft, OutreachResult):
        repoint(later, fact)
    _repoint_once(fact)
    ClientProfile.objects.filter(person_id=fact.absorbed_id).delete()
    index_names(house_id=fact.house_id, person_ids=[fact.kept_id])


def _repoint_once(fact: PersonsMerged) -> None:
    """Move what a client has once of each; where the kept person has one already, that one holds."""
    keys: dict[type[Model], tuple[str, ...]] = {
        ClientSize: ("category",),
        Preference: ("kind", "value"),
        ImportantDate: ("kind", "label"),
    }
    for model, fields in keys.items():
        rows = model._default_manager
        held = set(rows.filter(person_id=fact.kept_id).values_list(*fields))
        for row in rows.filter(person_id=fact.absorbed_id):
            if tuple(getattr(row, field) for field in fields) in held:
                row.delete()
    wished = WishlistItem.objects.filter(person_id=fact.kept_id, removed_at__isnull=True)
    codes = list(wished.values_list("product_code", flat=True))
    WishlistItem.objects.filter(
        person_id=fact.absorbed_id, removed_at__isnull=True, product_code__in=codes
    ).delete()
    for model in keys:
        repoint(model, fact)
    repoint(WishlistItem, fact)
