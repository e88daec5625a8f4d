"""Review: alerts of the archive, soonest due first, each judged by a person with a reason."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from seta.clienteling.queries import names_by_userid
from seta.desk import labels
from seta.desk.shell import form, language, page, show, telling
from seta.houses.access import StaffRequest
from seta.houses.queries import members
from seta.oversight import operations as oversight
from seta.oversight import queries
from seta.oversight.rules.review import REASON_CHARS_MAX, Purpose, Refusal, Refused

PAGE_ROWS = 50


@page("review")
def queue(request: StaffRequest) -> HttpResponse:
    """The queue, how it stands, how much of what is said can be seen, and how well each rule does."""
    now, house_id = datetime.now(UTC), request.member.house_id
    state = request.GET.get("state", "")
    severity = request.GET.get("severity", "")
    asked = {
        "state": state if state in labels.ALERT_STATE else "",
        "severity": severity if severity in labels.SEVERITY else "",
    }
    if asked["state"]:
        rows = queries.alerts(
            house_id, now=now, state=asked["state"], severity=asked["severity"], limit=PAGE_ROWS
        )
    else:
        mixed = [
            queries.alerts(house_id, now=now, state=each, severity=asked["severity"], limit=PAGE_ROWS)
            for each in ("open", "claimed", "closed")
        ]
        rows = [row for part in mixed for row in part][:PAGE_ROWS]
    context = {
        "rows": rows,
        "asked": asked,
        "states": list(labels.ALERT_STATE.items()),
        "severities": list(labels.SEVERITY.items()),
        "names": names_by_userid(house_id),
        "totals": queries.alert_totals(house_id, now=now),
        "coverage": queries.coverage(house_id),
        "health": queries.archive_health(house_id, now=now),
        "rules": [row for row in queries.rules_table(house_id) if row.alerts],
    }
    return show(request, "review", "review/queue.html", context)


@page("review")
def alert(request: StaffRequest, alert_id: int) -> HttpResponse:
    """One alert in its conversation; opening it is kept in the audit log with its purpose."""
    try:
        view = oversight.open_alert(
            house_id=request.member.house_id,
            alert_id=alert_id,
            user_id=request.member.user_id,
            purpose=Purpose.ALERT_REVIEW,
            now=datetime.now(UTC),
        )
    except Refused as refused:
        raise Http404 from refused
    mine = view.alert.assignee_id == request.member.user_id
    reader = language()[:2]
    context = {
        "view": view,
        "advice": view.advice.get(reader) or view.advice.get("en", ""),
        "names": names_by_userid(request.member.house_id),
        "members": {member.user_id: member.name for member in members(request.member.house_id)},
        "verdicts": list(labels.VERDICT.items()),
        "is_mine": mine,
        "can_judge": view.alert.state == "open" or (view.alert.state == "claimed" and mine),
        "reason_chars_max": REASON_CHARS_MAX,
    }
    return show(request, "review", "review/alert.html", context)


@form("supervisor", back="desk:review")
def claim(request: StaffRequest, alert_id: int) -> HttpResponseBase:
    """Take an alert for oneself."""
    with telling(request, _("The alert is yours to review.")), _or_404():
        oversight.claim_alert(
            house_id=request.member.house_id,
            alert_id=alert_id,
            user_id=request.member.user_id,
            now=datetime.now(UTC),
        )
    return redirect("desk:alert", alert_id)


@form("supervisor", back="desk:review")
def release(request: StaffRequest, alert_id: int) -> HttpResponseBase:
    """Give an alert back to the queue."""
    with telling(request, _("The alert is back in the queue.")), _or_404():
        oversight.release_alert(
            house_id=request.member.house_id,
            alert_id=alert_id,
            user_id=request.member.user_id,
            now=datetime.now(UTC),
        )
    return redirect("desk:alert", alert_id)


@form("supervisor", back="desk:review")
def verdict(request: StaffRequest, alert_id: int) -> HttpResponseBase:
    """Judge an alert and close it."""
    with telling(request, _("The alert is closed with your verdict.")), _or_404():
        oversight.review_alert(
            house_id=request.member.house_id,
            alert_id=alert_id,
            user_id=request.member.user_id,
            verdict=request.POST.get("verdict", ""),
            reason=request.POST.get("reason", ""),
            now=datetime.now(UTC),
        )
    return redirect("desk:alert", alert_id)


@contextmanager
def _or_404() -> Iterator[None]:
    """An alert of another house, or of none, is no page at all."""
    try:
        yield
    except Refused as refused:
        if refused.refusal is Refusal.UNKNOWN:
            raise Http404 from refused
        raise
