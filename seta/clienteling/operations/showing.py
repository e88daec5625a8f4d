"""Measures what associates show by themselves against the approved shelf."""

import logging
from datetime import UTC, datetime, timedelta

from seta.content.operations import Shown, check_shown
from seta.content.queries import checked_up_to
from seta.houses import queries as houses
from seta.oversight.events import MediaKept
from seta.oversight.queries.shown import picture_of, said_by_associates
from seta.platforms.core.errors import PlatformError

log = logging.getLogger(__name__)

# WeCom lists at most 30 days at a time.
LOOK_BACK = timedelta(days=29)
BATCHES_A_SWEEP_MAX = 20
ARCHIVE = "archive"


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


def check_archive(*, house_id: int, now: datetime) -> int:
    """Match what associates wrote since the last look; returns how much of it was content. Keeps no words.

    Goes on where it stopped, however often it is called; a long backlog takes several calls.
    """
    found = 0
    for _ in range(BATCHES_A_SWEEP_MAX):
        after = checked_up_to(house_id, ARCHIVE)
        rows, last = said_by_associates(house_id, after=after)
        if last == after:
            break
        shown = [Shown(ARCHIVE, row.reference, row.userid, row.at, row.text) for row in rows]
        found += len(check_shown(house_id=house_id, shown=shown, now=now, up_to=(ARCHIVE, last)))
    return found


def check_picture(fact: MediaKept, now: datetime) -> None:
    """Match a picture that an associate sent, once it was fetched; a repeat changes nothing."""
    picture = picture_of(fact.house_id, fact.media_id)
    if picture is not None:
        shown = Shown(ARCHIVE, picture.reference, picture.userid, picture.at, images=(picture.data,))
        check_shown(house_id=fact.house_id, shown=[shown], now=now)


def sweep_archived_content(now: datetime) -> int:
    """Match what associates of every house wrote since the last sweep; returns how much of it was content."""
    return sum(check_archive(house_id=house.id, now=now) for house in houses.houses())
