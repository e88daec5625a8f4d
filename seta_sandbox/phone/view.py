"""What a consumer's phone shows, gathered from every family as plain JSON."""

from dataclasses import asdict
from typing import Any
from urllib.parse import urlsplit

from seta_sandbox.kit.apps import MINI_PROGRAM, OFFICIAL_ACCOUNT, WECOM, App
from seta_sandbox.kit.people import Consumer
from seta_sandbox.kit.world import World
from seta_sandbox.official_account.reading import listed
from seta_sandbox.official_account.state import oa_of
from seta_sandbox.phone.memory import network_of, phones_of
from seta_sandbox.phone.position import SPOTS, spot_of
from seta_sandbox.wecom.state import wecom_of

ITEMS_SHOWN_MAX = 400


def phone_view(world: World, person: Consumer) -> dict[str, Any]:
    """Everything the page draws for one consumer."""
    build = world.setup.miniprogram_dir
    return {
        "version": world.inbox.version,
        "now": world.clock.now(),
        "me": {"key": person.key, "name": person.name, "city": person.city, "language": person.language},
        "people": [{"key": one.key, "name": one.name, "city": one.city} for one in world.people],
        "accounts": [_account(world, app, person) for app in world.apps if app.kind == OFFICIAL_ACCOUNT],
        "programs": [_program(app) for app in world.apps if app.kind == MINI_PROGRAM],
        "corpid": world.app(WECOM).appid,
        "associates": [{"userid": one.userid, "name": one.name} for one in wecom_of(world).members],
        "items": world.inbox.of(person.key)[-ITEMS_SHOWN_MAX:],
        "posters": [{**asdict(one), "image_url": local_path(one.image_url)} for one in oa_of(world).posters],
        "calendar": phones_of(world).calendars.get(person.key, []),
        "spots": [asdict(one) for one in SPOTS],
        "spot": spot_of(world, person).code,
        "has_program": build is not None and (build / "index.html").exists(),
        "request_base": network_of(world).request_base,
    }


def local_path(url: str) -> str:
    """An address of this sandbox without its origin, so that it holds under any host name."""
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _account(world: World, app: App, person: Consumer) -> dict[str, Any]:
    account, openid = oa_of(world).of(app.appid), person.openids[app.appid]
    typing_until = account.typing.get(openid, 0.0)
    return {
        "appid": app.appid,
        "openid": openid,
        "name": app.name,
        "username": app.original_id,
        "followed": openid in account.followers,
        "menu": account.menu or [],
        "articles": listed(world, app),
        "typing": typing_until > world.clock.now(),
    }


def _program(app: App) -> dict[str, str]:
    return {"appid": app.appid, "name": app.name, "template_id": app.template_id}
