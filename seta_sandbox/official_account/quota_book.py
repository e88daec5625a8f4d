"""How many calls an app made today and this minute, and how many it may make."""

from collections import Counter
from dataclasses import dataclass, field

from seta_sandbox.kit.errors import ApiError

BEIJING_SECONDS = 8 * 3600
DAY_SECONDS = 86_400
# Calls a day of a new account, as documented; (K) for every path that is not listed.
DAILY: dict[str, int] = {
    "/cgi-bin/token": 2_000,
    "/cgi-bin/stable_token": 500_000,
    "/cgi-bin/menu/create": 1_000,
    "/cgi-bin/menu/get": 10_000,
    "/cgi-bin/menu/delete": 1_000,
    "/cgi-bin/media/upload": 100_000,
    "/cgi-bin/media/get": 200_000,
    "/cgi-bin/message/custom/send": 500_000,
    "/cgi-bin/message/mass/sendall": 100,
    "/cgi-bin/message/mass/send": 100,
    "/cgi-bin/message/template/send": 100_000,
    "/cgi-bin/qrcode/create": 100_000,
    "/cgi-bin/user/get": 500,
    "/cgi-bin/user/info": 5_000_000,
    "/cgi-bin/user/info/updateremark": 10_000,
    "/cgi-bin/draft/add": 1_000,
    "/cgi-bin/freepublish/submit": 100,
    "/wxa/generate_urllink": 500_000,
    "/wxa/generatescheme": 500_000,
    "/wxa/msg_sec_check": 2_000_000,
}
DAILY_OTHERWISE = 1_000_000
MINUTE: dict[str, int] = {
    "/cgi-bin/stable_token": 10_000,
    "/cgi-bin/message/mass/sendall": 60,
    "/cgi-bin/message/mass/send": 60,
    "/wxa/getwxacodeunlimit": 5_000,
    "/wxa/msg_sec_check": 4_000,
}
CLEARS_A_MONTH_MAX = 10
LOGINS_A_MINUTE_MAX = 100


@dataclass
class QuotaBook:
    """Limits are only watched once `enforced` is set, or for the paths a test gave its own limit."""

    enforced: bool = False
    daily: dict[str, int] = field(default_factory=dict)
    minute: dict[str, int] = field(default_factory=dict)
    # (appid, path, day or minute) -> calls
    used: Counter[tuple[str, str, int]] = field(default_factory=Counter)
    by_minute: Counter[tuple[str, str, int]] = field(default_factory=Counter)
    cleared: Counter[tuple[str, str]] = field(default_factory=Counter)
    # appid -> the addresses it may call from; without an entry from everywhere
    allowed_ips: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def take(self, appid: str, path: str, now: float) -> None:
        """Count a call; raises ApiError 45009 beyond the day's quota and 45011 beyond the minute's."""
        today, minute = (appid, path, day_number(now)), (appid, path, int(now // 60))
        if self.used[today] >= self._allowed(self.daily, DAILY, path, DAILY_OTHERWISE):
            raise ApiError(45009, "reach max api daily quota limit")
        if self.by_minute[minute] >= self._allowed(self.minute, MINUTE, path, DAILY_OTHERWISE):
            raise ApiError(45011, "api minute-quota reach limit, must slower, retry next minute")
        self.used[today] += 1
        self.by_minute[minute] += 1

    def take_login(self, openid: str, now: float) -> None:
        """Count a consumer's login; ApiError 45011 beyond 100 a minute, once limits are enforced."""
        minute = (openid, "login", int(now // 60))
        if self.enforced and self.by_minute[minute] >= LOGINS_A_MINUTE_MAX:
            raise ApiError(45011, "api minute-quota reach limit, must slower, retry next minute")
        self.by_minute[minute] += 1

    def _allowed(self, own: dict[str, int], documented: dict[str, int], path: str, otherwise: int) -> float:
        if path in own:
            return own[path]
        return documented.get(path, otherwise) if self.enforced else float("inf")

    def state(self, appid: str, path: str, now: float) -> dict[str, int]:
        """`daily_limit`, `used` and `remain` of one path."""
        limit = self.daily.get(path, DAILY.get(path, DAILY_OTHERWISE))
        used = self.used[appid, path, day_number(now)]
        return {"daily_limit": limit, "used": used, "remain": max(0, limit - used)}

    def clear(self, appid: str, month: str) -> None:
        """Forget the calls of an app; raises ApiError 48006 beyond ten times a month."""
        if self.cleared[appid, month] >= CLEARS_A_MONTH_MAX:
            raise ApiError(48006, "forbid to clear quota because of reaching the limit")
        self.cleared[appid, month] += 1
        for counter in (self.used, self.by_minute):
            for key in [key for key in counter if key[0] == appid]:
                del counter[key]


def day_number(now: float) -> int:
    """The number of the day in Beijing."""
    return int((now + BEIJING_SECONDS) // DAY_SECONDS)
