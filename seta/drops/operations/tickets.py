"""Who may come to the gate: registrations, what people have done before, and the tickets that say so."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from seta.boutique.events import OrderPaid
from seta.drops.models import Credential, Drop, Invitation, Registration, TicketCount
from seta.drops.operations.screening import screen
from seta.drops.rules import DropRefused, Kind, Proof, Refusal, State, tickets
from seta.drops.rules.tickets import Ticket
from seta.events.events import Fact
from seta.kit.signing import subkey
from seta.loyalty import queries as loyalty
from seta.people import queries as people


@dataclass(frozen=True)
class TicketCard:
    """A ticket as the client keeps it: brought to the gate as X-Drop-Ticket until `expires_at`."""

    ticket: str
    expires_at: datetime


def ticket_key() -> bytes:
    """The key that tickets are signed with."""
    return subkey(settings.SECRET_KEY, "drops.ticket")


@transaction.atomic
def register(*, house_id: int, drop_id: int, person_id: int, now: datetime) -> datetime:
    """Say before the opening that one will come; returns when it was said first.

    Raises DropRefused: UNKNOWN_DROP, REGISTRATION_CLOSED, and a missing proof or invitation.
    """
    drop = _drop(house_id, drop_id)
    row = Registration.objects.filter(drop=drop, person_id=person_id).first()
    if row is not None:
        return row.at
    if not drop.needs_registration or drop.state == State.CLOSED or now >= drop.opens_at:
        raise DropRefused(Refusal.REGISTRATION_CLOSED)
    _check_proof(drop, person_id, now)
    Registration.objects.create(drop=drop, person_id=person_id, at=now)
    return now


def issue_ticket(
    *, house_id: int, drop_id: int, person_id: int, session: str, client_ip: str = "", now: datetime
) -> TicketCard:
    """A ticket for this person in this session, from ten minutes before the opening on.

    Raises DropRefused: UNKNOWN_DROP, CLOSED, TOO_EARLY, NO_OPENID, TOO_MANY_TICKETS, what `check_conditions` says,
    and what `screen` says, which asks WeChat where the drop has ranks, after the ticket was counted.
    """
    drop = _admitted(house_id, drop_id, person_id, now)
    screen(drop, person_id, client_ip, now)
    expires_at = tickets.until(opens_at=drop.opens_at, now=now)
    made = Ticket(
        drop_id=drop.pk,
        house_id=house_id,
        person_id=person_id,
        issued=tickets.milliseconds(now),
        until=tickets.milliseconds(expires_at),
        mark=tickets.mark_of(session),
    )
    return TicketCard(tickets.write(made, key=ticket_key()), expires_at)


@transaction.atomic
def _admitted(house_id: int, drop_id: int, person_id: int, now: datetime) -> Drop:
    """The drop to which the person may come as far as we know ourselves; counts that they asked."""
    drop = _drop(house_id, drop_id)
    if drop.state == State.CLOSED or now >= drop.closes_at:
        raise DropRefused(Refusal.CLOSED)
    if now < drop.opens_at - tickets.EARLY:
        raise DropRefused(Refusal.TOO_EARLY)
    if not people.card(person_id).openids:
        raise DropRefused(Refusal.NO_OPENID)
    check_conditions(drop, person_id, now)
    _count(drop, person_id, now)
    return drop


def _drop(house_id: int, drop_id: int) -> Drop:
    drop = Drop.objects.filter(pk=drop_id, house_id=house_id).exclude(state=State.DRAFT).first()
    if drop is None:
        raise DropRefused(Refusal.UNKNOWN_DROP, str(drop_id))
    return drop


def check_conditions(drop: Drop, person_id: int, now: datetime) -> None:
    """Refuses a person who may not come.

    NOT_INVITED, NOT_REGISTERED, VISIT_MISSING, PURCHASE_MISSING, RIGHT_MISSING.
    """
    _check_proof(drop, person_id, now)
    if drop.needs_registration and not _has(Registration, drop, person_id):
        raise DropRefused(Refusal.NOT_REGISTERED)


def _check_proof(drop: Drop, person_id: int, now: datetime) -> None:
    if drop.kind == Kind.INVITED and not _has(Invitation, drop, person_id):
        raise DropRefused(Refusal.NOT_INVITED)
    if drop.right and not loyalty.standing(person_id, now).may(drop.right):
        raise DropRefused(Refusal.RIGHT_MISSING)
    if not drop.proof:
        return
    known = Credential.objects.filter(house_id=drop.house_id, person_id=person_id, kind=drop.proof)
    if not known.exists():
        raise DropRefused(Refusal.VISIT_MISSING if drop.proof == Proof.VISIT else Refusal.PURCHASE_MISSING)


def _has(model: type[Registration] | type[Invitation], drop: Drop, person_id: int) -> bool:
    return model._default_manager.filter(drop=drop, person_id=person_id).exists()


def _count(drop: Drop, person_id: int, now: datetime) -> None:
    minute = now.replace(second=0, microsecond=0)
    row, _ = TicketCount.objects.select_for_update(of=("self",)).get_or_create(
        drop=drop, person_id=person_id, defaults={"minute_at": minute}
    )
    given = row.given if row.minute_at == minute else 0
    if given >= tickets.PER_MINUTE_MAX:
        raise DropRefused(Refusal.TOO_MANY_TICKETS)
    row.minute_at, row.given = minute, given + 1
    row.save(update_fields=["minute_at", "given"])


def on_visit(fact: Fact, now: datetime) -> None:
    """Whoever was in a boutique may come to drops that ask for a visit."""
    _note(fact, Proof.VISIT)


def on_purchase(fact: OrderPaid, now: datetime) -> None:
    """Whoever has bought may come to drops that ask for a purchase."""
    _note(fact, Proof.PURCHASE)


@transaction.atomic
def _note(fact: Fact, proof: Proof) -> None:
    if fact.person_id is None:
        return
    Credential.objects.get_or_create(
        house_id=fact.house_id,
        person_id=people.current_id(fact.person_id),
        kind=proof,
        defaults={"at": fact.occurred_at},
    )
