"""Writes an article: begun under a code, changed by one person at a time, with pictures that have an owner."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from seta.articles import pictures
from seta.articles.models import Article, Picture, Version
from seta.articles.rules.checks import Why, refused
from seta.articles.rules.content import Content, read_code
from seta.articles.rules.publishing import VersionState


@transaction.atomic
def start_article(*, house_id: int, code: str, user_id: int, now: datetime) -> int:
    """Begin an empty article; raises ArticleRefused(CODE, CODE_TAKEN). Returns its number."""
    wanted = read_code(code)
    if wanted is None:
        raise refused(Why.CODE)
    row, made = Article.objects.get_or_create(
        house_id=house_id,
        code=wanted,
        defaults={
            "content": Content().as_json(),
            "writers": [user_id],
            "begun_at": now,
            "changed_at": now,
        },
    )
    if not made:
        raise refused(Why.CODE_TAKEN)
    return row.pk


@transaction.atomic
def save_article(
    *, house_id: int, article_id: int, revision: int, content: Content, user_id: int, now: datetime
) -> int:
    """Keep what was written; returns the new revision. Raises ArticleRefused(UNKNOWN, CHANGED, IN_REVIEW)."""
    row = locked(house_id, article_id)
    if Version.objects.filter(article=row, state=VersionState.REVIEW).exists():
        raise refused(Why.IN_REVIEW)
    if row.revision != revision:
        raise refused(Why.CHANGED)
    given = content.as_json()
    if given == row.content:
        return row.revision
    row.content = given
    row.revision += 1
    row.writers = sorted({*row.writers, user_id})
    row.changed_at = now
    row.save(update_fields=["content", "revision", "writers", "changed_at"])
    return row.revision


def keep_picture(
    *, house_id: int, image: bytes, credit: str, alt: Mapping[str, str], user_id: int, now: datetime
) -> int:
    """Keep a picture for the house's articles; the same one again gets its new words.

    Returns its number. Raises ArticleRefused(PICTURE, CREDIT).
    """
    words = {f"alt_{language}": alt.get(language, "").strip()[:120] for language in ("zh", "en", "it")}
    owner = credit.strip()[:80]
    if not owner or not words["alt_zh"]:
        raise refused(Why.CREDIT)
    kept = pictures.keep(image)
    with transaction.atomic():
        row, _made = Picture.objects.update_or_create(
            house_id=house_id,
            sha256=kept.sha256,
            defaults={**words, "credit": owner},
            create_defaults={
                **words,
                "credit": owner,
                "width": kept.width,
                "height": kept.height,
                "kept_by_id": user_id,
                "kept_at": now,
            },
        )
    return row.pk


def locked(house_id: int, article_id: int) -> Article:
    """The house's article, held until the transaction ends; raises ArticleRefused(UNKNOWN)."""
    row = Article.objects.select_for_update().filter(pk=article_id, house_id=house_id).first()
    if row is None:
        raise refused(Why.UNKNOWN)
    return row
