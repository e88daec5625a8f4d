"""Says that an approved article shall be published, now or later, and that it shall not be readable any more."""

from datetime import datetime

from django.db import transaction

from seta.articles.models import Publication, Version
from seta.articles.operations.drafting import locked
from seta.articles.queries import problems
from seta.articles.rules.checks import ArticleRefused, Why, refused
from seta.articles.rules.content import read
from seta.articles.rules.publishing import UNDER_WAY, State, VersionState, is_time
from seta.houses.queries import account


@transaction.atomic
def publish_article(
    *, house_id: int, article_id: int, language: str, user_id: int, now: datetime, at: datetime | None = None
) -> int:
    """Publish the newest approved version in a language at an instant (now when none is given).

    The worker sends it; what is out in that language is taken back once the new one is. Returns the publication's
    number. Raises ArticleRefused, also with the links that lead nowhere by now; AccountMissing.
    """
    row = locked(house_id, article_id)
    account(house_id, "official_account")
    version = Version.objects.filter(article=row, state=VersionState.APPROVED).order_by("-number").first()
    if version is None:
        raise refused(Why.WRONG_STATE)
    content = read(version.content)
    if language not in content.whole_in():
        raise refused(Why.LANGUAGE)
    if at is not None and not is_time(at, now):
        raise refused(Why.WHEN)
    if Publication.objects.filter(article=row, language=language, state__in=UNDER_WAY).exists():
        raise refused(Why.UNDER_WAY)
    found = problems(house_id, content, now=now)
    if found:
        raise ArticleRefused(*found)
    made = Publication.objects.create(
        article=row,
        version=version,
        language=language,
        state=State.WAITING,
        publish_at=at or now,
        next_at=at or now,
        asked_by_id=user_id,
        asked_at=now,
    )
    return made.pk


@transaction.atomic
def cancel_publication(*, house_id: int, publication_id: int) -> None:
    """Give up what has not begun to be sent; raises ArticleRefused(UNKNOWN, WRONG_STATE)."""
    row = _locked(house_id, publication_id)
    if row.state != State.WAITING:
        raise refused(Why.WRONG_STATE)
    row.state = State.CANCELLED
    row.next_at = None
    row.save(update_fields=["state", "next_at"])


@transaction.atomic
def withdraw_article(*, house_id: int, publication_id: int, now: datetime) -> None:
    """Take a published article back: it is gone from our own page at once, from the account by the worker.

    Raises ArticleRefused(UNKNOWN, WRONG_STATE).
    """
    row = _locked(house_id, publication_id)
    if row.state != State.PUBLISHED:
        raise refused(Why.WRONG_STATE)
    take_back(row, now)


def take_back(row: Publication, now: datetime) -> None:
    """Let the worker delete what is out at the account."""
    row.state = State.WITHDRAWING
    row.tries = 0
    row.next_at = now
    row.save(update_fields=["state", "tries", "next_at"])


def _locked(house_id: int, publication_id: int) -> Publication:
    rows = Publication.objects.select_for_update().filter(pk=publication_id, article__house_id=house_id)
    row = rows.first()
    if row is None:
        raise refused(Why.UNKNOWN)
    return row
