"""What happens to people."""

from dataclasses import dataclass
from typing import ClassVar

from seta.events.events import Fact


@dataclass(frozen=True, kw_only=True)
class SessionStarted(Fact):
    """A client opened the mini program; `click_id` ties the visit to an advertisement, `scene` to a QR code."""

    name: ClassVar[str] = "people.session.started"
    app: str
    click_id: str = ""
    scene: str = ""


@dataclass(frozen=True, kw_only=True)
class ConsentGiven(Fact):
    """A client said yes (or no) to a purpose."""

    name: ClassVar[str] = "people.consent.given"
    purpose: str
    granted: bool
    source: str


@dataclass(frozen=True, kw_only=True)
class PersonsMerged(Fact):
    """Two people turned out to be one; parts that hold the absorbed id take the kept one instead."""

    name: ClassVar[str] = "people.person.merged"
    kept_id: int
    absorbed_id: int
