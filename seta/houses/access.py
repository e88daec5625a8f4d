"""Who may open a page of the desk: signed in, of this house, with a role that fits the job."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from ninja.security import SessionAuth

from seta.houses.queries import MemberCard, member_of

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


class StaffRequest(HttpRequest):
    """A request whose sender is a known member of a house."""

    member: MemberCard


def staff(*roles: str) -> Callable[[Callable[Concatenate[StaffRequest, P], HttpResponseBase]], View[P]]:
    """Let only members with one of the roles in (any member when none is named); admins always."""

    def guard(view: Callable[Concatenate[StaffRequest, P], HttpResponseBase]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            member = member_of(request.user.pk)
            if member is None:
                return redirect_to_login(request.get_full_path())
            if roles and member.role not in (*roles, "admin"):
                raise PermissionDenied(f"this page is for: {', '.join(roles)}")
            request.member = member  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)  # type: ignore[arg-type]

        return guarded

    return guard


class StaffAuth(SessionAuth):
    """The same guard for an API; `request.auth` is then the MemberCard."""

    def __init__(self, *roles: str) -> None:
        super().__init__(csrf=True)
        self.roles = roles

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        """The member, or None (401) when not signed in or of another role."""
        member = member_of(request.user.pk)
        if member and (not self.roles or member.role in (*self.roles, "admin")):
            return member
        return None
