"""How oversight does in figures, and each rule: on trial, live, in shadow, by two people."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from seta.clienteling.queries import associates
from seta.desk import labels
from seta.desk.shell import language, show
from seta.desk.views.review_doors import (
    ask_purpose,
    member_names,
    pass_of,
    reviewer_names,
    reviewing,
    reviewing_form,
    step,
)
from seta.houses.access import StaffRequest
from seta.oversight import operations as oversight
from seta.oversight import queries

DAYS = 30
CHART_HEIGHT = 120
TRIAL_DAYS = (7, 30, 90)


@dataclass(frozen=True)
class Bar:
    """A bar of a chart whose axis begins at zero."""

    name: str
    value: int
    top: float
    height: float


def bars_of(values: Mapping[str, int]) -> list[Bar]:
    """Bars of one scale."""
    most = max(values.values(), default=0) or 1
    heights = {name: value * CHART_HEIGHT / most for name, value in values.items()}
    return [Bar(name, value, CHART_HEIGHT - heights[name], heights[name]) for name, value in values.items()]


@reviewing
def statistics(request: StaffRequest) -> HttpResponse:
    """The last thirty days in figures with what they are figures of."""
    now, house_id = datetime.now(UTC), request.member.house_id
    last = now.date()
    since = datetime.combine(last - timedelta(days=DAYS - 1), time.min, UTC)
    until = now + timedelta(seconds=1)
    days = queries.alerts_by_day(house_id, since=since, until=until)
    every = [last - timedelta(days=back) for back in range(DAYS - 1, -1, -1)]
    seats = [row.associate for row in associates(house_id) if row.associate.is_active]
    waiting = queries.backlog(house_id, now=now)
    context = {
        "days": DAYS,
        "by_day": bars_of({_short(on): days.get(on, 0) for on in every}),
        "most": max(days.values(), default=0),
        "ages": bars_of(dict(_ages(waiting))),
        "backlog": waiting,
        "figures": queries.figures(house_id, since=since, until=until),
        "times": queries.verdict_times(house_id, since=since, until=until),
        "four_eyes": queries.four_eyes(house_id, since=since, until=until),
        "of": queries.denominators(house_id, since=since, until=until),
        "seats": len(seats),
        "coverage": queries.coverage(house_id, now=now),
        "tab": "statistics",
    }
    return show(request, "review", "review/statistics.html", context)


def _short(on: date) -> str:
    return f"{on.day}.{on.month}."


def _ages(waiting: queries.Backlog) -> list[tuple[str, int]]:
    return [(f"< {name}" if name else "≥ 7 d", number) for name, number in waiting.bars]


@reviewing
def rules(request: StaffRequest) -> HttpResponse:
    """Every rule and how it runs, what waits for a second person, and who answers for each queue."""
    now, house_id = datetime.now(UTC), request.member.house_id
    context = {
        "figures": queries.figures(house_id, since=now - timedelta(days=DAYS), until=now),
        "waiting": queries.changes(house_id, state="waiting"),
        "demoted": queries.changes(house_id, state="automatic", limit=5),
        "queues": queries.queue_plans(house_id),
        "assignments": list(labels.ASSIGNMENT.items()),
        "reviewers": reviewer_names(request),
        "members": member_names(request),
        "days": DAYS,
        "tab": "rules",
    }
    return show(request, "review", "review/rules.html", context)


@reviewing
def rule(request: StaffRequest, rule_id: str) -> HttpResponse:
    """One rule: what it looks for, what it did, what it would do, and its mode."""
    now, house_id = datetime.now(UTC), request.member.house_id
    found = queries.rule_of(house_id, rule_id)
    row = queries.rule_figures(house_id, rule_id, since=now - timedelta(days=DAYS), until=now)
    if found is None or row is None:
        raise Http404
    changes = queries.changes(house_id, rule_id=rule_id)
    context = {
        "rule": found,
        "row": row,
        "advice": found.advice.get(language()[:2]) or found.advice.get("en", ""),
        "modes": [(code, name) for code, name in labels.RULE_MODE.items() if code != row.mode],
        "trials": queries.trials(house_id, rule_id),
        "trial_days": TRIAL_DAYS,
        "waiting": [each for each in changes if each.state == "waiting"],
        "changes": [each for each in changes if each.state != "waiting"],
        "verdicts": list(labels.VERDICT.items()),
        "members": member_names(request),
        "days": DAYS,
        "tab": "rules",
    }
    return show(request, "review", "review/rule.html", context)


@reviewing_form("desk:review_rules")
def try_rule(request: StaffRequest, rule_id: str) -> HttpResponseBase:
    """Run a rule over what was said before."""
    days = request.POST.get("days", "")
    with step(request, _("The trial is done; nothing was alerted.")):
        oversight.try_rule(
            house_id=request.member.house_id,
            rule_id=rule_id,
            days=int(days) if days.isdecimal() and len(days) < 4 else 0,
            user_id=request.member.user_id,
            now=datetime.now(UTC),
        )
    return redirect("desk:review_rule", rule_id)


@reviewing_form("desk:review_rules")
def ask_mode(request: StaffRequest, rule_id: str) -> HttpResponseBase:
    """Ask that a rule runs otherwise."""
    with step(request, _("A second person must agree; until then nothing changes.")):
        oversight.ask_mode(
            house_id=request.member.house_id,
            rule_id=rule_id,
            mode=request.POST.get("mode", ""),
            reason=request.POST.get("reason", ""),
            user_id=request.member.user_id,
            now=datetime.now(UTC),
        )
    return redirect("desk:review_rule", rule_id)


@reviewing_form("desk:review_rules")
def decide_mode(request: StaffRequest, change_id: int) -> HttpResponseBase:
    """Agree to a rule's new mode, or not."""
    with step(request, _("Decided.")):
        oversight.decide_mode(
            house_id=request.member.house_id,
            change_id=change_id,
            is_approved=request.POST.get("answer") == "yes",
            user_id=request.member.user_id,
            now=datetime.now(UTC),
        )
    return redirect("desk:review_rules")


@reviewing_form("desk:review_rules")
def plan_queue(request: StaffRequest) -> HttpResponseBase:
    """Say how a queue's alerts find a reviewer, and who answers for it."""
    owner = request.POST.get("owner", "")
    with step(request, _("The queue is planned.")):
        oversight.plan_queue(
            house_id=request.member.house_id,
            queue=request.POST.get("queue", ""),
            user_id=request.member.user_id,
            assignment=request.POST.get("assignment", ""),
            owner_id=int(owner) if owner.isdecimal() and len(owner) < 19 else None,
            now=datetime.now(UTC),
        )
    return redirect("desk:review_rules")


@reviewing
def trial_find(request: StaffRequest, hit_id: int) -> HttpResponse:
    """One find of a trial, once a purpose is named; opening it is kept in the audit log."""
    now = datetime.now(UTC)
    held = pass_of(request, now)
    if held is None:
        return ask_purpose(request, {"wanted": "sample_review"})
    view = oversight.open_trial_hit(
        house_id=request.member.house_id,
        hit_id=hit_id,
        user_id=request.member.user_id,
        purpose=held.purpose,
        now=now,
    )
    context = {"view": view, "held": held, "verdicts": list(labels.VERDICT.items()), "tab": "rules"}
    return show(request, "review", "review/trial_find.html", context)


@reviewing_form("desk:review_rules")
def judge_trial_find(request: StaffRequest, hit_id: int) -> HttpResponseBase:
    """Say of a trial's find whether it is a breach."""
    rule_id = ""
    rule_id = ""
    with step(request, _("Noted. The next one waits.")):
        rule_id = oversight.judge_trial_hit(
            house_id=request.member.house_id,
            hit_id=hit_id,
            user_id=request.member.user_id,
            verdict=request.POST.get("verdict", ""),
            now=datetime.now(UTC),
        )
    return redirect("desk:review_rule", rule_id) if rule_id else redirect("desk:trial_find", hit_id)
