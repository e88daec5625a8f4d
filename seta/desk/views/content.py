"""The shelf of approved content: versions drafted by one person, approved by another, and what was shown beside it."""

from datetime import UTC, datetime, time, timedelta

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from seta.boutique import queries as boutique
from seta.clienteling.queries import names_by_userid
from seta.content import operations, queries
from seta.content.rules.states import STEPS, TEXT_CHARS_MAX, read_code, read_markets
from seta.desk import content_words, rules
from seta.desk.shell import form, language, page, show, telling, zone_of
from seta.houses.access import StaffRequest
from seta.houses.queries import members

DAYS = 30
ROLES = ("marketing", "supervisor")
_KINDS = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif", b"RIFF": "image/webp"}


@page("content")
def shelf(request: StaffRequest) -> HttpResponse:
    """Every version in its state, and how much of what was shown lately is on the shelf."""
    house_id, now = request.member.house_id, datetime.now(UTC)
    state = request.GET.get("state", "")
    state = state if state in content_words.CONTENT_STATE else ""
    since = now - timedelta(days=DAYS)
    associates = names_by_userid(house_id)
    shares = queries.shares_by_userid(house_id, since=since, until=now)
    context = {
        "rows": queries.versions(house_id, now=now, status=state),
        "state": state,
        "states": list(content_words.CONTENT_STATE.items()),
        "figures": queries.share_figures(house_id, since=since, until=now),
        "shares": [(associates.get(userid, userid), share) for userid, share in shares.items()],
        "found": queries.not_approved(house_id, limit=20),
        "associates": associates,
        "names": {member.user_id: member.name for member in members(house_id)},
        "products": boutique.products(house_id=house_id, language=language()),
        "text_chars_max": TEXT_CHARS_MAX,
        "may_act": request.member.role in (*ROLES, "admin"),
        "days": DAYS,
    }
    return show(request, "content", "content/shelf.html", context)


@form(*ROLES, back="desk:content")
def draft(request: StaffRequest) -> HttpResponseBase:
    """Keep a new version of an asset as a draft."""
    given = request.POST
    picture = request.FILES.get("picture")
    with telling(request, _("The draft is kept; submit it when it is ready.")):
        until = given.get("until", "")
        operations.draft_version(
            house_id=request.member.house_id,
            code=read_code(given.get("code", "")),
            title=given.get("title", "").strip()[:120],
            text="" if picture else given.get("text", "").strip(),
            image=picture.read() if picture else b"",
            product_code=given.get("product_code", "")[:40],
            markets=read_markets(given.get("markets", "")),
            valid_until=datetime.combine(rules.day(until), time(), zone_of(request)) if until else None,
            user_id=request.member.user_id,
            now=datetime.now(UTC),
        )
    return redirect("desk:content")


@form(*ROLES, back="desk:content")
def step(request: StaffRequest, version_id: int, verb: str) -> HttpResponseBase:
    """Submit, approve, return or retire a version."""
    if verb not in STEPS:
        raise Http404
    house_id, now = request.member.house_id, datetime.now(UTC)
    with telling(request, str(content_words.CONTENT_STEP_DONE[verb])):
        if verb == "approve":
            operations.approve_version(
                house_id=house_id, version_id=version_id, user_id=request.member.user_id, now=now
            )
        else:
            steps = {
                "submit": operations.submit_version,
                "return": operations.return_version,
                "retire": operations.retire_version,
            }
            steps[verb](house_id=house_id, version_id=version_id, now=now)
    return redirect("desk:content")


@page("content")
def picture(request: StaffRequest, sha256: str) -> HttpResponse:
    """A picture of the shelf; nothing but a picture is ever sent, and never to be run."""
    data = queries.picture(request.member.house_id, sha256)
    kind = next((kind for mark, kind in _KINDS.items() if data and data.startswith(mark)), "")
    if not data or not kind:
        raise Http404
    answer = HttpResponse(data, content_type=kind)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'"
    return answer
