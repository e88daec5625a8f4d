"""The stores: who comes today, the screen whose code checks a client in, check-ins by hand, and other times."""

from datetime import UTC, date, datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from seta.clienteling import queries as clienteling
from seta.desk import people, rules
from seta.desk.shell import form, page, show, show_part, telling, today
from seta.houses.access import StaffRequest
from seta.people.queries import cards
from seta.stores import operations as stores
from seta.stores import queries
from seta.stores.queries import AppointmentCard, BoutiqueCard

MOVERS = ("associate", "supervisor", "admin")


@page("clients")
def day(request: StaffRequest) -> HttpResponse:
    """A day's appointments and visits."""
    house_id, shown = request.member.house_id, _day(request)
    visits = queries.visits_on(house_id, shown)
    context = {
        "day": shown,
        "is_today": shown == today(request, datetime.now(UTC)),
        "appointments": queries.appointments_on(house_id, shown),
        "visits": visits,
        "names": {key: each.display_name for key, each in cards({row.person_id for row in visits}).items()},
        "boutiques": queries.boutiques(house_id),
        "totals": queries.totals_on(house_id, shown),
        "own": clienteling.associate_of_user(house_id=house_id, user_id=request.member.user_id),
        "can_move": request.member.role in MOVERS,
        "now": datetime.now(UTC),
    }
    return show(request, "clients", "stores/day.html", context)


def _day(request: StaffRequest) -> date:
    return _said_day(request) or today(request, datetime.now(UTC))


def _said_day(request: StaffRequest) -> date | None:
    try:
        return rules.day(request.GET.get("day", ""))
    except rules.FormRefused:
        return None


@page("clients")
def appointment(request: StaffRequest, public_id: str) -> HttpResponse:
    """One appointment, and the free times of a day that it can move to."""
    card, now = _appointment(request, public_id), datetime.now(UTC)
    shown = _said_day(request) or date.fromisoformat(card.local_time[:10])
    slots = queries.slots(card.house_id, card.boutique, day=shown, kind=card.kind, now=now) or ()
    context = {
        "card": card,
        "day": shown,
        "before": shown - timedelta(days=1) if shown > today(request, now) else None,
        "after": shown + timedelta(days=1),
        "slots": [slot for slot in slots if slot.starts_at != card.starts_at],
        "can_move": request.member.role in MOVERS and card.state == "confirmed" and card.starts_at > now,
    }
    return show(request, "clients", "stores/appointment.html", context)


@form(*MOVERS, back="desk:stores")
def move(request: StaffRequest, public_id: str) -> HttpResponseBase:
    """Give an appointment another time; the client is told."""
    card = _appointment(request, public_id)
    own = clienteling.associate_of_user(house_id=card.house_id, user_id=request.member.user_id)
    with telling(request, _("The appointment has a new time; the client is told.")):
        stores.move(
            house_id=card.house_id,
            public_id=card.id,
            starts_at=rules.instant(request.POST.get("starts_at", "")),
            associate_id=own.id if own else None,
            now=datetime.now(UTC),
        )
    return redirect("desk:appointment", card.id)


def _appointment(request: StaffRequest, public_id: str) -> AppointmentCard:
    card = queries.appointment_at_house(request.member.house_id, public_id)
    if card is None:
        raise Http404
    return card


@page("clients")
def screen(request: StaffRequest, code: str) -> HttpResponse:
    """What stands on the store's screen: a code that changes, and nothing that identifies a client."""
    store = _store(request, code)
    content = queries.screen_code(request.member.house_id, store.code, now=datetime.now(UTC))
    context = {"store": store, "content": content}
    if request.headers.get("HX-Request"):
        return show_part(request, "parts/screen_code.html", context)
    return show(request, "clients", "stores/screen.html", context)


def _store(request: StaffRequest, code: str) -> BoutiqueCard:
    store = queries.boutique(request.member.house_id, code)
    if store is None:
        raise Http404
    return store


@form("associate", back="desk:stores")
def check_in(request: StaffRequest) -> HttpResponseBase:
    """An associate sees the client in the store."""
    house_id, member = request.member.house_id, request.member
    try:
        person_id = rules.number(request.POST.get("person_id", ""))
    except rules.FormRefused as refused:
        raise Http404 from refused
    if people.of_house(house_id=house_id, person_id=person_id) is None:
        raise Http404
    own = clienteling.associate_of_user(house_id=house_id, user_id=member.user_id)
    if own is None:
        raise PermissionDenied(_("Only an associate can check a client in."))
    with telling(request, _("The client is checked in.")):
        stores.check_in_by_associate(
            house_id=house_id,
            person_id=person_id,
            boutique=request.POST.get("boutique", ""),
            associate_id=own.id,
            now=datetime.now(UTC),
        )
    back = request.POST.get("back", "")
    return redirect("desk:client", person_id) if back == "client" else redirect("desk:stores")
