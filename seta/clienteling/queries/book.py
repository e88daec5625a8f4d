"""The client book, and a client on one page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q

from seta.boutique.queries import OrderView, orders_of_person
from seta.clienteling.models import ClientBookEntry, ClientProfile, ProductShare, SaleCredit
from seta.clienteling.queries.associates import AssociateCard, associate_card
from seta.clienteling.queries.shares import ShareRow, shares
from seta.clienteling.queries.tasks import FollowUpRow, follow_ups
from seta.clienteling.queries.timeline import TimelineItem as TimelineItem
from seta.clienteling.queries.timeline import timeline as timeline
from seta.clienteling.rules import PHONE_TAIL_DIGITS, plain_query
from seta.oversight.queries import agreement_status
from seta.people import queries as people
from seta.people.queries import ConsentCard, PersonCard


@dataclass(frozen=True)
class ClientRow:
    """A client in a book."""

    person_id: int
    name: str
    remark: str
    phone_tail: str
    role: str
    associate_id: int
    associate_name: str
    campaign: str
    boutique: str
    since: datetime
    ended_at: datetime | None
    agreement: str
    last_share_at: datetime | None
    sales: int
    tier: str


@dataclass(frozen=True)
class BookPlace:
    """Whose client a person is, and what they said to being archived with them."""

    associate: AssociateCard
    role: str
    campaign: str
    since: datetime
    ended_at: datetime | None
    remark: str
    phone_tail: str
    welcome_state: str
    agreement: str


@dataclass(frozen=True)
class ClientCard:
    """A client on one page. Pages use operations.open_client, which checks who asks."""

    person: PersonCard
    places: tuple[BookPlace, ...]
    consents: tuple[ConsentCard, ...]
    orders: tuple[OrderView, ...]
    shares: tuple[ShareRow, ...]
    follow_ups: tuple[FollowUpRow, ...]
    timeline: tuple[TimelineItem, ...]


def client_book(
    house_id: int,
    *,
    associate_id: int | None = None,
    search: str = "",
    tier: str = "",
    role: str = "",
    is_open: bool | None = None,
    limit: int = 50,
    offset: int = 0,
) -> list[ClientRow]:
    """Clients of an associate (or of the house), newest first; search by name, remark, pinyin, initials, phone tail."""
    entries = ClientBookEntry.objects.filter(_found_by(search), house_id=house_id).select_related("associate")
    if associate_id is not None:
        entries = entries.filter(associate_id=associate_id)
    if role:
        entries = entries.filter(role=role)
    if is_open is not None:
        entries = entries.filter(ended_at__isnull=is_open)
    if tier:
        rated = ClientProfile.objects.filter(house_id=house_id).exclude(tier="prospect")
        if tier == "prospect":
            entries = entries.exclude(person_id__in=rated.values("person_id"))
        else:
            entries = entries.filter(person_id__in=rated.filter(tier=tier).values("person_id"))
    rows = list(entries.order_by("-since", "-id")[offset : offset + limit])
    return _client_rows(house_id, rows, people.cards({row.person_id for row in rows}))


def _found_by(search: str) -> Q:
    """Part of what clients are searched by, or the end of their phone number."""
    wanted = plain_query(search)
    if not wanted:
        return Q()
    found = Q(search_text__contains=wanted)
    if wanted.isascii() and wanted.isdecimal():
        found |= Q(phone_tail__endswith=wanted) if len(wanted) <= PHONE_TAIL_DIGITS else Q()
        found |= Q(phone_tail__in=[wanted[-digits:] for digits in range(1, PHONE_TAIL_DIGITS + 1)])
    return found


def _client_rows(
    house_id: int, rows: Sequence[ClientBookEntry], named: Mapping[int, PersonCard]
) -> list[ClientRow]:
    ids = [row.person_id for row in rows]
    shares = ProductShare.objects.filter(house_id=house_id, person_id__in=ids).order_by()
    last = dict(shares.values_list("person_id").annotate(last=Max("shared_at")))
    credits = SaleCredit.objects.filter(house_id=house_id, person_id__in=ids).order_by()
    sales = dict(credits.values_list("person_id").annotate(number=Count("id")))
    rated = ClientProfile.objects.filter(house_id=house_id, person_id__in=ids)
    tiers = dict(rated.values_list("person_id", "tier"))
    return [
        ClientRow(
            person_id=row.person_id,
            name=named[row.person_id].display_name,
            remark=row.remark,
            phone_tail=row.phone_tail,
            role=row.role,
            associate_id=row.associate_id,
            associate_name=row.associate.name,
            campaign=row.campaign,
            boutique=row.boutique,
            since=row.since,
            ended_at=row.ended_at,
            agreement=_agreement(row),
            last_share_at=last.get(row.person_id),
            sales=sales.get(row.person_id, 0),
            tier=tiers.get(row.person_id, "prospect"),
        )
        for row in rows
    ]


def _agreement(row: ClientBookEntry) -> str:
    return agreement_status(
        house_id=row.house_id, userid=row.associate.userid, external_userid=row.external_userid
    )


def client_card(*, house_id: int, person_id: int, language: str = "en") -> ClientCard | None:
    """A client of the house on one page, or None."""
    person_id = people.current_id(person_id)
    entries = ClientBookEntry.objects.filter(house_id=house_id, person_id=person_id).select_related(
        "associate"
    )
    if not entries:
        return None
    return ClientCard(
        person=people.card(person_id),
        places=tuple(_place(entry) for entry in entries.order_by("role", "since")),
        consents=tuple(people.consents(person_id)),
        orders=tuple(orders_of_person(house_id=house_id, person_id=person_id, language=language)),
        shares=tuple(shares(house_id, person_id=person_id)),
        follow_ups=tuple(follow_ups(house_id, person_id=person_id)),
        timeline=tuple(timeline(house_id=house_id, person_id=person_id)),
    )


def _place(entry: ClientBookEntry) -> BookPlace:
    return BookPlace(
        associate=associate_card(entry.associate),
        role=entry.role,
        campaign=entry.campaign,
        since=entry.since,
        ended_at=entry.ended_at,
        remark=entry.remark,
        phone_tail=entry.phone_tail,
        welcome_state=entry.welcome_state,
        agreement=_agreement(entry),
    )
