"""The kinds of message that the archive knows: where each keeps its object, and sensible contents to make one up.

The table follows section 7 of the protocol reference; where old and new documents differ, the newer shape is made.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from seta_sandbox.kit import qr
from seta_sandbox.kit.errors import ControlError
from seta_sandbox.kit.keys import ALPHANUMERIC
from seta_sandbox.kit.world import World
from seta_sandbox.wecom.state import wecom_of

FILE_BYTES_MAX = 64 << 20
SHOP_URL = "https://serica.example/ss27"


@dataclass(frozen=True)
class Maker:
    """What contents are made from: the world, who sends, and a file's bytes when the caller gave some."""

    world: World
    sender: str
    data: bytes | None = None

    @property
    def unix(self) -> int:
        """Now, in seconds."""
        return self.world.clock.unix()

    def id(self, prefix: str) -> str:
        """A fresh id."""
        return prefix + "".join(self.world.rng.choices(ALPHANUMERIC, k=24))

    def file(self, start: bytes, size_name: str = "filesize") -> dict[str, Any]:
        """Keep a file and describe it; `start` begins the made-up bytes when the caller gave none."""
        data = self.data if self.data is not None else start + self.world.rng.randbytes(600)
        sdkfileid = "".join(self.world.rng.choices(ALPHANUMERIC, k=64))
        wecom_of(self.world).files[sdkfileid] = data
        wecom_of(self.world).file_kept_at[sdkfileid] = self.world.clock.now()
        return {"md5sum": hashlib.md5(data).hexdigest(), size_name: len(data), "sdkfileid": sdkfileid}

    def picture(self, size_name: str = "filesize") -> dict[str, Any]:
        """Keep a picture, a real PNG unless the caller gave another."""
        if self.data is None:
            return Maker(self.world, self.sender, qr.png(self.id("wecom/"))).file(b"", size_name)
        return self.file(b"", size_name)

    def sound(self, size_name: str = "filesize") -> dict[str, Any]:
        """Keep a sound, one that can be heard unless the caller gave another."""
        data = VOICE if self.data is None else self.data
        return Maker(self.world, self.sender, data).file(b"", size_name)


Make = Callable[[Maker], dict[str, Any]]

MP4, PDF = b"\x00\x00\x00\x18ftypmp42", b"%PDF-1.7\n"
VOICE = Path(__file__).with_name("voice.amr").read_bytes()
"""Three falling notes of two seconds, narrow-band AMR as WeCom keeps voices."""
VOICE_SECONDS = 2


def _text(maker: Maker) -> dict[str, Any]:
    return {"content": "您好，请问有新款丝巾吗？"}


def _inner(kind: str, content: dict[str, Any]) -> dict[str, Any]:
    return {"type": kind, "content": json.dumps(content, ensure_ascii=False)}


def _link(maker: Maker) -> dict[str, Any]:
    return {
        "title": "SS27",
        "description": "新品",
        "link_url": SHOP_URL,
        "image_url": f"{SHOP_URL}.jpg",
    }


def _record(maker: Maker) -> dict[str, Any]:
    rows = [
        _inner("ChatRecordText", {"content": "这条丝巾还有吗？"}),
        _inner("ChatRecordImage", maker.picture()),
        _inner("ChatRecordLink", _link(maker)),
    ]
    return {
        "title": "群聊的聊天记录",
        "item": [{**row, "msgtime": maker.unix, "from_chatroom": False} for row in rows],
    }


def _note(maker: Maker) -> dict[str, Any]:
    text = json.dumps({"content": "尺码 M"}, ensure_ascii=False)
    return {"items": [{"msg_type": "text", "content": text}]}


def _mixed(maker: Maker) -> dict[str, Any]:
    return {"item": [_inner("text", {"content": "您要的款式"}), _inner("image", maker.picture())]}


def _voice_call(maker: Maker) -> dict[str, Any]:
    sound = maker.sound()
    start = maker.unix - 90
    demo = {"filename": "SS27 lookbook.pdf", "demooperator": maker.sender}
    return {
        "endtime": maker.unix,
        "sdkfileid": sound["sdkfileid"],
        "demofiledata": [{**demo, "starttime": start, "endtime": maker.unix - 30}],
        "sharescreendata": [{"share": maker.sender, "starttime": start, "endtime": maker.unix - 60}],
    }


def _collect(maker: Maker) -> dict[str, Any]:
    questions = [("您的城市？", "Text"), ("几位？", "Number"), ("哪天？", "Date"), ("几点？", "Time")]
    return {
        "room_name": "Serica 新品群",
        "creator": maker.sender,
        "create_time": "2026-11-22 10:00:00",
        "title": "到店预约",
        "details": [
            {"id": number, "ques": ques, "type": kind} for number, (ques, kind) in enumerate(questions, 1)
        ],
    }


def _meeting(maker: Maker) -> dict[str, Any]:
    return {
        "topic": "新品预览",
        "starttime": maker.unix + 3600,
        "endtime": maker.unix + 7200,
        "address": "Via Monte Napoleone",
        "remarks": "",
        "meetingtype": 101,
        "meetingid": maker.world.rng.getrandbits(40),
        "status": 1,
    }


def _calendar(maker: Maker) -> dict[str, Any]:
    return {
        "title": "到店试穿",
        "creatorname": maker.sender,
        "attendeename": ["陈晓"],
        "starttime": maker.unix + 86_400,
        "endtime": maker.unix + 90_000,
        "place": "Brera",
        "remarks": "",
    }


def _red_packet(maker: Maker) -> dict[str, Any]:
    return {"type": 1, "wish": "恭喜发财", "totalcnt": 1, "totalamount": 888}


def _weapp(maker: Maker) -> dict[str, Any]:
    page = {"appid": maker.id("wx")[:18], "pagepath": "pages/product/product?code=SM-001"}
    return {
        "title": "真丝方巾",
        "description": "",
        "username": maker.id("gh_")[:15],
        "displayname": "Serica",
        **page,
    }


# msgtype -> (key of its object, contents made up)
KINDS: dict[str, tuple[str, Make]] = {
    "text": ("text", _text),
    "image": ("image", Maker.picture),
    "agree": ("agree", lambda m: {"userid": m.sender, "agree_time": m.unix * 1000}),
    "disagree": ("disagree", lambda m: {"userid": m.sender, "disagree_time": m.unix * 1000}),
    "voice": ("voice", lambda m: {**m.sound("voice_size"), "play_length": VOICE_SECONDS}),
    "video": ("video", lambda m: {**m.file(MP4), "play_length": 12}),
    "card": ("card", lambda m: {"corpname": "Serica Milano", "userid": m.sender}),
    "location": (
        "location",
        lambda m: {
            "longitude": 9.1953,
            "latitude": 45.4682,
            "address": "Via Monte Napoleone 8, Milano",
            "title": "Serica",
            "zoom": 15,
        },
    ),
    "emotion": ("emotion", lambda m: {"type": 2, "width": 240, "height": 240, **m.picture("imagesize")}),
    "file": ("file", lambda m: {**m.file(PDF), "filename": "lookbook.pdf", "fileext": "pdf"}),
    "link": ("link", _link),
    "weapp": ("weapp", _weapp),
    "chatrecord": ("chatrecord", _record),
    "todo": ("todo", lambda m: {"title": "跟进", "content": "周六到店"}),
    "vote": (
        "vote",
        lambda m: {
            "votetitle": "您喜欢哪款？",
            "voteitem": ["红", "蓝"],
            "votetype": 101,
            "voteid": m.id("vote"),
        },
    ),
    "collect": ("collect", _collect),
    "redpacket": ("redpacket", _red_packet),
    "external_redpacket": ("redpacket", _red_packet),
    "meeting": ("meeting", _meeting),
    "meeting_notification": (
        "info",
        lambda m: {"meeting_id": m.world.rng.getrandbits(40), "notification_type": 1, "content": "会议开始"},
    ),
    "docmsg": ("doc", lambda m: {"title": "尺码表", "doc_creator": m.sender, "link_url": SHOP_URL}),
    "markdown": ("info", lambda m: {"content": "**SS27** 新品"}),
    "news": (
        "info",
        lambda m: {
            "item": [{"title": "SS27", "description": "", "url": SHOP_URL, "picurl": SHOP_URL + ".jpg"}]
        },
    ),
    "calendar": ("calendar", _calendar),
    "mixed": ("mixed", _mixed),
    "meeting_voice_call": ("meeting_voice_call", _voice_call),
    "voip_doc_share": ("voip_doc_share", lambda m: {**m.file(PDF), "filename": "lookbook.pdf"}),
    "sphfeed": ("sphfeed", lambda m: {"feed_type": 4, "sph_name": "Serica Milano", "feed_desc": "SS27"}),
    "voiptext": ("info", lambda m: {"callduration": 42, "invitetype": 1}),
    "qydiskfile": ("info", lambda m: {"filename": "lookbook.pdf", "url": SHOP_URL}),
    "solitaire": ("info", lambda m: {"solitaire_type": 101, "solitaire_content": "1. 陈晓 周六"}),
    "note": ("info", _note),
}
# The call or shared document has its number beside the object, and a call names no room.
NUMBERED = {"meeting_voice_call": "voiceid", "voip_doc_share": "voipid"}
FILE_KINDS = ("image", "voice", "video", "emotion", "file", "meeting_voice_call", "voip_doc_share")


def contents(maker: Maker, kind: str, body: dict[str, Any]) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """The key of a kind's object, the object, and what stands beside it.

    What the caller gives, under the kind, its key or `content`, goes over what is made up. An unknown kind needs its
    object: ControlError.
    """
    key, make = KINDS.get(kind, (kind, None))
    given = next((body[name] for name in (kind, key, "content") if body.get(name) is not None), None)
    if kind == "text" and isinstance(given, str):
        given = {"content": given}
    if given is not None and not isinstance(given, dict):
        raise ControlError(f"the content of a {kind} message is an object")
    if make is None:
        if not given:
            known = ", ".join(KINDS)
            raise ControlError(
                f"a message of kind {kind} needs its object under `{kind}`; made up are {known}"
            )
        return key, given, {}
    if kind == "text" and not (given or {}).get("content"):
        raise ControlError("a text message needs `content`")
    beside = {NUMBERED[kind]: maker.id("v")} if kind in NUMBERED else {}
    return key, {**make(maker), **(given or {})}, beside
