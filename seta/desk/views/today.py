"""Today: the day in figures and what needs a person first; both move without a reload."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from seta.boutique import queries as boutique
from seta.conversations import queries as conversations
from seta.desk import queries as desk
from seta.desk.shell import day_began, jobs_of, language, page, show, show_part, today
from seta.guide import queries as guide
from seta.houses import queries as houses
from seta.houses.access import StaffRequest
from seta.kit.money import text
from seta.oversight import queries as oversight
from seta.payments import queries as payments
from seta.stores import queries as stores

NEEDS_MAX = 5
"""Lines of each kind in the list of what needs a person."""


@dataclass(frozen=True)
class Figure:
    """A number of the day; `code` names its words in the template, `url` opens its facts."""

    code: str
    value: str
    url: str
    small: str = ""
    is_urgent: bool = False


@dataclass(frozen=True)
class Need:
    """Something that waits for a person, since or until an instant."""

    code: str
    title: str
    url: str
    at: datetime | None
    is_late: bool = False


@page("today")
def today_page(request: StaffRequest) -> HttpResponse:
    """The page; its two parts come again by themselves."""
    return show(request, "today", "today.html", _parts(request))


@page("today")
def live(request: StaffRequest) -> HttpResponse:
    """The moving part of the page."""
    return show_part(request, "parts/today_live.html", _parts(request))


def _parts(request: StaffRequest) -> dict[str, Any]:
    now = datetime.now(UTC)
    mine = frozenset(jobs_of(request.member, houses.house(request.member.house_id)))
    return {
        "figures": list(_figures(request, mine, now)),
        "needs": list(_needs(request, mine, now)),
        "now": now,
    }


def _figures(request: StaffRequest, mine: frozenset[str], now: datetime) -> Iterator[Figure]:
    house_id, since = request.member.house_id, day_began(request, now)
    if "conversations" in mine:
        said = conversations.totals(house_id, since=since)
        url = reverse("desk:conversations")
        yield Figure("followers", str(said.followers), url, f"+{said.followed} −{said.unfollowed}")
        yield Figure(
            "messages",
            str(said.received + said.sent),
            url,
            _("%(received)s received, %(sent)s sent") % {"received": said.received, "sent": said.sent},
        )
        yield Figure("unanswered", str(said.unanswered), f"{url}?unanswered=1", "", said.unanswered > 0)
    if "clients" in mine:
        day = stores.totals_on(house_id, today(request, now))
        yield Figure(
            "appointments",
            str(day.booked + day.attended),
            reverse("desk:stores"),
            _("%(n)s came") % {"n": day.attended},
        )
    if "boutique" in mine:
        sold = boutique.order_totals(house_id=house_id, since=since)
        url = reverse("desk:orders")
        yield Figure("orders", str(sold.placed), url, _("%(n)s paid") % {"n": sold.paid})
        currency = houses.house(house_id).currency
        paid = text(sold.paid_amount, "CNY")
        yield Figure("paid", paid, f"{url}?state=paid", text(sold.settle_amount, currency))
    if "review" in mine:
        totals = oversight.alert_totals(house_id, now=now)
        waiting = totals.open + totals.claimed
        yield Figure("alerts", str(waiting), reverse("desk:review"), "", totals.overdue > 0)
    if "money" in mine:
        found = len(payments.breaks(house_id, now=now))
        yield Figure("breaks", str(found), reverse("desk:breaks"), "", found > 0)
    if "guide" in mine:
        known = guide.totals(house_id, since=since, day=today(request, now))
        yield Figure("plans", str(known.plans), reverse("desk:guide"))
        yield Figure("missed", str(known.missed), reverse("desk:guide_searches"))


def _needs(request: StaffRequest, mine: frozenset[str], now: datetime) -> Iterator[Need]:
    house_id = request.member.house_id
    if "review" in mine:
        for alert in oversight.alerts(house_id, now=now, state="open", limit=NEEDS_MAX):
            url = reverse("desk:alert", args=[alert.id])
            yield Need("alert", alert.category, url, alert.due_at, alert.is_overdue)
    if "money" in mine:
        for found in payments.breaks(house_id, now=now)[:NEEDS_MAX]:
            yield Need("break", found.category, reverse("desk:breaks"), found.opened_at, found.age_days > 0)
    if "money" in mine:
        for wish in desk.refund_requests(house_id, is_waiting=True, limit=NEEDS_MAX):
            yield Need("refund", wish.number, reverse("desk:order", args=[wish.order_id]), wish.asked_at)
    if "conversations" in mine:
        for talk in conversations.conversations(house_id, unanswered=True, limit=NEEDS_MAX):
            url = reverse("desk:conversation", args=[talk.id])
            yield Need("unanswered", talk.person_name, url, talk.unanswered_since)
    if "clients" in mine:
        coming = stores.appointments_on(house_id, today(request, now))
        for each in [one for one in coming if one.state == "confirmed"][:NEEDS_MAX]:
            name = each.boutique_name_zh if language().startswith("zh") else each.boutique_name
            yield Need("appointment", f"{each.person_name} · {name}", reverse("desk:stores"), each.starts_at)
