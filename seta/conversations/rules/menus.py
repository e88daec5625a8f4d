"""What WeChat accepts as an Official Account menu, checked before anything is sent.

Source: WeChat's custom menu page; each fault carries the errcode that the platform would answer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

BUTTONS_MAX = 3
SUB_BUTTONS_MAX = 5
NAME_BYTES_MAX = 16
SUB_NAME_BYTES_MAX = 60
KEY_BYTES_MAX = 128
URL_BYTES_MAX = 1024

NEEDED_FIELDS: dict[str, tuple[str, ...]] = {
    "click": ("key",),
    "view": ("url",),
    "miniprogram": ("url", "appid", "pagepath"),
    "scancode_push": ("key",),
    "scancode_waitmsg": ("key",),
    "pic_sysphoto": ("key",),
    "pic_photo_or_album": ("key",),
    "pic_weixin": ("key",),
    "location_select": ("key",),
    "media_id": ("media_id",),
    "article_id": ("article_id",),
    "article_view_limited": ("article_id",),
}


@dataclass(frozen=True)
class MenuFault:
    """One thing wrong with a draft: where (`1.2` is the second sub-button of the first), errcode and what to do."""

    where: str
    errcode: int
    advice: str


def menu_faults(buttons: object) -> list[MenuFault]:
    """Everything wrong with a draft; empty when WeChat would take it."""
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= BUTTONS_MAX:
        return [MenuFault("", 40016, f"give 1 to {BUTTONS_MAX} buttons")]
    found: list[MenuFault] = []
    for number, button in enumerate(buttons, start=1):
        found += _button_faults(str(number), button)
    return found


def _button_faults(where: str, button: object) -> list[MenuFault]:
    if not isinstance(button, dict):
        return [MenuFault(where, 40018, "a button is an object with a name")]
    found = _name_faults(where, button.get("name"), NAME_BYTES_MAX, 40018)
    subs = button.get("sub_button") or []
    if not subs:
        return found + _action_faults(where, button)
    if not isinstance(subs, list) or len(subs) > SUB_BUTTONS_MAX:
        return [*found, MenuFault(where, 40023, f"at most {SUB_BUTTONS_MAX} sub-buttons")]
    for number, sub in enumerate(subs, start=1):
        place = f"{where}.{number}"
        if not isinstance(sub, dict):
            found.append(MenuFault(place, 40025, "a sub-button is an object with a name"))
            continue
        if sub.get("sub_button"):
            found.append(MenuFault(place, 40022, "a sub-button has no sub-buttons of its own"))
        found += _name_faults(place, sub.get("name"), SUB_NAME_BYTES_MAX, 40025)
        found += _action_faults(place, sub)
    return found


def _name_faults(where: str, name: object, bytes_max: int, errcode: int) -> list[MenuFault]:
    if not isinstance(name, str) or not name.strip():
        return [MenuFault(where, errcode, "give the button a name")]
    if len(name.encode()) > bytes_max:
        return [
            MenuFault(where, errcode, f"shorten the name to {bytes_max} bytes ({bytes_max // 3} characters)")
        ]
    return []


def _action_faults(where: str, button: Mapping[str, Any]) -> list[MenuFault]:
    kind = button.get("type")
    if kind not in NEEDED_FIELDS:
        return [MenuFault(where, 40017, f"choose a type: {', '.join(NEEDED_FIELDS)}")]
    found = []
    for field in NEEDED_FIELDS[kind]:
        value = button.get(field)
        if not isinstance(value, str) or not value:
            found.append(MenuFault(where, 40017, f"a {kind} button needs {field}"))
        elif field == "key" and len(value.encode()) > KEY_BYTES_MAX:
            found.append(MenuFault(where, 40019, f"shorten the key to {KEY_BYTES_MAX} bytes"))
        elif field == "url" and len(value.encode()) > URL_BYTES_MAX:
            found.append(MenuFault(where, 40020, f"shorten the address to {URL_BYTES_MAX} bytes"))
        elif field == "url" and not value.startswith(("http://", "https://")):
            found.append(MenuFault(where, 40020, "an address begins with https://"))
    return found


def default_menu(*, mini_program_appid: str, public_url: str) -> list[dict[str, Any]]:
    """The menu a new house starts with: guide, boutique, and a person to talk to."""

    def page(name: str, path: str) -> dict[str, Any]:
        return {
            "type": "miniprogram",
            "name": name,
            "url": public_url,
            "appid": mini_program_appid,
            "pagepath": path,
        }

    return [
        {
            "name": "米兰指南",
            "sub_button": [
                page("找地点", "pages/search/search"),
                page("排一天行程", "pages/plan/plan"),
                {"type": "click", "name": "怎么用", "key": "help"},
            ],
        },
        {
            "name": "精品店",
            "sub_button": [
                page("商品", "pages/boutique/boutique"),
                page("预约到店", "pages/appointment/appointment"),
            ],
        },
        {"type": "click", "name": "联系顾问", "key": "contact"},
    ]


def button_count(buttons: Sequence[Mapping[str, Any]]) -> int:
    """How many things a follower can tap."""
    return sum(len(button.get("sub_button") or ()) or 1 for button in buttons)
