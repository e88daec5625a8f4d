"""What the account says by itself, in the polite Chinese of a good house, and how messages read in a list."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from seta.kit.scenes import Scene

SUMMARY_CHARACTERS_MAX = 120

_MEDIA_NAMES = {
    "image": "图片",
    "voice": "语音",
    "video": "视频",
    "shortvideo": "小视频",
    "location": "位置",
    "link": "链接",
}


@dataclass(frozen=True, slots=True)
class Reply:
    """A passive reply; `needs_person` marks the conversation as waiting for staff."""

    text: str
    needs_person: bool = False


def welcome_text(house_name: str, scene: Scene) -> str:
    """The first words to a new follower, fitted to the code they scanned."""
    lines = [f"您好，欢迎关注「{house_name}」。"]
    if scene.place:
        lines.append("您扫描的地点已为您备好：点开随后发送的卡片，即可查看介绍与开放时间。")
    elif scene.boutique:
        lines.append("您扫描的是精品店的二维码：点开随后发送的卡片，即可查看新品并预约到店。")
    else:
        lines.append("点开随后发送的卡片，即可进入米兰指南。")
    lines.append("您也可以直接发送地点名称，例如「大教堂」或「duomo」，我们马上为您查找。")
    return "\n".join(lines)


def scan_text(scene: Scene) -> str:
    """The answer to a follower who scans a code again."""
    if scene.boutique:
        return "您好，欢迎光临。到店后请打开小程序「预约」页签到，顾问会立即为您服务。"
    if scene.place:
        return "您好，您扫描的地点可在小程序中查看；发送地点名称，也能马上找到开放时间与地址。"
    return "您好，欢迎回来。发送地点名称即可查找，或从下方菜单开始。"


def click_reply(key: str) -> Reply:
    """The answer to a menu button."""
    if key == "contact":
        return Reply(
            "您好，我们已通知顾问，会在营业时间内尽快回复您。您也可以先把需求发送给我们。", needs_person=True
        )
    return Reply(
        "您可以这样使用：\n· 发送地点名称（中文、拼音、意大利语或英语均可）查开放时间\n"
        "· 在小程序里排一天行程、预约到店\n· 点「联系顾问」由专人回复"
    )


def media_reply(kind: str) -> Reply:
    """The answer to what no machine here can read."""
    name = _MEDIA_NAMES.get(kind, "消息")
    return Reply(
        f"您的{name}已收到，顾问会尽快回复您。若想查找地点，请发送文字，例如「大教堂」。", needs_person=True
    )


def summary_of(kind: str, fields: Mapping[str, Any]) -> str:
    """What is kept of a message or event as text: the words, the label, the scene, the key."""
    if kind == "text":
        return str(fields.get("Content", "")).replace("\0", "")
    if kind == "location":
        return f"{fields.get('Label', '')} ({fields.get('Location_X', '')}, {fields.get('Location_Y', '')})".strip()
    if kind == "link":
        return f"{fields.get('Title', '')} {fields.get('Url', '')}".strip()
    if kind == "voice":
        return str(fields.get("Recognition") or fields.get("MediaId") or "")
    if kind.startswith("event."):
        return str(fields.get("EventKey") or "")
    return str(fields.get("MediaId") or "")


def welcome_card(house_name: str, scene_text: str) -> tuple[str, str]:
    """Title and mini program path of the card that follows the greeting; the scene travels on to the page."""
    scene = Scene.decode(scene_text)
    query = urlencode({key: value for key, value in (("code", scene.place), ("scene", scene_text)) if value})
    if scene.place:
        return "查看地点介绍与开放时间", f"pages/place/place?{query}"
    if scene.boutique:
        return f"{house_name} · 新品与到店预约", f"pages/boutique/boutique?{query}"
    return f"{house_name} · 米兰指南", f"pages/home/home?{query}" if query else "pages/home/home"
