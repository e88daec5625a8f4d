"""WeChat Pay's published exchange rate: the one v2 call left, XML, signed with the v2 key, for reference only."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import date, datetime

import httpx

from seta.platforms.core.errors import ErrorKind, Forged, PlatformError
from seta.platforms.core.http import Reply, Request, Transport
from seta.platforms.core.xml import MalformedXml, parse_xml, to_xml
from seta.platforms.wechatpay.signing import PLATFORM

_PATH = "/pay/queryexchagerate"  # sic
_SIGN_TYPE = "HMAC-SHA256"


@dataclass(frozen=True)
class PublishedRate:
    """CNY for one unit of `currency`, scaled by 10^8, and the day it was published for."""

    currency: str
    scaled: int
    published_on: date


class ExchangeRates:
    """Asks for the rate of a day; published about 10:00 in Beijing, the rate of a payment may differ."""

    def __init__(
        self, *, mchid: str, appid: str, apiv2_key: str, base_url: str, http: httpx.Client | None = None
    ) -> None:
        self._identity = {"appid": appid, "mch_id": mchid}
        self._key = apiv2_key
        self._transport = Transport(platform=PLATFORM, base_url=base_url, http=http)

    def rate(self, currency: str, day: date) -> PublishedRate:
        """The newest rate published up to `day`; raises PlatformError, Forged when the answer is not proven."""
        asked = {
            **self._identity,
            "fee_type": currency,
            "date": f"{day:%Y%m%d}",
            "sign_type": _SIGN_TYPE,
            "nonce_str": secrets.token_hex(16),
        }
        body = to_xml({**asked, "sign": signature(asked, self._key)})
        request = Request("POST", _PATH, body=body.encode(), headers={"Content-Type": "text/xml"})
        return self._transport.call(request, lambda reply: self._read(reply, currency), idempotent=True)

    def _read(self, reply: Reply, currency: str) -> PublishedRate:
        try:
            fields = {name: str(value) for name, value in parse_xml(reply.body).items()}
        except MalformedXml as error:
            raise _unreadable(str(error)) from error
        if fields.get("return_code") != "SUCCESS":
            code = fields.get("return_msg", "")
            kind = ErrorKind.BUSY if code == "SYSTEMERROR" else ErrorKind.INVALID
            raise PlatformError("the rate was refused", platform=PLATFORM, code=code, kind=kind)
        given = fields.get("sign", "")
        if not hmac.compare_digest(signature(fields, self._key).encode(), given.encode()):
            raise Forged("the rate is not signed with our v2 key", platform=PLATFORM)
        try:
            found = PublishedRate(
                fields["fee_type"],
                int(fields["rate"]),
                datetime.strptime(fields["rate_time"], "%Y%m%d").date(),
            )
        except (KeyError, ValueError) as error:
            raise _unreadable(f"not a rate: {error}") from error
        if found.currency != currency or found.scaled <= 0:
            raise Forged("the answer is about another currency", platform=PLATFORM, code="OTHER_CURRENCY")
        return found


def signature(fields: dict[str, str], key: str) -> str:
    """v2's HMAC-SHA256: sorted `k=v` joined by `&`, empty ones and `sign` left out, then the key; upper-case hex."""
    pairs = [f"{name}={value}" for name, value in sorted(fields.items()) if value and name != "sign"]
    text = "&".join([*pairs, f"key={key}"])
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest().upper()


def _unreadable(why: str) -> PlatformError:
    return PlatformError(why, platform=PLATFORM, code="UNREADABLE", kind=ErrorKind.UNKNOWN_OUTCOME)
