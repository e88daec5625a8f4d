"""The client behind a mini program request: a signed token, read without the database."""

import time
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from ninja.security import HttpBearer

from seta.people import rules
from seta.people.operations import session_key
from seta.people.queries import living_id


@dataclass(frozen=True)
class Client:
    """Who asks: their house, their person id, and the language they read."""

    house_id: int
    person_id: int
    language: str


def read_token(token: str) -> tuple[int, int] | None:
    """(house id, person id) of a genuine, unexpired session token, else None; touches no database."""
    claim = rules.read_session_token(token, key=session_key(), now=int(time.time()))
    return (claim.house_id, claim.person_id) if claim else None


class ClientAuth(HttpBearer):
    """Lets in who carries a session token; `request.auth` is then a Client."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """The Client, or None (401)."""
        found = read_token(token)
        if found is None:
            return None
        # A token lives for a week: its person may since have been found to be another, or have been erased.
        person_id = living_id(found[1])
        if person_id is None:
            return None
        return Client(found[0], person_id, getattr(request, "LANGUAGE_CODE", "zh-hans"))
