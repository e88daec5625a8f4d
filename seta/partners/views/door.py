"""Coming in by a letter and going out, and the first page with what is mine and what I asked for."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from seta.kit.senders import sender_of
from seta.partners import operations, queries
from seta.partners.rules.refusals import PartnerRefused, Refusal
from seta.partners.views import wechat
from seta.partners.views.frame import Visit, anybody, come_in, go_out, partner, show, stopped, tell

SEARCH_MAX = 60


@anybody
def home(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What this is and the field for an address; for those who have come in, their businesses and requests."""
    if visit.account is None:
        return show(request, visit, "door", {"email": "", "error": "", **_wechat(request)})
    search = request.GET.get("q", "").strip()[:SEARCH_MAX]
    mine = queries.held(visit.account.id, house_id=visit.house.id, day=visit.day, language=visit.language)
    found = queries.claimable(
        visit.house.id,
        search=search,
        day=visit.day,
        language=visit.language,
        without=[each.listing for each in mine],
    )
    requests = queries.requests_of(visit.account.id, now=visit.now, language=visit.language)
    return show(
        request,
        visit,
        "home",
        {"mine": mine, "found": found, "search": search, "requests": requests, **_wechat(request)},
    )


@require_POST
@anybody
def send_link(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Send a link; the page that follows is the same for every address."""
    email = request.POST.get("email", "")[:200]
    try:
        operations.send_link(
            house_id=visit.house.id,
            email=email,
            language=visit.language,
            sender=sender_of(request.META, settings.TRUSTED_PROXIES),
            now=visit.now,
        )
    except PartnerRefused as refused:
        status = {Refusal.TOO_MANY: 429, Refusal.NOT_SENT: 503}.get(refused.refusal, 422)
        context = {"email": email, "error": refused.text(visit.language), **_wechat(request)}
        return show(request, visit, "door", context, status=status)
    return show(request, visit, "sent", {})


@anybody
def enter(request: HttpRequest, visit: Visit, token: str) -> HttpResponseBase:
    """The page behind a link, and its button: a mail server that opens links to look at them uses none up."""
    try:
        if request.method == "POST":
            account_id = operations.enter(house_id=visit.house.id, token=token, now=visit.now)
            come_in(request, visit.house.id, account_id, visit.now)
            wechat.link_pending(request, visit, account_id)
            return redirect("partners:home", visit.house.code)
        email = operations.check_link(house_id=visit.house.id, token=token, now=visit.now)
    except PartnerRefused as refused:
        return stopped(request, visit, refused, status=403)
    return show(request, visit, "enter", {"email": email, "token": token})


@require_POST
@partner
def close(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    """End the account, once the box that says so is ticked."""
    if request.POST.get("sure") == "1":
        operations.close_account(house_id=visit.house.id, account_id=visit.account_id, now=visit.now)
        go_out(request, visit.house.id)
        tell(request, visit.words["closed"])
    return redirect("partners:home", visit.house.code)


@require_POST
@anybody
def leave(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    """Go out."""
    go_out(request, visit.house.id)
    return redirect("partners:home", visit.house.code)


def _wechat(request: HttpRequest) -> dict[str, bool]:
    return {"is_in_wechat": wechat.is_inside(request)}
