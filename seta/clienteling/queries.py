"""The client book, a client on one page, what associates share and sell: as the desk and the mini program show it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Q, Sum

from seta.boutique.queries import OrderView, orders_of_person
from seta.clienteling.models import (
    ApprovedContent,
    Associate,
    ClientBookEntry,
    ContactWay,
    FollowUp,
    ProductShare,
    SaleCredit,
)
from seta.clienteling.rules import found_by
from seta.events.queries import of_person
from seta.oversight.queries import agreement_status
from seta.people import queries as people
from seta.people.queries import ConsentCard, PersonCard

BOOK_ROWS_MAX = 5_000


@dataclass(frozen=True)
class AssociateCard:
    """An associate; `userid` is their name in WeCom, `user_id` their sign-in here."""

    id: int
    house_id: int
    code: str
    userid: str
    name: str
    boutique: str
    user_id: int | None
    is_active: bool


@dataclass(frozen=True)
class AssociateRow:
    """An associate with what they have built: sums in minor units by settlement currency."""

    associate: AssociateCard
    clients: int
    shares: int
    sales: int
    sold: Mapping[str, int]
    commission: Mapping[str, int]


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
class ShareRow:
    """A share and whether a sale came of it."""

    id: int
    associate_id: int
    associate_name: str
    person_id: int
    product_code: str
    content_version: int
    note: str
    campaign: str
    token: str
    shared_at: datetime
    is_sold: bool


@dataclass(frozen=True)
class FollowUpRow:
    """A task for a client."""

    id: int
    associate_id: int
    person_id: int
    kind: str
    title: str
    due_at: datetime
    done_at: datetime | None


@dataclass(frozen=True)
class TimelineItem:
    """Something the client did or got, newest first; `kind` is the fact's name, `details` its plain values."""

    at: datetime
    kind: str
    details: Mapping[str, Any]


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


@dataclass(frozen=True)
class SaleRow:
    """A credited sale; amounts in minor units, commission in the settlement currency."""

    id: int
    order_id: int
    number: str
    associate_id: int
    associate_name: str
    person_id: int | None
    campaign: str
    reason: str
    amount: int
    currency: str
    settle_amount: int
    settle_currency: str
    commission: int
    clawed_back: int
    credited_at: datetime

    @property
    def commission_kept(self) -> int:
        """What is left after returns."""
        return self.commission - self.clawed_back


@dataclass(frozen=True)
class ShareOrigin:
    """Who recommends a product, for the page that a share opens."""

    product_code: str
    associate_name: str
    boutique: str
    note: str


@dataclass(frozen=True)
class ContactWayRow:
    """A contact code of an associate, and how many clients came by it."""

    id: int
    associate_id: int
    associate_name: str
    campaign: str
    boutique: str
    qr_url: str
    clients: int


@dataclass(frozen=True)
class ContentRow:
    """A version of a product's shareable words."""

    product_code: str
    version: int
    text: str
    approved_by: str
    valid_from: datetime
    valid_until: datetime | None


def associate(associate_id: int) -> AssociateCard | None:
    """An associate by id."""
    row = Associate.objects.filter(pk=associate_id).first()
    return _associate(row) if row else None


def associate_by_code(*, house_id: int, code: str) -> AssociateCard | None:
    """An associate by the code that scenes carry."""
    row = Associate.objects.filter(house_id=house_id, code=code).first()
    return _associate(row) if row else None


def associate_of_user(*, house_id: int, user_id: int) -> AssociateCard | None:
    """The active associate behind a sign-in, in this house only."""
    row = Associate.objects.filter(house_id=house_id, user_id=user_id, is_active=True).first()
    return _associate(row) if row else None


def names_by_userid(house_id: int) -> Mapping[str, str]:
    """Associates' names by their WeCom userid, for pages of the archive."""
    return dict(Associate.objects.filter(house_id=house_id).values_list("userid", "name"))


def associates(house_id: int) -> list[AssociateRow]:
    """All associates with clients, shares and sales, by name."""
    ids = Associate.objects.filter(house_id=house_id)
    clients = _counts(ClientBookEntry.objects.filter(house_id=house_id, ended_at__isnull=True))
    shares = _counts(ProductShare.objects.filter(house_id=house_id))
    sums = SaleCredit.objects.filter(house_id=house_id).values("associate_id", "settle_currency")
    sales: dict[int, int] = {}
    sold: dict[int, dict[str, int]] = {}
    earned: dict[int, dict[str, int]] = {}
    totals = sums.annotate(
        number=Count("id"), total=Sum("settle_amount"), kept=Sum("commission") - Sum("clawed_back")
    )
    for row in totals:
        who, currency = row["associate_id"], row["settle_currency"]
        sales[who] = sales.get(who, 0) + row["number"]
        sold.setdefault(who, {})[currency] = row["total"]
        earned.setdefault(who, {})[currency] = row["kept"]
    return [
        AssociateRow(
            associate=_associate(row),
            clients=clients.get(row.pk, 0),
            shares=shares.get(row.pk, 0),
            sales=sales.get(row.pk, 0),
            sold=sold.get(row.pk, {}),
            commission=earned.get(row.pk, {}),
        )
        for row in ids.order_by("name", "id")
    ]


def _counts(rows: Any) -> dict[int, int]:
    return dict(rows.order_by().values_list("associate_id").annotate(number=Count("id")))


def client_book(
    house_id: int, *, associate_id: int | None = None, search: str = "", limit: int = 50, offset: int = 0
) -> list[ClientRow]:
    """Clients of an associate (or of the house), newest first; search by name, remark, pinyin, initials, phone tail."""
    entries = ClientBookEntry.objects.filter(house_id=house_id).select_related("associate")
    if associate_id is not None:
        entries = entries.filter(associate_id=associate_id)
    rows = list(entries.order_by("-since", "-id")[:BOOK_ROWS_MAX])
    named = people.cards({row.person_id for row in rows})
    found = [
        row
        for row in rows
        if found_by(
            search, name=named[row.person_id].display_name, remark=row.remark, phone_tail=row.phone_tail
        )
    ]
    return _client_rows(house_id, found[offset : offset + limit], named)


def _client_rows(
    house_id: int, rows: Sequence[ClientBookEntry], named: Mapping[int, PersonCard]
) -> list[ClientRow]:
    ids = [row.person_id for row in rows]
    shares = ProductShare.objects.filter(house_id=house_id, person_id__in=ids).order_by()
    last = dict(shares.values_list("person_id").annotate(last=Max("shared_at")))
    credits = SaleCredit.objects.filter(house_id=house_id, person_id__in=ids).order_by()
    sales = dict(credits.values_list("person_id").annotate(number=Count("id")))
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
        associate=_associate(entry.associate),
        role=entry.role,
        campaign=entry.campaign,
        since=entry.since,
        ended_at=entry.ended_at,
        remark=entry.remark,
        phone_tail=entry.phone_tail,
        welcome_state=entry.welcome_state,
        agreement=_agreement(entry),
    )


def timeline(*, house_id: int, person_id: int, limit: int = 100) -> list[TimelineItem]:
    """Everything a person did with the house and got from it, newest first; never the words of a chat."""
    facts = of_person(house_id=house_id, person_id=people.current_id(person_id), limit=limit)
    return [TimelineItem(fact.occurred_at, fact.name, fact.body) for fact in facts]


def shares(
    house_id: int, *, associate_id: int | None = None, person_id: int | None = None, limit: int = 50
) -> list[ShareRow]:
    """Shares, newest first."""
    rows = ProductShare.objects.filter(house_id=house_id).select_related("associate", "content")
    if associate_id is not None:
        rows = rows.filter(associate_id=associate_id)
    if person_id is not None:
        rows = rows.filter(person_id=person_id)
    page = list(rows.order_by("-shared_at", "-id")[:limit])
    sold = set(SaleCredit.objects.filter(share__in=page).values_list("share_id", flat=True))
    return [
        ShareRow(
            id=row.pk,
            associate_id=row.associate_id,
            associate_name=row.associate.name,
            person_id=row.person_id,
            product_code=row.product_code,
            content_version=row.content.version,
            note=row.note,
            campaign=row.campaign,
            token=row.token,
            shared_at=row.shared_at,
            is_sold=row.pk in sold,
        )
        for row in page
    ]


def share_origin(*, house_id: int, token: str) -> ShareOrigin | None:
    """Who recommends the product behind a token."""
    row = ProductShare.objects.filter(house_id=house_id, token=token).select_related("associate").first()
    if row is None:
        return None
    return ShareOrigin(row.product_code, row.associate.name, row.associate.boutique, row.note)


def follow_ups(
    house_id: int,
    *,
    associate_id: int | None = None,
    person_id: int | None = None,
    is_open: bool | None = None,
    limit: int = 50,
) -> list[FollowUpRow]:
    """Tasks, soonest first."""
    rows = FollowUp.objects.filter(house_id=house_id)
    if associate_id is not None:
        rows = rows.filter(associate_id=associate_id)
    if person_id is not None:
        rows = rows.filter(person_id=person_id)
    if is_open is not None:
        rows = rows.filter(done_at__isnull=is_open)
    return [
        FollowUpRow(row.pk, row.associate_id, row.person_id, row.kind, row.title, row.due_at, row.done_at)
        for row in rows.order_by("due_at", "id")[:limit]
    ]


def sales(
    house_id: int, *, associate_id: int | None = None, campaign: str = "", limit: int = 50, offset: int = 0
) -> list[SaleRow]:
    """Credited sales, newest first."""
    rows = SaleCredit.objects.filter(house_id=house_id).select_related("associate")
    if associate_id is not None:
        rows = rows.filter(associate_id=associate_id)
    if campaign:
        rows = rows.filter(campaign=campaign)
    return [_sale(row) for row in rows.order_by("-credited_at", "-id")[offset : offset + limit]]


def sale_of_order(order_id: int) -> SaleRow | None:
    """Who got an order, if anybody."""
    row = SaleCredit.objects.filter(order_id=order_id).select_related("associate").first()
    return _sale(row) if row else None


def contact_ways(house_id: int, *, associate_id: int | None = None) -> list[ContactWayRow]:
    """Contact codes with the clients they brought."""
    rows = ContactWay.objects.filter(house_id=house_id).exclude(config_id="").select_related("associate")
    if associate_id is not None:
        rows = rows.filter(associate_id=associate_id)
    counted = rows.annotate(came=Count("clientbookentry", filter=Q(clientbookentry__ended_at__isnull=True)))
    return [
        ContactWayRow(
            row.pk, row.associate_id, row.associate.name, row.campaign, row.boutique, row.qr_url, row.came
        )
        for row in counted.order_by("associate__name", "id")
    ]


def approved_content(house_id: int, *, now: datetime) -> list[ContentRow]:
    """The newest version in force of each product, by product code."""
    rows = ApprovedContent.objects.filter(house_id=house_id, valid_from__lte=now).filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=now)
    )
    newest = {row.product_code: row for row in rows.order_by("version")}
    return [
        ContentRow(code, row.version, row.text, row.approved_by, row.valid_from, row.valid_until)
        for code, row in sorted(newest.items())
    ]


def _associate(row: Associate) -> AssociateCard:
    return AssociateCard(
        row.pk, row.house_id, row.code, row.userid, row.name, row.boutique, row.user_id, row.is_active
    )


def _sale(row: SaleCredit) -> SaleRow:
    return SaleRow(
        id=row.pk,
        order_id=row.order_id,
        number=row.number,
        associate_id=row.associate_id,
        associate_name=row.associate.name,
        person_id=row.person_id,
        campaign=row.campaign,
        reason=row.reason,
        amount=row.amount,
        currency=row.currency,
        settle_amount=row.settle_amount,
        settle_currency=row.settle_currency,
        commission=row.commission,
        clawed_back=row.clawed_back,
        credited_at=row.credited_at,
    )
