"""What passes between businesses and the city, without any address or name."""

from dataclasses import dataclass
from typing import ClassVar

from seta.events.events import Fact


@dataclass(frozen=True, kw_only=True)
class ProposalMade(Fact):
    """A business asks the city for something: `kind` is claim, new or change; `fields` are what it would change."""

    name: ClassVar[str] = "partners.proposal.made"
    proposal_id: int
    kind: str
    listing: str = ""
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ProposalDecided(Fact):
    """The city has answered: `state` is approved or refused, `decided_by` the member who did."""

    name: ClassVar[str] = "partners.proposal.decided"
    proposal_id: int
    kind: str
    listing: str
    state: str
    decided_by: int


@dataclass(frozen=True, kw_only=True)
class SeatEnded(Fact):
    """An account speaks for a business no longer, because a member of the city said so."""

    name: ClassVar[str] = "partners.seat.ended"
    seat_id: int
    listing: str
    ended_by: int


@dataclass(frozen=True, kw_only=True)
class PaymentRequestMoved(Fact):
    """A business's request to be paid through WeChat Pay has come to another state."""

    name: ClassVar[str] = "partners.payments.moved"
    request_id: int
    listing: str
    state: str


@dataclass(frozen=True, kw_only=True)
class PartnerPaymentsApproved(Fact):
    """The acquirer has taken a business on, which is paid through WeChat Pay from a day (ISO)."""

    name: ClassVar[str] = "partners.payments.approved"
    request_id: int
    listing: str
    accepts_from: str
    approved_by: int
