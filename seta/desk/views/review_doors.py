"""What every page of review asks first: the right, the purpose, and whether the names may be seen."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase

from seta.clienteling.queries import associate_of_user, names_by_userid
from seta.desk import labels
from seta.desk.shell import StaffView, form, page, show, telling
from seta.houses.access import StaffRequest, View
from seta.houses.queries import members
from seta.houses.rules import JOBS
from seta.kit.signing import subkey
from seta.oversight import operations as oversight
from seta.oversight.rules.review import (
    NOTE_CHARS_MAX,
    PASS_LASTS,
    REVIEWERS,
    Purpose,
    Refusal,
    Refused,
    pseudonym,
)

P = ParamSpec("P")
_PASS = "review_pass"


def reviewing(view: StaffView[P]) -> View[P]:
    """A page for reviewers; that anybody else of the house tried is written to the audit log."""
    return page("today")(_logged(view))


def reviewing_form(
    back: str,
) -> Callable[[StaffView[P]], Callable[Concatenate[HttpRequest, P], HttpResponseBase]]:
    """A view behind a form of review, for reviewers only; whoever comes without one is led to the page."""

    def guard(view: StaffView[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        return form(*JOBS, back=back)(_logged(view))

    return guard


def _logged(view: StaffView[P]) -> StaffView[P]:
    @wraps(view)
    def checked(request: StaffRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.member.role not in REVIEWERS:
            try:
                oversight.refuse_entry(
                    house_id=request.member.house_id,
                    user_id=request.member.user_id,
                    what=request.path,
                    now=datetime.now(UTC),
                )
            except Refused as refused:
                raise PermissionDenied("this page is for reviewers") from refused
        with or_404():
            return view(request, *args, **kwargs)
        raise AssertionError("or_404 swallows nothing")

    return checked


@contextmanager
def or_404() -> Iterator[None]:
    """What is of another house, or of none, is no page at all."""
    try:
        yield
    except Refused as refused:
        if refused.refusal is Refusal.UNKNOWN:
            raise Http404 from refused
        if refused.refusal in (Refusal.OWN, Refusal.NOT_ALLOWED):
            raise PermissionDenied(refused.text("en")) from refused
        raise


@contextmanager
def step(request: StaffRequest, done: str = "") -> Iterator[None]:
    """Do something and say that it is done, or why it was refused; what is not there for the reviewer is no page."""
    with telling(request, done), or_404():
        yield


@dataclass(frozen=True)
class Pass:
    """The purpose a reviewer named, and what for; it lasts half an hour."""

    purpose: str
    note: str
    until: datetime


def give_pass(request: StaffRequest, purpose: Purpose, note: str, now: datetime) -> None:
    """Remember for half an hour why the reviewer opens what was said."""
    until = (now + PASS_LASTS).isoformat()
    request.session[_PASS] = {"purpose": purpose.value, "note": note[:NOTE_CHARS_MAX], "until": until}


def end_pass(request: StaffRequest) -> None:
    """Forget the purpose; the next opening asks again."""
    request.session.pop(_PASS, None)


def pass_of(request: StaffRequest, now: datetime) -> Pass | None:
    """The purpose that the reviewer named in the last half hour."""
    kept = request.session.get(_PASS)
    if not isinstance(kept, Mapping):
        return None
    until = datetime.fromisoformat(kept["until"])
    return Pass(kept["purpose"], kept["note"], until) if now < until else None


def ask_purpose(request: StaffRequest, context: Mapping[str, object]) -> HttpResponse:
    """The page that asks for a purpose before anything is opened; it comes back to the address that was wanted."""
    more = {
        "purposes": list(labels.PURPOSE.items()),
        "next": request.get_full_path(),
        "minutes": int(PASS_LASTS.total_seconds() // 60),
        "note_chars_max": NOTE_CHARS_MAX,
        **context,
    }
    return show(request, "review", "review/purpose.html", more)


def own_userid(request: StaffRequest) -> str:
    """The name in WeCom under which the reviewer writes to clients; empty for most."""
    own = associate_of_user(house_id=request.member.house_id, user_id=request.member.user_id)
    return own.userid if own else ""


def masked(request: StaffRequest, kind: str, identity: str) -> str:
    """The letters and digits that stand for a person before this reviewer."""
    key = subkey(settings.SECRET_KEY, f"oversight.pseudonym.{request.member.house_id}")
    return pseudonym(kind, identity, reader=request.member.user_id, key=key)


def associate_name(request: StaffRequest, userid: str, *, revealed: bool) -> str:
    """An associate's name, or what stands for it."""
    if not revealed:
        return masked(request, "associate", userid)
    return names_by_userid(request.member.house_id).get(userid, userid)


def member_names(request: StaffRequest) -> dict[int, str]:
    """Everyone who works for the house, by user."""
    return {member.user_id: member.name for member in members(request.member.house_id)}


def reviewer_names(request: StaffRequest) -> dict[int, str]:
    """Everyone who may review in the house, by user."""
    return {
        member.user_id: member.name for member in members(request.member.house_id) if member.role in REVIEWERS
    }
