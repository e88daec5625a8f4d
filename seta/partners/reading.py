"""What the guide says of a business now, in the shape that proposals change, and who may propose."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from seta.guide import queries as guide
from seta.guide.queries import PartnerCard
from seta.guide.rules.importing import PAYMENTS
from seta.guide.rules.listing import FLAGS, TEXTS, on_day
from seta.houses.queries import house
from seta.partners.models import Proposal, Seat
from seta.partners.rules.form import LANGUAGES


def fields(house_id: int, listing: str, now: datetime) -> Mapping[str, Any] | None:
    """The listing's fields as they are shown now, or None when the guide has no such business."""
    day = day_of(house_id, now)
    card = guide.partner(house_id, listing, day=day)
    return fields_of(card, day) if card else None


def fields_of(card: PartnerCard, day: date) -> Mapping[str, Any]:
    """A card as fields; lists are in the form's order, and offers that are over are left out."""
    texts = {field: getattr(card, field) for field in TEXTS}
    flags = {flag: getattr(card, flag) for flag in FLAGS}
    spoken = sorted(card.languages, key=lambda each: (*LANGUAGES, each).index(each))
    return {
        **texts,
        **flags,
        "name": card.name_it,
        "category": card.category,
        "lat": card.lat,
        "lon": card.lon,
        "opening_hours": card.opening_hours,
        "languages": spoken,
        "payment": [method for method in PAYMENTS if method in card.payment],
        "offers": [dict(each) for each in on_day(card.offers, day)],
        "photos": [dict(each) for each in card.photos],
    }


def may_propose(account_id: int, listing: str) -> bool:
    """Whether the account speaks for the business, or has asked to and waits for the answer."""
    asked = Proposal.objects.filter(
        account_id=account_id, listing=listing, kind=Proposal.Kind.CLAIM, state=Proposal.State.WAITING
    )
    return Seat.objects.filter(account_id=account_id, listing=listing).exists() or asked.exists()


def day_of(house_id: int, now: datetime) -> date:
    """The calendar day of the house."""
    return now.astimezone(ZoneInfo(house(house_id).timezone)).date()
