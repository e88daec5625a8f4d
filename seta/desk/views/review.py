"""Review: alerts of the archive, soonest due first, opened for a purpose and judged by people with a reason."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from seta.clienteling import queries as clienteling
from seta.desk import labels
from seta.desk.doing import By, by
from seta.desk.shell import form, language, page, show, tell
from seta.desk.views.review_doors import (
    ask_purpose,
    associate_name,
    end_pass,
    give_pass,
    masked,
    member_names,
    own_userid,
    pass_of,
    reviewer_names,
    reviewing,
    reviewing_form,
    step,
)
from seta.houses.access import StaffRequest
from seta.houses.rules import JOBS
from seta.oversight import operations as oversight
from seta.oversight import queries
from seta.oversight.queries import AlertFilter, AlertRow
from seta.oversight.rules import Piece
from seta.oversight.rules.review import BULK_UNDO, REASON_CHARS_MAX, purpose_of

PAGE_ROWS = 50


@dataclass(frozen=True)
class Entry:
    """An alert of the queue with the names this reviewer may see and, once a purpose is named, the found words."""

    row: AlertRow
    associate: str
    client: str
    excerpt: tuple[Piece, ...]


@reviewing
def queue(request: StaffRequest) -> HttpResponse:
    """The queue by state, severity, rule, queue and boutique; the words only once a purpose is named."""
    now, house_id = datetime.now(UTC), request.member.house_id
    asked = {
        name: request.GET.get(name, "")[:80]
        for name in ("state", "severity", "rule", "queue", "boutique", "of")
    }
    offset = max(0, int(request.GET.get("from", "0"))) if request.GET.get("from", "0").isdecimal() else 0
    wanted = _wanted(request, asked)
    rows = queries.queue(house_id, wanted, now=now, limit=PAGE_ROWS + 1, offset=offset)
    held = pass_of(request, now)
    rules = queries.rules_of(house_id)
    context = {
        "entries": list(_entries(request, rows[:PAGE_ROWS], held.purpose if held else "", now)),
        "asked": asked,
        "states": list(labels.ALERT_STATE.items()),
        "severities": list(labels.SEVERITY.items()),
        "rules": sorted(rule.id for rule in rules),
        "queues": sorted({rule.review.queue for rule in rules}),
        "boutiques": sorted(_boutiques(house_id)),
        "totals": queries.alert_totals(house_id, now=now),
        "coverage": queries.coverage(house_id, now=now),
        "samples": queries.sample_totals(house_id),
        "health": queries.archive_health(house_id, now=now),
        "demoted": queries.changes(house_id, state="automatic", limit=3),
        "held": held,
        "purposes": list(labels.PURPOSE.items()),
        "verdicts": list(labels.VERDICT.items()),
        "members": member_names(request),
        "next": offset + PAGE_ROWS if len(rows) > PAGE_ROWS else None,
        "previous": max(0, offset - PAGE_ROWS) if offset else None,
        "reason_chars_max": REASON_CHARS_MAX,
        "tab": "queue",
    }
    return show(request, "review", "review/queue.html", context)


def _wanted(request: StaffRequest, asked: dict[str, str]) -> AlertFilter:
    house_id = request.member.house_id
    rules: set[str] | None = None
    if asked["rule"]:
        rules = {asked["rule"]}
    elif asked["queue"]:
        rules = {rule.id for rule in queries.rules_of(house_id) if rule.review.queue == asked["queue"]}
    return AlertFilter(
        state=asked["state"] if asked["state"] in labels.ALERT_STATE else "",
        severity=asked["severity"] if asked["severity"] in labels.SEVERITY else "",
        rules=rules,
        userids=_boutiques(house_id).get(asked["boutique"], []) if asked["boutique"] else None,
        assignee_id=request.member.user_id if asked["of"] == "me" else None,
        is_overdue=asked["of"] == "overdue",
    )


def _boutiques(house_id: int) -> dict[str, list[str]]:
    """The associates of each boutique, by their names in WeCom."""
    found: dict[str, list[str]] = {}
    for row in clienteling.associates(house_id):
        found.setdefault(row.associate.boutique, []).append(row.associate.userid)
    found.pop("", None)
    return found


def _entries(request: StaffRequest, rows: list[AlertRow], purpose: str, now: datetime) -> Iterable[Entry]:
    member, ids = request.member, [row.id for row in rows]
    words: dict[int, tuple[Piece, ...]] = {}
    if purpose and ids:
        opened = oversight.open_excerpts(
            house_id=member.house_id,
            alert_ids=ids,
            user_id=member.user_id,
            purpose=purpose,
            own_userid=own_userid(request),
            now=now,
        )
        words = {row.id: row.excerpt for row in opened}
    shown = queries.revealed_to(member.user_id, ids)
    for row in rows:
        name = associate_name(request, row.userid, revealed=row.id in shown)
        yield Entry(row, name, masked(request, "client", row.conversation), words.get(row.id, ()))


@reviewing
def alert(request: StaffRequest, alert_id: int) -> HttpResponse:
    """One alert in its conversation, once a purpose is named; opening it is kept in the audit log."""
    now, member = datetime.now(UTC), request.member
    held = pass_of(request, now)
    if held is None:
        found = queries.queue(member.house_id, AlertFilter(ids=(alert_id,)), now=now)
        if not found:
            oversight.open_alert(**_on(request, alert_id), purpose="alert_review")
            raise Http404
        return ask_purpose(request, {"alert": found[0]})
    view = oversight.open_alert(**_on(request, alert_id), purpose=held.purpose, note=held.note)
    row = view.alert
    mine, reader = row.assignee_id == member.user_id, language()[:2]
    is_revealed = bool(queries.revealed_to(member.user_id, [alert_id]))
    context = {
        "view": view,
        "held": held,
        "advice": view.advice.get(reader) or view.advice.get("en", ""),
        "associate": associate_name(request, row.userid, revealed=is_revealed),
        "client": masked(request, "client", row.conversation),
        "is_revealed": is_revealed,
        "members": member_names(request),
        "reviewers": reviewer_names(request),
        "verdicts": list(labels.VERDICT.items()),
        "coachings": queries.coachings(member.house_id, alert_id=alert_id),
        "is_mine": mine,
        "can_judge": row.state == "open" or (row.state == "claimed" and mine),
        "reason_chars_max": REASON_CHARS_MAX,
    }
    return show(request, "review", "review/alert.html", context)


@reviewing_form("desk:review")
def purpose(request: StaffRequest) -> HttpResponseBase:
    """Say why one opens what was said, or that one has finished."""
    if request.POST.get("purpose") == "":
        end_pass(request)
    else:
        with step(request):
            named = purpose_of(request.POST.get("purpose", ""))
            give_pass(request, named, request.POST.get("note", ""), datetime.now(UTC))
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return redirect(wanted if safe else "desk:review")


class _OnAlert(By):
    """A reviewer at an alert, and the name under which they themselves write to clients."""

    alert_id: int
    own_userid: str


def _on(request: StaffRequest, alert_id: int) -> _OnAlert:
    return _OnAlert(**by(request), alert_id=alert_id, own_userid=own_userid(request))


@reviewing_form("desk:review")
def claim(request: StaffRequest, alert_id: int) -> HttpResponseBase:
    """Take an alert for oneself."""
    with step(request, _("The alert is yours to review.")):
        oversight.claim_alert(**_on(request, alert_id))
    return redirect("desk:alert", alert_id)


@reviewing_form("desk:review")
def release(request: StaffRequest, alert_id: int) -> HttpResponseBase:
    """Give an alert back to the queue."""
    with step(request, _("The alert is back in the queue.")):
        oversight.release_alert(**_on(request, alert_id))
    return redirect("desk:alert", alert_id)


@reviewing_form("desk:review")
def assign(request: StaffRequest, alert_id: int) -> HttpResponseBase:
    """Give an alert to a reviewer."""
    to = request.POST.get("to", "")
    with step(request, _("The alert has a reviewer.")):
        oversight.assign_alert(
            **_on(request, alert_id),
            to_user_id=int(to) if to.isdecimal() else 0,
        )
    return redirect("desk:alert", alert_id)


@reviewing_form("desk:review")
def escalate(request: StaffRequest, alert_id: int) -> HttpResponseBase:
    """Pass an alert up with a reason."""
    with step(request, _("The alert is passed up.")):
        oversight.escalate_alert(
            **_on(request, alert_id),
            reason=request.POST.get("reason", ""),
        )
    return redirect("desk:alert", alert_id)


@reviewing_form("desk:review")
def verdict(request: StaffRequest, alert_id: int) -> HttpResponseBase:
    """Judge an alert; it closes, or waits for a second person."""
    with step(request):
        closed = oversight.review_alert(
            **_on(request, alert_id),
            verdict=request.POST.get("verdict", ""),
            reason=request.POST.get("reason", ""),
        )
        done = _("The alert is closed with your verdict.")
        tell(request, done if closed else _("Your verdict is kept; another person judges too."))
    return redirect("desk:alert", alert_id)


@reviewing_form("desk:review")
def bulk(request: StaffRequest) -> HttpResponseBase:
    """Close the chosen alerts of one rule for one reason."""
    ids = [int(each) for each in request.POST.getlist("alert") if each.isdecimal() and len(each) < 19]
    closing_id = 0
    with step(request):
        closing_id = oversight.close_many(
            **by(request),
            alert_ids=ids,
            verdict=request.POST.get("verdict", ""),
            reason=request.POST.get("reason", ""),
            own_userid=own_userid(request),
        )
    if not closing_id:
        return redirect("desk:review")
    return show(request, "review", "review/bulk.html", _done(closing_id, len(set(ids))))


def _done(closing_id: int, count: int) -> dict[str, object]:
    said = ngettext("%(n)s alert has your verdict.", "%(n)s alerts have your verdict.", count) % {"n": count}
    return {"closing_id": closing_id, "said": said, "minutes": int(BULK_UNDO.total_seconds() // 60)}


@reviewing_form("desk:review")
def undo(request: StaffRequest, closing_id: int) -> HttpResponseBase:
    """Take back what was closed together."""
    with step(request, _("The alerts wait again.")):
        oversight.undo_bulk(
            **by(request),
            closing_id=closing_id,
            own_userid=own_userid(request),
        )
    return redirect("desk:review")


@reviewing_form("desk:review")
def reveal(request: StaffRequest, alert_id: int) -> HttpResponseBase:
    """See whose alert it is, for a reason."""
    with step(request, _("The name is shown; the reason is kept.")):
        oversight.reveal_names(
            **_on(request, alert_id),
            reason=request.POST.get("reason", ""),
        )
    return redirect("desk:alert", alert_id)


@reviewing_form("desk:review")
def coach(request: StaffRequest, alert_id: int) -> HttpResponseBase:
    """Write to the associate what to do better."""
    with step(request, _("The associate finds it on their desk.")):
        oversight.coach(
            **_on(request, alert_id),
            text=request.POST.get("text", ""),
        )
    return redirect("desk:alert", alert_id)


@page("clients")
def coaching(request: StaffRequest) -> HttpResponse:
    """What was written to the member about how they write; all that they see of a review."""
    mine = own_userid(request)
    context = {
        "rows": queries.coachings(request.member.house_id, userid=mine) if mine else [],
        "members": member_names(request),
    }
    return show(request, "clients", "review/coaching.html", context)


@form(*JOBS, back="desk:coaching")
def coaching_seen(request: StaffRequest) -> HttpResponseBase:
    """Say that one has read it."""
    with step(request, _("Thank you, noted.")):
        oversight.see_coaching(
            **by(request),
            userid=own_userid(request),
        )
    return redirect("desk:coaching")
