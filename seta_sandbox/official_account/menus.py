"""The custom menu's limits, refused with WeChat's own codes."""

from typing import Any

from seta_sandbox.kit.errors import ApiError

BUTTONS_MAX = 3
SUB_BUTTONS_MAX = 5
NAME_BYTES_MAX = 16
SUB_NAME_BYTES_MAX = 60
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
        return {"name": button["name"], "sub_button": [_leaf(sub, 40025, SUB_NAME_BYTES_MAX) for sub in subs]}
    return _leaf(button, 40018, NAME_BYTES_MAX)


def _leaf(button: dict[str, Any], name_code: int, name_max: int) -> dict[str, Any]:
    _check_name(button, name_max, name_code)
    kind = button.get("type")
    if kind not in TYPES:
        raise ApiError(40015, "invalid menu type")
    if kind in KEYED and not 1 <= _size(button, "key") <= KEY_BYTES_MAX:
        raise ApiError(40019, "invalid button key size")
    if kind in ("view", "miniprogram") and not 1 <= _size(button, "url") <= URL_BYTES_MAX:
        raise ApiError(40020, "invalid button url size")
    if kind == "miniprogram" and not (button.get("appid") and button.get("pagepath")):
        raise ApiError(40013, "invalid appid or pagepath of a miniprogram button")
    kept = {key: value for key, value in button.items() if key != "sub_button"}
    return {**kept, "sub_button": []}


def _check_name(button: dict[str, Any], bytes_max: int, errcode: int) -> None:
    if not 1 <= _size(button, "name") <= bytes_max:
        raise ApiError(errcode, "invalid button name size")


def _size(button: dict[str, Any], field: str) -> int:
    value = button.get(field, "")
    return len(value.encode()) if isinstance(value, str) else 0
