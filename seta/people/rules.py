"""Which purposes can be agreed to, which of two people is kept, and what a session token says."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from seta.kit.signing import sign, unsign

PURPOSES = ("messages", "archive", "profile", "location", "analytics")
"""What a client can agree to, each apart: messages from the house, archived chats, a client book entry..."""


class IdentityKey(msgspec.Struct, frozen=True):
    """The value by which an app (appid, corpid or nothing) knows a person; pages of talk hash thousands of them."""

    kind: str
    app: str
    value: str

    def __post_init__(self) -> None:
        assert self.value, f"an empty {self.kind} identifies nobody"


@dataclass(frozen=True, slots=True)
class SessionClaim:
    """What a session token says: whose it is and until when (Unix seconds)."""

    house_id: int
    person_id: int
    expires: int


def kept_of(person_ids: Sequence[int]) -> int:
    """The one to keep when several turn out to be the same: the first known."""
    assert person_ids
    return min(person_ids)


def session_token(claim: SessionClaim, *, key: bytes) -> str:
    """A signed token that names a person without a database row."""
    return sign(f"{claim.house_id}-{claim.person_id}-{claim.expires}", key=key)


def read_session_token(token: str, *, key: bytes, now: int) -> SessionClaim | None:
    """The claim of a token that is genuine and not expired at `now` (Unix seconds), else None."""
    text = unsign(token, key=key)
    if text is None:
        return None
    parts = text.split("-")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts):
        return None
    claim = SessionClaim(int(parts[0]), int(parts[1]), int(parts[2]))
    return claim if claim.expires > now else None
