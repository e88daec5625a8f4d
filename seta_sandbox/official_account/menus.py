"""The custom menu: its limits, refused with WeChat's own codes, and which menu a consumer sees."""

from typing import Any

from seta_sandbox.kit.apps import App
from seta_sandbox.kit.errors import ApiError
from seta_sandbox.kit.people import Consumer
from seta_sandbox.kit.world import World
from seta_sandbox.official_account.state import Account, oa_of

BUTTONS_MAX = 3
SUB_BUTTONS_MAX = 5
NAME_BYTES_MAX = 16
SUB_NAME_BYTES_MAX = 60
SUB_NAME = 40025
KEY_BYTES_MAX = 128
URL_BYTES_MAX = 1024
KEYED = frozenset(
    {
        "click",
        "scancode_push",
        "scancode_waitmsg",
        "pic_sysphoto",
        "pic_photo_or_album",
        "pic_weixin",
        "location_select",
    }
)
KEPT = frozenset({"type", "name", "key", "url", "media_id", "article_id", "appid", "pagepath"})
# (K) The simulated phones are iPhones.
CONSUMERS_PLATFORM = "1"
TYPES = KEYED | {"view", "media_id", "view_limited", "article_id", "article_view_limited", "miniprogram"}


def checked_menu(body: dict[str, Any]) -> list[dict[str, Any]]:
    """The buttons as `menu/get` returns them; raises ApiError for what WeChat refuses."""
    buttons = body.get("button")
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= BUTTONS_MAX:
        raise ApiError(40016, "invalid button size")
    return [_top(button) for button in buttons]


def _top(button: Any) -> dict[str, Any]:
    if not isinstance(button, dict):
        raise ApiError(40016, "invalid button size")
    _check_name(button, NAME_BYTES_MAX, 40018)
    subs = button.get("sub_button") or []
    if subs:
        if not isinstance(subs, list) or len(subs) > SUB_BUTTONS_MAX:
            raise ApiError(40023, "invalid sub button size")
        return {
            "name": button["name"],
            "sub_button": [_leaf(sub, SUB_NAME, SUB_NAME_BYTES_MAX) for sub in subs],
        }
    return _leaf(button, 40018, NAME_BYTES_MAX)


def _leaf(button: dict[str, Any], name_code: int, name_max: int) -> dict[str, Any]:
    if not isinstance(button, dict):
        raise ApiError(40023, "invalid sub button size")
    _check_name(button, name_max, name_code)
    kind = button.get("type")
    if not isinstance(kind, str) or kind not in TYPES:
        raise ApiError(40015, "invalid menu type")
    is_sub = name_code == SUB_NAME
    if kind in KEYED and not 1 <= _size(button, "key") <= KEY_BYTES_MAX:
        raise ApiError(40026 if is_sub else 40019, "invalid button key size")
    if kind in ("view", "miniprogram") and not 1 <= _size(button, "url") <= URL_BYTES_MAX:
        raise ApiError(40027 if is_sub else 40020, "invalid button url size")
    if kind in ("media_id", "view_limited") and not button.get("media_id"):
        raise ApiError(40007, "invalid media_id of a button")
    if kind in ("article_id", "article_view_limited") and not button.get("article_id"):
        raise ApiError(40007, "invalid article_id of a button")
    if kind == "miniprogram" and not (button.get("appid") and button.get("pagepath")):
        raise ApiError(40013, "invalid appid or pagepath of a miniprogram button")
    kept = {key: value for key, value in button.items() if key in KEPT and isinstance(value, str)}
    return {**kept, "sub_button": []}


def _check_name(button: dict[str, Any], bytes_max: int, errcode: int) -> None:
    if not 1 <= _size(button, "name") <= bytes_max:
        raise ApiError(errcode, "invalid button name size")


def _size(button: dict[str, Any], field: str) -> int:
    value = button.get(field, "")
    return len(value.encode()) if isinstance(value, str) else 0


def menu_for(world: World, app: App, person: Consumer) -> list[dict[str, Any]]:
    """The buttons a consumer sees: of the newest personalised menu that fits, otherwise the default ones."""
    account = oa_of(world).of(app.appid)
    for menu in reversed(account.menus.conditional):
        if _fits(account, app, person, menu.matchrule):
            return menu.buttons
    return account.menu or []


def _fits(account: Account, app: App, person: Consumer, rule: dict[str, Any]) -> bool:
    follower = account.followers.get(person.openids[app.appid])
    tag = rule.get("tag_id") or rule.get("group_id")
    if tag is not None and int(tag) not in (follower.tagids if follower else []):
        return False
    facts = {
        "client_platform_type": CONSUMERS_PLATFORM,
        "sex": str(person.gender),
        "language": person.language,
        "country": "中国",
        "province": person.city,
        "city": person.city,
    }
    return all(facts[key] == value for key, value in rule.items() if key in facts)
