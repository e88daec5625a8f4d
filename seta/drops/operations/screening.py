"""Whom WeChat finds risky waits for somebody of the house or is refused, by the drop's published ranks."""

import logging
from datetime import datetime

from django.db import transaction

from seta.drops.events import ScreeningDecided
from seta.drops.models import Drop, Screening
from seta.drops.operations.places import locked_drop, note
from seta.drops.rules import DropRefused, Ranks, Refusal, Screened, State, risk
from seta.events.operations import publish
from seta.houses.queries import AccountMissing, mini_program
from seta.people import queries as people
from seta.platforms.core.errors import PlatformError

NOT_HERE_LATELY = "61010"
"""WeChat's code for somebody who has not opened the mini program in the last two hours: a robot with a token."""

log = logging.getLogger(__name__)


def screen(drop: Drop, person_id: int, client_ip: str, now: datetime) -> None:
    """Ask WeChat about a person once a drop, outside any transaction, and refuse them by the drop's ranks.

    Asked again only where WeChat gave no answer. Raises DropRefused: RISK_CHECK, RISK_REFUSED, NO_OPENID,
    VISIT_TOO_OLD.
    """
    ranks = ranks_of(drop)
    if not ranks.are_asked:
        return
    row = Screening.objects.filter(drop=drop, person_id=person_id).first()
    if row is None or row.state == Screened.UNKNOWN:
        rank = _asked(drop.house_id, person_id, client_ip)
        row = _kept(drop, person_id, rank, risk.screened(rank, ranks), now)
    _refuse(Screened(row.state))


def check_screened(drop: Drop, person_id: int) -> None:
    """Refuses whoever was not screened for this drop yet (TICKET_NEEDED), and whom `screen` would."""
    if not ranks_of(drop).are_asked:
        return
    row = Screening.objects.filter(drop=drop, person_id=person_id).first()
    if row is None:
        raise DropRefused(Refusal.TICKET_NEEDED)
    _refuse(Screened(row.state))


def ranks_of(drop: Drop) -> Ranks:
    """The drop's published ranks."""
    return Ranks(drop.check_rank, drop.refuse_rank)


def _refuse(state: Screened) -> None:
    refusal = risk.refusal_of_screened(state)
    if refusal is not None:
        raise DropRefused(refusal)


def _asked(house_id: int, person_id: int, client_ip: str) -> int | None:
    """WeChat's rank, or None where it gives none: a failure of its own shuts nobody out."""
    try:
        program = mini_program(house_id)
    except AccountMissing:
        return None
    openid = people.openid(person_id, program.appid)
    if openid is None:
        raise DropRefused(Refusal.NO_OPENID)
    try:
        return program.risk_rank(openid=openid, client_ip=client_ip).rank
    except PlatformError as problem:
        if problem.code == NOT_HERE_LATELY:
            raise DropRefused(Refusal.VISIT_TOO_OLD) from problem
        log.warning("WeChat gave no risk rank: %s", problem)
        return None


@transaction.atomic
def _kept(drop: Drop, person_id: int, rank: int | None, state: Screened, now: datetime) -> Screening:
    """The row, which another request of the same person may have written meanwhile."""
    row, is_new = Screening.objects.select_for_update(of=("self",)).get_or_create(
        drop=drop, person_id=person_id, defaults={"rank": rank, "state": state, "asked_at": now}
    )
    if not is_new and row.state == Screened.UNKNOWN:
        row.rank, row.state, row.asked_at = rank, state, now
        row.save(update_fields=["rank", "state", "asked_at"])
    return row


@transaction.atomic
def decide_screening(
    *, house_id: int, drop_id: int, person_id: int, lets_in: bool, user_id: int | None, now: datetime
) -> None:
    """Let in, or turn away, who waits for a check or was refused by rank; kept in the drop's trail, and they are told.

    Raises DropRefused: UNKNOWN_DROP, CLOSED, NO_CHECK_DUE.
    """
    drop = locked_drop(drop_id, house_id=house_id)
    if drop.state == State.CLOSED or now >= drop.closes_at:
        raise DropRefused(Refusal.CLOSED)
    row = Screening.objects.filter(drop=drop, person_id=person_id).first()
    if row is None or not risk.may_decide(Screened(row.state), lets_in=lets_in):
        raise DropRefused(Refusal.NO_CHECK_DUE)
    row.state = Screened.LET_IN if lets_in else Screened.TURNED_AWAY
    row.decided_at, row.user_id = now, user_id
    row.save(update_fields=["state", "decided_at", "user_id"])
    note(drop, "let_in" if lets_in else "turn_away", user_id, now, f"#{person_id} / {row.rank}")
    publish(
        ScreeningDecided(
            house_id=house_id, occurred_at=now, person_id=person_id, drop_id=drop_id, lets_in=lets_in
        )
    )
