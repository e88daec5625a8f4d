"""What content tells: a version came into force, a version is out of it."""

from dataclasses import dataclass
from typing import ClassVar

from seta.events.events import Fact


@dataclass(frozen=True, kw_only=True)
class VersionApproved(Fact):
    """A version may be shown from now on."""

    name: ClassVar[str] = "content.version.approved"
    version_id: int
    asset_code: str
    number: int


@dataclass(frozen=True, kw_only=True)
class VersionRetired(Fact):
    """A version may not be shown any more."""

    name: ClassVar[str] = "content.version.retired"
    version_id: int
    asset_code: str
    number: int
