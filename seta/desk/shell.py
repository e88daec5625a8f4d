"""What every page of the desk stands in: who may open it, the rail of jobs, notices, the reader's clock."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import wraps
from types import TracebackType
from typing import Any, Concatenate, ParamSpec
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from seta.articles import queries as articles
from seta.articles.rules.checks import ArticleRefused
from seta.broadcasts import queries as broadcasts
from seta.clienteling.rules import Refused as ClientRefused
from seta.consultations.rules import ConsultationRefused
from seta.conversations import queries as conversations
from seta.desk import labels
from seta.desk.queries import waiting_refunds
from seta.desk.rules import FormRefused, Refusal
from seta.houses import queries as houses
from seta.houses.access import StaffRequest, View, staff
from seta.houses.queries import AccountMissing, HouseCard, MemberCard
from seta.houses.rules import JOBS
from seta.kit.words import NamedRefusal
from seta.oversight import queries as oversight
from seta.partners import queries as partners
from seta.partners.rules.refusals import PartnerRefused
from seta.payments import queries as payments
from seta.payments.rules.refusals import PaymentRefused
from seta.payments.rules.refusals import message as payment_text
from seta.platforms.core.errors import PlatformError
from seta.stores.operations import BookingRefused
from seta.stores.rules import refusal_text as booking_text
from seta.webhooks.rules.addresses import WebhookRefused
from seta.webhooks.rules.addresses import message as webhook_text

P = ParamSpec("P")
StaffView = Callable[Concatenate[StaffRequest, P], HttpResponseBase]

NOT_OF_A_CITY = frozenset({"clients", "review", "evidence", "boutique", "drops", "popups", "money"})
"""Jobs that a destination has nothing to do in: it sells nothing of its own."""

REFUSED = (
    ArticleRefused,
    FormRefused,
    NamedRefusal,
    PaymentRefused,
    PartnerRefused,
    BookingRefused,
    ConsultationRefused,
    WebhookRefused,
    PlatformError,
    AccountMissing,
)

_FORM_WORDS = {
    Refusal.BAD_AMOUNT: gettext_lazy("Write the amount in yuan, such as 120.00."),
    Refusal.BAD_DAY: gettext_lazy("Choose a day, such as 2026-11-22."),
    Refusal.BAD_NUMBER: gettext_lazy("Write a whole number above zero."),
    Refusal.UNKNOWN_CHOICE: gettext_lazy("Choose one from the list."),
    Refusal.DECIDED: gettext_lazy("This request has been decided already."),
    Refusal.OWN_REQUEST: gettext_lazy("You asked for this refund yourself; a colleague has to approve it."),
    Refusal.REASON_MISSING: gettext_lazy("Say why, in a few words; the client's bank shows it too."),
    Refusal.BAD_PERCENT: gettext_lazy("Write a percentage with at most two decimals, such as 0.50."),
    Refusal.BAD_RATE: gettext_lazy("Write how much one yuan buys, such as 0.12782072."),
    Refusal.FILE_MISSING: gettext_lazy("Choose the file as it was downloaded; nothing was read."),
    Refusal.UNREADABLE_CODE: gettext_lazy(
        "No payment code can be read on this photo. Hold the phone closer and take another."
    ),
}


@dataclass(frozen=True)
class Job:
    """An entry of the rail; `waiting` counts what needs a person."""

    code: str
    title: str
    url: str
    is_current: bool
    waiting: int


@dataclass(frozen=True)
class Desk:
    """What base.html shows around every page."""

    house: HouseCard
    member: MemberCard
    role: str
    jobs: tuple[Job, ...]
    languages: tuple[tuple[str, str], ...]

    def does(self, job: str) -> bool:
        """Whether the member's role has this job."""
        return any(each.code == job for each in self.jobs)


def roles_of(job: str) -> tuple[str, ...]:
    """The roles that may open a job's pages."""
    return tuple(role for role, jobs in JOBS.items() if job in jobs)


def page(job: str) -> Callable[[StaffView[P]], View[P]]:
    """Let in whoever has the job."""

    def guard(view: StaffView[P]) -> View[P]:
        return staff(*roles_of(job))(_storable(view))

    return guard


def _storable(view: StaffView[P]) -> StaffView[P]:
    """Turn away text with a NUL in it: no form makes it, and PostgreSQL cannot hold it."""

    @wraps(view)
    def checked(request: StaffRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        sent = (*request.GET.lists(), *request.POST.lists())
        if any("\x00" in value for _name, values in sent for value in values if isinstance(value, str)):
            raise SuspiciousOperation("a NUL in a form")
        return view(request, *args, **kwargs)

    return checked


def form(
    *roles: str, back: str = "desk:today"
) -> Callable[[StaffView[P]], Callable[Concatenate[HttpRequest, P], HttpResponseBase]]:
    """A view behind a form, for the roles (and admins): whoever comes without one is led to the page."""

    def guard(view: StaffView[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        guarded = staff(*roles)(_storable(view))

        @wraps(view)
        def pressed(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if request.method != "POST":
                return redirect(back)
            return guarded(request, *args, **kwargs)

        return pressed

    return guard


def show(
    request: StaffRequest, job: str, template: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page of a job inside the shell, its times on the house's clock."""
    desk = desk_of(request, job)
    with timezone.override(ZoneInfo(desk.house.timezone)):
        response = render(request, f"desk/{template}", {**context, "desk": desk}, status=status)
    add_never_cache_headers(response)
    return response


def show_part(request: StaffRequest, template: str, context: Mapping[str, Any]) -> HttpResponse:
    """A piece of a page that refreshes itself."""
    with timezone.override(zone_of(request)):
        response = render(request, f"desk/{template}", dict(context))
    add_never_cache_headers(response)
    return response


def desk_of(request: StaffRequest, job: str) -> Desk:
    """The shell for a member, with the job they are at marked."""
    member = request.member
    house = houses.house(member.house_id)
    waiting = _waiting(member)
    jobs = tuple(
        Job(code, str(labels.JOB[code]), reverse(labels.JOB_URL[code]), code == job, waiting.get(code, 0))
        for code in jobs_of(member, house)
    )
    return Desk(house, member, str(labels.ROLE[member.role]), jobs, tuple(settings.LANGUAGES))


def jobs_of(member: MemberCard, house: HouseCard) -> tuple[str, ...]:
    """The jobs of the member's role that this kind of house has."""
    skipped = NOT_OF_A_CITY if house.kind == "destination" else frozenset()
    return tuple(job for job in JOBS.get(member.role, ()) if job not in skipped)


def _waiting(member: MemberCard) -> dict[str, int]:
    """How much waits in each job of the member."""
    house_id, mine, now = member.house_id, JOBS.get(member.role, ()), datetime.now(UTC)
    counts: dict[str, int] = {}
    if "conversations" in mine:
        counts["conversations"] = conversations.totals(house_id, since=now).unanswered
    if "content" in mine:
        counts["content"] = articles.waiting_for_approval(house_id) + broadcasts.waiting_for_approval(
            house_id
        )
    if "review" in mine:
        totals = oversight.alert_totals(house_id, now=now)
        counts["review"] = totals.open + totals.claimed
    if "guide" in mine:
        counts["guide"] = partners.waiting_count(house_id)
    if "money" in mine:
        counts["money"] = len(payments.breaks(house_id, now=now)) + len(payments.refunds_to_approve(house_id))
        counts["boutique"] = waiting_refunds(house_id)
    return counts


def zone_of(request: StaffRequest) -> ZoneInfo:
    """The clock of the member's house."""
    return ZoneInfo(houses.house(request.member.house_id).timezone)


def language() -> str:
    """The reader's language: zh-hans, en or it."""
    return get_language() or "en"


def today(request: StaffRequest, now: datetime) -> date:
    """The calendar day of the house."""
    return now.astimezone(zone_of(request)).date()


def day_began(request: StaffRequest, now: datetime) -> datetime:
    """When the house's day began."""
    zone = zone_of(request)
    return datetime.combine(now.astimezone(zone).date(), time.min, zone)


def tell(request: HttpRequest, text: str) -> None:
    """Say on the next page that something is done."""
    messages.success(request, text, extra_tags="ok")


def warn(request: HttpRequest, text: str) -> None:
    """Say on the next page why something was not done."""
    messages.error(request, text, extra_tags="bad")


class Telling:
    """A block whose refusals end it quietly and are said on the next page; see `telling`."""

    def __init__(self, request: HttpRequest, done: str) -> None:
        self.request = request
        self.done = done

    def __enter__(self) -> None: ...

    def __exit__(self, kind: object, problem: BaseException | None, trace: TracebackType | None) -> bool:
        if isinstance(problem, REFUSED):
            warn(self.request, words_of(problem))
            return True
        if problem is None and self.done:
            tell(self.request, self.done)
        return False


def telling(request: HttpRequest, done: str = "") -> Telling:
    """Do something and say that it is done, or why it was refused; a refusal ends the block quietly."""
    return Telling(request, done)


def words_of(problem: Exception) -> str:
    """What a refusal says to the member, in their language, with what to do."""
    if isinstance(problem, FormRefused):
        return str(_FORM_WORDS[problem.refusal])
    if isinstance(problem, ClientRefused):
        return " ".join([problem.text(language()), *problem.advice])
    if isinstance(problem, NamedRefusal | ArticleRefused | PartnerRefused | ConsultationRefused):
        return problem.text(language())
    if isinstance(problem, PaymentRefused):
        return payment_text(problem.code, language())
    if isinstance(problem, WebhookRefused):
        return webhook_text(problem.code, language())
    if isinstance(problem, BookingRefused):
        return booking_text(problem.refusal, language())
    if isinstance(problem, PlatformError):
        words = _("The platform refused or did not answer. Nothing is lost; try again in a moment.")
        return f"{words} ({problem.platform} {problem.code} {problem.message})"[:400]
    return _("This house has not connected the account that is needed. Ask an admin to connect it.")
