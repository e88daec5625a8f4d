"""Whom a broadcast is for: followers by language, campaign, city, tier and how long they have followed."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from seta.kit.words import in_language

LANGUAGES = ("zh", "en", "it")
TEXT_CHARS_MAX = 600
"""Characters that WeChat broadcasts in a text. https://developers.weixin.qq.com/doc/offiaccount, Batch_Sends."""
DAYS_MAX = 3650


@dataclass(frozen=True)
class Segment:
    """Followers who fit everything that is said; an empty field says nothing."""

    languages: tuple[str, ...] = ()
    campaign: str = ""
    city: str = ""
    tier: str = ""
    within_days: int = 0

    def as_json(self) -> dict[str, Any]:
        """What is kept."""
        return {**asdict(self), "languages": list(self.languages)}


@dataclass(frozen=True)
class Follower:
    """What a segment looks at; `tier` is that of the client book, `agreed` their word on messages (None: not asked)."""

    person_id: int
    language: str
    city: str
    campaign: str
    tier: str
    followed_at: datetime
    agreed: bool | None = None


def read_segment(fields: Mapping[str, Any]) -> Segment:
    """A segment as it was kept, or as a form sent it; what cannot be meant is left out."""
    languages = tuple(each for each in LANGUAGES if each in (fields.get("languages") or ()))
    days = str(fields.get("within_days") or "0")
    return Segment(
        languages=() if len(languages) == len(LANGUAGES) else languages,
        campaign=str(fields.get("campaign") or "").strip()[:40],
        city=str(fields.get("city") or "").strip()[:80],
        tier=str(fields.get("tier") or "").strip()[:40],
        within_days=min(int(days), DAYS_MAX) if days.isdigit() else 0,
    )


def language_of(tag: str) -> str:
    """One of the three languages of a broadcast; Chinese for any other."""
    return in_language({each: each for each in LANGUAGES}, tag)


def fits(segment: Segment, follower: Follower, now: datetime) -> bool:
    """Whether a follower is meant; whoever said no to messages never is."""
    if follower.agreed is False:
        return False
    since = now - timedelta(days=segment.within_days)
    return (
        (not segment.languages or language_of(follower.language) in segment.languages)
        and (not segment.campaign or follower.campaign == segment.campaign)
        and (not segment.city or follower.city.casefold() == segment.city.casefold())
        and (not segment.tier or follower.tier == segment.tier)
        and (not segment.within_days or follower.followed_at >= since)
    )
