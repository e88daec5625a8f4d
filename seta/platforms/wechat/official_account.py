"""The Official Account's server API: menu, followers, parametric codes, customer-service messages, media, press."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from seta.platforms.core.errors import PlatformError
from seta.platforms.wechat.messages import Article
from seta.platforms.wechat.press import Press
from seta.platforms.wechat.web_login import WebLogin

SCENE_CHARS_MAX = 64
EXPIRE_SECONDS_MAX = 2_592_000
_MENU_UNSET = "46003"


@dataclass(frozen=True)
class Follower:
    """One follower as the account may see it; an unfollowed one has only openid and perhaps unionid."""

    openid: str
    subscribed: bool
    unionid: str = ""
    language: str = ""
    subscribed_at: int = 0
    subscribe_scene: str = ""
    scene: str = ""
    remark: str = ""
    tag_ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class QrTicket:
    """A parametric code: `ticket` fetches the picture, `url` is what the picture says."""

    ticket: str
    url: str
    expire_seconds: int


@dataclass(frozen=True)
class Media:
    """An uploaded file, kept by WeChat for 3 days; `created_at` is unix seconds."""

    media_id: str
    kind: str
    created_at: int


class OfficialAccount(WebLogin, Press):
    """Typed calls of one Official Account; every method raises PlatformError."""

    def user_info(self, openid: str, *, language: str = "zh_CN") -> Follower:
        """Read one follower; nickname, picture and city have been empty for everyone since 2021."""
        return _follower(self._api.get("/cgi-bin/user/info", openid=openid, lang=language))

    def menu_create(self, buttons: Sequence[Mapping[str, Any]]) -> None:
        """Replace the menu: at most 3 buttons of 5 sub-buttons, in WeChat's own structure."""
        assert 1 <= len(buttons) <= 3
        self._api.post("/cgi-bin/menu/create", {"button": list(buttons)}, idempotent=True)

    def menu_get(self) -> list[dict[str, Any]]:
        """Return the menu's buttons, an empty list when no menu is set."""
        try:
            menu = self._api.get("/cgi-bin/menu/get")["menu"]
        except PlatformError as error:
            if error.code != _MENU_UNSET:
                raise
            return []
        return list(menu["button"])

    def qrcode_create(self, scene: str, *, expire_seconds: int | None = None) -> QrTicket:
        """Make a code whose scan tells `scene` (1 to 64 characters); permanent unless it expires.

        Only 100,000 permanent codes exist for an account; temporary ones live 30 days at most.
        """
        if not 1 <= len(scene) <= SCENE_CHARS_MAX:
            raise ValueError(f"a scene has 1 to {SCENE_CHARS_MAX} characters")
        payload: dict[str, Any] = {"action_info": {"scene": {"scene_str": scene}}}
        if expire_seconds is None:
            payload["action_name"] = "QR_LIMIT_STR_SCENE"
        else:
            payload["action_name"] = "QR_STR_SCENE"
            payload["expire_seconds"] = min(expire_seconds, EXPIRE_SECONDS_MAX)
        fields = self._api.post("/cgi-bin/qrcode/create", payload, idempotent=True)
        return QrTicket(str(fields["ticket"]), str(fields["url"]), int(fields.get("expire_seconds", 0)))

    def showqrcode_url(self, ticket: str) -> str:
        """Return the address of a code's picture; it needs no token and may be shown to anybody."""
        base = self._transport.base_url
        if urlsplit(base).hostname == "api.weixin.qq.com":
            base = "https://mp.weixin.qq.com"
        return f"{base}/cgi-bin/showqrcode?ticket={quote(ticket, safe='')}"

    def custom_send_text(self, openid: str, text: str) -> None:
        """Send text inside the service window (5 in 48 h after a message); 45015 and 45047 outside it."""
        self._custom_send(openid, "text", {"content": text})

    def custom_send_image(self, openid: str, media_id: str) -> None:
        """Send an uploaded picture inside the service window."""
        self._custom_send(openid, "image", {"media_id": media_id})

    def custom_send_news(self, openid: str, article: Article) -> None:
        """Send one linked card inside the service window."""
        card = {
            "title": article.title,
            "description": article.description,
            "url": article.url,
            "picurl": article.picture_url,
        }
        self._custom_send(openid, "news", {"articles": [card]})

    def custom_send_miniprogrampage(
        self, openid: str, *, title: str, appid: str, pagepath: str, thumb_media_id: str
    ) -> None:
        """Send a card that opens a page of a mini program linked to the account."""
        card = {"title": title, "appid": appid, "pagepath": pagepath, "thumb_media_id": thumb_media_id}
        self._custom_send(openid, "miniprogrampage", card)

    def typing(self, openid: str, *, on: bool = True) -> None:
        """Show or stop "is typing" to a follower inside the service window."""
        command = "Typing" if on else "CancelTyping"
        self._api.post("/cgi-bin/message/custom/typing", {"touser": openid, "command": command})

    def media_upload(
        self, content: bytes, *, filename: str, kind: str = "image", media_type: str = "image/jpeg"
    ) -> Media:
        """Upload a temporary file (image, voice, video or thumb), kept for 3 days."""
        fields = self._api.upload(
            "/cgi-bin/media/upload",
            filename=filename,
            content=content,
            media_type=media_type,
            query={"type": kind},
        )
        media_id = fields.get("media_id") or fields["thumb_media_id"]
        return Media(str(media_id), str(fields.get("type", kind)), int(fields["created_at"]))

    def _custom_send(self, openid: str, kind: str, content: Mapping[str, Any]) -> None:
        payload = {"touser": openid, "msgtype": kind, kind: content}
        self._api.post("/cgi-bin/message/custom/send", payload)


def _follower(fields: Mapping[str, Any]) -> Follower:
    return Follower(
        openid=str(fields["openid"]),
        subscribed=bool(fields.get("subscribe")),
        unionid=str(fields.get("unionid", "")),
        language=str(fields.get("language", "")),
        subscribed_at=int(fields.get("subscribe_time", 0)),
        subscribe_scene=str(fields.get("subscribe_scene", "")),
        scene=str(fields.get("qr_scene_str", "") or ""),
        remark=str(fields.get("remark", "")),
        tag_ids=tuple(int(tag) for tag in fields.get("tagid_list", ())),
    )
