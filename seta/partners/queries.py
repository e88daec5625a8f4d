"""Accounts, their listings and their requests as the partner's own pages and the city's desk read them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from seta.events.queries import told_of
from seta.guide import queries as guide
from seta.guide.queries import PartnerCard
from seta.houses.queries import house
from seta.partners import papers, reading
from seta.partners.models import Account, PaymentRequest, Proposal, Seat
from seta.partners.rules.comparing import Difference, differences
from seta.partners.rules.onboarding import State

PREFIX = "partner:"
FOUND_MAX = 12
SHOWN_MAX = 30


FIGURES_MAX = 50_000
FEW = 5
"""Below it a figure is not told: it could be one guest."""

_FOUND, _SCANNED = "guide.place.searched", "guide.place.scanned"
_FOLLOWED = ("conversations.account.followed", "conversations.code.scanned")


@dataclass(frozen=True)
class Figure:
    """How often something happened since a day, and on each day since; None where it is too few to tell."""

    kind: str
    times: int | None
    days: tuple[tuple[date, int], ...]


@dataclass(frozen=True)
class AccountCard:
    """Somebody who speaks, or asks to speak, for businesses of a house."""

    id: int
    house_id: int
    email: str
    language: str
    has_wechat: bool


@dataclass(frozen=True, kw_only=True)
class ProposalCard:
    """A request with what it would change; `names` tells who else speaks for the business already."""

    id: int
    kind: str
    state: str
    listing: str
    name: str
    email: str
    claim: Mapping[str, str]
    differences: tuple[Difference, ...]
    photos: tuple[Mapping[str, Any], ...]
    confirms: tuple[str, ...]
    made_at: datetime
    decided_at: datetime | None
    decided_by: int | None
    reason: str
    spoken_for_by: tuple[str, ...]
    is_ready: bool


@dataclass(frozen=True)
class SeatCard:
    """Who speaks for which business since when."""

    id: int
    listing: str
    name: str
    email: str
    since: datetime


@dataclass(frozen=True, kw_only=True)
class Held:
    """A listing that an account speaks for, or has asked to; `waiting` counts what the city has not answered."""

    listing: str
    card: PartnerCard
    is_granted: bool
    waiting: int


@dataclass(frozen=True, kw_only=True)
class Edited:
    """A listing as its form shows it: what the guide says, under what already waits to be changed."""

    card: PartnerCard
    fields: Mapping[str, Any]
    is_granted: bool
    waiting: ProposalCard | None
    refused: ProposalCard | None


@dataclass(frozen=True)
class DocumentCard:
    """A paper that was given, without what is in it; `size` in bytes."""

    kind: str
    media_type: str
    size: int
    given_at: datetime


@dataclass(frozen=True)
class StepCard:
    """What was done with a request; `by` is a member of the city, None the business itself."""

    what: str
    about: str
    by: int | None
    at: datetime


@dataclass(frozen=True, kw_only=True)
class PaymentsCard:
    """A business's request to be paid through WeChat Pay; `fields` are opened only where one request is asked for."""

    id: int
    listing: str
    name: str
    email: str
    state: str
    fields: Mapping[str, str]
    documents: tuple[DocumentCard, ...]
    steps: tuple[StepCard, ...]
    moved_at: datetime
    reason: str
    sub_mchid: str
    accepts_from: date | None
    bank_changed_by: int | None


def account(house_id: int, account_id: int) -> AccountCard | None:
    """An account of a house; None for a closed one."""
    row = Account.objects.filter(pk=account_id, house_id=house_id, closed_at=None).first()
    return AccountCard(row.pk, row.house_id, row.email, row.language, bool(row.openid)) if row else None


def account_of_wechat(house_id: int, openid: str) -> int | None:
    """The account that comes in by this WeChat."""
    found = Account.objects.filter(house_id=house_id, openid=openid).exclude(openid="")
    return found.values_list("pk", flat=True).first()


def held(account_id: int, *, house_id: int, day: date, language: str) -> Sequence[Held]:
    """The listings of an account by name, those it has only asked for too."""
    mine = set(Seat.objects.filter(account_id=account_id).values_list("listing", flat=True))
    waiting = list(
        Proposal.objects.filter(account_id=account_id, state=Proposal.State.WAITING)
        .exclude(listing="")
        .values_list("listing", flat=True)
    )
    made = []
    for listing in sorted(mine | set(waiting)):
        card = guide.partner(house_id, listing, day=day, language=language)
        if card is not None:
            granted = listing in mine
            made.append(Held(listing=listing, card=card, is_granted=granted, waiting=waiting.count(listing)))
    return made


def claimable(
    house_id: int, *, search: str, day: date, language: str, without: Sequence[str] = ()
) -> Sequence[tuple[str, PartnerCard]]:
    """Listed businesses whose name or address has the words searched for, with their codes."""
    words = search.casefold().split()
    found = []
    for card in guide.partners(house_id, day=day, language=language):
        code = card.code.partition(":")[2]
        told = f"{card.name_it} {card.name_zh} {card.name_en} {card.address}".casefold()
        if card.listed and code not in without and words and all(word in told for word in words):
            found.append((code, card))
    return found[:FOUND_MAX]


def listing(house_id: int, code: str, *, day: date, language: str) -> PartnerCard | None:
    """A listed business that may be claimed."""
    card = guide.partner(house_id, code, day=day, language=language)
    return card if card is not None and card.listed else None


def edited(account_id: int, *, house_id: int, code: str, now: datetime, language: str) -> Edited | None:
    """A listing for its form, or None when this account may not propose anything for it."""
    day = reading.day_of(house_id, now)
    card = guide.partner(house_id, code, day=day, language=language)
    if card is None or not reading.may_propose(account_id, code):
        return None
    rows = Proposal.objects.select_related("account").filter(
        account_id=account_id, listing=code, kind=Proposal.Kind.CHANGE
    )
    waiting = rows.filter(state=Proposal.State.WAITING).first()
    answered = rows.filter(state__in=("approved", "refused")).order_by("-decided_at", "-id").first()
    refused = answered if answered and answered.state == Proposal.State.REFUSED else None
    return Edited(
        card=card,
        fields={**reading.fields_of(card, day), **(waiting.changes if waiting else {})},
        is_granted=Seat.objects.filter(account_id=account_id, listing=code).exists(),
        waiting=_card(waiting, now, language) if waiting else None,
        refused=_card(refused, now, language) if refused else None,
    )


def requests_of(account_id: int, *, now: datetime, language: str) -> Sequence[ProposalCard]:
    """What an account has asked for, the newest first, without what it replaced itself."""
    rows = Proposal.objects.filter(account_id=account_id).exclude(state=Proposal.State.REPLACED)
    return [_card(row, now, language) for row in rows.select_related("account").order_by("-id")[:SHOWN_MAX]]


def queue(house_id: int, *, waiting: bool, now: datetime, language: str) -> Sequence[ProposalCard]:
    """What waits for the city, the oldest first; or what it has answered, the newest first."""
    rows = Proposal.objects.filter(house_id=house_id).select_related("account")
    if waiting:
        rows = rows.filter(state=Proposal.State.WAITING).order_by("made_at", "id")
    else:
        rows = rows.filter(state__in=("approved", "refused")).order_by("-decided_at", "-id")
    return [_card(row, now, language) for row in rows[:SHOWN_MAX]]


def seats(house_id: int, *, now: datetime) -> Sequence[SeatCard]:
    """Everybody who speaks for a business of the house, by its name."""
    names = {
        card.code.removeprefix(PREFIX): card.name_it
        for card in guide.partners(house_id, day=reading.day_of(house_id, now))
    }
    rows = Seat.objects.filter(account__house_id=house_id).select_related("account")
    made = [
        SeatCard(row.pk, row.listing, names.get(row.listing, row.listing), row.account.email, row.since)
        for row in rows
    ]
    return sorted(made, key=lambda seat: (seat.name.casefold(), seat.since))


def spoken_for(house_id: int) -> frozenset[str]:
    """The codes of the listings that somebody speaks for."""
    return frozenset(Seat.objects.filter(account__house_id=house_id).values_list("listing", flat=True))


def waiting_count(house_id: int) -> int:
    """How many requests wait for the city."""
    asked = PaymentRequest.objects.filter(house_id=house_id, state=State.ASKED).count()
    return Proposal.objects.filter(house_id=house_id, state=Proposal.State.WAITING).count() + asked


def name_of(house_id: int, code: str, now: datetime) -> str:
    """A business's own name; its code when it is gone."""
    card = guide.partner(house_id, code, day=reading.day_of(house_id, now))
    return card.name_it if card else code


def _card(row: Proposal, now: datetime, language: str) -> ProposalCard:
    is_new = row.kind == Proposal.Kind.NEW
    current = {} if is_new else reading.fields(row.house_id, row.listing, now) or {}
    before = {**current, **row.before}
    others = Seat.objects.filter(account__house_id=row.house_id, listing=row.listing).exclude(
        account_id=row.account_id
    )
    # What was decided is shown against what it was then: by now the guide has followed it.
    shown_now = current if row.state == Proposal.State.WAITING else before
    return ProposalCard(
        id=row.pk,
        kind=row.kind,
        state=row.state,
        listing=row.listing,
        name=row.changes.get("name") or current.get("name") or row.listing,
        email=row.account.email,
        claim=row.claim,
        differences=differences(row.changes, before, shown_now, language),
        photos=tuple(row.changes.get("photos", ())),
        confirms=tuple(row.confirms),
        made_at=row.made_at,
        decided_at=row.decided_at,
        decided_by=row.decided_by_id,
        reason=row.reason,
        spoken_for_by=tuple(others.order_by("since").values_list("account__email", flat=True))
        if row.listing
        else (),
        is_ready=row.kind != Proposal.Kind.CHANGE
        or Seat.objects.filter(account_id=row.account_id, listing=row.listing).exists(),
    )


def figures(account_id: int, *, house_id: int, code: str, since: date, now: datetime) -> Sequence[Figure]:
    """How often travellers found a business and scanned its poster; nothing for who does not speak for it."""
    if not Seat.objects.filter(account_id=account_id, listing=code).exists():
        return ()
    zone = ZoneInfo(house(house_id).timezone)
    began = datetime.combine(since, time.min, zone)
    told = [
        *_told(house_id, (_FOUND, _SCANNED), f"{PREFIX}{code}", began),
        *_told(house_id, _FOLLOWED, code, began),
    ]
    counted: dict[str, Counter[date]] = {"found": Counter(), "scanned": Counter(), "followed": Counter()}
    kinds = {_FOUND: "found", _SCANNED: "scanned"}
    for name, at in told:
        counted[kinds.get(name, "followed")][at.astimezone(zone).date()] += 1
    return [
        Figure(
            kind,
            _enough(days.total()),
            tuple(sorted(days.items())) if days.total() >= FEW else (),
        )
        for kind, days in counted.items()
    ]


def _told(house_id: int, names: Sequence[str], place: str, since: datetime) -> Sequence[tuple[str, datetime]]:
    return told_of(house_id=house_id, names=names, field="place", value=place, since=since, limit=FIGURES_MAX)


def _enough(times: int) -> int | None:
    return times if times == 0 or times >= FEW else None


def payments_of(account_id: int, *, house_id: int, code: str, now: datetime) -> PaymentsCard | None:
    """The newest request of an account for a business it speaks for."""
    rows = PaymentRequest.objects.filter(account_id=account_id, house_id=house_id, listing=code)
    row = rows.select_related("account").order_by("-id").first()
    return _payments(row, now) if row else None


def payment_requests(house_id: int, *, now: datetime) -> Sequence[PaymentsCard]:
    """What businesses have asked of the city about payments, what moved last first; nothing sealed is opened."""
    rows = PaymentRequest.objects.filter(house_id=house_id).exclude(state=State.DRAFT)
    shown = rows.select_related("account").order_by("-moved_at", "-id")[:SHOWN_MAX]
    return [_payments(row, now, is_whole=False) for row in shown]


def payment_request(house_id: int, request_id: int, *, now: datetime) -> PaymentsCard | None:
    """One request as the city reads it; a draft is nobody's but the business's."""
    rows = PaymentRequest.objects.filter(house_id=house_id, pk=request_id).exclude(state=State.DRAFT)
    row = rows.select_related("account").first()
    return _payments(row, now) if row else None


def _payments(row: PaymentRequest, now: datetime, *, is_whole: bool = True) -> PaymentsCard:
    given = row.documents.defer("sealed").order_by("kind") if is_whole else ()
    done = row.steps.order_by("-at", "-id") if is_whole else ()
    return PaymentsCard(
        id=row.pk,
        listing=row.listing,
        name=name_of(row.house_id, row.listing, now),
        email=row.account.email,
        state=row.state,
        fields=papers.opened(row.sealed).fields if is_whole else {},
        documents=tuple(DocumentCard(each.kind, each.media_type, each.size, each.given_at) for each in given),
        steps=tuple(StepCard(each.what, each.about, each.by_id, each.at) for each in done),
        moved_at=row.moved_at,
        reason=row.reason,
        sub_mchid=row.sub_mchid,
        accepts_from=row.accepts_from,
        bank_changed_by=row.bank_changed_by_id,
    )
