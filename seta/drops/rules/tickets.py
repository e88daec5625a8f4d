"""Tickets to the gate: made for one person's session and one drop, short-lived, checked without the database."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from seta.drops.rules.refusals import Refusal
from seta.kit.signing import sign, unsign

EARLY = timedelta(minutes=10)
"""How long before the opening tickets are given, so that the rush has no queue for tickets."""

LIFE = timedelta(minutes=2)
"""How long a ticket counts, from its issue or the opening, whichever is later."""

PER_MINUTE_MAX = 6
CLOCK_SKEW_MS = 5_000
"""How far ahead of the gate's clock a ticket may have been made, on another server."""

_MARK_CHARS = 16


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a ticket says: instants in milliseconds of Unix time; the mark binds it to openid and session."""

    drop_id: int
    house_id: int
    person_id: int
    issued: int
    until: int
    mark: str


def mark_of(session: str) -> str:
    """What binds a ticket to the session that it was given to."""
    return hashlib.sha256(b"drop ticket\n" + session.encode()).hexdigest()[:_MARK_CHARS]


def milliseconds(instant: datetime) -> int:
    """Unix time in milliseconds."""
    return round(instant.timestamp() * 1000)


def until(*, opens_at: datetime, now: datetime) -> datetime:
    """When a ticket given now ends."""
    return max(opens_at, now) + LIFE


def write(ticket: Ticket, *, key: bytes) -> str:
    """The signed text that the client brings to the gate."""
    numbers = (ticket.drop_id, ticket.house_id, ticket.person_id, ticket.issued, ticket.until)
    return sign("-".join([*map(str, numbers), ticket.mark]), key=key)


def read(text: str, *, key: bytes) -> Ticket | None:
    """The ticket whose signature holds, else None."""
    inner = unsign(text, key=key)
    parts = inner.split("-") if inner is not None else []
    if len(parts) != 6 or not all(part.isascii() and part.isdigit() for part in parts[:5]):
        return None
    drop_id, house_id, person_id, issued, ends = map(int, parts[:5])
    return Ticket(drop_id, house_id, person_id, issued, ends, parts[5])


def refusal(ticket: Ticket | None, *, drop_id: int, house_id: int, session: str, now: int) -> Refusal | None:
    """Why a ticket does not count at this drop, in this session, at `now` (milliseconds of Unix time)."""
    if ticket is None or ticket.drop_id != drop_id or ticket.house_id != house_id:
        return Refusal.TICKET_FORGED
    if ticket.mark != mark_of(session):
        return Refusal.TICKET_OF_ANOTHER
    if ticket.issued > now + CLOCK_SKEW_MS:
        return Refusal.TICKET_AHEAD
    return Refusal.TICKET_EXPIRED if ticket.until <= now else None
