"""Access tokens: minted, superseded, kept stable and expired as each platform does."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from seta_sandbox.kit.errors import ApiError
from seta_sandbox.kit.keys import ALPHANUMERIC

LIFETIME_SECONDS = 7200
# (K) not documented today: how long a superseded token of the old endpoint goes on working.
OVERLAP_SECONDS = 300
FORCED_A_DAY_MAX = 20
FORCED_GAP_SECONDS = 30
# WeChat asks clients to leave room for 512 characters; today's tokens are a good deal shorter.
TOKEN_CHARACTERS = 120


@dataclass
class Grant:
    """A token's owner (an appid, or `corpid/secret name`) and until when it is good."""

    token: str
    owner: str
    scope: str
    expires_at: float
    superseded_at: float | None = None


@dataclass
class TokenBook:
    """Every token of one world."""

    rng: random.Random
    now: Callable[[], float]
    grants: dict[str, Grant] = field(default_factory=dict)
    latest: dict[tuple[str, str], Grant] = field(default_factory=dict)
    forced: dict[str, list[float]] = field(default_factory=dict)

    def mint(self, owner: str, scope: str) -> Grant:
        """A new token which is now the latest of its owner and scope."""
        token = "".join(self.rng.choices(ALPHANUMERIC + "-_", k=TOKEN_CHARACTERS))
        grant = Grant(token, owner, scope, self.now() + LIFETIME_SECONDS)
        self.grants[token] = self.latest[owner, scope] = grant
        return grant

    def legacy(self, appid: str) -> Grant:
        """`cgi-bin/token`: every call supersedes the token before, which works for five minutes more."""
        before = self.latest.get((appid, "legacy"))
        if before is not None:
            before.superseded_at = min(
                before.superseded_at or self.now() + OVERLAP_SECONDS, before.expires_at
            )
        return self.mint(appid, "legacy")

    def stable(self, appid: str, *, force: bool) -> Grant:
        """`cgi-bin/stable_token`: the same token until its last five minutes; a forced refresh kills it at once."""
        current = self.latest.get((appid, "stable"))
        if force and self._may_force(appid):
            if current is not None:
                current.superseded_at = self.now()
            self.forced.setdefault(appid, []).append(self.now())
            return self.mint(appid, "stable")
        if current is None or current.expires_at - self.now() <= OVERLAP_SECONDS:
            return self.mint(appid, "stable")
        return current

    def same(self, owner: str) -> Grant:
        """WeCom's `gettoken`: repeated calls return the same token while it is valid."""
        current = self.latest.get((owner, "wecom"))
        if current is None or current.expires_at <= self.now():
            return self.mint(owner, "wecom")
        return current

    def check(self, token: str | None, *, unknown_code: int) -> Grant:
        """The grant of a token that works now.

        Raises ApiError 41001 (missing), 42001 (expired) or `unknown_code`: 40001 for Official Accounts and mini
        programs, 40014 for WeCom.
        """
        if not token:
            raise ApiError(41001, "access_token missing")
        grant = self.grants.get(token)
        if grant is None:
            raise ApiError(unknown_code, "invalid credential, access_token is invalid or not latest")
        if grant.superseded_at is not None and grant.superseded_at <= self.now():
            raise ApiError(unknown_code, "invalid credential, access_token is invalid or not latest")
        if grant.expires_at <= self.now():
            raise ApiError(42001, "access_token expired")
        return grant

    def _may_force(self, appid: str) -> bool:
        day = [at for at in self.forced.get(appid, []) if at > self.now() - 86_400]
        return len(day) < FORCED_A_DAY_MAX and (not day or self.now() - day[-1] >= FORCED_GAP_SECONDS)
