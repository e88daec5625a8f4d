"""What was drawn to be looked at, how anyone can draw it again, and who read what."""

from datetime import UTC, datetime, timedelta

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from seta.desk import labels
from seta.desk.exporting import csv_file
from seta.desk.shell import show
from seta.desk.views.review_doors import (
    ask_purpose,
    associate_name,
    masked,
    member_names,
    own_userid,
    pass_of,
    reviewing,
    reviewing_form,
    step,
)
from seta.houses.access import StaffRequest
from seta.oversight import operations as oversight
from seta.oversight import queries
from seta.oversight.rules import sampling
from seta.oversight.rules.review import REASON_CHARS_MAX


@reviewing
def samples(request: StaffRequest) -> HttpResponse:
    """Drawn messages and readings that wait for a person, and the draws behind them."""
    house_id = request.member.house_id
    kind = request.GET.get("kind", "")
    kind = kind if kind in labels.SAMPLE_KIND else "messages"
    waiting = queries.sample_items(house_id, kind=kind)
    names = member_names(request)
    context = {
        "kind": kind,
        "kinds": list(labels.SAMPLE_KIND.items()),
        "items": [(item, _stratum(request, item.kind, item.stratum, names)) for item in waiting],
        "done": queries.sample_items(house_id, kind=kind, is_done=True, limit=10),
        "draws": queries.draws(house_id, kind=kind),
        "findings": list(labels.FINDING.items()),
        "reason_chars_max": REASON_CHARS_MAX,
        "tab": "samples",
    }
    return show(request, "review", "review/samples.html", context)


def _stratum(request: StaffRequest, kind: str, stratum: str, names: dict[int, str]) -> str:
    """Reviewers by name, associates by what stands for them."""
    if kind == "messages":
        return associate_name(request, stratum, revealed=False)
    return names.get(int(stratum), stratum) if stratum.isdecimal() else stratum


@reviewing
def sample(request: StaffRequest, item_id: int) -> HttpResponse:
    """A drawn message in its conversation, once a purpose is named."""
    now, member = datetime.now(UTC), request.member
    held = pass_of(request, now)
    if held is None:
        return ask_purpose(request, {"wanted": "sample_review"})
    view = oversight.open_sampled(
        house_id=member.house_id,
        item_id=item_id,
        user_id=member.user_id,
        purpose=held.purpose,
        own_userid=own_userid(request),
        now=now,
    )
    context = {
        "view": view,
        "held": held,
        "associate": associate_name(request, view.userid, revealed=False),
        "client": masked(request, "client", view.conversation),
        "findings": list(labels.FINDING.items()),
        "reason_chars_max": REASON_CHARS_MAX,
    }
    return show(request, "review", "review/sample.html", context)


@reviewing_form("desk:samples")
def find(request: StaffRequest, item_id: int) -> HttpResponseBase:
    """Say what was found in something drawn."""
    with step(request, _("Noted. The next one waits.")):
        oversight.find_in_sample(
            house_id=request.member.house_id,
            item_id=item_id,
            user_id=request.member.user_id,
            finding=request.POST.get("finding", ""),
            reason=request.POST.get("reason", ""),
            own_userid=own_userid(request),
            now=datetime.now(UTC),
        )
    back = "readings" if request.POST.get("kind") == "readings" else "messages"
    answer = redirect("desk:samples")
    answer["Location"] += f"?kind={back}"
    return answer


@reviewing_form("desk:samples")
def draw(request: StaffRequest) -> HttpResponseBase:
    """Draw from the last day, now."""
    now = datetime.now(UTC)
    kind = request.POST.get("kind", "")
    last = queries.draws(request.member.house_id, kind=kind, limit=1)
    since = last[0].until if last else now - timedelta(days=1)
    with step(request, _("Drawn. The seed stands in the audit log.")):
        oversight.draw_sample(
            house_id=request.member.house_id,
            kind=kind,
            since=since,
            until=now,
            user_id=request.member.user_id,
            now=now,
        )
    answer = redirect("desk:samples")
    answer["Location"] += f"?kind={'readings' if kind == 'readings' else 'messages'}"
    return answer


@reviewing
def how(request: StaffRequest, draw_id: int) -> HttpResponse:
    """How a draw came about, and the same draw made again now from what is stored."""
    house_id = request.member.house_id
    row = queries.draw_row(house_id, draw_id)
    if row is None:
        raise Http404
    people = list(oversight.population(house_id, row.kind, row.since, row.until))
    again = sampling.draw(people, seed=row.seed, minimum=row.minimum, share_bps=row.share_bps)
    line = queries.announcement(house_id, row.audit_seq)
    kept = set(queries.drawn_keys(row.id))
    names, drawn = member_names(request), sampling.sizes(again)
    context = {
        "draw": row,
        "line": line,
        "is_seed": line is not None and line[1] == row.seed,
        "is_population": sampling.population_digest(people) == row.population_sha256,
        "is_choice": {(each.stratum, each.key) for each in again} == kept,
        "strata": [
            (_stratum(request, row.kind, stratum, names), size, drawn.get(stratum, 0))
            for stratum, size in sampling.sizes(people).items()
        ],
        "tab": "samples",
    }
    return show(request, "review", "review/how.html", context)


@reviewing
def population_csv(request: StaffRequest, draw_id: int) -> HttpResponseBase:
    """What a draw could choose from, and what it chose: enough to draw again elsewhere."""
    house_id = request.member.house_id
    row = queries.draw_row(house_id, draw_id)
    if row is None:
        raise Http404
    kept = set(queries.drawn_keys(row.id))
    people = sorted(oversight.population(house_id, row.kind, row.since, row.until))
    lines = ((each.stratum, each.key, int((each.stratum, each.key) in kept)) for each in people)
    return csv_file(f"draw-{row.id}", ("stratum", "key", "drawn"), lines)


@reviewing
def readings(request: StaffRequest) -> HttpResponse:
    """Who opened what was said, when, and for which purpose."""
    who = request.GET.get("who", "")
    user_id = int(who) if who.isdecimal() and len(who) < 19 else None
    context = {
        "rows": queries.readings(request.member.house_id, user_id=user_id),
        "members": member_names(request),
        "asked": user_id,
        "tab": "readings",
    }
    return show(request, "review", "review/readings.html", context)
