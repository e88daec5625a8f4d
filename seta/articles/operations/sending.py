"""Carries publications to the Official Account step by step, each step kept before the next one begins.

A publication is published once even when a process dies between asking WeChat and noting the answer: the draft's
number is kept before it is submitted, WeChat publishes a draft once, and a draft that is gone is looked for among
the published articles by its own address of the original.
"""

import logging
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F

from seta.articles import pictures, shaping
from seta.articles.events import ArticlePublished, ArticleWithdrawn
from seta.articles.models import Article, Picture, Publication, Upload
from seta.articles.operations.publishing import take_back
from seta.articles.queries import problems
from seta.articles.rules.checks import ArticleRefused, Problem, Why, inside_of, passages, refused
from seta.articles.rules.content import Content, read
from seta.articles.rules.page import render
from seta.articles.rules.publishing import (
    DONE,
    LEASE,
    RUNNING,
    TO_DO,
    TRIES_MAX,
    State,
    VersionState,
    next_try,
)
from seta.callbacks.rules import Answer, Inbound
from seta.events.operations import publish
from seta.houses import queries as houses
from seta.houses.queries import AccountMissing
from seta.oversight.operations import clear_all_to_send
from seta.platforms.core.errors import ErrorKind, PlatformError
from seta.platforms.wechat.mini_program import CHECKED_CHARS_MAX
from seta.platforms.wechat.press import GONE, IN_PUBLICATION, DraftArticle, Job

log = logging.getLogger(__name__)

BATCH = 10
CHANNEL = "official_account"
"""By which the house's policy judges what the account publishes."""
LATER = frozenset({ErrorKind.BUSY, ErrorKind.RATE, ErrorKind.UNREACHABLE, ErrorKind.UNKNOWN_OUTCOME})


def advance_due(now: datetime) -> int:
    """Take every publication that is due one or more steps on; returns how many were taken."""
    due = Publication.objects.filter(state__in=TO_DO, next_at__lte=now).order_by("next_at", "pk")
    taken = 0
    for publication_id in list(due.values_list("pk", flat=True)[:BATCH]):
        mine = Publication.objects.filter(pk=publication_id, state__in=TO_DO, next_at__lte=now)
        if mine.update(next_at=now + LEASE, tries=F("tries") + 1):
            taken += 1
            _advance(publication_id, now)
    return taken


def hear_published(inbound: Inbound, now: datetime) -> Answer:
    """PUBLISHJOBFINISH: look at once how the job ended. WeChat is asked, the push itself is not believed."""
    told = inbound.fields.get("PublishEventInfo")
    job = str(told.get("publish_id", "")) if isinstance(told, dict) else ""
    Publication.objects.filter(article__house_id=inbound.house_id, publish_id=job, state=State.SENT).exclude(
        publish_id=""
    ).update(next_at=now)
    return None


def _advance(publication_id: int, now: datetime) -> None:
    row = Publication.objects.select_related("version", "article__house").get(pk=publication_id)
    try:
        if row.state in (State.WAITING, State.SENDING):
            _send(row, now)
        if row.state == State.SUBMITTING:
            _submit(row, now)
        elif row.state == State.SENT:
            _follow(row, now)
        elif row.state == State.WITHDRAWING:
            _delete(row, now)
    except AccountMissing as missing:
        _fail(row, [Problem(Why.PLATFORM, about=str(missing)[:120])])
    except PlatformError as error:
        log.warning("publication %s: %s", row.pk, error)
        if error.kind in LATER and row.tries < TRIES_MAX:
            _wait(row, now)
        elif row.state == State.WITHDRAWING:
            # What is out must not be called gone: the page shows it as published, with the reason.
            _move(row, State.PUBLISHED, problems=_told([_of(error)]), next_at=None)
        else:
            _fail(row, [_of(error)])


def _send(row: Publication, now: datetime) -> None:
    """Look at links and words a last time, upload the pictures, put the article into the draft box."""
    taken = Publication.objects.filter(pk=row.pk, state=row.state).update(state=State.SENDING)
    row.refresh_from_db(fields=["state"])
    if not taken:
        return
    try:
        media_id = _draft(row.article.house_id, read(row.version.content), row.language, _original(row), now)
    except ArticleRefused as refusal:
        _fail(row, refusal.problems)
        return
    _move(row, State.SUBMITTING, media_id=media_id)


def put_draft(*, house_id: int, article_id: int, language: str, now: datetime) -> str:
    """Put an article's approved version into the draft box, for a broadcast; returns the draft's number.

    Raises ArticleRefused with what keeps it from leaving, AccountMissing and PlatformError.
    """
    row = Article.objects.select_related("house").filter(pk=article_id, house_id=house_id).first()
    version = row and row.versions.filter(state=VersionState.APPROVED).order_by("-number").first()
    if row is None or version is None:
        raise refused(Why.UNKNOWN)
    original = shaping.address_of(row.house.code, row.code, "")
    return _draft(house_id, read(version.content), language, original, now)


def _draft(house_id: int, content: Content, language: str, original: str, now: datetime) -> str:
    found = problems(house_id, content, now=now) or _unfit(house_id, content, language, now)
    if found:
        raise ArticleRefused(*found)
    press = houses.official_account(house_id)
    addresses = _upload(house_id, content, now)
    cover = _cover(house_id, content, now)
    shape = shaping.shape_of(
        house_id,
        content,
        language,
        targets=inside_of(content),
        addresses=addresses,
        lead=shaping.lead_in_wechat(_mini_program(house_id)),
        now=now,
    )
    draft = DraftArticle(
        title=content.title[language],
        author=content.author,
        digest=content.summary[language],
        content=render(content, language, shape),
        source_url=original,
        cover_media_id=cover,
    )
    try:
        return press.draft_add(draft)
    except PlatformError as error:
        if error.code in GONE:
            # Somebody removed the pictures at the account; the next attempt uploads them again.
            Upload.objects.filter(picture_id__in=content.pictures(), app_id=press.appid).delete()
        raise


def _submit(row: Publication, now: datetime) -> None:
    press = houses.official_account(row.article.house_id)
    try:
        job = press.publish_draft(row.media_id)
    except PlatformError as error:
        if error.code in GONE:
            # An earlier submission went through and its answer was lost.
            found = press.published_from(_original(row))
            if found is None:
                raise
            _finish(row, found, now)
            return
        if error.code == IN_PUBLICATION:
            _wait(row, now)
            return
        raise
    _move(row, State.SENT, publish_id=job, tries=0, next_at=next_try(0, now))


def _follow(row: Publication, now: datetime) -> None:
    job = houses.official_account(row.article.house_id).publishing(row.publish_id)
    if job.status == DONE:
        _finish(row, job, now)
    elif job.status == RUNNING:
        _wait(row, now)
    else:
        _fail(row, [Problem(Why.REJECTED, about=str(job.status))])


@transaction.atomic
def _finish(row: Publication, job: Job, now: datetime) -> None:
    _move(
        row,
        State.PUBLISHED,
        wechat_id=job.article_id,
        url=job.url,
        published_at=now,
        next_at=None,
        problems=[],
    )
    earlier = Publication.objects.filter(
        article_id=row.article_id, language=row.language, state=State.PUBLISHED
    ).exclude(pk=row.pk)
    for each in earlier:
        take_back(each, now)
    publish(
        ArticlePublished(
            house_id=row.article.house_id,
            occurred_at=now,
            article_id=row.article_id,
            code=row.article.code,
            language=row.language,
            url=row.url,
        )
    )


def _delete(row: Publication, now: datetime) -> None:
    houses.official_account(row.article.house_id).delete_published(row.wechat_id)
    with transaction.atomic():
        _move(row, State.WITHDRAWN, withdrawn_at=now, next_at=None)
        publish(
            ArticleWithdrawn(
                house_id=row.article.house_id,
                occurred_at=now,
                article_id=row.article_id,
                code=row.article.code,
                language=row.language,
            )
        )


def _unfit(house_id: int, content: Content, language: str, now: datetime) -> list[Problem]:
    """What the house's own policy or WeChat's content check does not like.

    WeChat is asked through the mini program; a house without one has nobody to ask.
    """
    said = passages(content, language, chars_max=CHECKED_CHARS_MAX)
    verdicts = clear_all_to_send(
        house_id=house_id, channel=CHANNEL, texts=[words for _number, words in said], now=now
    )
    refused = [number for (number, _), verdict in zip(said, verdicts, strict=True) if verdict.refused]
    if refused:
        return [Problem(Why.POLICY, number) for number in dict.fromkeys(refused)]
    try:
        program = houses.mini_program(house_id)
    except AccountMissing:
        return []
    blocks = dict.fromkeys(number for number, words in said if program.is_risky(words))
    return [Problem(Why.RISKY, number) for number in blocks]


def _upload(house_id: int, content: Content, now: datetime) -> dict[int, str]:
    """The addresses of the body's pictures at the account; each is uploaded once for all articles."""
    press = houses.official_account(house_id)
    found: dict[int, str] = {}
    shown = (block.picture or 0 for block in content.blocks if block.kind == "picture")
    for number in dict.fromkeys(shown):
        row = Picture.objects.get(pk=number, house_id=house_id)
        kept = Upload.objects.filter(picture=row, app_id=press.appid).first()
        url = kept.url if kept else ""
        if not url:
            url = press.upload_article_picture(_bytes(row), filename=f"{row.sha256[:16]}.jpg")
            _note_upload(row, press.appid, {"url": url}, now)
        found[row.pk] = url
    return found


def _cover(house_id: int, content: Content, now: datetime) -> str:
    press = houses.official_account(house_id)
    row = Picture.objects.get(pk=content.cover or 0, house_id=house_id)
    kept = Upload.objects.filter(picture=row, app_id=press.appid).first()
    if kept and kept.media_id:
        return kept.media_id
    media_id = press.add_picture(_bytes(row), filename=f"{row.sha256[:16]}.jpg").media_id
    _note_upload(row, press.appid, {"media_id": media_id}, now)
    return media_id


def _note_upload(row: Picture, app_id: str, known: dict[str, str], now: datetime) -> None:
    Upload.objects.update_or_create(
        picture=row, app_id=app_id, defaults=known, create_defaults={**known, "uploaded_at": now}
    )


def _bytes(row: Picture) -> bytes:
    data = pictures.read(row.sha256)
    assert data is not None, f"the file of picture {row.pk} is gone"
    return data


def _mini_program(house_id: int) -> str:
    try:
        return houses.account(house_id, "mini_program").app_id
    except AccountMissing:
        return ""


def _original(row: Publication) -> str:
    return shaping.address_of(row.article.house.code, row.article.code, str(row.pk))


def _wait(row: Publication, now: datetime) -> None:
    _move(row, State(row.state), next_at=next_try(row.tries, now))


def _fail(row: Publication, found: Sequence[Problem]) -> None:
    _move(row, State.FAILED, problems=_told(found), next_at=None)


def _of(error: PlatformError) -> Problem:
    return Problem(Why.PLATFORM, about=f"{error.code} {error.message}".strip()[:120])


def _told(found: Sequence[Problem]) -> list[dict[str, object]]:
    return [{"why": each.why, "block": each.block, "about": each.about} for each in found]


def _move(row: Publication, state: State, **known: object) -> None:
    """Keep a step, with what is known since."""
    row.state = state
    for name, value in known.items():
        setattr(row, name, value)
    row.save(update_fields=["state", *known])
