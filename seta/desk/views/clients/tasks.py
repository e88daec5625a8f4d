"""What an associate has to do today, the plays that plan it, and when clients are left in peace."""

from datetime import UTC, datetime, timedelta

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from seta.clienteling import operations as clienteling
from seta.clienteling import queries
from seta.clienteling.rules import BlackoutTerms
from seta.clienteling.rules.playbooks import Step
from seta.desk import rules
from seta.desk.shell import day_began, form, page, show, telling
from seta.desk.views.clients.reader import must_be_associate, of_house, own_of, sees_all
from seta.houses.access import StaffRequest
from seta.people import queries as people

TASKS_MAX = 100


@page("clients")
def tasks(request: StaffRequest) -> HttpResponse:
    """Open tasks: overdue, today and later; a held client shows why not to write now."""
    house_id, own, now = request.member.house_id, own_of(request), datetime.now(UTC)
    rows = queries.follow_ups(
        house_id,
        associate_id=None if sees_all(request) or own is None else own.id,
        is_open=True,
        limit=TASKS_MAX,
    )
    rows = rows if own or sees_all(request) else []
    tomorrow = day_began(request, now) + timedelta(days=1)
    named = people.cards({row.person_id for row in rows})
    shown = [
        {
            "task": row,
            "name": named[row.person_id].display_name,
            "is_mine": own is not None and row.associate_id == own.id,
            "held": _held(house_id, row, now) if row.due_at < tomorrow else None,
        }
        for row in rows
    ]
    context = {
        "due": [each for each, row in zip(shown, rows, strict=True) if row.due_at < tomorrow],
        "later": [each for each, row in zip(shown, rows, strict=True) if row.due_at >= tomorrow],
        "now": now,
        "own": own,
    }
    return show(request, "clients", "clients/tasks.html", context)


def _held(house_id: int, row: queries.FollowUpRow, now: datetime) -> object:
    found = queries.may_contact(
        house_id=house_id, person_id=row.person_id, associate_id=row.associate_id, now=now
    )
    return None if found.allowed else found


@form("associate", back="desk:clients")
def add_task(request: StaffRequest, person_id: int) -> HttpResponseBase:
    """Put a task of one's own for a client on a day."""
    own = must_be_associate(request)
    of_house(request, person_id)
    with telling(request, _("Kept.")):
        clienteling.write_follow_up(
            house_id=request.member.house_id,
            associate_id=own.id,
            person_id=person_id,
            title=request.POST.get("title", ""),
            on=rules.day(request.POST.get("on", "")),
            now=datetime.now(UTC),
        )
    return redirect("desk:client", person_id)


@page("clients")
def plays(request: StaffRequest) -> HttpResponse:
    """The house's plays and its patience; a supervisor changes them."""
    context = {
        "plays": queries.playbooks(request.member.house_id),
        "terms": queries.blackout_terms(request.member.house_id),
        "may_change": sees_all(request),
    }
    return show(request, "clients", "clients/plays.html", context)


@form("supervisor", back="desk:plays")
def set_play(request: StaffRequest, trigger: str) -> HttpResponseBase:
    """Put the steps of a play in force; a step without words is taken away."""
    sent = zip(request.POST.getlist("days"), request.POST.getlist("title"), strict=False)
    with telling(request, _("The play is in force.")):
        steps = [Step(_days(days), title.strip()) for days, title in sent if title.strip()]
        clienteling.set_playbook(
            house_id=request.member.house_id,
            user_id=request.member.user_id,
            trigger=trigger,
            name=request.POST.get("name", ""),
            steps=steps,
            is_active=request.POST.get("is_active") == "on",
            now=datetime.now(UTC),
        )
    return redirect("desk:plays")


def _days(text: str) -> int:
    plain = text.strip().removeprefix("+")
    digits = plain.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 3):
        raise rules.FormRefused(rules.Refusal.BAD_NUMBER)
    return int(plain)


@form("supervisor", back="desk:plays")
def set_blackout(request: StaffRequest) -> HttpResponseBase:
    """Put the house's patience in force."""
    with telling(request, _("It is in force from now on.")):
        values = {name: _days(request.POST.get(name, "")) for name in BlackoutTerms.__dataclass_fields__}
        clienteling.set_blackout(
            house_id=request.member.house_id,
            user_id=request.member.user_id,
            terms=BlackoutTerms(**values),
            now=datetime.now(UTC),
        )
    return redirect("desk:plays")
