"""A house's own rules by release: written, tried, agreed to by another, put in force and ended."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from seta.desk import labels
from seta.desk.shell import show, warn
from seta.desk.views.review_doors import ask_purpose, member_names, pass_of, reviewing, reviewing_form, step
from seta.houses.access import StaffRequest
from seta.oversight import operations as oversight
from seta.oversight import queries
from seta.oversight.operations.policies import (
    NOTE_CHARS_MAX,
    YAML_CHARS_MAX,
    ReleaseRefusal,
    ReleaseRefused,
)
from seta.oversight.rules import PolicyError

DAYS = 30
TRIAL_DAYS = (7, 30, 90)
LINES_AROUND = 3
LEFT_OUT_SHOWN = 40
STATE = {
    "draft": gettext_lazy("Draft"),
    "shadow": gettext_lazy("In shadow"),
    "live": gettext_lazy("Live"),
    "retired": gettext_lazy("Retired"),
}
EFFECT = {
    "new": gettext_lazy("New rule"),
    "replaces": gettext_lazy("Replaces a shipped rule"),
    "changed": gettext_lazy("Changed"),
    "same": gettext_lazy("As it is live"),
    "dropped": gettext_lazy("No longer there"),
}
WHY = {
    "WeCom does not look at what stands beside a word": gettext_lazy(
        "WeCom does not look at what stands beside a word"
    ),
    "WeCom knows no regular expressions": gettext_lazy("WeCom knows no regular expressions"),
    "longer than 32 characters": gettext_lazy("longer than 32 characters"),
    "so short that it would stop ordinary talk": gettext_lazy("so short that it would stop ordinary talk"),
    "WeCom cannot ask for two things at once": gettext_lazy("WeCom cannot ask for two things at once"),
    "WeCom cannot excuse; an excused message is stopped as well": gettext_lazy(
        "WeCom cannot excuse; an excused message is stopped as well"
    ),
    "more than 100 rules of 300 words": gettext_lazy("more than 100 rules of 300 words"),
}
TONE = {
    "live": "ok",
    "shadow": "warn",
    "new": "ok",
    "replaces": "warn",
    "changed": "warn",
    "dropped": "bad",
}
EXAMPLE = """# A rule with the id of a shipped rule takes its place.
rules:
  - id: house.example
    category: confidential
    severity: medium
    match:
      any:
        - terms: {words: [内部特卖会, 员工内购]}
    actions: {default: hold, archive: flag}
    message_to_sa:
      zh: 内部活动请勿告知客户。
      en: Do not tell clients of staff sales.
      it: Non parlare ai clienti delle vendite interne.
    tests:
      hit: [内部特卖会您要来吗, 给您报员工内购, 周五有内部特卖会]
      miss: [周五店里有新品, 欢迎到店, 员工都在]
"""
_LINE = re.compile(r"\bline (\d+)")
_QUOTED = re.compile(r"'([^']+)'")
_CHOICES = re.compile(r"\['.*?'\]")
_RULE = re.compile(r"rule ([\w.-]+)")


@dataclass(frozen=True)
class Problem:
    """What the reader of rules says, the line it means, and the lines around it: (number, text)."""

    text: str
    line: int
    around: tuple[tuple[int, str], ...]


def problem_of(text: str, yaml: str) -> Problem:
    """A reader's word with its line, 0 when it means none.

    That is where the text it quotes stands in the rule it names, else the last line or the rule that it names.
    """
    lines = yaml.splitlines()
    named = [int(each) for each in _LINE.findall(text)]
    after = named[-1] if named else 1
    # What the YAML reader quotes are its own signs, and a list is what might have stood there.
    quoted = [] if "not readable" in text else _QUOTED.findall(_CHOICES.sub("", text))[:1]
    line = _line_holding(quoted, lines, after)
    if not line:
        line = after if named else _line_holding([f"id: {each}" for each in _RULE.findall(text)], lines, 1)
    first = max(0, line - 1 - LINES_AROUND)
    around = tuple(enumerate(lines, start=1))[first : line + LINES_AROUND] if line else ()
    return Problem(text.removeprefix("release.yaml: "), line, around)


def _line_holding(needles: Sequence[str], lines: Sequence[str], after: int) -> int:
    for number, line in enumerate(lines, start=1):
        if number >= after and any(needle in line for needle in needles):
            return number
    return 0


@reviewing
def policies(request: StaffRequest) -> HttpResponse:
    """Every release with its state and people, and the editor for the next one."""
    house_id = request.member.house_id
    start = request.GET.get("from", "")
    source = queries.release(house_id, int(start)) if start.isdecimal() and len(start) < 19 else None
    yaml = source.yaml if source else queries.live_yaml(house_id) or EXAMPLE
    return _editor(request, yaml, "")


def _editor(
    request: StaffRequest,
    yaml: str,
    note: str,
    *,
    problem: Problem | None = None,
    found: queries.Examined | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "releases": queries.releases(request.member.house_id),
        "yaml": yaml,
        "note": note,
        "problem": problem,
        "found": found,
        "members": member_names(request),
        "states": STATE,
        "effects": EFFECT,
        "tones": TONE,
        "yaml_chars_max": YAML_CHARS_MAX,
        "note_chars_max": NOTE_CHARS_MAX,
        "tab": "policies",
    }
    return show(request, "review", "review/policies.html", context, status=status)


@reviewing_form("desk:review_policies")
def propose(request: StaffRequest) -> HttpResponseBase:
    """Check what was written, or keep it as a draft; what cannot be used comes back with the line to mend."""
    yaml = request.POST.get("yaml", "").replace("\r\n", "\n")
    note = request.POST.get("note", "").strip()
    house_id = request.member.house_id
    if request.POST.get("do") == "check" and len(yaml) <= YAML_CHARS_MAX:
        found = queries.examine(house_id, yaml)
        if found.problem:
            return _editor(request, yaml, note, problem=problem_of(found.problem, yaml), status=422)
        return _editor(request, yaml, note, found=found)
    try:
        made = oversight.propose_release(
            house_id=house_id, yaml=yaml, author_id=request.member.user_id, note=note, now=datetime.now(UTC)
        )
    except PolicyError as refused:
        return _editor(request, yaml, note, problem=problem_of(str(refused), yaml), status=422)
    except ReleaseRefused as refused:
        warn(request, _words(refused.code))
        return _editor(request, yaml, note, status=422)
    return redirect("desk:review_policy", made)


@reviewing
def policy(request: StaffRequest, release_id: int) -> HttpResponse:
    """One release: its rules against what is live, what WeCom would stop, what history says, how its rules do."""
    now, house_id = datetime.now(UTC), request.member.house_id
    row = _row(request, release_id)
    found = queries.examine(house_id, row.yaml)
    figures: list[queries.RuleFigures] = []
    if row.state in ("live", "shadow"):
        own = {each.rule.id for each in found.rules}
        all_figures = queries.figures(house_id, since=now - timedelta(days=DAYS), until=now)
        figures = [each for each in all_figures if each.rule in own]
    demoted = {change.rule for change in queries.changes(house_id, state="automatic", limit=200)}
    context = {
        "release": row,
        "found": found,
        "problem": problem_of(found.problem, row.yaml) if found.problem else None,
        "left_out": found.left_out[:LEFT_OUT_SHOWN],
        "left_out_more": max(0, len(found.left_out) - LEFT_OUT_SHOWN),
        "figures": figures,
        "demoted": demoted,
        "trials": queries.trials_of_version(house_id, row.sha256),
        "whys": WHY,
        "verbs": _verbs(row, request.member.user_id),
        "is_own": row.author_id == request.member.user_id,
        "purposes": list(labels.PURPOSE.items()),
        "trial_days": TRIAL_DAYS,
        "members": member_names(request),
        "states": STATE,
        "effects": EFFECT,
        "tones": TONE,
        "days": DAYS,
        "tab": "policies",
    }
    return show(request, "review", "review/policy.html", context)


def _row(request: StaffRequest, release_id: int) -> queries.ReleaseRow:
    row = queries.release(request.member.house_id, release_id)
    if row is None:
        raise Http404
    return row


def _verbs(row: queries.ReleaseRow, user_id: int) -> set[str]:
    """What this member may do with a release as it stands."""
    is_open, is_own = row.state in ("draft", "shadow"), row.author_id == user_id
    may = {
        "approve": is_open and row.approved_at is None and not is_own,
        "shadow": row.state == "draft",
        "publish": is_open and row.approved_at is not None and not is_own,
        "retire": is_open or (row.state == "live" and not is_own),
    }
    return {verb for verb, allowed in may.items() if allowed}


@reviewing_form("desk:review_policies")
def move(request: StaffRequest, release_id: int, verb: str) -> HttpResponseBase:
    """Approve a release, try it in shadow, put it in force or end it."""
    house_id, user_id, now = request.member.house_id, request.member.user_id, datetime.now(UTC)
    match verb:
        case "approve":
            with _moving(request, _("Approved. It may be put in force now.")):
                oversight.approve_release(
                    house_id=house_id, release_id=release_id, approver_id=user_id, now=now
                )
        case "shadow":
            with _moving(request, _("It runs in shadow: what it finds is noted, nothing is held.")):
                oversight.try_release(house_id=house_id, release_id=release_id, user_id=user_id, now=now)
        case "publish":
            with _moving(request, _("In force from now on.")):
                oversight.publish_release(house_id=house_id, release_id=release_id, user_id=user_id, now=now)
        case "retire":
            with _moving(request, _("Ended. It judges nobody any more.")):
                oversight.retire_release(house_id=house_id, release_id=release_id, user_id=user_id, now=now)
        case _:
            raise Http404
    return redirect("desk:review_policy", release_id)


@reviewing_form("desk:review_policies")
def try_history(request: StaffRequest, release_id: int) -> HttpResponseBase:
    """Judge what was said before by this release, for a purpose that is kept."""
    days = request.POST.get("days", "")
    with _moving(request, _("The trial is done; nothing was alerted.")):
        oversight.try_on_history(
            house_id=request.member.house_id,
            release_id=release_id,
            days=int(days) if days.isdecimal() and len(days) < 4 else 0,
            user_id=request.member.user_id,
            purpose=request.POST.get("purpose", ""),
            now=datetime.now(UTC),
        )
    return redirect("desk:review_policy", release_id)


@reviewing
def find(request: StaffRequest, release_id: int, hit_id: int) -> HttpResponse:
    """One find of a release's trial, once a purpose is named; opening it is kept in the audit log."""
    now = datetime.now(UTC)
    row, held = _row(request, release_id), pass_of(request, now)
    if held is None:
        return ask_purpose(request, {"wanted": "sample_review"})
    view = oversight.open_trial_hit(
        house_id=request.member.house_id,
        hit_id=hit_id,
        user_id=request.member.user_id,
        purpose=held.purpose,
        now=now,
    )
    context = {
        "release": row,
        "view": view,
        "held": held,
        "verdicts": list(labels.VERDICT.items()),
        "tab": "policies",
    }
    return show(request, "review", "review/policy_find.html", context)


@reviewing_form("desk:review_policies")
def judge_find(request: StaffRequest, release_id: int, hit_id: int) -> HttpResponseBase:
    """Say of a release's find whether it is a breach."""
    with step(request, _("Noted. The next one waits.")):
        oversight.judge_trial_hit(
            house_id=request.member.house_id,
            hit_id=hit_id,
            user_id=request.member.user_id,
            verdict=request.POST.get("verdict", ""),
            now=datetime.now(UTC),
        )
    return redirect("desk:review_policy", release_id)


@contextmanager
def _moving(request: StaffRequest, done: str) -> Iterator[None]:
    """Do something with a release and say that it is done, or why it was refused; another house's is no page."""
    try:
        with step(request, done):
            yield
    except ReleaseRefused as refused:
        if refused.code is ReleaseRefusal.UNKNOWN:
            raise Http404 from refused
        warn(request, _words(refused.code))
    except PolicyError as refused:
        warn(request, str(refused))


def _words(code: ReleaseRefusal) -> str:
    match code:
        case ReleaseRefusal.OWN_RELEASE:
            return _("You wrote this release; a colleague has to do that.")
        case ReleaseRefusal.NOT_APPROVED:
            return _("Nobody has approved this release yet. Ask a colleague to read it.")
        case ReleaseRefusal.TOO_LONG:
            return _("This is too long. Split the rules into fewer words, or write a shorter note.")
        case _:
            return _("This release has moved on meanwhile. Look at its state and choose again.")
