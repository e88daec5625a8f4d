"""Articles at the desk: written in three languages, seen as the phone shows them, approved by another, published."""

from datetime import UTC, datetime
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from seta.articles import operations, queries
from seta.articles.rules.checks import ArticleRefused, Problem
from seta.articles.rules.content import (
    AUTHOR_CHARS_MAX,
    LANGUAGES,
    SUMMARY_CHARS_MAX,
    TEXT_CHARS_MAX,
    TITLE_CHARS_MAX,
    Content,
    arrange,
    read_form,
)
from seta.articles.rules.publishing import TO_DO
from seta.boutique import queries as boutique
from seta.desk import article_words
from seta.desk.rules import FormRefused, Refusal
from seta.desk.shell import form, language, page, show, tell, telling, today, words_of, zone_of
from seta.guide import queries as guide
from seta.houses.access import StaffRequest
from seta.houses.queries import members
from seta.kit.pictures import BYTES_MAX

WRITERS = ("marketing",)
APPROVERS = ("marketing", "supervisor")
LIMITS = {
    "title": TITLE_CHARS_MAX,
    "summary": SUMMARY_CHARS_MAX,
    "author": AUTHOR_CHARS_MAX,
    "text": TEXT_CHARS_MAX,
}


@page("content")
def article_list(request: StaffRequest) -> HttpResponse:
    """Every article with how far it has come."""
    rows = queries.articles(request.member.house_id)
    context = {
        "rows": [(row, _in_own(row.title) or row.code) for row in rows],
        "tones": article_words.ARTICLE_TONE,
        "may_write": _may(request, WRITERS),
    }
    return show(request, "content", "articles/list.html", context)


@form(*WRITERS, back="desk:articles")
def start(request: StaffRequest) -> HttpResponseBase:
    """Begin an article and open it."""
    with telling(request):
        article_id = operations.start_article(
            house_id=request.member.house_id,
            code=request.POST.get("code", ""),
            user_id=request.member.user_id,
            now=datetime.now(UTC),
        )
        return redirect("desk:article", article_id)
    return redirect("desk:articles")


@page("content")
def article(request: StaffRequest, article_id: int) -> HttpResponse:
    """An article to write in, beside its preview and where it is."""
    return _article(request, article_id)


def _article(
    request: StaffRequest, article_id: int, *, written: Content | None = None, problem: str = ""
) -> HttpResponse:
    house_id, now = request.member.house_id, datetime.now(UTC)
    view = queries.article(house_id, article_id, now=now)
    if view is None:
        raise Http404
    content = written or view.content
    phone = request.GET.get("phone", "zh")
    phone = phone if phone in LANGUAGES else "zh"
    asked_by = {row.submitted_by_id for row in view.versions[:1]}
    context = {
        "article": view,
        "title": _in_own(content.title) or view.code,
        "content": content,
        "blocks": _blocks(view.problems, content),
        "problems": [each.text(language()) for each in view.problems if not each.block],
        "problem": problem,
        "publications": [
            (row, " ".join(each.text(language()) for each in row.problems)) for row in view.publications
        ],
        "is_moving": any(row.state in TO_DO for row in view.publications),
        "names": {member.user_id: member.name for member in members(house_id)},
        "tones": article_words.ARTICLE_TONE,
        "phone": phone,
        "phone_title": content.title.get(phone, ""),
        "body": queries.preview(house_id, content, phone, now=now),
        "languages": list(article_words.ARTICLE_LANGUAGE.items()),
        "whole": content.whole_in(),
        "publishable": view.approved.whole_in() if view.approved else (),
        "kinds": list(article_words.ARTICLE_BLOCK.items()),
        "pictures": queries.gallery(house_id),
        "places": [
            (card.code, card.name)
            for card in guide.places(house_id, day=today(request, now), language=language())
        ],
        "pieces": [
            (each.code, each.name) for each in boutique.products(house_id=house_id, language=language())
        ],
        "limits": LIMITS,
        "may_write": _may(request, WRITERS) and view.waiting is None,
        "may_publish": _may(request, WRITERS),
        "may_decide": _may(request, APPROVERS) and not _took_part(request, view),
        "is_submitter": request.member.user_id in asked_by,
        "timezone": str(zone_of(request)),
    }
    return show(request, "content", "articles/article.html", context, status=409 if problem else 200)


def _blocks(problems: tuple[Problem, ...], content: Content) -> list[dict[str, Any]]:
    return [
        {
            "number": number,
            "kind": block.kind,
            "words": [(each, block.text.get(each, "")) for each in LANGUAGES],
            "picture": block.picture,
            "code": block.code,
            "problems": [
                each.text(language()).partition(": ")[2] or each.text(language())
                for each in problems
                if each.block == number
            ],
        }
        for number, block in enumerate(content.blocks, 1)
    ]


def _took_part(request: StaffRequest, view: queries.ArticleView) -> bool:
    mine = request.member.user_id
    return mine in view.writers or (view.waiting is not None and view.waiting.submitted_by_id == mine)


def _may(request: StaffRequest, roles: tuple[str, ...]) -> bool:
    return request.member.role in (*roles, "admin")


def _in_own(title: Any) -> str:
    """A title in the reader's language, else in any that it has."""
    return next((title[each] for each in (language()[:2], *LANGUAGES) if title.get(each)), "")


@form(*WRITERS, back="desk:articles")
def save(request: StaffRequest, article_id: int) -> HttpResponseBase:
    """Keep what is written, with one step of its blocks, or submit it; a refusal loses none of the words."""
    step = request.POST.get("do", "save")
    content = arrange(read_form(request.POST.dict()), step)
    given = request.POST.get("revision", "")
    house_id, user_id, now = request.member.house_id, request.member.user_id, datetime.now(UTC)
    try:
        operations.save_article(
            house_id=house_id,
            article_id=article_id,
            revision=int(given) if given.isdigit() and len(given) < 9 else -1,
            content=content,
            user_id=user_id,
            now=now,
        )
        if step == "submit":
            operations.submit_article(house_id=house_id, article_id=article_id, user_id=user_id, now=now)
            tell(request, _("A second person can approve the article now."))
        elif step == "save":
            tell(request, _("The article is kept."))
    except ArticleRefused as problem:
        return _article(request, article_id, written=content, problem=words_of(problem))
    place = "#body" if ":" in step else ""
    return redirect(reverse("desk:article", args=[article_id]) + place)


@form(*WRITERS, back="desk:articles")
def add_picture(request: StaffRequest, article_id: int) -> HttpResponseBase:
    """Keep a picture for the house's articles, with what it shows and whose it is."""
    sent = request.FILES.get("picture")
    with telling(request, _("The picture can be chosen now.")):
        operations.keep_picture(
            house_id=request.member.house_id,
            image=sent.read(BYTES_MAX + 1) if sent else b"",
            credit=request.POST.get("credit", ""),
            alt={each: request.POST.get(f"alt_{each}", "") for each in LANGUAGES},
            user_id=request.member.user_id,
            now=datetime.now(UTC),
        )
    return redirect("desk:article", article_id)


@form(*APPROVERS, back="desk:articles")
def decide(request: StaffRequest, article_id: int, verb: str) -> HttpResponseBase:
    """Approve the article that waits, or give it back with a word."""
    if verb not in ("approve", "return"):
        raise Http404
    house_id, user_id, now = request.member.house_id, request.member.user_id, datetime.now(UTC)
    if verb == "approve":
        with telling(request, _("The article is approved and may be published.")):
            operations.approve_version(house_id=house_id, article_id=article_id, user_id=user_id, now=now)
    else:
        with telling(request, _("The article can be changed again.")):
            operations.return_version(
                house_id=house_id,
                article_id=article_id,
                note=request.POST.get("note", ""),
                user_id=user_id,
                now=now,
            )
    return redirect("desk:article", article_id)


@form(*WRITERS, back="desk:articles")
def publish(request: StaffRequest, article_id: int) -> HttpResponseBase:
    """Publish the approved article to the Official Account, now or at a time of the house's clock."""
    with telling(request, _("The article is on its way; this page says when it is out.")):
        operations.publish_article(
            house_id=request.member.house_id,
            article_id=article_id,
            language=request.POST.get("language", ""),
            at=_instant(request),
            user_id=request.member.user_id,
            now=datetime.now(UTC),
        )
    return redirect("desk:article", article_id)


def _instant(request: StaffRequest) -> datetime | None:
    text = request.POST.get("at", "").strip()
    try:
        return datetime.fromisoformat(text).replace(tzinfo=zone_of(request)) if text else None
    except ValueError as bad:
        raise FormRefused(Refusal.BAD_DAY) from bad


@form(*WRITERS, back="desk:articles")
def take_back(request: StaffRequest, article_id: int, publication_id: int, verb: str) -> HttpResponseBase:
    """Give up a publication that has not begun, or take a published article back."""
    house_id = request.member.house_id
    if verb == "cancel":
        with telling(request, _("The publication is given up.")):
            operations.cancel_publication(house_id=house_id, publication_id=publication_id)
    elif verb == "withdraw":
        with telling(request, _("The article is being taken back.")):
            operations.withdraw_article(
                house_id=house_id, publication_id=publication_id, now=datetime.now(UTC)
            )
    else:
        raise Http404
    return redirect("desk:article", article_id)
