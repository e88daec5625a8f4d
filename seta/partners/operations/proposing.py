"""A business asks the city: to speak for a listing, to be listed, to change what the guide says of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from seta.events.operations import publish
from seta.guide.rules.listing import PHOTOS_MAX, kinds_of
from seta.partners import reading
from seta.partners.events import ProposalMade
from seta.partners.models import Account, Proposal, Seat
from seta.partners.rules.comparing import changed, newly_told
from seta.partners.rules.refusals import PartnerRefused, Refusal
from seta.partners.rules.week import week_of

WAITING_MAX = 10
WHO_MAX = {"name": 80, "role": 60, "phone": 40, "words": 300}
WHO_NEEDED = ("name", "role", "phone")

Kind, State = Proposal.Kind, Proposal.State


@transaction.atomic
def claim(*, house_id: int, account_id: int, listing: str, who: Mapping[str, str], now: datetime) -> int:
    """Ask to speak for a listed business; `who` says who they are and how to check it. Returns the proposal's id.

    Raises PartnerRefused: UNKNOWN_LISTING, YOURS_ALREADY, WAITING_ALREADY, WHO_MISSING, TOO_MANY_WAITING.
    """
    account = _account(house_id, account_id)
    if reading.fields(house_id, listing, now) is None:
        raise PartnerRefused(Refusal.UNKNOWN_LISTING)
    if Seat.objects.filter(account=account, listing=listing).exists():
        raise PartnerRefused(Refusal.YOURS_ALREADY)
    if account.proposals.filter(kind=Kind.CLAIM, listing=listing, state=State.WAITING).exists():
        raise PartnerRefused(Refusal.WAITING_ALREADY)
    return _make(account, now, kind=Kind.CLAIM, listing=listing, claim=_who(who))


@transaction.atomic
def propose_new(
    *, house_id: int, account_id: int, fields: Mapping[str, Any], who: Mapping[str, str], now: datetime
) -> int:
    """Ask to be listed with these fields; returns the proposal's id. Raises PartnerRefused: WHO_MISSING,
    TOO_MANY_WAITING."""
    account = _account(house_id, account_id)
    whole = {**fields, "photos": []}
    kinds = list(kinds_of(whole))
    return _make(account, now, kind=Kind.NEW, claim=_who(who), changes=whole, confirms=kinds)


@transaction.atomic
def propose_change(
    *,
    house_id: int,
    account_id: int,
    listing: str,
    fields: Mapping[str, Any],
    vouches: bool,
    now: datetime,
) -> int:
    """Ask that a listing be as the form states; a change that still waits is replaced by this one.

    With `vouches` every fact is confirmed on this day, else only what is told anew. Returns the proposal's id.
    Raises PartnerRefused: NOT_YOURS, UNKNOWN_LISTING, NOTHING_CHANGED.
    """
    account = _account(house_id, account_id)
    current = _current(account, listing, now)
    waiting = _waiting(account, listing)
    photos = waiting.changes.get("photos", current["photos"]) if waiting else current["photos"]
    wanted = {**current, **fields, "photos": photos}
    if week_of(wanted["opening_hours"]) == week_of(current["opening_hours"]) is not None:
        wanted["opening_hours"] = current["opening_hours"]
    return _change(account, listing, current, wanted, vouches, waiting, now)


@transaction.atomic
def propose_photos(
    *, house_id: int, account_id: int, listing: str, photos: list[Mapping[str, Any]], now: datetime
) -> int:
    """Ask that these be the photos of a listing, in this order; what else waits to be changed stays.

    Raises PartnerRefused: NOT_YOURS, UNKNOWN_LISTING, MANY_PHOTOS, NOTHING_CHANGED.
    """
    account = _account(house_id, account_id)
    current = _current(account, listing, now)
    if len(photos) > PHOTOS_MAX:
        raise PartnerRefused(Refusal.MANY_PHOTOS)
    waiting = _waiting(account, listing)
    wanted = {**current, **(waiting.changes if waiting else {}), "photos": [dict(each) for each in photos]}
    kept = bool(waiting and waiting.confirms)
    return _change(account, listing, current, wanted, kept, waiting, now)


@transaction.atomic
def withdraw(*, house_id: int, account_id: int, proposal_id: int, now: datetime) -> None:
    """Take back what still waits. Raises PartnerRefused: NO_SUCH_PROPOSAL, DECIDED."""
    rows = Proposal.objects.select_for_update()
    row = rows.filter(pk=proposal_id, account_id=account_id, house_id=house_id).first()
    if row is None:
        raise PartnerRefused(Refusal.NO_SUCH_PROPOSAL)
    if row.state == State.WITHDRAWN:
        return
    if row.state != State.WAITING:
        raise PartnerRefused(Refusal.DECIDED)
    _close(row, State.WITHDRAWN, now)
    if row.kind == Kind.CLAIM:
        for change in _changes_waiting(row.account_id, row.listing):
            _close(change, State.WITHDRAWN, now)


def _change(
    account: Account,
    listing: str,
    current: Mapping[str, Any],
    wanted: Mapping[str, Any],
    vouches: bool,
    waiting: Proposal | None,
    now: datetime,
) -> int:
    changes = changed(current, wanted)
    confirms = list(kinds_of(wanted) if vouches else newly_told(current, wanted))
    same = waiting is not None and changes == waiting.changes and set(confirms) <= set(waiting.confirms)
    if (not changes and not confirms and waiting is None) or same:
        raise PartnerRefused(Refusal.NOTHING_CHANGED)
    if waiting is not None:
        _close(waiting, State.REPLACED, now)
        if not changes and not confirms:
            return waiting.pk
    before = {field: current[field] for field in changes}
    return _make(
        account, now, kind=Kind.CHANGE, listing=listing, changes=changes, before=before, confirms=confirms
    )


def _make(account: Account, now: datetime, **values: Any) -> int:
    if account.proposals.filter(state=State.WAITING).count() >= WAITING_MAX:
        raise PartnerRefused(Refusal.TOO_MANY_WAITING)
    row = Proposal.objects.create(house_id=account.house_id, account=account, made_at=now, **values)
    publish(
        ProposalMade(
            house_id=account.house_id,
            occurred_at=now,
            proposal_id=row.pk,
            kind=str(row.kind),
            listing=row.listing,
            fields=tuple(sorted(row.changes)),
        )
    )
    return row.pk


def _account(house_id: int, account_id: int) -> Account:
    """The account, locked: two requests of one business follow each other."""
    row = Account.objects.select_for_update().filter(pk=account_id, house_id=house_id).first()
    if row is None:
        raise PartnerRefused(Refusal.NOT_YOURS)
    return row


def _current(account: Account, listing: str, now: datetime) -> Mapping[str, Any]:
    if not reading.may_propose(account.pk, listing):
        raise PartnerRefused(Refusal.NOT_YOURS)
    fields = reading.fields(account.house_id, listing, now)
    if fields is None:
        raise PartnerRefused(Refusal.UNKNOWN_LISTING)
    return fields


def _waiting(account: Account, listing: str) -> Proposal | None:
    return next(iter(_changes_waiting(account.pk, listing)), None)


def _changes_waiting(account_id: int, listing: str) -> list[Proposal]:
    rows = Proposal.objects.select_for_update().filter(
        account_id=account_id, listing=listing, kind=Kind.CHANGE, state=State.WAITING
    )
    return list(rows)


def _close(row: Proposal, state: str, now: datetime) -> None:
    row.state, row.decided_at = state, now
    row.save(update_fields=["state", "decided_at"])


def _who(who: Mapping[str, str]) -> dict[str, str]:
    said = {field: " ".join(who.get(field, "").split())[:length] for field, length in WHO_MAX.items()}
    if not all(said[field] for field in WHO_NEEDED):
        raise PartnerRefused(Refusal.WHO_MISSING)
    return said
