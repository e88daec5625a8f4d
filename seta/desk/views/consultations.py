"""The desk's consultations: what comes and what was, booking, the room, recordings played for a purpose."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from seta.boutique import queries as boutique
from seta.clienteling import queries as clienteling
from seta.consultations import operations, queries, rules
from seta.consultations.queries import ConsultationCard
from seta.desk import labels
from seta.desk.rules import FormRefused, number
from seta.desk.rules import Refusal as FormRefusal
from seta.desk.shell import form, language, page, show, telling, today, zone_of
from seta.desk.templatetags.desk_format import money
from seta.desk.views.clients.reader import must_be_associate, of_house, own_of, person_of, sees_all
from seta.desk.views.consultation_page import config, guarded
from seta.guide import queries as guide
from seta.houses.access import StaffRequest
from seta.oversight.operations.recordings import RecordingUnreadable
from seta.oversight.rules.review import Purpose, Refused

CLIENTS_MAX = 500
PLACES_SHOWN = 60


@page("clients")
def consultations(request: StaffRequest) -> HttpResponse:
    """What is to come and what was; one's own, or everybody's for a supervisor."""
    now, own = datetime.now(UTC), own_of(request)
    house_id, user_id = request.member.house_id, _whose(request)
    clients = []
    if own:
        clients = clienteling.client_book(house_id, associate_id=own.id, limit=CLIENTS_MAX)
    context = {
        "coming": queries.coming(house_id, user_id=user_id, now=now),
        "past": queries.past(house_id, user_id=user_id, now=now),
        "own": own,
        "hours": queries.call_hours(house_id, request.member.user_id) if own else "",
        "clients": clients,
        "asked": request.GET.get("client", ""),
        "kinds": labels.KINDS["consultation_kind"],
        "minutes": rules.MINUTES,
        "today": today(request, now),
    }
    return show(request, "clients", "consultations/list.html", context)


def _whose(request: StaffRequest) -> int | None:
    return None if sees_all(request) else request.member.user_id


@form("associate", back="desk:consultations")
def book(request: StaffRequest) -> HttpResponseBase:
    """Book a call with one's client; the invitation goes out by itself."""
    own, person_id = must_be_associate(request), person_of(request)
    known = clienteling.client_book(request.member.house_id, associate_id=own.id, limit=CLIENTS_MAX)
    if person_id not in {row.person_id for row in known}:
        raise PermissionDenied(_("Only a client of your own book can be invited."))
    with telling(request, _("The consultation is booked; the client is invited.")):
        card = operations.book(
            house_id=request.member.house_id,
            person_id=person_id,
            user_id=request.member.user_id,
            associate_id=own.id,
            host_name=own.name,
            kind=request.POST.get("kind", ""),
            starts_at=_instant(request),
            minutes=number(request.POST.get("minutes", "")),
            topic=request.POST.get("topic", "").strip(),
            now=datetime.now(UTC),
        )
        return redirect("desk:consultation", card.id)
    return redirect("desk:consultations")


@form("associate", back="desk:consultations")
def set_hours(request: StaffRequest) -> HttpResponseBase:
    """Say when one's clients may book a call by themselves."""
    must_be_associate(request)
    with telling(request, _("Your hours are in force.")):
        operations.set_hours(
            house_id=request.member.house_id,
            user_id=request.member.user_id,
            hours=request.POST.get("hours", ""),
            now=datetime.now(UTC),
        )
    return redirect("desk:consultations")


@form("associate", "supervisor", back="desk:consultations")
def move(request: StaffRequest, public_id: str) -> HttpResponseBase:
    """Give it another time; the client is told."""
    card = _card(request, public_id)
    with telling(request, _("The consultation has a new time; the client is told.")):
        operations.move(
            house_id=card.house_id,
            public_id=card.id,
            starts_at=_instant(request),
            minutes=number(request.POST.get("minutes", "")),
            now=datetime.now(UTC),
        )
    return redirect("desk:consultation", public_id)


@form("associate", "supervisor", back="desk:consultations")
def cancel(request: StaffRequest, public_id: str) -> HttpResponseBase:
    """Give the time back; the client is told."""
    card = _card(request, public_id)
    with telling(request, _("The consultation is cancelled; the client is told.")):
        operations.cancel(
            house_id=card.house_id, public_id=card.id, by=rules.ASSOCIATE, now=datetime.now(UTC)
        )
    return redirect("desk:consultation", public_id)


@page("clients")
def consultation(request: StaffRequest, public_id: str) -> HttpResponse:
    """One consultation: its time and link, what was measured, shown and recorded."""
    card, now = _card(request, public_id), datetime.now(UTC)
    playing = next((row for row in card.recordings if str(row.id) == request.GET.get("recording")), None)
    purpose = request.GET.get("purpose", "")
    context = {
        "card": card,
        "is_mine": card.user_id == request.member.user_id,
        "is_open": card.is_open(now),
        "link": queries.client_link(card),
        "calendar": f"/consultations/{queries.client_pass(card)}/calendar.ics",
        "minutes": rules.MINUTES,
        "purposes": {one.value: labels.KINDS["purpose"][one.value] for one in Purpose},
        "playing": playing if purpose else None,
        "purpose": purpose,
        "quality": card.quality.get(rules.ASSOCIATE) or card.quality.get(rules.CLIENT) or {},
    }
    return show(request, "clients", "consultations/consultation.html", context)


@page("clients")
def room(request: StaffRequest, public_id: str) -> HttpResponse:
    """The room: for the member who holds it, and for a supervisor who was announced."""
    card = _card(request, public_id)
    user_id = request.member.user_id
    role = rules.ASSOCIATE if card.user_id == user_id else rules.SUPERVISOR
    if role == rules.SUPERVISOR and card.listener_id != user_id:
        raise PermissionDenied(_("A supervisor has to be announced to both sides first."))
    token = queries.staff_pass(card, role=role, user_id=user_id)
    context = {
        "card": card,
        "is_open": card.is_open(datetime.now(UTC)),
        "role": role,
        "config": {
            **config(card, token, role=role, language=language()),
            "show": reverse("desk:show_card", args=[card.id]),
            "back": reverse("desk:consultation", args=[card.id]),
        },
        "products": boutique.products(house_id=card.house_id, language="zh") if role == "associate" else [],
        "places": _places(request) if role == "associate" else [],
    }
    return guarded(show(request, "clients", "consultations/room.html", context))


def _places(request: StaffRequest) -> list[Any]:
    day = today(request, datetime.now(UTC))
    return list(guide.places(request.member.house_id, day=day, language=language()))[:PLACES_SHOWN]


@form("supervisor", back="desk:consultations")
def listen(request: StaffRequest, public_id: str) -> HttpResponseBase:
    """Say to both sides that a supervisor listens, and go in."""
    card = _card(request, public_id)
    with telling(request):
        operations.announce_listener(
            house_id=card.house_id,
            public_id=card.id,
            user_id=request.member.user_id,
            name=request.member.name,
            now=datetime.now(UTC),
        )
        return redirect("desk:consultation_room", card.id)
    return redirect("desk:consultation", card.id)


@form("associate", back="desk:consultations")
def show_card(request: StaffRequest, public_id: str) -> HttpResponseBase:
    """A product or a place as it is shown to the client, kept as shown; JSON for the room's script."""
    card = _card(request, public_id)
    kind, _colon, code = request.POST.get("what", "").partition(":")
    found = _product(card, code) if kind == "product" else _place(request, code) if kind == "place" else None
    if found is None:
        return JsonResponse({"error": rules.refusal_text(rules.Refusal.BAD_CHOICE, language())}, status=404)
    try:
        operations.show_card(
            house_id=card.house_id,
            public_id=card.id,
            user_id=request.member.user_id,
            kind=kind,
            code=code,
            title=found["title"],
            now=datetime.now(UTC),
        )
    except rules.ConsultationRefused as refused:
        return JsonResponse({"error": refused.text(language())}, status=409)
    return JsonResponse(found)


def _product(card: ConsultationCard, code: str) -> dict[str, str] | None:
    row = boutique.product(house_id=card.house_id, code=code, language="zh")
    if row is None:
        return None
    price = min(((each.amount, each.currency) for each in row.variants), default=None)
    return {
        "title": row.name,
        "text": row.description[:300],
        "price": money(*price) if price else "",
        "image": row.image_url,
    }


def _place(request: StaffRequest, code: str) -> dict[str, str] | None:
    day = today(request, datetime.now(UTC))
    row = guide.place(request.member.house_id, code, day=day, language="zh-hans")
    if row is None:
        return None
    return {"title": row.name_zh or row.name, "text": row.name, "price": "", "image": ""}


@page("clients")
def recording(request: StaffRequest, recording_id: int) -> HttpResponseBase:
    """A recording's sound and picture, for a purpose; the reading is logged."""
    try:
        opened = operations.open_recording(
            house_id=request.member.house_id,
            recording_id=recording_id,
            user_id=request.member.user_id,
            purpose=request.GET.get("purpose", ""),
            now=datetime.now(UTC),
        )
    except (rules.ConsultationRefused, RecordingUnreadable) as problem:
        raise Http404 from problem
    except Refused as refused:
        raise PermissionDenied(refused.text(language())) from refused
    response = StreamingHttpResponse(opened.pieces, content_type=opened.media_type)
    response["Content-Length"] = str(opened.size)
    response["Content-Disposition"] = "inline"
    response["Cache-Control"] = "private, no-store"
    return response


def _card(request: StaffRequest, public_id: str) -> ConsultationCard:
    """A consultation that the member may see: their own, or any of the house for a supervisor."""
    card = queries.consultation(house_id=request.member.house_id, public_id=public_id)
    if card is None or (card.user_id != request.member.user_id and not sees_all(request)):
        raise Http404
    of_house(request, card.person_id)
    return card


def _instant(request: StaffRequest) -> datetime:
    """The day and time of a form, on the house's clock; raises FormRefused."""
    text = f"{request.POST.get('day', '')}T{request.POST.get('time', '')}"
    try:
        local = datetime.fromisoformat(text)
    except ValueError as problem:
        raise FormRefused(FormRefusal.BAD_DAY) from problem
    zone: ZoneInfo = zone_of(request)
    return local.replace(tzinfo=zone)
