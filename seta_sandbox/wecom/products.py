"""The product album: pieces that members show customers in a chat."""

import re
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from seta_sandbox.kit.apps import WECOM
from seta_sandbox.kit.errors import ApiError
from seta_sandbox.kit.wire import json_body
from seta_sandbox.kit.world import World
from seta_sandbox.wecom.access import customer_contact, invalid, ok, page, phrase
from seta_sandbox.wecom.contact_ways import PREFIX
from seta_sandbox.wecom.state import wecom_of

DESCRIPTION_CHARACTERS_MAX = 300
# In fen: five million yuan.
PRICE_MAX = 500_000_000
PICTURES_MAX = 9
PAGE_MAX = 100
_NUMBER = re.compile(r"[0-9A-Za-z]{1,128}")


def _product(world: World, body: dict[str, Any]) -> dict[str, Any]:
    product = wecom_of(world).products.get(str(body.get("product_id") or ""))
    if product is None:
        raise invalid("product_id")
    return product


def _price(body: dict[str, Any]) -> int:
    price = body.get("price")
    if type(price) is not int or not 0 < price <= PRICE_MAX:
        raise invalid("price")
    return price


def _number(body: dict[str, Any]) -> str:
    number = body.get("product_sn") or ""
    if not isinstance(number, str) or (number and not _NUMBER.fullmatch(number)):
        raise invalid("product_sn")
    return number


def _attachments(world: World, body: dict[str, Any]) -> list[dict[str, Any]]:
    rows = body.get("attachments")
    if not isinstance(rows, list) or not rows:
        raise ApiError(40063, "some parameters are empty: attachments")
    if len(rows) > PICTURES_MAX:
        raise ApiError(41064, "attachments count out of limit")
    for row in rows:
        picture = row.get("image") if isinstance(row, dict) and row.get("type") == "image" else None
        if not isinstance(picture, dict):
            raise ApiError(41065, "invalid attachment")
        if world.media.get(world.app(WECOM).appid, str(picture.get("media_id") or "")) is None:
            raise ApiError(40007, "invalid media_id")
    return [{"type": "image", "image": {"media_id": row["image"]["media_id"]}} for row in rows]


async def add(request: Request) -> Response:
    """`POST externalcontact/add_product_album`: `price` in fen, 1 to 9 pictures of `media/upload_attachment`."""
    world = customer_contact(request)
    body = await json_body(request)
    fields = {
        "description": phrase(body, "description", DESCRIPTION_CHARACTERS_MAX),
        "price": _price(body),
        "product_sn": _number(body),
        "attachments": _attachments(world, body),
    }
    product_id = f"{world.rng.getrandbits(96):024x}"
    wecom_of(world).products[product_id] = {
        "product_id": product_id,
        "create_time": world.clock.unix(),
        **fields,
    }
    return ok(product_id=product_id)


async def get(request: Request) -> Response:
    """`POST externalcontact/get_product_album`."""
    world = customer_contact(request)
    return ok(product=_product(world, await json_body(request)))


async def list_products(request: Request) -> Response:
    """`POST externalcontact/get_product_album_list`: a page of at most 100."""
    world = customer_contact(request)
    rows, more = page(list(wecom_of(world).products.values()), await json_body(request), 50, PAGE_MAX)
    names = ("product_id", "description", "price", "product_sn", "attachments")
    return ok(product_list=[{name: row[name] for name in names} for row in rows], **more)


async def update(request: Request) -> Response:
    """`POST externalcontact/update_product_album`: only the given fields change."""
    world = customer_contact(request)
    body = await json_body(request)
    product = _product(world, body)
    changed: dict[str, Any] = {}
    if "description" in body:
        changed["description"] = phrase(body, "description", DESCRIPTION_CHARACTERS_MAX)
    if "price" in body:
        changed["price"] = _price(body)
    if "product_sn" in body:
        changed["product_sn"] = _number(body)
    if "attachments" in body:
        changed["attachments"] = _attachments(world, body)
    product |= changed
    return ok()


async def delete(request: Request) -> Response:
    """`POST externalcontact/delete_product_album`."""
    world = customer_contact(request)
    del wecom_of(world).products[_product(world, await json_body(request))["product_id"]]
    return ok()


ROUTES: list[Route] = [
    Route(f"{PREFIX}/add_product_album", add, methods=["POST"]),
    Route(f"{PREFIX}/get_product_album", get, methods=["POST"]),
    Route(f"{PREFIX}/get_product_album_list", list_products, methods=["POST"]),
    Route(f"{PREFIX}/update_product_album", update, methods=["POST"]),
    Route(f"{PREFIX}/delete_product_album", delete, methods=["POST"]),
]
