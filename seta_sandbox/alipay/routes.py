"""Alipay's gateway and its bill download."""

import json

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from seta_sandbox.alipay import errors
from seta_sandbox.alipay.errors import Refusal
from seta_sandbox.alipay.gateway import Call, answer, is_certified, read_params, refuse_as_planned, verify
from seta_sandbox.alipay.methods import METHODS
from seta_sandbox.alipay.state import alipay_of
from seta_sandbox.kit.world import World


async def gateway(request: Request) -> Response:
    """Every method by GET or POST; refusals of the gateway itself come as `error_response`."""
    world: World = request.app.state.world
    params = await read_params(request)
    method, path = params.get("method", ""), request.url.path
    try:
        verify(world, params)
        refuse_as_planned(world, path, method)
        if method not in METHODS:
            raise errors.gateway("isv.invalid-method", "不存在的方法名")
        host = str(request.base_url).rstrip("/")
        inner = await METHODS[method](Call(world, params, _biz_content(params), host))
    except Refusal as refusal:
        return answer(
            world,
            path,
            method,
            refusal.document(),
            is_gateway=refusal.is_gateway,
            is_certified=is_certified(params),
        )
    return answer(world, path, method, inner, is_certified=is_certified(params))


async def download(request: Request) -> Response:
    """A bill's zip while its address lives; unsigned, and it needs no signature."""
    world: World = request.app.state.world
    found = alipay_of(world).downloads.get(request.query_params.get("fileId", ""))
    if found is None or world.clock.now() > found.expires_at:
        return Response("the download address has expired, ask for a new one", status_code=403)
    headers = {"Content-Disposition": f"attachment; filename={found.name}"}
    return Response(found.body, media_type="application/zip", headers=headers)


def _biz_content(params: dict[str, str]) -> dict[str, object]:
    try:
        content = json.loads(params.get("biz_content") or "{}")
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict) or not _is_text(content):
        raise errors.gateway("isv.invalid-biz-content", "biz_content应为JSON对象")
    return content


def _is_text(content: dict[str, object]) -> bool:
    """Whether every string can be written again: half of a surrogate pair cannot."""
    try:
        json.dumps(content, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


ROUTES: list[Route] = [
    Route("/gateway.do", gateway, methods=["GET", "POST"]),
    Route("/downloadBillFile.resource", download),
]
