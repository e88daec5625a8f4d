"""Who holds the phone in front of a web page inside WeChat (网页授权): there with an address, back with a code."""

from urllib.parse import quote, urlencode

from seta.platforms.core.http import Request, Transport
from seta.platforms.core.json_api import read_json
from seta.platforms.wechat.credentials import BASE_URL, PLATFORM

_LOGIN = "https://open.weixin.qq.com"
"""Where people are asked; the API's host answers servers only."""


class WebLogin:
    """Calls that `OfficialAccount` offers for its pages inside WeChat; each raises PlatformError."""

    appid: str
    _secret: str
    _transport: Transport

    def authorize_url(self, *, redirect: str, state: str) -> str:
        """Where a page sends its visitor; back comes `code`, without asking, since only the openid is wanted.

        `redirect` must lie on the account's 网页授权域名; `state` is at most 128 letters and digits.
        """
        base = self._transport.base_url
        query = {
            "appid": self.appid,
            "redirect_uri": redirect,
            "response_type": "code",
            "scope": "snsapi_base",
            "state": state,
        }
        host = _LOGIN if base == BASE_URL else base
        return f"{host}/connect/oauth2/authorize?{urlencode(query, quote_via=quote)}#wechat_redirect"

    def openid_of_code(self, code: str) -> str:
        """The visitor's openid: a code is good once, for five minutes (40029 unknown, 40163 used, 42003 expired).

        Empty for a visitor of a snapshot page (快照页), whose openid is made up.
        """
        query = (
            ("appid", self.appid),
            ("secret", self._secret),
            ("code", code),
            ("grant_type", "authorization_code"),
        )
        fields = self._transport.call(
            Request("GET", "/sns/oauth2/access_token", query=query),
            lambda reply: read_json(reply, platform=PLATFORM),
            idempotent=False,
        )
        return "" if fields.get("is_snapshotuser") else str(fields["openid"])
