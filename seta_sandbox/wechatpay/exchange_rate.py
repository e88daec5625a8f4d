"""The one v2 call left to merchants abroad: `POST /pay/queryexchagerate` (sic), XML, signed with the v2 key.

The rate of a day is published at ten in the morning, Beijing time, scaled by 10^8, for reference only.
"""

import hashlib
import hmac
from datetime import UTC, date, datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from seta_sandbox.kit.wire import WireError, from_xml, to_xml
from seta_sandbox.kit.world import World
from seta_sandbox.wechatpay.documents import BEIJING
from seta_sandbox.wechatpay.door import FAMILY, keys_of
from seta_sandbox.wechatpay.state import wechatpay_of

PUBLISHED_HOUR = 10
SIGN_TYPES = ("MD5", "HMAC-SHA256")


class Failed(Exception):
    """A refusal of the v2 API; the text is its `return_msg`."""


async def query(request: Request) -> Response:
    """A day's rate of a currency: CNY for one unit, as an integer scaled by 10^8."""
    world: World = request.app.state.world
    try:
        asked = _read(await request.body())
        _verify(world, asked)
        fault = world.faults.take(FAMILY, request.url.path, {"errcode"})
        if fault is not None:
            raise Failed(str(fault.value or "SYSTEMERROR"))
        answer = _rate(world, asked)
    except Failed as failed:
        return _xml({"return_code": "FAIL", "return_msg": str(failed)})
    broken = world.faults.take(FAMILY, request.url.path, {"bad_signature", "nosig"})
    sealed = answer | {"sign": sign(answer, keys_of(world).apiv2_key, asked.get("sign_type", "MD5"))}
    if broken is not None:
        sealed["sign"] = "" if broken.kind == "nosig" else "0" * len(sealed["sign"])
    return _xml(sealed)


def sign(params: dict[str, str], key: str, sign_type: str) -> str:
    """v2's signature: sorted `k=v` joined by `&`, empty values and `sign` left out, then the key; upper-case hex."""
    pairs = [f"{name}={value}" for name, value in sorted(params.items()) if value and name != "sign"]
    text = "&".join([*pairs, f"key={key}"]).encode()
    if sign_type == "HMAC-SHA256":
        return hmac.new(key.encode(), text, hashlib.sha256).hexdigest().upper()
    return hashlib.md5(text, usedforsecurity=False).hexdigest().upper()


def _read(body: bytes) -> dict[str, str]:
    try:
        found = from_xml(body.decode())
    except (WireError, UnicodeDecodeError):
        raise Failed("XML格式错误") from None
    if not all(isinstance(value, str) for value in found.values()):
        raise Failed("XML格式错误")
    return found


def _verify(world: World, asked: dict[str, str]) -> None:
    known = keys_of(world)
    if asked.get("mch_id") != known.mchid:
        raise Failed("商户号mch_id与appid不匹配")
    app = world.find_app(asked.get("appid", ""))
    if app is None or app.kind == "wecom":
        raise Failed("appid不存在")
    sign_type = asked.get("sign_type") or "MD5"
    if sign_type not in SIGN_TYPES:
        raise Failed("sign_type不支持")
    if not hmac.compare_digest(
        sign(asked, known.apiv2_key, sign_type).encode(), asked.get("sign", "").encode()
    ):
        raise Failed("签名错误")


def _rate(world: World, asked: dict[str, str]) -> dict[str, str]:
    currency, text = asked.get("fee_type", ""), asked.get("date", "")
    try:
        day = datetime.strptime(text, "%Y%m%d").date()
    except ValueError:
        raise Failed("date格式应为YYYYMMDD") from None
    rates = wechatpay_of(world).settings.rates
    if currency == "CNY" or currency not in rates:
        raise Failed("不支持的币种")
    now = datetime.fromtimestamp(world.clock.now(), UTC).astimezone(BEIJING)
    newest = now.date() if now.hour >= PUBLISHED_HOUR else now.date() - timedelta(days=1)
    if day > now.date():
        raise Failed("汇率未发布")
    return {
        "return_code": "SUCCESS",
        "return_msg": "OK",
        "appid": asked["appid"],
        "mch_id": asked["mch_id"],
        **({"sub_mch_id": asked["sub_mch_id"]} if asked.get("sub_mch_id") else {}),
        "fee_type": currency,
        "rate_time": _stamp(min(day, newest)),
        "rate": str(rates[currency]),
    }


def _stamp(day: date) -> str:
    return f"{day:%Y%m%d}"


def _xml(fields: dict[str, Any]) -> Response:
    return Response(to_xml(fields), media_type="text/xml; charset=utf-8")


ROUTES: list[Route] = [Route("/pay/queryexchagerate", query, methods=["POST"])]
