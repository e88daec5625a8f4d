"""What every page of the partners stands in: which house, who has come in, which language, what the page forbids."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers

from seta.houses.queries import HouseCard, HouseMissing, house_by_code
from seta.partners import queries
from seta.partners.queries import AccountCard
from seta.partners.rules.onboarding_refusals import OnboardingRefused
from seta.partners.rules.refusals import PartnerRefused
from seta.partners.rules.words import page_words

P = ParamSpec("P")
Refused = PartnerRefused | OnboardingRefused
STAY = timedelta(days=14)
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'"
)


@dataclass(frozen=True)
class Visit:
    """A request to a house's pages for businesses; `account` is None before somebody has come in."""

    house: HouseCard
    account: AccountCard | None
    language: str
    now: datetime

    @property
    def day(self) -> date:
        """The calendar day of the house."""
        return self.now.astimezone(ZoneInfo(self.house.timezone)).date()

    @property
    def words(self) -> Mapping[str, str]:
        """The pages' words in the reader's language."""
        return page_words(self.language)

    @property
    def account_id(self) -> int:
        """The account that has come in."""
        assert self.account is not None
        return self.account.id


Page = Callable[Concatenate[HttpRequest, Visit, P], HttpResponseBase]
Door = Callable[..., HttpResponseBase]
"""A view as its address calls it: with the house's code."""


def anybody(view: Page[P]) -> Door:
    """A page of a city for whoever comes; a house that is no city has none."""

    @wraps(view)
    def opened(request: HttpRequest, house: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
        _refuse_nul(request)
        try:
            found = house_by_code(house)
        except HouseMissing:
            raise Http404 from None
        if found.kind != "destination":
            raise Http404
        now = datetime.now(UTC)
        language = translation.get_language() or "it"
        return view(request, Visit(found, _account(request, found.id, now), language, now), *args, **kwargs)

    return opened


def partner(view: Page[P]) -> Door:
    """A page for those who have come in; others are led to the door."""

    @wraps(view)
    def opened(request: HttpRequest, visit: Visit, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if visit.account is None:
            return redirect("partners:home", visit.house.code)
        return view(request, visit, *args, **kwargs)

    return anybody(opened)


def come_in(request: HttpRequest, house_id: int, account_id: int, now: datetime) -> None:
    """Let this browser be the account's for a while; its session gets a new name, so that no old one is worth it."""
    request.session.cycle_key()
    request.session[_key(house_id)] = {"account": account_id, "until": (now + STAY).timestamp()}


def go_out(request: HttpRequest, house_id: int) -> None:
    """Forget that somebody has come in here."""
    request.session.pop(_key(house_id), None)


def show(
    request: HttpRequest, visit: Visit, page: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page inside the frame, its times on the house's clock."""
    shown = {
        **context,
        "visit": visit,
        "w": visit.words,
        "house": visit.house,
        "languages": settings.LANGUAGES,
    }
    with timezone.override(ZoneInfo(visit.house.timezone)):
        answer = render(request, f"partners/{page}.html", shown, status=status)
    answer["Content-Security-Policy"] = POLICY
    # A link's address is a key and goes nowhere else. Not "no-referrer": browsers then send forms without an origin.
    answer["Referrer-Policy"] = "same-origin"
    answer["X-Robots-Tag"] = "noindex" if visit.account else "all"
    add_never_cache_headers(answer)
    return answer


def stopped(request: HttpRequest, visit: Visit, refused: Refused, *, status: int) -> HttpResponse:
    """A page of its own that says why something did not work and what to do."""
    return show(request, visit, "stopped", {"reason": refused.text(visit.language)}, status=status)


def tell(request: HttpRequest, text: str) -> None:
    """Say on the next page that something is done."""
    messages.success(request, text, extra_tags="ok")


def warn(request: HttpRequest, visit: Visit, refused: Refused) -> None:
    """Say on the next page why something was not done."""
    messages.error(request, refused.text(visit.language), extra_tags="bad")


def _account(request: HttpRequest, house_id: int, now: datetime) -> AccountCard | None:
    kept = request.session.get(_key(house_id))
    if not kept or kept["until"] < now.timestamp():
        return None
    return queries.account(house_id, kept["account"])


def _key(house_id: int) -> str:
    return f"partner-{house_id}"


def _refuse_nul(request: HttpRequest) -> None:
    """No form makes a NUL, and PostgreSQL cannot hold one."""
    sent = (*request.GET.lists(), *request.POST.lists())
    if any("\x00" in value for _name, values in sent for value in values if isinstance(value, str)):
        raise SuspiciousOperation("a NUL in a form")
