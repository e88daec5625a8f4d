"""Into the composer from WeCom's sidebar: who the associate is, what the page's script may do, a card's picture."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth import get_user_model, login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from seta.clienteling import queries
from seta.clienteling.queries import house_cover
from seta.desk.shell import warn
from seta.houses import queries as houses
from seta.houses.access import StaffRequest
from seta.platforms.core.errors import PlatformError

STATE = "composer_state"
INSIDE = "inside_wecom"


@dataclass(frozen=True)
class PageScript:
    """What a page inside WeCom starts its script with; `hosts` are where that script comes from."""

    scripts: tuple[str, ...]
    given: dict[str, Any]

    @property
    def hosts(self) -> tuple[str, ...]:
        """The origins that the page's content policy has to name."""
        parts = [urlsplit(address) for address in self.scripts]
        return tuple(dict.fromkeys(f"{part.scheme}://{part.netloc}" for part in parts))


@never_cache
def enter(request: HttpRequest, house: str) -> HttpResponseBase:
    """The address of the sidebar: WeCom says who opened it, once, and they are signed in as themselves."""
    try:
        card = houses.house_by_code(house)
        client = houses.wecom(card.id)
    except (houses.HouseMissing, houses.AccountMissing) as problem:
        raise Http404 from problem
    code, state = request.GET.get("code", ""), request.GET.get("state", "")
    if not code:
        state = request.session[STATE] = secrets.token_urlsafe(24)
        back = request.build_absolute_uri(reverse("desk:composer_enter", args=[house]))
        return redirect(client.authorize_url(redirect=back, state=state))
    expected = request.session.pop(STATE, "")
    if not expected or not secrets.compare_digest(expected, state):
        return redirect("desk:composer_enter", house)
    try:
        userid = client.member_of_code(code)
    except PlatformError:
        userid = ""
    associate = queries.associate_by_userid(house_id=card.id, userid=userid) if userid else None
    user_id = associate.user_id if associate else None
    user = get_user_model().objects.filter(pk=user_id, is_active=True).first() if user_id else None
    if user is None:
        warn(request, _("WeCom does not know you as an associate of this house. Sign in with your name."))
        return redirect("desk:sign_in")
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    request.session[INSIDE] = True
    return redirect("desk:composer")


def cover(request: HttpRequest, house_id: int) -> HttpResponseBase:
    """The picture of a house's cards, which WeCom fetches without signing in."""
    image = house_cover(house_id)
    if image is None:
        raise Http404
    response = HttpResponse(image, content_type="image/png")
    response["Cache-Control"] = "public, max-age=86400"
    return response


def page_script(request: StaffRequest) -> PageScript | None:
    """What the page needs to talk with WeCom around it; None outside WeCom or when WeCom does not answer."""
    if not request.session.get(INSIDE):
        return None
    try:
        client = houses.wecom(request.member.house_id)
        url, at = request.build_absolute_uri(), int(datetime.now(UTC).timestamp())
        signed = {kind: client.sign_page(kind, url=url, timestamp=at) for kind in ("config", "agent")}
    except (houses.AccountMissing, PlatformError):
        return None
    agentid = houses.account(request.member.house_id, "wecom").secrets.get("agentid", "")
    given = {
        "corpid": client.corpid,
        "agentid": agentid,
        **{
            kind: {"timestamp": one.timestamp, "nonceStr": one.nonce, "signature": one.signature}
            for kind, one in signed.items()
        },
    }
    return PageScript(client.page_scripts, given)


def let_in(response: HttpResponse, script: PageScript | None) -> HttpResponse:
    """Let a page load WeCom's script and talk to where it came from; nothing else from outside."""
    if script is not None:
        hosts = " ".join(script.hosts)
        response["Content-Security-Policy"] = (
            f"default-src 'self'; script-src 'self' {hosts}; connect-src 'self' {hosts}; img-src 'self' data:;"
            " style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; form-action 'self';"
            " frame-ancestors 'none'"
        )
    return response
