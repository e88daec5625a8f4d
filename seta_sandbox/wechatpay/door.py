"""The one door of every APIv3 endpoint: verify the request, refuse with a diagnosis, sign the answer."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from seta_sandbox.kit.keys import HEX_UPPER
from seta_sandbox.kit.world import World
from seta_sandbox.wechatpay import errors, fields, keys, signing
from seta_sandbox.wechatpay.errors import Refusal
from seta_sandbox.wechatpay.signing import Signer
from seta_sandbox.wechatpay.state import wechatpay_of

FAMILY = "wechatpay"
DONE_ALL_THE_SAME = "SYSTEM_ERROR_DONE"
RATE_CODES = ("FREQUENCY_LIMITED", "FREQUENCY_LIMIT_EXCEED", "RATELIMIT_EXCEEDED")


@dataclass(frozen=True)
class Call:
    """A request whose signature holds. `signer` is the platform key that the caller asked for."""

    world: World
    request: Request
    body: bytes
    signer: Signer

    def document(self) -> dict[str, Any]:
        """The body's JSON object; refuses anything else with PARAM_ERROR."""
        return fields.document(self.body)

    def path(self, name: str) -> str:
        """A parameter of the path."""
        return str(self.request.path_params[name])


Answer = tuple[int, dict[str, Any] | None]
SignedHandler = Callable[[Call], Awaitable[Answer]]
RawHandler = Callable[[Call], Awaitable[Response]]
Endpoint = Callable[[Request], Awaitable[Response]]


def keys_of(world: World) -> keys.WeChatPayKeys:
    """The merchant's and the platform's keys, made on first use."""
    state = wechatpay_of(world)
    if state.keys is None:
        state.keys = keys.make(world.keys)
    return state.keys


def certificates_of(world: World) -> list[keys.CertifiedKey]:
    """The platform certificates in force: one, or two while one takes over from the other."""
    state = wechatpay_of(world)
    if not state.platform:
        state.platform = [keys_of(world).platform]
        state.signing_serial = state.platform[0].serial
    return state.platform


def signer_of(world: World, serial: str) -> Signer:
    """The platform key a `Wechatpay-Serial` names; without one the certificate that signs now. Refuses a stranger."""
    known, valid = keys_of(world), certificates_of(world)
    if serial == known.public_key_id:
        return Signer(serial, known.public_key_mode)
    wanted = serial or wechatpay_of(world).signing_serial
    for certificate in valid:
        if certificate.serial == wanted:
            return Signer(wanted, certificate.private)
    raise Refusal(400, "PARAM_ERROR", "Wechatpay-Serial 不是有效的平台证书序列号或公钥ID")


def signed(handler: SignedHandler) -> Endpoint:
    """An endpoint whose answers, refusals too, carry the platform's signature."""

    async def endpoint(request: Request) -> Response:
        world: World = request.app.state.world
        signer = signer_of(world, "")
        try:
            signer = signer_of(world, request.headers.get("Wechatpay-Serial", ""))
            call = await open_call(world, request, signer)
            refuse_too_many(world)
            planned = planned_refusal(world, request.url.path)
            if planned is not None and not planned.is_after:
                raise planned
            status, document = await handler(call)
            if planned is not None:
                raise planned
        except Refusal as refusal:
            status, document = refusal.status, refusal.document()
        return answer(world, signer, request.url.path, status, document)

    return endpoint


def unsigned(handler: RawHandler) -> Endpoint:
    """An endpoint that wants a signed request but answers with a bare file, as the bill downloads do."""

    async def endpoint(request: Request) -> Response:
        world: World = request.app.state.world
        signer = signer_of(world, "")
        try:
            return await handler(await open_call(world, request, signer))
        except Refusal as refusal:
            return answer(world, signer, request.url.path, refusal.status, refusal.document())

    return endpoint


async def open_call(world: World, request: Request, signer: Signer) -> Call:
    """Verify the Authorization header over the exact bytes that came; refuses with 401 SIGN_ERROR."""
    body = await request.body()
    known = keys_of(world)
    authorization = signing.parse_authorization(request.headers.get("Authorization", ""))
    if isinstance(authorization, str):
        text = "Http头Authorization值格式错误，请参考《微信支付商户REST API签名规则》"
        raise Refusal(401, "SIGN_ERROR", text, signing.header_diagnosis(authorization))
    if authorization.mchid != known.mchid:
        text = "商户号不存在，请检查Authorization中的mchid"
        raise Refusal(401, "SIGN_ERROR", text, signing.header_diagnosis("unknown mchid", "mchid"))
    if authorization.serial_no != known.merchant.serial:
        text = "商户证书序列号有误，请使用签名私钥匹配的证书序列号"
        raise Refusal(401, "SIGN_ERROR", text, signing.header_diagnosis("unknown serial_no", "serial_no"))
    message = signing.request_message(
        request.method, target_of(request), authorization.timestamp, authorization.nonce_str, body
    )
    if not signing.is_fresh(authorization.timestamp, (world.clock.now(), world.clock.signing_now())):
        stale = signing.diagnosis(request.method, target_of(request), message, issue="timestamp expired")
        raise Refusal(401, "SIGN_ERROR", "时间戳与微信支付服务器相差超过5分钟，请校准时钟", stale)
    if not signing.verify(known.merchant.private.public_key(), message, authorization.signature):
        wrong = signing.diagnosis(request.method, target_of(request), message)
        raise Refusal(401, "SIGN_ERROR", "错误的签名，验签失败", wrong)
    return Call(world, request, body, signer)


def target_of(request: Request) -> str:
    """Path and query exactly as they were sent, because that is what the merchant signed."""
    raw = request.scope.get("raw_path")
    path = raw.decode("latin-1") if raw else quote(request.url.path)
    query = request.scope.get("query_string", b"").decode("latin-1")
    return f"{path}?{query}" if query else path


class Planned(Refusal):
    """A refusal of the fault plan; `is_after` says that the work is done before it is answered."""

    is_after = False


def planned_refusal(world: World, path: str) -> Planned | None:
    """The refusal that the fault plan wants; the fault's value is the code, SYSTEM_ERROR by default.

    SYSTEM_ERROR_DONE does the work and answers SYSTEM_ERROR all the same: the same parameters again are harmless.
    """
    fault = world.faults.take(FAMILY, path, {"errcode"})
    if fault is None:
        return None
    code = str(fault.value or "SYSTEM_ERROR")
    is_after = code == DONE_ALL_THE_SAME
    code = "SYSTEM_ERROR" if is_after else code
    status = 500 if code == "SYSTEM_ERROR" else 429 if code in RATE_CODES else 400
    planned = Planned(status, code, "planned by the fault plan")
    planned.is_after = is_after
    return planned


def refuse_too_many(world: World) -> None:
    """Refuse with 429 when the merchant calls more often in a second than the settings allow."""
    state, now = wechatpay_of(world), world.clock.now()
    if state.settings.calls_per_second is None:
        return
    while state.calls and now - state.calls[0] >= 1:
        state.calls.popleft()
    if len(state.calls) >= state.settings.calls_per_second:
        raise errors.frequency()
    state.calls.append(now)


def answer(world: World, signer: Signer, path: str, status: int, document: dict[str, Any] | None) -> Response:
    """A signed answer; `None` is an empty body. The faults `bad_signature` and `nosig` make it a forged one."""
    body = b"" if document is None else json.dumps(document, ensure_ascii=False).encode()
    fault = world.faults.take(FAMILY, path, {"bad_signature", "nosig"})
    headers = signing.answer_headers(
        signer,
        body,
        timestamp=int(world.clock.signing_now()),
        nonce=signing.make_nonce(world.rng),
        broken=fault is not None,
    )
    if fault is not None and fault.kind == "nosig":
        headers.clear()
    headers["Request-ID"] = "08" + "".join(world.rng.choices(HEX_UPPER, k=38)) + "-0"
    media_type = None if document is None else "application/json; charset=utf-8"
    return Response(body, status_code=status, headers=headers, media_type=media_type)
