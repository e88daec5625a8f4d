"""What happens in and around the boutiques."""

from dataclasses import dataclass
from typing import ClassVar

from seta.events.events import Fact


@dataclass(frozen=True, kw_only=True)
class AppointmentBooked(Fact):
    """A client has a confirmed time; `starts_at` is ISO 8601 with the store's offset."""

    name: ClassVar[str] = "stores.appointment.booked"
    appointment_id: str
    boutique: str
    district: str
    kind: str
    starts_at: str


@dataclass(frozen=True, kw_only=True)
class AppointmentMoved(Fact):
    """A confirmed time became another, by client or associate; both times are ISO 8601 with the store's offset.

    `sequence` counts the changes of the appointment, so that each is told once.
    """

    name: ClassVar[str] = "stores.appointment.moved"
    appointment_id: str
    boutique: str
    district: str
    kind: str
    starts_at: str
    was_at: str
    sequence: int
    by: str


@dataclass(frozen=True, kw_only=True)
class AppointmentCancelled(Fact):
    """A confirmed time was given back."""

    name: ClassVar[str] = "stores.appointment.cancelled"
    appointment_id: str
    boutique: str
    district: str


@dataclass(frozen=True, kw_only=True)
class VisitCheckedIn(Fact):
    """A client was in the store; `means` is code or associate."""

    name: ClassVar[str] = "stores.visit.checked_in"
    visit_id: int
    boutique_id: int
    boutique: str
    district: str
    means: str
    appointment_id: str = ""
