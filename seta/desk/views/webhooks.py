"""Webhooks: where the house's own systems hear facts, what was brought to them, and bringing it again."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from seta.desk import rules
from seta.desk.rights import ROLES, Act
from seta.desk.shell import form, page, show, tell, telling, zone_of
from seta.houses.access import StaffRequest
from seta.webhooks import operations as hooks_out
from seta.webhooks import queries
from seta.webhooks.operations.endpoints import NewSecret
from seta.webhooks.rules import schedule
from seta.webhooks.rules.addresses import Refusal, WebhookRefused
from seta.webhooks.rules.catalogue import CATALOGUE

PAGE_ROWS = 50
STATES = {
    "waiting": gettext_lazy("waiting"),
    "done": gettext_lazy("delivered"),
    "dead": gettext_lazy("given up"),
}
SWITCHED = {
    "active": gettext_lazy("on"),
    "disabled": gettext_lazy("off"),
    "gone": gettext_lazy("switched off by the receiver"),
}


@page("money")
def hooks(request: StaffRequest) -> HttpResponse:
    """The addresses and the form for a new one."""
    return _list(request, None)


@form(*ROLES[Act.WEBHOOKS], back="desk:webhooks")
def open_hook(request: StaffRequest) -> HttpResponseBase:
    """Open an address; its secret is on this answer and nowhere after."""
    with telling(request):
        made = hooks_out.open_endpoint(
            house_id=request.member.house_id,
            url=request.POST.get("url", "").strip(),
            facts=request.POST.getlist("facts"),
            note=request.POST.get("note", "").strip(),
            created_by=request.member.user_id,
            now=datetime.now(UTC),
        )
        return _list(request, made)
    return redirect("desk:webhooks")


@page("money")
def hook(request: StaffRequest, endpoint_id: int) -> HttpResponse:
    """One address with what was brought to it."""
    return _detail(request, endpoint_id, None)


@form(*ROLES[Act.WEBHOOKS], back="desk:webhooks")
def change_facts(request: StaffRequest, endpoint_id: int) -> HttpResponseBase:
    """Choose anew what an address hears."""
    with telling(request, _("From now on it hears what is ticked.")), _or_404():
        hooks_out.change_facts(
            endpoint_id=endpoint_id,
            house_id=request.member.house_id,
            facts=request.POST.getlist("facts"),
            now=datetime.now(UTC),
        )
    return redirect("desk:webhook", endpoint_id)


@form(*ROLES[Act.WEBHOOKS], back="desk:webhooks")
def ping(request: StaffRequest, endpoint_id: int) -> HttpResponseBase:
    """Send a test message."""
    with telling(request, _("A test message is on its way.")), _or_404():
        hooks_out.ping(endpoint_id=endpoint_id, house_id=request.member.house_id, now=datetime.now(UTC))
    return redirect("desk:webhook", endpoint_id)


@form(*ROLES[Act.WEBHOOKS], back="desk:webhooks")
def rotate(request: StaffRequest, endpoint_id: int) -> HttpResponseBase:
    """Give an address a new secret, shown on this answer only."""
    with telling(request), _or_404():
        made = hooks_out.rotate_secret(
            endpoint_id=endpoint_id, house_id=request.member.house_id, now=datetime.now(UTC)
        )
        return _detail(request, endpoint_id, made)
    return redirect("desk:webhook", endpoint_id)


@form(*ROLES[Act.WEBHOOKS], back="desk:webhooks")
def switch(request: StaffRequest, endpoint_id: int) -> HttpResponseBase:
    """Switch an address on or off."""
    is_on = request.POST.get("on") == "1"
    with telling(request, _("It is on.") if is_on else _("It is off.")), _or_404():
        hooks_out.switch(
            endpoint_id=endpoint_id, house_id=request.member.house_id, is_on=is_on, now=datetime.now(UTC)
        )
    return redirect("desk:webhook", endpoint_id)


@form(*ROLES[Act.WEBHOOKS], back="desk:webhooks")
def send_range(request: StaffRequest, endpoint_id: int) -> HttpResponseBase:
    """Bring the facts of some days again."""
    zone = zone_of(request)
    with telling(request), _or_404():
        first, last = (rules.day(request.POST.get(name, "")) for name in ("first", "last"))
        count = hooks_out.redeliver_range(
            endpoint_id=endpoint_id,
            house_id=request.member.house_id,
            since=datetime.combine(first, time.min, zone),
            until=datetime.combine(last + timedelta(days=1), time.min, zone),
            also_done=request.POST.get("also_done") == "1",
            now=datetime.now(UTC),
        )
        tell(
            request,
            ngettext("%(count)d message is in line again.", "%(count)d messages are in line again.", count)
            % {"count": count},
        )
    return redirect("desk:webhook", endpoint_id)


@page("money")
def delivery(request: StaffRequest, delivery_id: int) -> HttpResponse:
    """One message for one address: its body and every attempt."""
    with _or_404():
        detail = queries.delivery(request.member.house_id, delivery_id)
    return show(
        request,
        "money",
        "webhooks/delivery.html",
        {"detail": detail, "state": STATES[detail.delivery.state]},
    )


@form(*ROLES[Act.WEBHOOKS], back="desk:webhooks")
def send_again(request: StaffRequest, delivery_id: int) -> HttpResponseBase:
    """Bring one message again."""
    with telling(request, _("The message is in line again.")), _or_404():
        hooks_out.redeliver(delivery_id=delivery_id, house_id=request.member.house_id, now=datetime.now(UTC))
    return redirect("desk:webhook_delivery", delivery_id)


def _list(request: StaffRequest, made: NewSecret | None) -> HttpResponse:
    rows = queries.endpoints(request.member.house_id)
    context = {
        "rows": [(row, SWITCHED[row.state]) for row in rows],
        "facts": [(name, False) for name in CATALOGUE],
        "made": made,
        "attempts": schedule.ATTEMPTS_MAX,
    }
    return show(request, "money", "webhooks/hooks.html", context)


def _detail(request: StaffRequest, endpoint_id: int, made: NewSecret | None) -> HttpResponse:
    house_id = request.member.house_id
    asked = request.GET.get("state", "")
    with _or_404():
        row = queries.endpoint(house_id, endpoint_id)
    found = queries.deliveries(house_id, endpoint_id, state=asked if asked in STATES else "", limit=PAGE_ROWS)
    context = {
        "row": row,
        "switched": SWITCHED[row.state],
        "keys_url": f"{settings.PUBLIC_URL}{queries.keys_path(endpoint_id)}",
        "deliveries": [(one, STATES[one.state]) for one in found],
        "states": list(STATES.items()),
        "asked": asked,
        "facts": [(name, name in row.facts) for name in CATALOGUE],
        "made": made,
        "today": datetime.now(zone_of(request)).date(),
    }
    return show(request, "money", "webhooks/hook.html", context)


@contextmanager
def _or_404() -> Iterator[None]:
    """A webhook of another house, or of none, is no page at all."""
    try:
        yield
    except WebhookRefused as refusal:
        if refusal.code is Refusal.NOT_FOUND:
            raise Http404 from refusal
        raise
