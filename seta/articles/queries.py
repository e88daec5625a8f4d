"""Articles, what still has to be mended in them, their versions and publications, and their open pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from seta.articles import pictures, shaping
from seta.articles.models import Article, Picture, Publication, Version
from seta.articles.rules.checks import PAGE_CHARS_MAX, Problem, Why, inside_of, problems_of
from seta.articles.rules.content import Content, read
from seta.articles.rules.page import Shape, Shown, render
from seta.articles.rules.publishing import State, VersionState
from seta.articles.shaping import PictureCard, pictures_of


@dataclass(frozen=True)
class ArticleRow:
    """An article in the list; `state` is draft, review, approved, or that of its newest publication."""

    id: int
    code: str
    title: Mapping[str, str]
    languages: tuple[str, ...]
    state: str
    changed_at: datetime
    cover: PictureCard | None


@dataclass(frozen=True)
class VersionRow:
    """A version and what was decided about it."""

    number: int
    state: str
    submitted_by_id: int | None
    submitted_at: datetime
    decided_by_id: int | None
    decided_at: datetime | None
    note: str


@dataclass(frozen=True)
class PublicationRow:
    """A language of a version at the account."""

    id: int
    number: int
    language: str
    state: str
    publish_at: datetime
    published_at: datetime | None
    url: str
    problems: tuple[Problem, ...]


@dataclass(frozen=True, kw_only=True)
class ArticleView:
    """Everything about one article; `approved` is the content that may be published, if any."""

    id: int
    code: str
    revision: int
    content: Content
    writers: tuple[int, ...]
    waiting: VersionRow | None
    approved: Content | None
    is_changed: bool
    problems: tuple[Problem, ...]
    versions: tuple[VersionRow, ...]
    publications: tuple[PublicationRow, ...]


@dataclass(frozen=True, kw_only=True)
class OpenPage:
    """A published article as anybody may read it in a language."""

    house_id: int
    code: str
    language: str
    languages: tuple[str, ...]
    title: str
    summary: str
    author: str
    cover: PictureCard | None
    body: str
    published_at: datetime


def articles(house_id: int) -> list[ArticleRow]:
    """The house's articles, the last changed first."""
    rows = list(Article.objects.filter(house_id=house_id).order_by("-changed_at", "-pk"))
    covers = pictures_of(house_id, {row.content.get("cover") or 0 for row in rows})
    states = _states(rows)
    return [
        ArticleRow(
            id=row.pk,
            code=row.code,
            title=row.content.get("title", {}),
            languages=read(row.content).whole_in(),
            state=states.get(row.pk, "draft"),
            changed_at=row.changed_at,
            cover=covers.get(row.content.get("cover") or 0),
        )
        for row in rows
    ]


def approved_in(house_id: int, article_id: int | None = None) -> dict[int, tuple[str, tuple[str, ...]]]:
    """The Chinese title and the whole languages of articles that a second person approved, by number."""
    rows = Version.objects.filter(article__house_id=house_id, state=VersionState.APPROVED).order_by("number")
    if article_id is not None:
        rows = rows.filter(article_id=article_id)
    contents = {row.article_id: read(row.content) for row in rows}
    return {number: (each.title.get("zh", ""), each.whole_in()) for number, each in contents.items()}


def _states(rows: Sequence[Article]) -> dict[int, str]:
    """The furthest each article has come since it was last changed for good."""
    found: dict[int, str] = {}
    for version in Version.objects.filter(article__in=rows).order_by("number"):
        found[version.article_id] = "draft" if version.state == VersionState.RETURNED else version.state
    for row in Publication.objects.filter(article__in=rows).order_by("pk"):
        if found.get(row.article_id) == VersionState.APPROVED and row.state != State.CANCELLED:
            found[row.article_id] = row.state
    return found


def article(house_id: int, article_id: int, *, now: datetime) -> ArticleView | None:
    """One article of the house, or None."""
    row = Article.objects.filter(pk=article_id, house_id=house_id).first()
    if row is None:
        return None
    versions = list(Version.objects.filter(article=row).order_by("-number"))
    approved = next((each for each in versions if each.state == VersionState.APPROVED), None)
    waiting = next((each for each in versions if each.state == VersionState.REVIEW), None)
    content = read(row.content)
    return ArticleView(
        id=row.pk,
        code=row.code,
        revision=row.revision,
        content=content,
        writers=tuple(row.writers),
        waiting=_version(waiting) if waiting else None,
        approved=read(approved.content) if approved else None,
        is_changed=approved is None or approved.content != row.content,
        problems=tuple(problems(house_id, content, now=now)),
        versions=tuple(_version(each) for each in versions),
        publications=tuple(
            _publication(each)
            for each in Publication.objects.filter(article=row).select_related("version").order_by("-pk")
        ),
    )


def problems(house_id: int, content: Content, *, now: datetime) -> list[Problem]:
    """All that keeps content from leaving, by what is listed now."""
    targets = inside_of(content)
    there = shaping.cards_of(house_id, targets, language="zh", now=now)
    shown = pictures_of(house_id, content.pictures())
    found = problems_of(content, there=there, pictures=shown)
    long = Shown("x" * 120, {"zh": "x" * 120}, "x" * 80)
    for language in content.whole_in():
        lead = shaping.lead_in_wechat("x" * 18)
        shape = Shape(dict.fromkeys(shown, long), there, lead, tells_links=True)
        if len(render(content, language, shape)) > PAGE_CHARS_MAX:
            return [*found, Problem(Why.TOO_LONG)]
    return found


def preview(house_id: int, content: Content, language: str, *, now: datetime) -> str:
    """The body of what is written, as the phone will show it."""
    return shaping.body_of(house_id, content, language, targets=inside_of(content), now=now)


def gallery(house_id: int, *, limit: int = 100) -> list[PictureCard]:
    """The pictures of the house's articles, the newest first."""
    rows = Picture.objects.filter(house_id=house_id).order_by("-kept_at", "-pk")[:limit]
    return [shaping.picture_card(row) for row in rows]


def picture(sha256: str) -> bytes | None:
    """The JPEG of that SHA-256, or None."""
    return pictures.read(sha256)


def open_page(house_id: int, code: str, *, language: str, now: datetime) -> OpenPage | None:
    """The newest published version, in the wanted language or the first it is whole in; None while none is out."""
    rows = Publication.objects.filter(
        article__house_id=house_id, article__code=code, state=State.PUBLISHED
    ).select_related("version")
    row = rows.order_by("-version__number", "-pk").first()
    if row is None:
        return None
    content = read(row.version.content)
    languages = content.whole_in()
    spoken = language if language in languages else languages[0]
    assert row.published_at is not None
    return OpenPage(
        house_id=house_id,
        code=code,
        language=spoken,
        languages=languages,
        title=content.title[spoken],
        summary=content.summary[spoken],
        author=content.author,
        cover=pictures_of(house_id, [content.cover or 0]).get(content.cover or 0),
        body=preview(house_id, content, spoken, now=now),
        published_at=row.published_at,
    )


def waiting_for_approval(house_id: int) -> int:
    """How many articles wait for a second person."""
    return Version.objects.filter(article__house_id=house_id, state=VersionState.REVIEW).count()


def _version(row: Version) -> VersionRow:
    return VersionRow(
        number=row.number,
        state=row.state,
        submitted_by_id=row.submitted_by_id,
        submitted_at=row.submitted_at,
        decided_by_id=row.decided_by_id,
        decided_at=row.decided_at,
        note=row.note,
    )


def _publication(row: Publication) -> PublicationRow:
    return PublicationRow(
        id=row.pk,
        number=row.version.number,
        language=row.language,
        state=row.state,
        publish_at=row.publish_at,
        published_at=row.published_at,
        url=row.url,
        problems=tuple(Problem(Why(each["why"]), each["block"], each["about"]) for each in row.problems),
    )
