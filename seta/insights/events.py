"""What happens before anybody is known by name."""

from dataclasses import dataclass
from typing import ClassVar

from seta.events.events import Fact


@dataclass(frozen=True, kw_only=True)
class ImpressionSeen(Fact):
    """The advertising platform showed an advertisement to somebody."""

    name: ClassVar[str] = "ad.impression.seen"
    impression_id: str
    creative: str = ""


@dataclass(frozen=True, kw_only=True)
class ClickMade(Fact):
    """Somebody tapped an advertisement; `click_id` comes back with the mini program's launch."""

    name: ClassVar[str] = "ad.click.made"
    click_id: str
    impression_id: str = ""
    creative: str = ""
