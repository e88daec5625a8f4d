"""Drops with live counts, their plans, and the three switches: open, pause, close."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from seta.desk import rules
from seta.desk.drop_forms import form_of, guests, plan_of, screening
from seta.desk.rules import FormRefused, Refusal
from seta.desk.shell import form, language, page, show, show_part, telling
from seta.drops import operations as drops
from seta.drops import queries
from seta.drops.rules import MOVES, Kind, State
from seta.houses.access import StaffRequest
from seta.houses.queries import members


@page("drops")
def drop_list(request: StaffRequest) -> HttpResponse:
    """Every drop as it runs."""
    if request.headers.get("HX-Request"):
        return show_part(request, "parts/drop_rows.html", {"rows": _rows(request)})
    return show(request, "drops", "drops/list.html", {"rows": _rows(request), **form_of(request, None)})


def _rows(request: StaffRequest) -> list[dict[str, Any]]:
    cards = queries.drops(house_id=request.member.house_id, language=language(), with_drafts=True)
    return [_row(card) for card in cards]


@page("drops")
def drop(request: StaffRequest, drop_id: int) -> HttpResponse:
    """One drop: its counts, its reservations in line order, and who did what with it."""
    card = _card(request, drop_id)
    if request.headers.get("HX-Request"):
        return show_part(request, "parts/drop_live.html", _row(card))
    return show(request, "drops", "drops/drop.html", _whole(request, card))


def _whole(
    request: StaffRequest, card: queries.DropCard, written: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """What the page of one drop shows; `written` is what its form was sent with, where that was refused."""
    context = _row(card)
    if card.state == State.DRAFT:
        context |= form_of(request, card, written)
    if card.kind == Kind.INVITED:
        context |= guests(request, card)
    if card.check_rank or card.refuse_rank:
        context |= screening(card)
    context["actions"] = queries.actions(drop_id=card.id)
    context["members"] = {member.user_id: member.name for member in members(request.member.house_id)}
    return context


@form("marketing", back="desk:drops")
def plan(request: StaffRequest) -> HttpResponseBase:
    """Keep a new drop as a draft, or change the draft that the form was filled in from.

    What was written stays on the page with why it was refused.
    """
    with telling(request, _("The draft is kept; open it when its pieces are online.")):
        drop_id = drops.plan_drop(
            house_id=request.member.house_id,
            user_id=request.member.user_id,
            now=datetime.now(UTC),
            **plan_of(request),
        )
        return redirect("desk:drop", drop_id)
    written = request.POST.dict()
    card = _draft_of(request, written)
    if card is not None:
        return show(request, "drops", "drops/drop.html", _whole(request, card, written), status=422)
    context = {"rows": _rows(request), **form_of(request, None, written)}
    return show(request, "drops", "drops/list.html", context, status=422)


def _draft_of(request: StaffRequest, written: Mapping[str, str]) -> queries.DropCard | None:
    """The drop that a form was filled in from, if it says one."""
    house_id, code = request.member.house_id, written.get("code")
    cards = queries.drops(house_id=house_id, language=language(), with_drafts=True)
    return next((card for card in cards if written.get("seen") and card.code == code), None)


def _card(request: StaffRequest, drop_id: int) -> queries.DropCard:
    house_id = request.member.house_id
    found = queries.drop(house_id=house_id, drop_id=drop_id, language=language(), with_drafts=True)
    if found is None:
        raise Http404
    return found


def _row(card: queries.DropCard) -> dict[str, Any]:
    steps = MOVES[State(card.state)]
    return {
        "drop": card,
        "counts": queries.counts(drop_id=card.id),
        "can_open": State.OPEN in steps,
        "can_pause": State.PAUSED in steps,
        "can_close": State.CLOSED in steps,
        "can_draw": _can_draw(card),
    }


def _can_draw(card: queries.DropCard) -> bool:
    """Whether the entries have closed and the draw has not been made."""
    is_due = card.turns_at is not None and card.turns_at <= datetime.now(UTC) < card.closes_at
    return card.kind == Kind.DRAW and card.state == State.OPEN and card.drawn_at is None and is_due


@form("marketing", back="desk:drops")
def open_drop(request: StaffRequest, drop_id: int) -> HttpResponseBase:
    """Open a drop, or go on after a pause."""
    return _switch(request, drop_id, drops.open_drop, _("The drop is open."))


@form("marketing", back="desk:drops")
def pause_drop(request: StaffRequest, drop_id: int) -> HttpResponseBase:
    """Stop giving out pieces for a while."""
    return _switch(request, drop_id, drops.pause_drop, _("The drop is paused; reservations stay."))


@form("marketing", back="desk:drops")
def close_drop(request: StaffRequest, drop_id: int) -> HttpResponseBase:
    """End a drop; what is left goes back online."""
    return _switch(
        request, drop_id, drops.close_drop, _("The drop is closed; what was left is online again.")
    )


@form("marketing", back="desk:drops")
def run_draw(request: StaffRequest, drop_id: int) -> HttpResponseBase:
    """Make a draw whose entries have closed."""
    return _switch(
        request, drop_id, drops.run_draw, _("The draw is made; its record can be redone by anybody.")
    )


@form("marketing", back="desk:drops")
def decide_screening(request: StaffRequest, drop_id: int) -> HttpResponseBase:
    """Let in, or turn away, somebody whom WeChat finds risky."""
    says = request.POST.get("says", "")
    with telling(request, _("The decision is kept with the drop.")):
        if says not in ("let_in", "turn_away"):
            raise FormRefused(Refusal.UNKNOWN_CHOICE, says[:40])
        drops.decide_screening(
            house_id=request.member.house_id,
            drop_id=drop_id,
            person_id=rules.number(request.POST.get("person_id", "")),
            lets_in=says == "let_in",
            user_id=request.member.user_id,
            now=datetime.now(UTC),
        )
    return redirect("desk:drop", drop_id)


def _switch(
    request: StaffRequest, drop_id: int, switch: Callable[..., object], done: str
) -> HttpResponseBase:
    _card(request, drop_id)
    with telling(request, done):
        switch(drop_id=drop_id, user_id=request.member.user_id, now=datetime.now(UTC))
    return redirect("desk:drop", drop_id)
