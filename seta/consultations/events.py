"""What happens with consultations, by ids and plain values."""

from dataclasses import dataclass
from typing import ClassVar

from seta.events.events import Fact


@dataclass(frozen=True, kw_only=True)
class ConsultationBooked(Fact):
    """A time for a call is the client's; `starts_at` is ISO 8601, `kind` voice or video, `by` client or associate."""

    name: ClassVar[str] = "consultations.consultation.booked"
    consultation_id: str
    kind: str
    starts_at: str
    minutes: int
    by: str = "associate"


@dataclass(frozen=True, kw_only=True)
class ConsultationMoved(Fact):
    """A consultation has another time; `sequence` counts its changes."""

    name: ClassVar[str] = "consultations.consultation.moved"
    consultation_id: str
    kind: str
    starts_at: str
    sequence: int


@dataclass(frozen=True, kw_only=True)
class ConsultationCancelled(Fact):
    """A time was given back, by client or associate."""

    name: ClassVar[str] = "consultations.consultation.cancelled"
    consultation_id: str
    kind: str
    by: str


@dataclass(frozen=True, kw_only=True)
class ConsultationMissed(Fact):
    """The time passed without a call; `absent` is client, associate or both."""

    name: ClassVar[str] = "consultations.consultation.missed"
    consultation_id: str
    kind: str
    absent: str


@dataclass(frozen=True, kw_only=True)
class ConsultationHeld(Fact):
    """A call took place; seconds from when both were connected to its end, quality as the browsers measured it."""

    name: ClassVar[str] = "consultations.consultation.held"
    consultation_id: str
    kind: str
    started_at: str
    ended_at: str
    seconds: int
    ended_by: str
    is_recorded: bool
    rtt_ms: float = 0.0
    lost_percent: float = 0.0
