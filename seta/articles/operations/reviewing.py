"""Brings an article before a second person: submitted whole, approved as it stands or given back with a word."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from seta.articles.models import Article, Version
from seta.articles.operations.drafting import locked
from seta.articles.queries import problems
from seta.articles.rules.checks import ArticleRefused, Why, refused
from seta.articles.rules.content import read
from seta.articles.rules.publishing import VersionState


@transaction.atomic
def submit_article(*, house_id: int, article_id: int, user_id: int, now: datetime) -> int:
    """Put the article as it stands before a second person; returns the version's number.

    Raises ArticleRefused with all that has to be mended, UNKNOWN or IN_REVIEW.
    """
    row = locked(house_id, article_id)
    if Version.objects.filter(article=row, state=VersionState.REVIEW).exists():
        raise refused(Why.IN_REVIEW)
    found = problems(house_id, read(row.content), now=now)
    if found:
        raise ArticleRefused(*found)
    last = Version.objects.filter(article=row).aggregate(last=Max("number"))["last"] or 0
    version = Version.objects.create(
        article=row,
        number=last + 1,
        state=VersionState.REVIEW,
        content=row.content,
        writers=row.writers,
        submitted_by_id=user_id,
        submitted_at=now,
    )
    return version.number


@transaction.atomic
def approve_version(*, house_id: int, article_id: int, user_id: int, now: datetime) -> None:
    """Approve what waits; raises ArticleRefused(UNKNOWN, WRONG_STATE, SAME_PERSON)."""
    row = locked(house_id, article_id)
    version = _waiting(row)
    if user_id == version.submitted_by_id or user_id in version.writers:
        raise refused(Why.SAME_PERSON)
    _decide(version, VersionState.APPROVED, user_id, "", now)
    row.writers = []
    row.save(update_fields=["writers"])


@transaction.atomic
def return_version(*, house_id: int, article_id: int, note: str, user_id: int, now: datetime) -> None:
    """Give back what waits, with what has to be changed; its own submitter takes it back without a word.

    Raises ArticleRefused(UNKNOWN, WRONG_STATE, NOTE).
    """
    row = locked(house_id, article_id)
    version = _waiting(row)
    if not note.strip() and user_id != version.submitted_by_id:
        raise refused(Why.NOTE)
    _decide(version, VersionState.RETURNED, user_id, note.strip()[:300], now)


def _waiting(row: Article) -> Version:
    version = Version.objects.filter(article=row, state=VersionState.REVIEW).first()
    if version is None:
        raise refused(Why.WRONG_STATE)
    return version


def _decide(version: Version, state: VersionState, user_id: int, note: str, now: datetime) -> None:
    version.state = state
    version.decided_by_id = user_id
    version.decided_at = now
    version.note = note
    version.save(update_fields=["state", "decided_by", "decided_at", "note"])
