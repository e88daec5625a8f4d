"""The city answers what businesses ask, and the guide follows; who decided, when and why is kept for ever."""

import logging
from datetime import datetime
from typing import assert_never
from zoneinfo import ZoneInfo

from django.db import transaction

from seta.events.operations import publish
from seta.guide import operations as guide
from seta.houses.queries import house
from seta.partners import letters, queries
from seta.partners.events import ProposalDecided, SeatEnded
from seta.partners.models import Proposal, Seat
from seta.partners.rules.refusals import PartnerRefused, Refusal

log = logging.getLogger(__name__)
REASON_MAX = 300

Kind, State = Proposal.Kind, Proposal.State


@transaction.atomic
def decide(
    *, house_id: int, user_id: int, proposal_id: int, approve: bool, reason: str = "", now: datetime
) -> None:
    """Approve or refuse what a business asks; the same answer given twice changes nothing.

    A refused claim takes the changes with it that waited for it. Raises PartnerRefused: NO_SUCH_PROPOSAL, DECIDED,
    REPLACED, CLAIM_FIRST, UNKNOWN_LISTING, REASON_MISSING.
    """
    rows = Proposal.objects.select_for_update(of=("self",)).select_related("account")
    row = rows.filter(pk=proposal_id, house_id=house_id).first()
    if row is None:
        raise PartnerRefused(Refusal.NO_SUCH_PROPOSAL)
    wanted = State.APPROVED if approve else State.REFUSED
    if row.state == wanted:
        return
    if row.state in (State.WITHDRAWN, State.REPLACED):
        raise PartnerRefused(Refusal.REPLACED)
    if row.state != State.WAITING:
        raise PartnerRefused(Refusal.DECIDED)
    reason = " ".join(reason.split())[:REASON_MAX]
    if not approve and not reason:
        raise PartnerRefused(Refusal.REASON_MISSING)
    if approve:
        _carry_out(row, now)
    _close(row, wanted, user_id, reason, now)
    if row.kind == Kind.CLAIM and not approve:
        _refuse_changes(row.account_id, row.listing, user_id, reason, now)


@transaction.atomic
def end_seat(*, house_id: int, user_id: int, seat_id: int, reason: str, now: datetime) -> None:
    """Let an account speak for a business no longer; what it still asks for it is refused with the reason.

    What the guide shows stays. Raises PartnerRefused: REASON_MISSING, NO_SUCH_PROPOSAL when the seat is gone.
    """
    reason = " ".join(reason.split())[:REASON_MAX]
    if not reason:
        raise PartnerRefused(Refusal.REASON_MISSING)
    seat = Seat.objects.select_for_update().filter(pk=seat_id, account__house_id=house_id).first()
    if seat is None:
        raise PartnerRefused(Refusal.NO_SUCH_PROPOSAL)
    _refuse_changes(seat.account_id, seat.listing, user_id, reason, now)
    publish(
        SeatEnded(house_id=house_id, occurred_at=now, seat_id=seat.pk, listing=seat.listing, ended_by=user_id)
    )
    seat.delete()


def tell_decision(fact: ProposalDecided, now: datetime) -> None:
    """Write to the business how the city decided; a letter may come twice, never not at all."""
    row = Proposal.objects.select_related("account").filter(pk=fact.proposal_id).first()
    if row is not None:
        name = row.changes.get("name") or queries.name_of(row.house_id, row.listing, now)
        letters.send_answer(house(row.house_id), row, name)


def _refuse_changes(account_id: int, listing: str, user_id: int, reason: str, now: datetime) -> None:
    waiting = Proposal.objects.select_for_update().filter(
        account_id=account_id, listing=listing, kind=Kind.CHANGE, state=State.WAITING
    )
    for change in waiting:
        _close(change, State.REFUSED, user_id, reason, now)


def _carry_out(row: Proposal, now: datetime) -> None:
    day = row.made_at.astimezone(ZoneInfo(house(row.house_id).timezone)).date().isoformat()
    confirmed = dict.fromkeys(row.confirms, day)
    match Kind(row.kind):
        case Kind.CLAIM:
            Seat.objects.get_or_create(account=row.account, listing=row.listing, defaults={"since": now})
        case Kind.NEW:
            row.listing = guide.add_listing(
                house_id=row.house_id, fields=row.changes, confirmed=confirmed, now=now
            )
            Seat.objects.create(account=row.account, listing=row.listing, since=now)
        case Kind.CHANGE:
            if not Seat.objects.filter(account=row.account, listing=row.listing).exists():
                raise PartnerRefused(Refusal.CLAIM_FIRST)
            known = guide.change_listing(
                house_id=row.house_id, code=row.listing, changes=row.changes, confirmed=confirmed, now=now
            )
            if not known:
                raise PartnerRefused(Refusal.UNKNOWN_LISTING)
        case never:
            assert_never(never)


def _close(row: Proposal, state: str, user_id: int, reason: str, now: datetime) -> None:
    row.state, row.decided_by_id, row.decided_at, row.reason = state, user_id, now, reason
    row.save(update_fields=["state", "decided_by", "decided_at", "reason", "listing"])
    publish(
        ProposalDecided(
            house_id=row.house_id,
            occurred_at=now,
            proposal_id=row.pk,
            kind=str(row.kind),
            listing=row.listing,
            state=str(state),
            decided_by=user_id,
        )
    )
