"""Who calls the till's API: a till by its key, or a member by their session at the desk."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest
from ninja.security import HttpBearer

from seta.houses.access import StaffAuth
from seta.houses.queries import MemberCard
from seta.payments.operations.terminals import note_use
from seta.payments.queries.terminals import terminal_of_key
from seta.payments.rules.till import SCOPES

_staff = StaffAuth("associate", "finance")


@dataclass(frozen=True)
class Till:
    """A caller of the API; with a `boutique_code` no other boutique's money exists for them.

    `user_id` answers for what is asked: the member, or for a key whoever issued it. `name` is the till's, empty for
    a member; `caller` keeps the keys and the counts of callers apart.
    """

    house_id: int
    boutique_code: str
    user_id: int
    name: str
    scopes: tuple[str, ...]
    caller: str


class TillAuth(HttpBearer):
    """Lets in `Authorization: Bearer <key>`, or a signed-in associate, finance or admin; `request.auth` is a Till."""

    def __call__(self, request: HttpRequest) -> Any:
        """The Till, or None (401). A key that is wrong is refused even if a session stands beside it."""
        if "Authorization" in request.headers:
            return super().__call__(request)
        member = _staff(request)
        if not isinstance(member, MemberCard):
            return None
        return Till(
            member.house_id, member.boutique_code, member.user_id, "", SCOPES, f"member:{member.user_id}"
        )

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """The till of a key, or None (401)."""
        found = terminal_of_key(token)
        if found is None:
            return None
        note_use(terminal_id=found.id, now=datetime.now(UTC))
        return Till(
            found.house_id,
            found.boutique_code,
            found.issued_by,
            found.name,
            found.scopes,
            f"till:{found.id}",
        )
