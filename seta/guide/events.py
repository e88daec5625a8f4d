"""What clients do with the guide."""

from dataclasses import dataclass
from typing import ClassVar

from seta.events.events import Fact


@dataclass(frozen=True, kw_only=True)
class PlaceSearched(Fact):
    """Somebody looked for a place; `place` and `district` are of the first hit, empty when there was none."""

    name: ClassVar[str] = "guide.place.searched"
    channel: str
    hits: int
    how: str = ""
    place: str = ""
    district: str = ""


@dataclass(frozen=True, kw_only=True)
class PlaceScanned(Fact):
    """Somebody opened a place's page by the code printed on its poster; `place` as in a search."""

    name: ClassVar[str] = "guide.place.scanned"
    place: str


@dataclass(frozen=True, kw_only=True)
class PlanSaved(Fact):
    """A client keeps a plan for a day."""

    name: ClassVar[str] = "guide.plan.saved"
    plan_id: str
    day: str
    places: tuple[str, ...]
    districts: tuple[str, ...]
    left_out: int
