"""Pages inside WeCom: who opened one, and the signature that lets its script ask which customer is on screen."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from seta.platforms.core.http import Transport
from seta.platforms.core.json_api import JsonApi
from seta.platforms.core.tokens import Grant, TokenCache

REAL_API = "https://qyapi.weixin.qq.com"
# path/94313: one ticket signs for the company, another for the application that talks of customers.
_TICKETS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "config": ("/cgi-bin/get_jsapi_ticket", {}),
    "agent": ("/cgi-bin/ticket/get", {"type": "agent_config"}),
}
TICKET_KINDS = tuple(_TICKETS)
_SDK = (
    "https://res.wx.qq.com/open/js/jweixin-1.2.0.js",
    "https://open.work.weixin.qq.com/wwopen/js/jwxwork-1.0.0.js",
)
_LOGIN = "https://open.weixin.qq.com"


@dataclass(frozen=True)
class PageSignature:
    """What `wx.config` or `wx.agentConfig` needs for one address."""

    timestamp: int
    nonce: str
    signature: str


def sign_page(*, ticket: str, nonce: str, timestamp: int, url: str) -> str:
    """SHA-1 of the four values in the order of their names; `url` without its fragment (path/90506)."""
    plain = f"jsapi_ticket={ticket}&noncestr={nonce}&timestamp={timestamp}&url={url.partition('#')[0]}"
    return hashlib.sha1(plain.encode(), usedforsecurity=False).hexdigest()


class Sidebar:
    """Calls that `WeCom` offers for its pages inside the client."""

    corpid: str
    _api: JsonApi
    _transport: Transport
    _tickets: Mapping[str, TokenCache]

    @property
    def page_scripts(self) -> tuple[str, ...]:
        """The scripts that a page inside WeCom loads: Tencent's own, or those of a server that stands for it."""
        base = self._transport.base_url
        return _SDK if base == REAL_API else (f"{base}/_wecom/jweixin.js",)

    def authorize_url(self, *, redirect: str, state: str) -> str:
        """Where a page inside WeCom sends its visitor to learn who they are; back comes `code` (path/91022)."""
        base = self._transport.base_url
        query = {
            "appid": self.corpid,
            "redirect_uri": redirect,
            "response_type": "code",
            "scope": "snsapi_base",
            "state": state,
        }
        host = _LOGIN if base == REAL_API else base
        return f"{host}/connect/oauth2/authorize?{urlencode(query, quote_via=quote)}#wechat_redirect"

    def member_of_code(self, code: str) -> str:
        """The userid behind a code, once and within five minutes; empty for somebody outside the company."""
        fields = self._api.get("/cgi-bin/auth/getuserinfo", code=code)
        return str(fields.get("userid") or fields.get("UserId") or "")

    def sign_page(self, kind: str, *, url: str, timestamp: int) -> PageSignature:
        """Sign an address for `config` (the company) or `agent` (the application)."""
        nonce = secrets.token_hex(8)
        signature = sign_page(ticket=self._tickets[kind].get(), nonce=nonce, timestamp=timestamp, url=url)
        return PageSignature(timestamp, nonce, signature)

    def fetch_ticket(self, kind: str) -> Grant:
        """Ask for a ticket, bypassing the cache; a company may ask 400 times an hour."""
        path, query = _TICKETS[kind]
        fields = self._api.get(path, **query)
        return Grant(str(fields["ticket"]), int(fields["expires_in"]))
