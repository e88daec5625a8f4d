"""Coming in with WeChat, for pages opened inside it: known at once, or after one letter."""

from secrets import compare_digest
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from seta.houses.queries import AccountMissing, official_account
from seta.kit.ids import new_token
from seta.partners import operations, queries
from seta.partners.rules.refusals import PartnerRefused, Refusal
from seta.partners.views.frame import Visit, anybody, come_in, stopped, tell
from seta.platforms.core.errors import PlatformError

CODE_MAX = 128
STATE, PENDING = "partner-wechat-state", "partner-wechat"


def is_inside(request: HttpRequest) -> bool:
    """Whether the page is open in WeChat's own browser."""
    return "MicroMessenger" in request.headers.get("User-Agent", "")


@anybody
def enter(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    """Ask WeChat who this is, and let them in; whoever is in already links this WeChat to their account.

    A WeChat that is nobody's waits in the session until a letter has said whose it is.
    """
    code = request.GET.get("code", "")[:CODE_MAX]
    try:
        if not code:
            return _ask(request, visit)
        expected = request.session.pop(STATE, "")
        if not expected or not compare_digest(
            expected, request.GET.get("state", "").encode("ascii", "ignore").decode()
        ):
            raise PartnerRefused(Refusal.NO_WECHAT)
        openid = operations.who_holds_the_phone(house_id=visit.house.id, code=code)
    except (PlatformError, AccountMissing):
        return stopped(request, visit, PartnerRefused(Refusal.NO_WECHAT), status=503)
    except PartnerRefused as refused:
        return stopped(request, visit, refused, status=403)
    known = queries.account_of_wechat(visit.house.id, openid)
    if visit.account is None and known is not None:
        come_in(request, visit.house.id, known, visit.now)
    elif visit.account is None:
        request.session[PENDING] = {"house": visit.house.id, "openid": openid}
        tell(request, visit.words["wechat_first"])
    else:
        operations.link_wechat(
            house_id=visit.house.id, account_id=visit.account.id, openid=openid, now=visit.now
        )
        tell(request, visit.words["wechat_linked"])
    return redirect("partners:home", visit.house.code)


def link_pending(request: HttpRequest, visit: Visit, account_id: int) -> None:
    """Link the WeChat that this browser showed before its letter came."""
    pending = request.session.pop(PENDING, None)
    if pending and pending["house"] == visit.house.id:
        operations.link_wechat(
            house_id=visit.house.id, account_id=account_id, openid=pending["openid"], now=visit.now
        )
        tell(request, visit.words["wechat_linked"])


def _ask(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    state = new_token()
    request.session[STATE] = state
    back = f"{settings.PUBLIC_URL}{quote(reverse('partners:wechat', args=[visit.house.code]))}"
    return redirect(official_account(visit.house.id).authorize_url(redirect=back, state=state))
