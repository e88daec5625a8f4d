"""Control actions of followers, posters and Moments advertisements."""

from dataclasses import asdict
from typing import Any
from urllib.parse import quote

from seta_sandbox.kit.acting import outcome
from seta_sandbox.kit.apps import MINI_PROGRAM
from seta_sandbox.kit.errors import ControlError
from seta_sandbox.kit.world import Action, World
from seta_sandbox.official_account import (
    acting,
    ads,
    drafts,
    kf,
    quotas,
    statistics,
    template_messages,
    web_login,
)
from seta_sandbox.official_account.programs import mp_of
from seta_sandbox.official_account.state import Poster, oa_of
from seta_sandbox.wecom.state import wecom_of


async def follow(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """`openid`, optionally `ticket` or `scene` (the code they followed by), `subscribe_scene`, `appid`."""
    app, person, openid = acting.account_of(world, body)
    ticket = None
    if body.get("ticket") or body.get("scene") or body.get("EventKey"):
        app, ticket = acting.find_ticket(world, app, body)
    openid = person.openids[app.appid]
    if openid in oa_of(world).of(app.appid).followers:
        return {"openid": openid, "already": True, "push": None}
    delivery = acting.follow(
        world, app, person, ticket=ticket, subscribe_scene=str(body.get("subscribe_scene", ""))
    )
    return {"openid": openid, "event": "subscribe", **await outcome(delivery, body)}


async def unfollow(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """`openid`, `appid`?"""
    app, person, openid = acting.account_of(world, body)
    delivery = acting.unfollow(world, app, person)
    return {"openid": openid, "event": "unsubscribe", **await outcome(delivery, body)}


async def scan(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """`openid` and `ticket` or `scene`: `SCAN` for a follower, otherwise `subscribe` with the scene."""
    app, person, _ = acting.account_of(world, body)
    app, ticket = acting.find_ticket(world, app, body)
    event, delivery = acting.scan(world, app, person, ticket)
    answer = {"openid": person.openids[app.appid], "event": event, "scene": ticket.scene}
    return {**answer, **await outcome(delivery, body)}


async def message(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """`openid`, `content` (or `type` and its fields); `msg_id` repeats an old message; `app: mini_program`?"""
    kind = MINI_PROGRAM if body.get("app") == MINI_PROGRAM else "official_account"
    app, person, openid = acting.account_of(world, body, kind)
    before = len(world.inbox.items)
    msg_id, delivery = acting.message(world, app, person, body)
    answer = await outcome(delivery, body)
    replies = [
        asdict(item)
        for item in world.inbox.items[before:]
        if item.person == person.key and item.sender == "account"
    ]
    return {"openid": openid, "msg_id": msg_id, **answer, "replies": replies}


async def menu_click(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """`openid` and `key` (or the button's `name`): what the button opens is in `button`."""
    app, person, openid = acting.account_of(world, body)
    button = acting.find_button(world, app, body)
    event, delivery = acting.click_menu(world, app, person, button, body)
    return {"openid": openid, "event": event, "button": button, **await outcome(delivery, body)}


async def location(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """`openid`, `latitude`, `longitude`, `precision`: the follower's phone reports where it is."""
    app, person, openid = acting.account_of(world, body)
    if openid not in oa_of(world).of(app.appid).followers:
        raise ControlError("only a follower's place is reported; use the action follow first")
    delivery = acting.report_location(world, app, person, body)
    return {"openid": openid, "event": "LOCATION", **await outcome(delivery, body)}


async def poster(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """Hang a code up where the phone can scan it: `title` and `ticket`, `config_id`, or `page` and `scene`."""
    title = str(body.get("title", ""))
    if not title:
        raise ControlError("a poster needs `title`")
    if body.get("ticket"):
        ticket = str(body["ticket"])
        if oa_of(world).ticket(ticket) is None:
            raise ControlError("no such ticket; make one with /cgi-bin/qrcode/create")
        image = f"{world.base_url}/cgi-bin/showqrcode?ticket={quote(ticket)}"
        made = Poster(title, "official_account", ticket, image)
    elif body.get("config_id"):
        config_id = str(body["config_id"])
        if config_id not in wecom_of(world).contact_ways:
            raise ControlError("no such contact way; make one with add_contact_way")
        made = Poster(title, "wecom", config_id, f"{world.base_url}/_wecom/qr/{config_id}.png")
    elif body.get("page"):
        app = world.app(MINI_PROGRAM, str(body.get("appid", "")))
        code = mp_of(world).code(app.appid, str(body["page"]), str(body.get("scene", "")))
        made = Poster(title, "mini_program", code.id, f"{world.base_url}/_wxacode/{code.id}.png")
    else:
        raise ControlError("a poster needs `ticket`, `config_id`, or `page` with `scene`")
    oa_of(world).posters = [old for old in oa_of(world).posters if old.title != title] + [made]
    world.inbox.touch()
    return asdict(made)


async def posters(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """Every poster that hangs in the world."""
    return {"posters": [asdict(made) for made in oa_of(world).posters]}


async def ad(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """A Moments ad: `campaign`, `title`, `image`, `impression_url`, `click_url`, `path`, `appid`?, `openid`?"""
    return {"ad": ads.place(world, body).id}


async def ad_view(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """`openid` sees `ad` (an id or campaign): the impression is reported to `impression_url`."""
    person, placed = world.person(str(body.get("openid", ""))), ads.find(world, body)
    impression_id, delivery = ads.view(world, placed, person)
    return {"ad": placed.id, "impression_id": impression_id, **await outcome(delivery, body)}


async def ad_click(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """`openid` taps `ad`: the click is reported to `click_url`; `path` says where they land."""
    person, placed = world.person(str(body.get("openid", ""))), ads.find(world, body)
    landing, delivery = ads.click(world, placed, person)
    return {"ad": placed.id, **landing, **await outcome(delivery, body)}


ACTIONS: dict[str, Action] = {
    "follow": follow,
    "unfollow": unfollow,
    "scan": scan,
    "message": message,
    "menu_click": menu_click,
    "location": location,
    "poster": poster,
    "posters": posters,
    "ad": ad,
    "ad_view": ad_view,
    "ad_click": ad_click,
    **quotas.ACTIONS,
    **web_login.ACTIONS,
    **kf.ACTIONS,
    **template_messages.ACTIONS,
    **drafts.ACTIONS,
    **statistics.ACTIONS,
}
