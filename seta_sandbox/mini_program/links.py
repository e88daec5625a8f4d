"""Ways into a mini program from outside: URL links, schemes, NFC schemes and short links."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from seta_sandbox.kit.access import calling_app, world_of
from seta_sandbox.kit.apps import MINI_PROGRAM, App
from seta_sandbox.kit.errors import ApiError, ControlError
from seta_sandbox.kit.keys import ALPHANUMERIC
from seta_sandbox.kit.wire import json_body
from seta_sandbox.kit.world import Action, World
from seta_sandbox.mini_program.pages import check_page
from seta_sandbox.official_account.common import mapping, ok, whole, words
from seta_sandbox.official_account.programs import Link, Visit, mp_of

DAY_SECONDS = 86_400
DAYS_MAX = 30
QUERY_CHARACTERS_MAX = 1024
OPENED_A_DAY_MAX = 3_000_000
VERSIONS = {"release": 0, "trial": 1, "develop": 2}
TITLE_CHARACTERS_MAX = 20


async def url_link(request: Request) -> Response:
    """`POST /wxa/generate_urllink`: an https address, for at most 30 days."""
    app, world = calling_app(request, MINI_PROGRAM), world_of(request)
    body = await json_body(request)
    made = _make(world, app, "url_link", "https://wxaurl.cn/", body, body, lasting=False)
    return ok(url_link=made.address)


async def query_url_link(request: Request) -> Response:
    """`POST /wxa/query_urllink {url_link, query_type}`."""
    app, world = calling_app(request, MINI_PROGRAM), world_of(request)
    body = await json_body(request)
    found = _find(world, app, body.get("url_link"), ("url_link",))
    return _described(world, "url_link_info", found, body)


async def scheme(request: Request) -> Response:
    """`POST /wxa/generatescheme {jump_wxa, is_expire, expire_type, ...}`."""
    app, world = calling_app(request, MINI_PROGRAM), world_of(request)
    body = await json_body(request)
    target = mapping(body.get("jump_wxa") or {}, 40097)
    made = _make(
        world, app, "scheme", "weixin://dl/business/?t=", target, body, lasting=not body.get("is_expire")
    )
    return ok(openlink=made.address)


async def nfc_scheme(request: Request) -> Response:
    """`POST /wxa/generatenfcscheme {jump_wxa, model_id, sn?}`: without an end."""
    app, world = calling_app(request, MINI_PROGRAM), world_of(request)
    body = await json_body(request)
    words(body.get("model_id"), 40097, least=1, most=128)
    target = mapping(body.get("jump_wxa") or {}, 40097)
    made = _make(world, app, "nfc", "weixin://dl/business/?t=", target, {}, lasting=True)
    return ok(openlink=made.address)


async def query_scheme(request: Request) -> Response:
    """`POST /wxa/queryscheme {scheme, query_type}`."""
    app, world = calling_app(request, MINI_PROGRAM), world_of(request)
    body = await json_body(request)
    found = _find(world, app, body.get("scheme"), ("scheme", "nfc"))
    return _described(world, "scheme_info", found, body)


async def short_link(request: Request) -> Response:
    """`POST /wxa/genwxashortlink {page_url, page_title?, is_permanent?}`: `#小程序://name/key`, 30 days or for ever."""
    app, world = calling_app(request, MINI_PROGRAM), world_of(request)
    body = await json_body(request)
    page = words(body.get("page_url"), 40225, least=1, most=QUERY_CHARACTERS_MAX)
    words(body.get("page_title"), 40097, most=TITLE_CHARACTERS_MAX)
    path, _, query = page.partition("?")
    try:
        check_page(world, path)
    except ApiError:
        raise ApiError(40225, "invalid page") from None
    target, until = {"path": path, "query": query}, {"expire_type": 1, "expire_interval": DAYS_MAX}
    lasting = bool(body.get("is_permanent"))
    made = _make(
        world, app, "short", f"#小程序://{app.name.replace(' ', '')}/", target, until, lasting=lasting
    )
    return ok(link=made.address)


def _make(
    world: World,
    app: App,
    kind: str,
    prefix: str,
    target: dict[str, Any],
    terms: dict[str, Any],
    *,
    lasting: bool,
) -> Link:
    path = words(target.get("path"), 40165, most=QUERY_CHARACTERS_MAX)
    query = words(target.get("query"), 40212, most=QUERY_CHARACTERS_MAX)
    if path.startswith("/") and len(path) > 1:
        path = path[1:]
    if "?" in path:
        raise ApiError(40165, "invalid weapp pagepath: the query goes into `query`")
    if query and not query.isprintable():
        raise ApiError(40212, "invalid query")
    version = target.get("env_version", "release")
    if version not in VERSIONS:
        raise ApiError(85402, "invalid env_version")
    if version == "release":
        _check_released(world, app, path)
    now = world.clock.unix()
    expires_at = None if lasting else _end(terms, now)
    address = prefix + "".join(world.rng.choices(ALPHANUMERIC, k=11))
    made = Link(address, kind, app.appid, path, query, str(version), now, expires_at)
    mp_of(world).links[address] = made
    return made


def _check_released(world: World, app: App, path: str) -> None:
    if app.appid in mp_of(world).unreleased:
        raise ApiError(85079, "miniprogram has no online release")
    try:
        check_page(world, path)
    except ApiError:
        raise ApiError(40165, "invalid weapp pagepath") from None


def _end(terms: dict[str, Any], now: int) -> int:
    """When the link ends: `expire_type` 0 with `expire_time`, or 1 with `expire_interval` days; 85401 otherwise."""
    kind = terms.get("expire_type", 0)
    if kind == 1:
        return now + whole(terms.get("expire_interval"), 85401, low=1, high=DAYS_MAX) * DAY_SECONDS
    if kind != 0:
        raise ApiError(85401, "invalid expire_type")
    # (K) Without any term a link holds for 30 days.
    return whole(
        terms.get("expire_time") or now + DAYS_MAX * DAY_SECONDS,
        85401,
        low=now + 1,
        high=now + DAYS_MAX * DAY_SECONDS,
    )


def _find(world: World, app: App, address: object, kinds: tuple[str, ...]) -> Link:
    found = mp_of(world).links.get(address.split("?cq=")[0]) if isinstance(address, str) else None
    if found is None or found.appid != app.appid or found.kind not in kinds:
        raise ApiError(40097, "invalid args: no such link of this mini program")
    return found


def _described(world: World, name: str, link: Link, body: dict[str, Any]) -> Response:
    quota = {"remain_visit_quota": max(0, OPENED_A_DAY_MAX - mp_of(world).opened)}
    if whole(body.get("query_type", 0), 40097, high=1) == 1:
        return ok(quota_info=quota)
    info = {
        "appid": link.appid,
        "path": link.path,
        "query": link.query,
        "create_time": link.created_at,
        "expire_time": link.expires_at or 0,
        "env_version": link.version,
    }
    return ok(**{name: info}, quota_info=quota)


async def open_link(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """`link`, `openid`?: the consumer opens it; what the mini program gets is in the answer."""
    address = str(body.get("link", ""))
    base, _, extra = address.partition("?cq=")
    link = mp_of(world).links.get(address) or mp_of(world).links.get(base)
    if link is None:
        raise ControlError("no such link; make one with /wxa/generate_urllink or another link call")
    if link.expires_at is not None and link.expires_at <= world.clock.unix():
        raise ControlError("this link has expired")
    person = world.person(str(body.get("openid", "")))
    openid = person.openids[link.appid]
    mp_of(world).opened += 1
    mp_of(world).visits.append(Visit(world.clock.now(), link.appid, openid, link.path))
    query = "&".join(part for part in (link.query, extra) if part)
    return {
        "appid": link.appid,
        "path": link.path,
        "query": query,
        "env_version": link.version,
        "openid": openid,
    }


async def release(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """`released` (true), `appid`?: without a release, links answer 85079."""
    app = world.app(MINI_PROGRAM, str(body.get("appid", "")))
    if body.get("released", True):
        mp_of(world).unreleased.discard(app.appid)
    else:
        mp_of(world).unreleased.add(app.appid)
    return {"appid": app.appid, "released": app.appid not in mp_of(world).unreleased}


ACTIONS: dict[str, Action] = {"open_link": open_link, "release": release}
ROUTES: list[Route] = [
    Route("/wxa/generate_urllink", url_link, methods=["POST"]),
    Route("/wxa/query_urllink", query_url_link, methods=["POST"]),
    Route("/wxa/generatescheme", scheme, methods=["POST"]),
    Route("/wxa/queryscheme", query_scheme, methods=["POST"]),
    Route("/wxa/generatenfcscheme", nfc_scheme, methods=["POST"]),
    Route("/wxa/genwxashortlink", short_link, methods=["POST"]),
]
