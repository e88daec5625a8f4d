"""Contact ways: the codes a store hangs up so that clients add an associate."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from seta_sandbox.kit import qr
from seta_sandbox.kit.access import world_of
from seta_sandbox.kit.errors import ApiError
from seta_sandbox.kit.keys import HEX
from seta_sandbox.kit.wire import json_body
from seta_sandbox.kit.world import World
from seta_sandbox.wecom.access import calling, number, ok, page, staff_member
from seta_sandbox.wecom.state import ContactWay, wecom_of

SCENE_MINI_PROGRAM, SCENE_QR = 1, 2
STATE_CHARACTERS_MAX = 30
REMARK_CHARACTERS_MAX = 30
USERS_MAX = 100
WAYS_MAX = 500_000
PAGE_MAX = 1000
# (K) how many buttons the mini program's plug-in knows.
STYLES = (1, 2, 3)
EXPIRES_SECONDS_MAX = 14 * 86_400


async def add(request: Request) -> Response:
    """`POST externalcontact/add_contact_way`: `config_id`, and `qr_code` for scene 2."""
    world = calling(request, "agent", "contact")
    fields = _checked(world, await json_body(request))
    if len(wecom_of(world).contact_ways) >= WAYS_MAX:
        raise ApiError(41045, "contact way count out of limit")
    config_id = "".join(world.rng.choices(HEX, k=32))
    url = "https://work.weixin.qq.com/ct/wcde" + "".join(world.rng.choices(HEX, k=20))
    way = ContactWay(config_id, fields, world.clock.unix(), url)
    wecom_of(world).contact_ways[config_id] = way
    qr_code = {"qr_code": qr_address(world, config_id)} if fields["scene"] == SCENE_QR else {}
    return ok(config_id=config_id, **qr_code)


def qr_address(world: World, config_id: str) -> str:
    """Where the image of the code is."""
    return f"{world.base_url}/_wecom/qr/{config_id}.png"


def _checked(world: World, body: dict[str, Any]) -> dict[str, Any]:
    kind, scene = body.get("type"), body.get("scene")
    if kind not in (1, 2):
        raise ApiError(41039 if kind is not None else 41037, "invalid contact way type")
    if scene not in (SCENE_MINI_PROGRAM, SCENE_QR):
        raise ApiError(41040 if scene is not None else 41038, "invalid contact way scene")
    users = body.get("user") or []
    if len(users) > USERS_MAX:
        raise ApiError(41041, "contact way users out of limit")
    if not users or (kind == 1 and len(users) != 1):
        raise ApiError(40063, "some parameters are empty: user")
    for userid in users:
        if not wecom_of(world).is_member(str(userid)):
            raise ApiError(40003, "invalid userid")
        staff_member(world, userid)
    if body.get("style") is not None and body["style"] not in STYLES:
        raise ApiError(41042, "invalid contact way style")
    if body.get("is_temp"):
        _check_temporary(body)
    for name, characters in (("state", STATE_CHARACTERS_MAX), ("remark", REMARK_CHARACTERS_MAX)):
        if len(str(body.get(name, ""))) > characters:
            raise ApiError(40058, f"invalid Request Parameter: {name} is longer than {characters} characters")
    return {**body, "skip_verify": body.get("skip_verify", True)}


def _check_temporary(body: dict[str, Any]) -> None:
    """A temporary session: for one member, with a life of at most 14 days."""
    if body.get("type") != 1:
        raise ApiError(41039, "invalid contact way type")
    for name in ("expires_in", "chat_expires_in"):
        number(body, name, EXPIRES_SECONDS_MAX, EXPIRES_SECONDS_MAX)


def expired(world: World, way: ContactWay) -> bool:
    """Whether a temporary way can no longer be scanned."""
    life = int(way.fields.get("expires_in") or EXPIRES_SECONDS_MAX)
    return bool(way.fields.get("is_temp")) and world.clock.now() > way.created_at + life


def _way(world: World, config_id: object) -> ContactWay:
    if not config_id:
        raise ApiError(41043, "missing config_id")
    way = wecom_of(world).contact_ways.get(str(config_id))
    if way is None:
        raise ApiError(41044, "invalid config_id")
    return way


async def get(request: Request) -> Response:
    """`POST externalcontact/get_contact_way`."""
    world = calling(request, "agent", "contact")
    way = _way(world, (await json_body(request)).get("config_id"))
    described = {"config_id": way.config_id, **way.fields, "qr_code": qr_address(world, way.config_id)}
    return ok(contact_way=described)


async def list_ways(request: Request) -> Response:
    """`POST externalcontact/list_contact_way`: ids only, a page of at most 1000; temporary ways are left out."""
    world = calling(request, "agent", "contact")
    body = await json_body(request)
    start, end = body.get("start_time", 0), body.get("end_time", float("inf"))
    ways = [
        way
        for way in wecom_of(world).contact_ways.values()
        if start <= way.created_at <= end and not way.fields.get("is_temp")
    ]
    rows, more = page(ways, body, 100, PAGE_MAX)
    return ok(contact_way=[{"config_id": way.config_id} for way in rows], **more)


async def update(request: Request) -> Response:
    """`POST externalcontact/update_contact_way`: the given fields replace the old ones."""
    world = calling(request, "agent", "contact")
    body = await json_body(request)
    way = _way(world, body.pop("config_id", None))
    way.fields = _checked(world, {**way.fields, **body})
    return ok()


async def delete(request: Request) -> Response:
    """`POST externalcontact/del_contact_way`."""
    world = calling(request, "agent", "contact")
    way = _way(world, (await json_body(request)).get("config_id"))
    del wecom_of(world).contact_ways[way.config_id]
    return ok()


async def image(request: Request) -> Response:
    """The code's image, as WeCom's picture host serves it: no token."""
    way = wecom_of(world_of(request)).contact_ways.get(request.path_params["config_id"])
    if way is None:
        return Response("not found", status_code=404)
    return Response(qr.png(way.url), media_type="image/png")


PREFIX = "/cgi-bin/externalcontact"
ROUTES: list[Route] = [
    Route(f"{PREFIX}/add_contact_way", add, methods=["POST"]),
    Route(f"{PREFIX}/get_contact_way", get, methods=["POST"]),
    Route(f"{PREFIX}/list_contact_way", list_ways, methods=["POST"]),
    Route(f"{PREFIX}/update_contact_way", update, methods=["POST"]),
    Route(f"{PREFIX}/del_contact_way", delete, methods=["POST"]),
    Route("/_wecom/qr/{config_id}.png", image, methods=["GET"]),
]
