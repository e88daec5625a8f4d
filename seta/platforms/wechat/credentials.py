"""The stable access token that an Official Account and a mini program use for every call."""

import time
from collections.abc import Callable

import httpx

from seta.platforms.core.http import Request, Transport
from seta.platforms.core.json_api import JsonApi, dump, read_json
from seta.platforms.core.tokens import SHARED_TOKENS, Grant, TokenCache, TokenStore

PLATFORM = "wechat"
BASE_URL = "https://api.weixin.qq.com"


class App:
    """An appid with its secret at one base URL: the common part of both WeChat clients."""

    def __init__(
        self,
        *,
        appid: str,
        secret: str,
        base_url: str = BASE_URL,
        http: httpx.Client | None = None,
        now: Callable[[], float] = time.time,
        pause: Callable[[float], None] = time.sleep,
        tokens: TokenStore = SHARED_TOKENS,
    ) -> None:
        self.appid = appid
        self._secret = secret
        self._transport = Transport(platform=PLATFORM, base_url=base_url, http=http, now=now, pause=pause)
        key = (PLATFORM, self._transport.base_url, appid, secret)
        self._tokens = tokens.cache(key, lambda: TokenCache(fetch=self.stable_token, now=now))
        self._api = JsonApi(transport=self._transport, tokens=self._tokens)

    def stable_token(self, force_refresh: bool = False) -> Grant:
        """Ask for the stable token, bypassing the cache; forcing kills the old one (at most 20 a day)."""
        payload = {
            "grant_type": "client_credential",
            "appid": self.appid,
            "secret": self._secret,
            "force_refresh": force_refresh,
        }
        request = Request(
            "POST", "/cgi-bin/stable_token", body=dump(payload), headers={"Content-Type": "application/json"}
        )
        fields = self._transport.call(
            request, lambda reply: read_json(reply, platform=PLATFORM), idempotent=not force_refresh
        )
        return Grant(str(fields["access_token"]), int(fields["expires_in"]))

    def access_token(self) -> str:
        """Return the cached token, fetching it when needed; for the doctor and for tools."""
        return self._tokens.get()
