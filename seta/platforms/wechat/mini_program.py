"""The mini program's server API: login, phone number, subscribe messages, codes and links."""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha1
from typing import Any

from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from seta.platforms.core.errors import Forged, PlatformError
from seta.platforms.core.http import Request
from seta.platforms.core.json_api import read_json
from seta.platforms.core.msgcrypt import same_signature
from seta.platforms.wechat.credentials import PLATFORM, App

SCENE_CHARS_MAX = 32
CHECKED_CHARS_MAX = 2500
RISKY = "87014"


@dataclass(frozen=True)
class Login:
    """What a login code is worth. The session key must never reach the client."""

    openid: str
    session_key: str = field(repr=False)
    unionid: str = ""


@dataclass(frozen=True)
class PhoneNumber:
    """A client's number, with and without the country code."""

    number: str
    bare_number: str
    country_code: str


@dataclass(frozen=True)
class RiskRank:
    """How WeChat judges a visitor, from 0 to 4, the greater the riskier, and the number of the question."""

    rank: int
    request_id: str


class MiniProgram(App):
    """Typed calls of one mini program; every method raises PlatformError."""

    def code2session(self, code: str) -> Login:
        """Exchange a `wx.login` code (once, within 5 minutes): 40029 invalid, 40163 used, 45011 too often.

        Never repeated: a code whose answer was lost is spent, and the client simply logs in again.
        """
        request = Request(
            "GET",
            "/sns/jscode2session",
            query=(
                ("appid", self.appid),
                ("secret", self._secret),
                ("js_code", code),
                ("grant_type", "authorization_code"),
            ),
        )
        fields = self._transport.call(
            request, lambda reply: read_json(reply, platform=PLATFORM), idempotent=False
        )
        return Login(str(fields["openid"]), str(fields["session_key"]), str(fields.get("unionid", "")))

    def phone_number(self, code: str) -> PhoneNumber:
        """Exchange a phone-number code (once, within 5 minutes)."""
        info = self._api.post("/wxa/business/getuserphonenumber", {"code": code})["phone_info"]
        # The country code is text in the documentation's words and a number in its samples.
        return PhoneNumber(str(info["phoneNumber"]), str(info["purePhoneNumber"]), str(info["countryCode"]))

    def risk_rank(self, *, openid: str, client_ip: str, scene: int = 1) -> RiskRank:
        """Ask how WeChat judges a visitor of the last two hours (`getUserRiskRank`; no consent is needed).

        `scene` is 0 for registering, 1 for cheating in promotions. 61010 when the visit is longer ago, 48001 where
        the mini program has not asked for this capability.
        """
        fields = self._api.post(
            "/wxa/getuserriskrank",
            {"appid": self.appid, "openid": openid, "scene": scene, "client_ip": client_ip},
        )
        # The documentation itself spells it so.
        return RiskRank(int(fields["risk_rank"]), str(fields.get("unoin_id", "")))

    def subscribe_send(
        self,
        *,
        openid: str,
        template_id: str,
        data: Mapping[str, str],
        page: str = "",
        state: str = "formal",
        language: str = "zh_CN",
    ) -> None:
        """Send one subscribe message; each acceptance pays for one, 43101 when none is left.

        `data` maps template keys such as `thing1` to text; 47003 names the key whose text breaks its rule.
        """
        payload: dict[str, Any] = {
            "touser": openid,
            "template_id": template_id,
            "data": {key: {"value": value} for key, value in data.items()},
            "miniprogram_state": state,
            "lang": language,
        }
        if page:
            payload["page"] = page
        self._api.post("/cgi-bin/message/subscribe/send", payload)

    def getwxacodeunlimit(
        self,
        scene: str,
        *,
        page: str = "",
        width: int = 430,
        check_path: bool = True,
        version: str = "release",
    ) -> bytes:
        """Return the picture of a code that opens `page` with a scene of 1 to 32 characters."""
        if not 1 <= len(scene) <= SCENE_CHARS_MAX:
            raise ValueError(f"a mini program scene has 1 to {SCENE_CHARS_MAX} characters")
        payload: dict[str, Any] = {
            "scene": scene,
            "check_path": check_path,
            "env_version": version,
            "width": width,
        }
        if page:
            payload["page"] = page.removeprefix("/")
        return self._api.file("/wxa/getwxacodeunlimit", payload)

    def urllink(self, *, path: str, query: str = "", expire_days: int = 30, version: str = "release") -> str:
        """Return an https link that opens a page from outside WeChat; it lives 30 days at most."""
        payload = {
            "path": path,
            "query": query,
            "expire_type": 1,
            "expire_interval": expire_days,
            "env_version": version,
        }
        return str(self._api.post("/wxa/generate_urllink", payload)["url_link"])

    def is_risky(self, text: str) -> bool:
        """Whether WeChat's content check finds words risky (87014); at most 2,500 characters a call.

        The check's first version, because they are the house's own words: its second judges them as the words of a
        visitor of the last two hours.
        """
        if len(text) > CHECKED_CHARS_MAX:
            raise ValueError(f"at most {CHECKED_CHARS_MAX} characters are checked at once")
        try:
            self._api.post("/wxa/msg_sec_check", {"content": text}, idempotent=True)
        except PlatformError as error:
            if error.code != RISKY:
                raise
            return True
        return False

    def open_data(self, *, session_key: str, encrypted_data: str, iv: str) -> dict[str, Any]:
        """Open what the client's `encryptedData` seals; Forged unless it is for this mini program."""
        return open_encrypted_data(
            appid=self.appid, session_key=session_key, encrypted_data=encrypted_data, iv=iv
        )


def open_encrypted_data(*, appid: str, session_key: str, encrypted_data: str, iv: str) -> dict[str, Any]:
    """Open AES-128-CBC `encryptedData` and check its watermark; Forged when key, text or appid are wrong."""
    try:
        key, vector, sealed = (
            base64.b64decode(text, validate=True) for text in (session_key, iv, encrypted_data)
        )
        decryptor = Cipher(algorithms.AES128(key), modes.CBC(vector)).decryptor()
        unpadder = padding.PKCS7(128).unpadder()
        padded = decryptor.update(sealed) + decryptor.finalize()
        fields = json.loads(unpadder.update(padded) + unpadder.finalize())
        owner = fields["watermark"]["appid"]
    except (binascii.Error, ValueError, KeyError, TypeError) as error:
        raise Forged("encryptedData cannot be opened", platform=PLATFORM, code="UNREADABLE") from error
    if owner != appid:
        raise Forged("encryptedData is of another mini program", platform=PLATFORM, code="APP_ID")
    return dict(fields)


def raw_data_is_genuine(*, raw_data: str, session_key: str, signature: str) -> bool:
    """Say whether `rawData` carries the signature `sha1(rawData + session_key)`."""
    return same_signature(sha1((raw_data + session_key).encode()).hexdigest(), signature)
