"""WeChat's network layer: carries a mini program's request to the allowed server, as wx.request does natively."""

from dataclasses import dataclass
from typing import Any

import httpx

from seta_sandbox.kit.world import World
from seta_sandbox.phone.memory import network_of

TIMEOUT_SECONDS_MAX = 60.0
METHODS = frozenset({"GET", "POST", "PUT", "DELETE", "OPTIONS", "HEAD"})
# wx.request does not let a mini program set these.
FORBIDDEN_HEADERS = frozenset({"referer", "host", "content-length", "connection"})


class RequestFailed(Exception):
    """The request got no answer; `errmsg` is what `wx.request` fails with."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.errmsg = f"request:fail {reason}"


@dataclass(frozen=True)
class Call:
    """One wx.request. `timeout_seconds` is the mini program's wish."""

    appid: str
    url: str
    method: str
    header: dict[str, str]
    data: Any
    timeout_seconds: float


def read_call(body: dict[str, Any]) -> Call:
    """The call a mini program's frame asks for; raises RequestFailed for what WeChat would not send."""
    method = str(body.get("method", "GET")).upper()
    if method not in METHODS:
        raise RequestFailed("invalid method")
    header = body.get("header") if isinstance(body.get("header"), dict) else {}
    return Call(
        appid=str(body.get("appid", "")),
        url=str(body.get("url", "")),
        method=method,
        header={str(k): str(v) for k, v in (header or {}).items() if str(k).lower() not in FORBIDDEN_HEADERS},
        data=body.get("data"),
        timeout_seconds=min(float(body.get("timeout", 60_000)) / 1000, TIMEOUT_SECONDS_MAX),
    )


def allowed_target(world: World, url: str) -> str:
    """The address behind an allowed domain; raises RequestFailed with WeChat's words for any other."""
    network, asked = network_of(world), httpx.URL(url)
    if asked.scheme != "https" or asked.host not in network.domains:
        raise RequestFailed("url not in domain list")
    return network.request_base + asked.raw_path.decode()


async def carry(world: World, call: Call) -> dict[str, Any]:
    """Send the request and answer `{statusCode, header, data}`; raises RequestFailed without an answer."""
    target = allowed_target(world, call.url)
    # WeChat's referer names the mini program; servers check it.
    header = {**call.header, "Referer": f"https://servicewechat.com/{call.appid}/devtools/page-frame.html"}
    sent = {"params": call.data} if call.method == "GET" and call.data else {}
    if call.method != "GET" and call.data is not None:
        sent = {"content": call.data} if isinstance(call.data, str) else {"json": call.data}
    response = await _send(world, call.method, target, header, call.timeout_seconds, sent)
    return {"statusCode": response.status_code, "header": dict(response.headers), "data": _parsed(response)}


async def fetch_picture(world: World, url: str) -> httpx.Response:
    """A picture of an allowed server, for `<image>`; raises RequestFailed without one."""
    response = await _send(world, "GET", allowed_target(world, url), {}, 15.0, {})
    if response.status_code != 200 or not response.headers.get("content-type", "").startswith("image/"):
        raise RequestFailed(f"status {response.status_code}")
    return response


async def _send(
    world: World, method: str, target: str, header: dict[str, str], seconds: float, sent: dict[str, Any]
) -> httpx.Response:
    transport = world.setup.push_transport
    try:
        async with httpx.AsyncClient(transport=transport, timeout=seconds, trust_env=False) as client:
            response = await client.request(method, target, headers=header, **sent)
    except httpx.TimeoutException:
        raise RequestFailed("timeout") from None
    except httpx.HTTPError as error:
        raise RequestFailed(f"errcode:-118 {type(error).__name__}") from None
    world.journal.add("phone", "mini_program", method, target, response.status_code, "", "", "wx.request")
    return response


def _parsed(response: httpx.Response) -> Any:
    try:
        return response.json()
    except ValueError:
        return response.text
