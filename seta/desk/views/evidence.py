"""Evidence: the signed log and its witnesses, exports by two, holds, and destroying what is past its age."""

import json
from datetime import datetime, time

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from seta.desk import evidence_words, labels, rules
from seta.desk.doing import by
from seta.desk.shell import form, page, show, show_part, telling, zone_of
from seta.houses.access import StaffRequest
from seta.houses.queries import members
from seta.oversight.operations import exporting, heads, retention, witnessing
from seta.oversight.queries import evidence as queries
from seta.oversight.rules.review import Purpose


@page("evidence")
def evidence(request: StaffRequest) -> HttpResponse:
    """How the log stands, who witnesses it, what was handed out, what is held and what was destroyed."""
    house_id = request.member.house_id
    context = {
        "log": queries.log_state(house_id),
        "heads": queries.head_rows(house_id, limit=8),
        "check": queries.last_check(house_id),
        "witnesses": queries.witnesses(house_id),
        "exports": queries.exports(house_id, limit=20),
        "holds": queries.holds(house_id),
        "rules": queries.retention_rules(house_id),
        "disposals": queries.disposals(house_id),
        "conversations": queries.exportable_conversations(house_id),
        "names": {member.user_id: member.name for member in members(house_id)},
        "scopes": list(evidence_words.EVIDENCE_SCOPE.items()),
        "purposes": [(each.value, labels.label("export_purpose", each.value)) for each in Purpose],
        "may_act": request.member.role in ("supervisor", "admin"),
    }
    return show(request, "evidence", "evidence/evidence.html", context)


@page("evidence")
def check_live(request: StaffRequest) -> HttpResponse:
    """How far the check of the log is; asks for itself again until it is done."""
    context = {"check": queries.last_check(request.member.house_id)}
    return show_part(request, "evidence/check.html", context)


@page("evidence")
def printed_head(request: StaffRequest, size: int) -> HttpResponse:
    """One signed head as a code to print and to keep somewhere else."""
    row = queries.head_at(request.member.house_id, size)
    if row is None:
        raise Http404
    context = {"head": row, "log": queries.log_state(request.member.house_id)}
    return show(request, "evidence", "evidence/head.html", context)


@page("evidence")
def certificate(request: StaffRequest, run_id: int) -> HttpResponse:
    """The signed certificate of a disposal as a file."""
    told = queries.certificate(request.member.house_id, run_id)
    if told is None:
        raise Http404
    response = HttpResponse(json.dumps(told, indent=1), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="disposal-{run_id}.json"'
    return response


@form("supervisor", back="desk:evidence")
def check_log(request: StaffRequest) -> HttpResponseBase:
    """Have the whole log checked."""
    with telling(request, _("The log is being checked.")):
        heads.ask_log_check(
            **by(request),
        )
    return redirect("desk:evidence")


@form("admin", back="desk:evidence")
def rotate_key(request: StaffRequest) -> HttpResponseBase:
    """Sign with a new key from now on."""
    with telling(request, _("From now on a new key signs; the old one has signed it.")):
        heads.rotate_head_key(
            **by(request),
        )
    return redirect("desk:evidence")


@form("admin", back="desk:evidence")
def add_witness(request: StaffRequest) -> HttpResponseBase:
    """Have heads kept by somebody else too."""
    with telling(request, _("The witness gets every new head.")):
        witnessing.add_witness(
            **by(request),
            name=request.POST.get("name", ""),
            kind=request.POST.get("kind", ""),
            address=request.POST.get("address", ""),
            public=request.POST.get("public", ""),
        )
    return redirect("desk:evidence")


@form("admin", back="desk:evidence")
def remove_witness(request: StaffRequest, witness_id: int) -> HttpResponseBase:
    """Send a witness nothing more."""
    with telling(request, _("The witness gets nothing more; what it signed stays.")):
        witnessing.remove_witness(
            **by(request),
            witness_id=witness_id,
        )
    return redirect("desk:evidence")


@form("supervisor", back="desk:evidence")
def ask_export(request: StaffRequest) -> HttpResponseBase:
    """Ask for a bundle; a colleague has to approve it."""
    with telling(request, _("Asked for. A colleague has to approve it.")):
        exporting.ask_export(
            **by(request),
            scope=request.POST.get("scope", ""),
            value=request.POST.get("value", "").strip(),
            since=_midnight(request, "since"),
            until=_midnight(request, "until"),
            purpose=request.POST.get("purpose", ""),
            reason=request.POST.get("reason", ""),
        )
    return redirect("desk:evidence")


def _midnight(request: StaffRequest, name: str) -> datetime | None:
    given = request.POST.get(name, "")
    return datetime.combine(rules.day(given), time(), zone_of(request)) if given else None


@form("supervisor", back="desk:evidence")
def approve_export(request: StaffRequest, export_id: int) -> HttpResponseBase:
    """Let a colleague's bundle be made."""
    with telling(request, _("Approved; the bundle is being made.")):
        exporting.approve_export(
            **by(request),
            export_id=export_id,
        )
    return redirect("desk:evidence")


@form("supervisor", back="desk:evidence")
def decline_export(request: StaffRequest, export_id: int) -> HttpResponseBase:
    """Turn an export down."""
    with telling(request, _("Declined.")):
        exporting.decline_export(
            **by(request),
            export_id=export_id,
        )
    return redirect("desk:evidence")


@form("supervisor", back="desk:evidence")
def take_export(request: StaffRequest, export_id: int) -> HttpResponseBase:
    """Download a bundle; that it was taken is a line of the log, so this is a form and no link."""
    with telling(request):
        taken = exporting.take_bundle(
            **by(request),
            export_id=export_id,
        )
        return FileResponse(taken.path.open("rb"), as_attachment=True, filename=taken.name)
    return redirect("desk:evidence")


@form("supervisor", back="desk:evidence")
def place_hold(request: StaffRequest) -> HttpResponseBase:
    """Forbid disposal and erasure of a client's words or of a conversation."""
    with telling(request, _("The hold is in force.")):
        scope, value = request.POST.get("scope", ""), request.POST.get("value", "").strip()
        person_id = rules.number(value) if scope == "person" else None
        retention.place_hold(
            **by(request),
            name=request.POST.get("name", ""),
            reason=request.POST.get("reason", ""),
            person_id=person_id,
            conversation=value if scope == "conversation" else "",
        )
    return redirect("desk:evidence")


@form("supervisor", back="desk:evidence")
def release_hold(request: StaffRequest, hold_id: int) -> HttpResponseBase:
    """Let what was held follow the rules again."""
    with telling(request, _("The hold is released.")):
        retention.release_hold(
            **by(request),
            hold_id=hold_id,
        )
    return redirect("desk:evidence")


@form("supervisor", back="desk:evidence")
def set_retention(request: StaffRequest) -> HttpResponseBase:
    """Set or take away how long bodies of a kind are kept."""
    with telling(request, _("The rule is changed.")):
        given = request.POST.get("days", "").strip()
        retention.set_retention(
            **by(request),
            kind=request.POST.get("kind", ""),
            days=rules.number(given) if given else None,
        )
    return redirect("desk:evidence")


@form("supervisor", back="desk:evidence")
def ask_disposal(request: StaffRequest) -> HttpResponseBase:
    """List what is past its age."""
    with telling(request, _("Listed. A colleague has to approve it before anything is destroyed.")):
        retention.ask_disposal(
            **by(request),
        )
    return redirect("desk:evidence")


@form("supervisor", back="desk:evidence")
def approve_disposal(request: StaffRequest, run_id: int) -> HttpResponseBase:
    """Let a colleague's run destroy what it listed."""
    with telling(request, _("Approved; the bodies are being destroyed.")):
        retention.approve_disposal(
            **by(request),
            run_id=run_id,
        )
    return redirect("desk:evidence")


@form("supervisor", back="desk:evidence")
def decline_disposal(request: StaffRequest, run_id: int) -> HttpResponseBase:
    """Turn a run down."""
    with telling(request, _("Declined.")):
        retention.decline_disposal(
            **by(request),
            run_id=run_id,
        )
    return redirect("desk:evidence")
