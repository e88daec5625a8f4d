"""Measures what associates show by themselves against the approved shelf."""

import logging
from datetime import UTC, datetime, timedelta

from seta.content.operations import Shown, check_shown
from seta.houses import queries as houses
from seta.platforms.core.errors import PlatformError

log = logging.getLogger(__name__)

# WeCom lists at most 30 days at a time.
LOOK_BACK = timedelta(days=29)


def check_moments(*, house_id: int, now: datetime) -> int:
    """Match the words of Moments that associates wrote without the company; returns how many were new content.

    Talks to the platform, so call it outside a transaction; may be repeated at any time. Raises PlatformError.
    """
    posts = houses.wecom(house_id).personal_moments(
        start=int((now - LOOK_BACK).timestamp()), end=int(now.timestamp())
    )
    shown = [
        Shown(
            source="moment",
            reference=post.moment_id,
            userid=post.creator,
            at=datetime.fromtimestamp(post.created_at, UTC),
            text=post.text,
        )
        for post in posts
    ]
    return len(check_shown(house_id=house_id, shown=shown, now=now))


def sweep_moments(now: datetime) -> int:
    """Check the Moments of every house that has WeCom; one house's failure does not keep the others waiting."""
    found = 0
    for house in houses.houses():
        if not any(account.family == "wecom" for account in houses.accounts(house.id)):
            continue
        try:
            found += check_moments(house_id=house.id, now=now)
        except PlatformError as problem:
            log.warning("the Moments of house %s were not checked: %s", house.code, problem)
    return found
