"""Associates: who they are, what they have built, and the codes that lead to them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, Sum

from seta.clienteling.models import (
    Associate,
    ClientBookEntry,
    CommissionEntry,
    ContactWay,
    ProductShare,
    SaleCredit,
)
from seta.conversations.rules import card_picture
from seta.houses import queries as houses


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
class ContactWayRow:
    """A contact code of an associate, and how many clients came by it."""

    id: int
    associate_id: int
    associate_name: str
    campaign: str
    boutique: str
    qr_url: str
    clients: int


def associate(associate_id: int) -> AssociateCard | None:
    """An associate by id."""
    row = Associate.objects.filter(pk=associate_id).first()
    return associate_card(row) if row else None


def associate_by_code(*, house_id: int, code: str) -> AssociateCard | None:
    """An associate by the code that scenes carry."""
    row = Associate.objects.filter(house_id=house_id, code=code).first()
    return associate_card(row) if row else None


def associate_of_user(*, house_id: int, user_id: int) -> AssociateCard | None:
    """The active associate behind a sign-in, in this house only."""
    row = Associate.objects.filter(house_id=house_id, user_id=user_id, is_active=True).first()
    return associate_card(row) if row else None


def associate_by_userid(*, house_id: int, userid: str) -> AssociateCard | None:
    """The active associate whom WeCom knows by this name, in this house only."""
    row = Associate.objects.filter(house_id=house_id, userid=userid, is_active=True).first()
    return associate_card(row) if row else None


def places_of_contact(*, house_id: int, external_userid: str) -> Mapping[int, int]:
    """Whose contact a customer of WeCom is: associate id to person id."""
    rows = ClientBookEntry.objects.filter(
        house_id=house_id, external_userid=external_userid, ended_at__isnull=True
    )
    return dict(rows.values_list("associate_id", "person_id")) if external_userid else {}


def contact_of(*, associate_id: int, person_id: int) -> str | None:
    """The name WeCom gives a client of an associate, empty when they are no contact; None for no client of theirs."""
    rows = ClientBookEntry.objects.filter(
        associate_id=associate_id, person_id=person_id, ended_at__isnull=True
    )
    return rows.values_list("external_userid", flat=True).first()


@dataclass(frozen=True)
class Advisor:
    """An associate as their client sees them."""

    id: int
    user_id: int | None
    name: str
    boutique: str
    is_primary: bool


def advisors_of(*, house_id: int, person_id: int) -> list[Advisor]:
    """The active associates whose contact in WeCom a person is, the primary one first."""
    rows = ClientBookEntry.objects.filter(house_id=house_id, person_id=person_id, ended_at__isnull=True)
    mine = rows.filter(associate__is_active=True).exclude(external_userid="").select_related("associate")
    return [
        Advisor(
            row.associate.pk,
            row.associate.user_id,
            row.associate.name,
            row.associate.boutique,
            row.role == ClientBookEntry.Role.PRIMARY,
        )
        for row in mine.order_by("role", "since", "id")
    ]


def house_cover(house_id: int) -> bytes | None:
    """The picture of a house's cards, drawn in its colour; None for no house."""
    found = next((one for one in houses.houses() if one.id == house_id), None)
    return card_picture(found.accent) if found else None


def names_by_userid(house_id: int) -> Mapping[str, str]:
    """Associates' names by their WeCom userid, for pages of the archive."""
    return dict(Associate.objects.filter(house_id=house_id).values_list("userid", "name"))


def associates(house_id: int) -> list[AssociateRow]:
    """All associates with clients, shares and sales, by name."""
    ids = Associate.objects.filter(house_id=house_id)
    clients = _counts(ClientBookEntry.objects.filter(house_id=house_id, ended_at__isnull=True))
    shares = _counts(ProductShare.objects.filter(house_id=house_id))
    sales: dict[int, int] = {}
    sold: dict[int, dict[str, int]] = {}
    credits = SaleCredit.objects.filter(house_id=house_id).values("associate_id", "settle_currency")
    for row in credits.annotate(number=Count("id"), total=Sum("settle_amount")):
        who = row["associate_id"]
        sales[who] = sales.get(who, 0) + row["number"]
        sold.setdefault(who, {})[row["settle_currency"]] = row["total"]
    earned: dict[int, dict[str, int]] = {}
    entries = CommissionEntry.objects.filter(house_id=house_id).values("associate_id", "currency")
    for line in entries.annotate(kept=Sum("amount")):
        earned.setdefault(line["associate_id"], {})[line["currency"]] = line["kept"]
    return [
        AssociateRow(
            associate=associate_card(row),
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


def associate_card(row: Associate) -> AssociateCard:
    """The card of an associate's row."""
    return AssociateCard(
        row.pk, row.house_id, row.code, row.userid, row.name, row.boutique, row.user_id, row.is_active
    )
