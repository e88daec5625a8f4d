"""Group sends and Moments: planned, decided, withdrawn, with what came of them; posters and welcomes of codes."""

import base64
from datetime import UTC, datetime, timedelta
from xml.sax.saxutils import escape

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from seta.boutique import queries as boutique
from seta.clienteling import operations as clienteling
from seta.clienteling import queries
from seta.clienteling.operations import Plan
from seta.clienteling.rules.composing import Attachment
from seta.content import queries as content
from seta.content.rules.states import Refused as ContentRefused
from seta.desk import labels, rules
from seta.desk.doing import by
from seta.desk.shell import form, language, page, show, tell, telling, warn, zone_of
from seta.desk.views.clients.reader import own_of, sees_all
from seta.desk.views.composer import TEXT_CHARS_MAX, attachments, chosen, pictures_of, why
from seta.houses import queries as houses
from seta.houses.access import StaffRequest
from seta.insights import queries as insights
from seta.people import queries as people
from seta.platforms.core.errors import PlatformError

LOOK_BACK = timedelta(days=30)
SVG = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 420 594" width="420" height="594">
<rect width="420" height="594" fill="#faf8f4"/><rect x="0" y="0" width="420" height="8" fill="{accent}"/>
<text x="210" y="76" font-size="30" text-anchor="middle" font-family="Noto Serif, Noto Serif SC, serif" \
fill="#16130f">{house}</text>
<text x="210" y="112" font-size="16" text-anchor="middle" font-family="PingFang SC, Noto Sans SC, sans-serif" \
fill="#5e574d">{campaign}</text>
<rect x="70" y="142" width="280" height="280" rx="6" fill="#fff" stroke="#e4dfd6"/>
<image x="82" y="154" width="256" height="256" href="data:{kind};base64,{picture}"/>
<text x="210" y="466" font-size="20" text-anchor="middle" font-family="PingFang SC, Noto Sans SC, sans-serif" \
fill="#16130f">{associate}</text>
<text x="210" y="500" font-size="14" text-anchor="middle" font-family="PingFang SC, Noto Sans SC, sans-serif" \
fill="#5e574d">微信扫一扫，添加您的专属顾问</text>
<text x="210" y="524" font-size="12" text-anchor="middle" font-family="system-ui, sans-serif" fill="#5e574d">\
Scan with WeChat · Inquadra con WeChat</text>
</svg>
"""


@page("clients")
def outreach_list(request: StaffRequest) -> HttpResponse:
    """What was sent to many, what is planned, and beside it what associates wrote in Moments by themselves."""
    house_id, own, now = request.member.house_id, own_of(request), datetime.now(UTC)
    all_books = sees_all(request)
    if own is None and not all_books:
        raise PermissionDenied(_("Only an associate with a client book may do this."))
    userid = "" if all_books or own is None else own.userid
    personal = [
        row for row in content.not_approved(house_id, source="moment") if not userid or row.userid == userid
    ]
    context = {
        "rows": queries.outreaches(house_id, associate_id=None if all_books or own is None else own.id),
        "personal": personal,
        "names": queries.names_by_userid(house_id),
        "figures": content.share_figures(house_id, since=now - LOOK_BACK, until=now, userid=userid),
        "own": own,
        "advisers": [row.associate for row in queries.associates(house_id)] if all_books else [own],
        # A product's card carries one client's link, so it does not go to many.
        "choices": attachments(request, now, to_many=True),
        "suggested": queries.suggestions(house_id, text="", market="", now=now),
        "text_chars_max": TEXT_CHARS_MAX,
    }
    return show(request, "clients", "outreach/list.html", context)


@page("clients")
def one(request: StaffRequest, outreach_id: int) -> HttpResponse:
    """One outreach: each associate's part and what became of each client."""
    house_id, own = request.member.house_id, own_of(request)
    found = queries.outreach(house_id, outreach_id)
    if found is None:
        raise Http404
    row, senders = found
    is_mine = own is not None and own.userid in {sender.userid for sender in senders}
    if not is_mine and not sees_all(request):
        raise Http404
    ids = {each.person_id for sender in senders for each in sender.results if each.person_id}
    context = {
        "row": row,
        "senders": senders,
        "names": {key: card.display_name for key, card in people.cards(ids).items()},
        "why": why(house_id, row.rules),
        "is_judge": sees_all(request) and row.made_by != request.member.user_id,
    }
    return show(request, "clients", "outreach/one.html", context)


@form("associate", "supervisor", back="desk:outreach")
def plan(request: StaffRequest) -> HttpResponseBase:
    """Plan a group send or a post; what is not approved content waits for a supervisor."""
    now = datetime.now(UTC)
    try:
        with telling(request):
            card = clienteling.plan_outreach(
                house_id=request.member.house_id,
                user_id=request.member.user_id,
                plan=_plan(request, now),
                language=language(),
                now=now,
            )
            said = [labels.label("outreach", card.state) + ".", *why(request.member.house_id, card.rules)]
            (tell if card.state == "scheduled" else warn)(request, " ".join([*said, *card.advice]))
            return redirect("desk:outreach_one", card.id)
    except ContentRefused as refused:
        warn(request, refused.text(language()))
    return redirect("desk:outreach")


def _plan(request: StaffRequest, now: datetime) -> Plan:
    own = own_of(request)
    wanted = [rules.whole(each) for each in request.POST.getlist("sender")]
    return Plan(
        kind=request.POST.get("kind", ""),
        text=request.POST.get("text", "").strip()[:TEXT_CHARS_MAX],
        sender_ids=wanted or ([own.id] if own else []),
        due_at=_due(request, now),
        attachment=chosen(request, now, to_many=True)
        if request.POST.get("kind") == "group"
        else Attachment(),
        pictures=pictures_of(request),
        tags=[each.strip() for each in request.POST.get("tags", "").split(",") if each.strip()][:10],
    )


def _due(request: StaffRequest, now: datetime) -> datetime:
    """When to prepare it, on the house's clock; now when nothing is said."""
    said = request.POST.get("due", "")
    if not said:
        return now
    try:
        local = datetime.fromisoformat(said)
    except ValueError as problem:
        raise rules.FormRefused(rules.Refusal.BAD_DAY) from problem
    return local.replace(tzinfo=zone_of(request)) if local.tzinfo is None else local


@form("supervisor", back="desk:held")
def decide(request: StaffRequest, outreach_id: int) -> HttpResponseBase:
    """Release what is held or refuse it, with the reason."""
    release = request.POST.get("release") == "yes"
    with telling(request, _("Released.") if release else _("Refused; the associate sees why.")):
        clienteling.decide_outreach(
            **by(request),
            outreach_id=outreach_id,
            release=release,
            reason=request.POST.get("reason", "")[:500],
        )
    return redirect("desk:held")


@form("associate", "supervisor", back="desk:outreach")
def cancel(request: StaffRequest, outreach_id: int) -> HttpResponseBase:
    """Withdraw what has not been sent."""
    with telling(request, _("Withdrawn.")):
        clienteling.cancel_outreach(**by(request), outreach_id=outreach_id)
    return redirect("desk:outreach_one", outreach_id)


@form("associate", "supervisor", back="desk:outreach")
def refresh(request: StaffRequest, outreach_id: int) -> HttpResponseBase:
    """Bring the results up to date now."""
    with telling(request, _("Up to date.")):
        clienteling.ask_results(**by(request), outreach_id=outreach_id)
    return redirect("desk:outreach_one", outreach_id)


@form("associate", "supervisor", back="desk:outreach")
def remind(request: StaffRequest, outreach_id: int) -> HttpResponseBase:
    """Remind those who have not confirmed."""
    with telling(request, _("Reminded.")):
        clienteling.remind_outreach(**by(request), outreach_id=outreach_id)
    return redirect("desk:outreach_one", outreach_id)


@page("clients")
def poster(request: StaffRequest, way_id: int) -> HttpResponse:
    """A contact code as a sheet to print: SVG with the code inside, so that it needs nothing else."""
    house_id, own = request.member.house_id, own_of(request)
    mine = None if sees_all(request) or own is None else own.id
    if mine is None and not sees_all(request):
        raise Http404
    ways = queries.contact_ways(house_id, associate_id=mine)
    way = next((each for each in ways if each.id == way_id), None)
    if way is None:
        raise Http404
    try:
        kind, picture = houses.wecom(house_id).code_picture(way.qr_url)
    except (PlatformError, houses.AccountMissing) as problem:
        raise Http404 from problem
    house = houses.house(house_id)
    campaign = insights.campaigns(house_id).get(way.campaign, way.campaign)
    said = " · ".join(part for part in (str(campaign), way.boutique) if part)
    svg = SVG.format(
        accent=house.accent,
        house=escape(house.name),
        campaign=escape(said),
        associate=escape(way.associate_name),
        kind=kind,
        picture=base64.b64encode(picture).decode(),
    )
    response = HttpResponse(svg, content_type="image/svg+xml")
    response["Content-Disposition"] = f'inline; filename="code-{way_id}.svg"'
    return response


@form("supervisor", back="desk:codes")
def welcome(request: StaffRequest) -> HttpResponseBase:
    """Say how those who come by a scene are greeted and tagged."""
    house_id = request.member.house_id
    campaign, point = request.POST.get("campaign", ""), request.POST.get("boutique", "")
    with telling(request, _("Kept.")):
        points = {each.code for each in boutique.sales_points(house_id=house_id)}
        if (campaign and campaign not in insights.campaigns(house_id)) or (point and point not in points):
            raise rules.FormRefused(rules.Refusal.UNKNOWN_CHOICE)
        clienteling.set_welcome(
            **by(request),
            campaign=campaign,
            boutique=point,
            text=request.POST.get("text", "").strip()[:2000],
            tags=request.POST.get("tags", "").split(","),
            language=language(),
        )
    return redirect("desk:codes")
