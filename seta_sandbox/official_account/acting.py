"""What followers of an Official Account do: each act changes the world and pushes its message or event."""

from typing import Any

from seta_sandbox.kit.apps import OFFICIAL_ACCOUNT, App
from seta_sandbox.kit.callback import push
from seta_sandbox.kit.errors import ControlError
from seta_sandbox.kit.inbox import CONSUMER
from seta_sandbox.kit.people import Consumer
from seta_sandbox.kit.push import Delivery
from seta_sandbox.kit.world import World
from seta_sandbox.official_account.handover import hear
from seta_sandbox.official_account.menus import menu_for
from seta_sandbox.official_account.programs import mp_of
from seta_sandbox.official_account.records import Occurrence
from seta_sandbox.official_account.replies import broken, receiver
from seta_sandbox.official_account.state import Follower, Ticket, oa_of

FIRST_MSG_ID = 24_000_000_000_000_000
# control type -> the XML fields of an inbound message
MESSAGE_FIELDS: dict[str, tuple[str, ...]] = {
    "text": ("Content", "bizmsgmenuid"),
    "image": ("PicUrl", "MediaId"),
    "voice": ("MediaId", "Format", "MediaId16K", "Recognition"),
    "video": ("MediaId", "ThumbMediaId"),
    "shortvideo": ("MediaId", "ThumbMediaId"),
    "location": ("Location_X", "Location_Y", "Scale", "Label"),
    "link": ("Title", "Description", "Url"),
    "miniprogrampage": ("Title", "AppId", "PagePath", "ThumbUrl", "ThumbMediaId"),
}
# Menu buttons whose tap asks the consumer for something, each with its own event.
TAKEN = frozenset(
    {
        "scancode_push",
        "scancode_waitmsg",
        "pic_sysphoto",
        "pic_photo_or_album",
        "pic_weixin",
        "location_select",
    }
)


def account_of(world: World, body: dict[str, Any], kind: str = OFFICIAL_ACCOUNT) -> tuple[App, Consumer, str]:
    """The app, the consumer and their openid in it, from `openid` (any identifier) and an optional `appid`."""
    given, appid = str(body.get("openid", "")), str(body.get("appid", ""))
    app = (None if appid else world.app_of_openid(kind, given)) or world.app(kind, appid)
    person = world.person(given)
    return app, person, person.openids[app.appid]


def common(world: World, app: App, openid: str, kind: str) -> dict[str, Any]:
    """The fields every push starts with."""
    return {
        "ToUserName": app.original_id,
        "FromUserName": openid,
        "CreateTime": world.clock.unix(),
        "MsgType": kind,
    }


def push_event(world: World, app: App, person: Consumer, event: str, **fields: Any) -> Delivery | None:
    """Push an event of a follower; its passive reply lands in their chat."""
    openid = person.openids[app.appid]
    content = {**common(world, app, openid, "event"), "Event": event, **fields}
    return push(world, app, openid, content, replied=receiver(world, app, person, notice=event == "CLICK"))


def follow(
    world: World, app: App, person: Consumer, *, ticket: Ticket | None = None, subscribe_scene: str = ""
) -> Delivery | None:
    """Become a follower, by a parametric code or otherwise, and push `subscribe`."""
    openid = person.openids[app.appid]
    remember(world, app, openid, ticket=ticket, subscribe_scene=subscribe_scene)
    oa_of(world).of(app.appid).windows.open(openid, "subscribe", world.clock.now())
    world.inbox.add(person.key, f"official_account:{app.appid}", CONSUMER, "event", event="follow")
    if ticket is None:
        return push_event(world, app, person, "subscribe", EventKey="")
    key = f"qrscene_{ticket.scene}"
    return push_event(world, app, person, "subscribe", EventKey=key, Ticket=ticket.ticket)


def remember(
    world: World, app: App, openid: str, *, ticket: Ticket | None = None, subscribe_scene: str = ""
) -> None:
    """Write the follower down without telling anybody."""
    follower = Follower(openid, world.clock.unix(), subscribe_scene or "ADD_SCENE_SEARCH")
    if ticket is not None:
        follower.subscribe_scene = subscribe_scene or "ADD_SCENE_QR_CODE"
        follower.qr_scene = 0 if ticket.is_text else int(ticket.scene)
        follower.qr_scene_str = ticket.scene if ticket.is_text else ""
    account = oa_of(world).of(app.appid)
    account.followers[openid] = follower
    account.log.append(Occurrence(world.clock.now(), "follow", openid, follower.subscribe_scene))


def unfollow(world: World, app: App, person: Consumer) -> Delivery | None:
    """Stop following and push `unsubscribe`; windows close with it."""
    account, openid = oa_of(world).of(app.appid), person.openids[app.appid]
    if account.followers.pop(openid, None) is not None:
        account.log.append(Occurrence(world.clock.now(), "unfollow", openid))
    account.blacklist.pop(openid, None)
    account.windows.by_openid.pop(openid, None)
    world.inbox.add(person.key, f"official_account:{app.appid}", CONSUMER, "event", event="unfollow")
    return push_event(world, app, person, "unsubscribe", EventKey="")


def scan(world: World, app: App, person: Consumer, ticket: Ticket) -> tuple[str, Delivery | None]:
    """Scan a parametric code: followers push `SCAN`, everybody else follows with the scene."""
    if ticket.expires_at is not None and ticket.expires_at <= world.clock.now():
        raise ControlError("this QR code has expired")
    account, openid = oa_of(world).of(app.appid), person.openids[app.appid]
    if openid not in account.followers:
        return "subscribe", follow(world, app, person, ticket=ticket)
    account.windows.open(openid, "scan", world.clock.now())
    world.inbox.add(person.key, f"official_account:{app.appid}", CONSUMER, "event", event="scan")
    return "SCAN", push_event(world, app, person, "SCAN", EventKey=ticket.scene, Ticket=ticket.ticket)


def find_ticket(world: World, app: App, body: dict[str, Any]) -> tuple[App, Ticket]:
    """The code that `ticket` or `scene` names; a scene nobody made a code for is taken as one, for tests' ease."""
    given = str(body.get("ticket") or body.get("Ticket") or "")
    if given:
        found = oa_of(world).ticket(given)
        if found is None:
            raise ControlError("no such ticket; make one with /cgi-bin/qrcode/create")
        return world.app(OFFICIAL_ACCOUNT, found[0]), found[1]
    scene = str(body.get("scene") or body.get("scene_str") or body.get("EventKey") or "").removeprefix(
        "qrscene_"
    )
    if not scene:
        raise ControlError("scan needs `ticket` or `scene`")
    for ticket in reversed(oa_of(world).of(app.appid).tickets.values()):
        if ticket.scene == scene:
            return app, ticket
    is_text = not scene.isdigit()
    return app, Ticket("gQ" + world.keys.secret(f"scene/{scene}", 92) + "==", scene, is_text, None, "")


def message(world: World, app: App, person: Consumer, body: dict[str, Any]) -> tuple[int, Delivery | None]:
    """Write to the account. Opens the 48-hour window; the chat shows the message at once."""
    kind = str(body.get("type") or body.get("msgtype") or body.get("MsgType") or "text")
    if kind == "text" and isinstance(body.get("text"), str):
        body = {"content": body["text"], **body}
    if kind not in MESSAGE_FIELDS:
        raise ControlError(f"type must be one of {', '.join(MESSAGE_FIELDS)}")
    openid = person.openids[app.appid]
    msg_id = int(body.get("msg_id") or body.get("MsgId") or FIRST_MSG_ID + oa_of(world).messages + 1)
    content = {name: _field(body, name) for name in MESSAGE_FIELDS[kind] if _field(body, name) is not None}
    if kind == "text" and not content.get("Content"):
        raise ControlError("a text message needs `content`")
    oa_of(world).messages += 1
    _note(world, app, openid, kind, str(content.get("Content", "")))
    fields = {**common(world, app, openid, kind), **content, "MsgId": msg_id}
    shown = {name.lower(): value for name, value in content.items()}
    world.inbox.add(person.key, f"{app.kind}:{app.appid}", CONSUMER, kind, **shown)
    if openid in oa_of(world).of(app.appid).blacklist:
        return msg_id, None
    delivery = push(
        world,
        app,
        openid,
        fields,
        replied=receiver(world, app, person, notice=True),
        gave_up=lambda: broken(world, app, person),
    )
    return msg_id, delivery


def _note(world: World, app: App, openid: str, kind: str, text: str) -> None:
    """Open the window, and write down what statistics and customer service need."""
    if app.kind != OFFICIAL_ACCOUNT:
        mp_of(world).windows_of(app.appid).open(openid, "message", world.clock.now())
        return
    account = oa_of(world).of(app.appid)
    if openid not in account.followers:
        remember(world, app, openid)
    account.windows.open(openid, "message", world.clock.now())
    account.log.append(Occurrence(world.clock.now(), "message", openid, kind))
    hear(world, app, openid, text)


def _field(body: dict[str, Any], name: str) -> Any:
    snake = {"MediaId": "media_id", "PicUrl": "pic_url", "ThumbMediaId": "thumb_media_id"}.get(
        name, name.lower()
    )
    return body.get(name, body.get(snake))


def click_menu(
    world: World, app: App, person: Consumer, button: dict[str, Any], given: dict[str, Any]
) -> tuple[str, Delivery | None]:
    """Tap a menu button: what it opens is in the answer, and `CLICK`, `VIEW` or the button's own event is pushed."""
    openid, kind = person.openids[app.appid], str(button.get("type"))
    if kind == "miniprogram":
        event, key = "view_miniprogram", str(button.get("pagepath", ""))
    elif kind == "view":
        event, key = "VIEW", str(button.get("url", ""))
    else:
        event, key = kind if kind in TAKEN else "CLICK", str(button.get("key", ""))
        oa_of(world).of(app.appid).windows.open(openid, "menu_click", world.clock.now())
    extra = (
        {"MenuId": oa_of(world).messages + 1}
        if event in ("VIEW", "view_miniprogram")
        else _taken(event, given)
    )
    return event, push_event(world, app, person, event, EventKey=key, **extra)


def _taken(event: str, given: dict[str, Any]) -> dict[str, Any]:
    """What the consumer scanned, photographed or chose, for the buttons that ask for it."""
    if event.startswith("scancode"):
        return {"ScanCodeInfo": {"ScanType": "qrcode", "ScanResult": str(given.get("scan_result", ""))}}
    if event.startswith("pic"):
        pictures = [str(mark) for mark in given.get("pictures", ["5a75aaca956d97be686719218f275c6b"])]
        return {
            "SendPicsInfo": {"Count": len(pictures), "PicList": [{"PicMd5Sum": mark} for mark in pictures]}
        }
    if event == "location_select":
        place = {
            "Location_X": "45.4641",
            "Location_Y": "9.1919",
            "Scale": "16",
            "Label": "Milano",
            "Poiname": "",
        }
        return {"SendLocationInfo": {key: str(given.get(key.lower(), value)) for key, value in place.items()}}
    return {}


def report_location(world: World, app: App, person: Consumer, given: dict[str, Any]) -> Delivery | None:
    """The follower's phone reports where it is: `LOCATION`."""
    where = {"Latitude": "latitude", "Longitude": "longitude", "Precision": "precision"}
    defaults = {"Latitude": 45.4641, "Longitude": 9.1919, "Precision": 30.0}
    fields = {name: float(given.get(key, defaults[name])) for name, key in where.items()}
    return push_event(world, app, person, "LOCATION", **fields)


def find_button(world: World, app: App, body: dict[str, Any]) -> dict[str, Any]:
    """The menu button with that `key` (or name, url, pagepath); a key outside the menu counts as a click on it."""
    wanted = str(body.get("key") or body.get("EventKey") or body.get("name") or "")
    if not wanted:
        raise ControlError("menu_click needs `key`")
    person = world.find_person(str(body.get("openid", ""))) or world.people[0]
    for top in menu_for(world, app, person):
        for button in top.get("sub_button") or [top]:
            if wanted in (button.get("key"), button.get("name"), button.get("url"), button.get("pagepath")):
                return dict(button)
    return {"type": "click", "key": wanted}
