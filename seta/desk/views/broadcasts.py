"""Broadcasts at the desk: written for a segment and counted, shown to one follower, approved by another, followed."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from seta.articles import queries as articles
from seta.broadcasts import operations, queries
from seta.broadcasts.operations import Wish
from seta.broadcasts.queries import BroadcastView, Expected
from seta.broadcasts.rules.dividing import A_MONTH_MAX
from seta.broadcasts.rules.refusals import BroadcastRefused
from seta.broadcasts.rules.segments import LANGUAGES, TEXT_CHARS_MAX, Segment, read_segment
from seta.broadcasts.rules.states import State
from seta.desk import article_words, broadcast_words
from seta.desk.rules import FormRefused, Refusal
from seta.desk.shell import form, page, show, tell, telling, words_of, zone_of
from seta.houses.access import StaffRequest
from seta.houses.queries import AccountMissing, members

WRITERS = ("marketing",)
APPROVERS = ("marketing", "supervisor")


@page("content")
def broadcast_list(request: StaffRequest) -> HttpResponse:
    """Every broadcast with its time, its state and whom it reached."""
    context = {
        "rows": queries.broadcasts(request.member.house_id),
        "tones": broadcast_words.BROADCAST_TONE,
        "may_write": _may(request, WRITERS),
    }
    return show(request, "content", "broadcasts/list.html", context)


@page("content")
def new_broadcast(request: StaffRequest) -> HttpResponse:
    """An empty broadcast to write."""
    wish = Wish(title="", texts={}, article_id=None, segment=Segment(), keep_back=1, send_at=None)
    return _broadcast(request, None, wish)


@page("content")
def broadcast(request: StaffRequest, broadcast_id: int) -> HttpResponse:
    """A broadcast to write, to approve or to follow."""
    view = _found(request, broadcast_id)
    return _broadcast(request, view, _wish_of(view))


def _found(request: StaffRequest, broadcast_id: int) -> BroadcastView:
    view = queries.broadcast(request.member.house_id, broadcast_id)
    if view is None:
        raise Http404
    return view


def _wish_of(view: BroadcastView) -> Wish:
    return Wish(
        title=view.title,
        texts=view.texts,
        article_id=view.article_id,
        segment=view.segment,
        keep_back=view.keep_back,
        send_at=view.send_at,
    )


def _broadcast(
    request: StaffRequest, view: BroadcastView | None, wish: Wish, problem: str = ""
) -> HttpResponse:
    house_id, zone = request.member.house_id, zone_of(request)
    is_draft = view is None or view.state == State.DRAFT
    wrote_it = view is not None and view.written_by_id == request.member.user_id
    context = {
        "view": view,
        "wish": wish,
        "problem": problem,
        "send_at": wish.send_at.astimezone(zone).strftime("%Y-%m-%dT%H:%M") if wish.send_at else "",
        "expected": _expected(house_id, wish),
        "languages": list(article_words.ARTICLE_LANGUAGE.items()),
        "texts": [
            (code, name, wish.texts.get(code, "")) for code, name in article_words.ARTICLE_LANGUAGE.items()
        ],
        "articles": [
            (number, title)
            for number, (title, whole) in articles.approved_in(house_id).items()
            if "zh" in whole
        ],
        "choices": queries.choices(house_id),
        "keeps": range(A_MONTH_MAX),
        "names": {member.user_id: member.name for member in members(house_id)},
        "tones": broadcast_words.BROADCAST_TONE,
        "text_chars_max": TEXT_CHARS_MAX,
        "timezone": str(zone),
        "may_write": _may(request, WRITERS) and is_draft,
        "may_decide": _may(request, APPROVERS) and not wrote_it,
        "may_cancel": _may(request, WRITERS)
        and view is not None
        and view.state in ("draft", "review", "planned"),
        "wrote_it": wrote_it,
        "is_moving": view is not None and view.state in ("planned", "sending"),
    }
    return show(request, "content", "broadcasts/broadcast.html", context, status=409 if problem else 200)


def _expected(house_id: int, wish: Wish) -> Expected | None:
    now = datetime.now(UTC)
    try:
        return queries.expect(
            house_id, wish.segment, keep_back=wish.keep_back, at=wish.send_at or now, now=now
        )
    except AccountMissing:
        return None


@form(*WRITERS, back="desk:broadcasts")
def count(request: StaffRequest) -> HttpResponseBase:
    """Whom the segment in the form would reach, while it is chosen."""
    expected = _expected(request.member.house_id, _wish(request))
    return render(request, "desk/broadcasts/_expected.html", {"expected": expected})


@form(*WRITERS, back="desk:broadcasts")
def save(request: StaffRequest, broadcast_id: int) -> HttpResponseBase:
    """Keep what is written (number 0: a new broadcast), or submit it; a refusal loses none of the words."""
    house_id, now = request.member.house_id, datetime.now(UTC)
    wish, number = _wish(request), broadcast_id
    try:
        number = operations.write_broadcast(
            house_id=house_id,
            broadcast_id=broadcast_id or None,
            wish=wish,
            user_id=request.member.user_id,
            now=now,
        )
        if request.POST.get("do") == "submit":
            operations.submit_broadcast(house_id=house_id, broadcast_id=number, now=now)
            tell(request, _("A second person can approve the broadcast now."))
        else:
            tell(request, _("The broadcast is kept."))
    except BroadcastRefused as problem:
        view = queries.broadcast(house_id, number) if number else None
        return _broadcast(request, view, wish, words_of(problem))
    return redirect("desk:broadcast", number)


def _wish(request: StaffRequest) -> Wish:
    given = request.POST
    fields: Mapping[str, Any] = {**given.dict(), "languages": given.getlist("languages")}
    article, keep = given.get("article_id", ""), given.get("keep_back", "1")
    return Wish(
        title=given.get("title", ""),
        texts={each: given.get(f"text_{each}", "") for each in LANGUAGES},
        article_id=int(article) if article.isdigit() and len(article) < 10 else None,
        segment=read_segment(fields),
        keep_back=int(keep) if keep in map(str, range(A_MONTH_MAX)) else 1,
        send_at=_instant(request),
    )


def _instant(request: StaffRequest) -> datetime | None:
    text = request.POST.get("send_at", "").strip()
    try:
        return datetime.fromisoformat(text).replace(tzinfo=zone_of(request)) if text else None
    except ValueError as bad:
        raise FormRefused(Refusal.BAD_DAY) from bad


@form(*APPROVERS, back="desk:broadcasts")
def decide(request: StaffRequest, broadcast_id: int, verb: str) -> HttpResponseBase:
    """Approve what waits, give it back with a word, or give it up before anybody has seen it."""
    house_id, user_id, now = request.member.house_id, request.member.user_id, datetime.now(UTC)
    if verb == "approve":
        with telling(request, _("The broadcast goes out at its time.")):
            operations.approve_broadcast(
                house_id=house_id, broadcast_id=broadcast_id, user_id=user_id, now=now
            )
    elif verb == "return":
        with telling(request, _("The broadcast can be changed again.")):
            operations.return_broadcast(
                house_id=house_id,
                broadcast_id=broadcast_id,
                note=request.POST.get("note", ""),
                user_id=user_id,
                now=now,
            )
    elif verb == "cancel":
        with telling(request, _("The broadcast is given up.")):
            operations.cancel_broadcast(house_id=house_id, broadcast_id=broadcast_id, now=now)
    else:
        raise Http404
    return redirect("desk:broadcast", broadcast_id)


@form(*WRITERS, back="desk:broadcasts")
def preview(request: StaffRequest, broadcast_id: int) -> HttpResponseBase:
    """Show the broadcast to one follower, by WeChat ID."""
    with telling(request, _("Sent to this one follower; look at the phone.")):
        operations.preview_broadcast(
            house_id=request.member.house_id,
            broadcast_id=broadcast_id,
            wechat_id=request.POST.get("wechat_id", ""),
            language=request.POST.get("language", "zh"),
            now=datetime.now(UTC),
        )
    return redirect("desk:broadcast", broadcast_id)


def _may(request: StaffRequest, roles: tuple[str, ...]) -> bool:
    return request.member.role in (*roles, "admin")
