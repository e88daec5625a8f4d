"""Malformed pushes for every callback door: forged, broken, or vouched for and senseless."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import quote_from_bytes, urlencode

from seta.platforms.core.msgcrypt import MessageCrypt, signature
from seta.platforms.core.xml import to_xml
from tests.callbacks.world import AES_KEY, APP_IDS, ORIGINAL_ID, TOKEN
from tests.fuzz.asgi import Call
from tests.fuzz.junk import METHODS, Junk, dumps
from tests.platforms.wechatpay import keys

WORDS = [
    "ToUserName", "FromUserName", "CreateTime", "MsgType", "MsgId", "Event", "EventKey", "Content", "Encrypt",
    "ChangeType", "UserID", "resource", "id", "event_type", "ciphertext", "nonce", "mchid",
]  # fmt: skip
WHOLE = {
    "ToUserName": ORIGINAL_ID, "FromUserName": "o-chen", "CreateTime": 1, "MsgType": "text", "Content": "duomo",
}  # fmt: skip
NEEDED = ("ToUserName", "FromUserName", "CreateTime", "MsgType")
FORM = ((b"content-type", b"application/x-www-form-urlencoded"),)


class DoorCalls:
    """An endless, seeded stream of pushes that no door may keep."""

    def __init__(self, accounts: Mapping[str, int], seed: int) -> None:
        self.accounts = accounts
        self.junk = Junk(seed)
        self.random = self.junk.random

    def __iter__(self) -> Iterator[Call]:
        kinds: tuple[tuple[Callable[[], Call], int], ...] = (
            (self.stranger, 25), (self.plain, 20), (self.sealed, 20), (self.wechatpay, 15), (self.alipay, 12),
            (self.nowhere, 8),
        )  # fmt: skip
        makers, weights = [kind for kind, _ in kinds], [weight for _, weight in kinds]
        while True:
            yield self.random.choices(makers, weights)[0]()

    def _path(self, source: str, query: str = "") -> bytes:
        return f"/callbacks/{source}/{self.accounts[source]}?{query}".encode()

    def _signed(self, **more: str) -> dict[str, str]:
        at = str(int(time.time()))
        return {"timestamp": at, "nonce": "n", "signature": signature(TOKEN, at, "n"), **more}

    def stranger(self) -> Call:
        """Somebody without the token guesses."""
        source = self.random.choice(list(self.accounts))
        names = ("signature", "timestamp", "nonce", "msg_signature", "echostr", "encrypt_type", "openid")
        query = {name: self.junk.text() for name in self.random.sample(names, 4)}
        if self.random.random() < 0.5:
            query["timestamp"] = str(int(time.time()))
        target = self._path(source, urlencode(query))
        if self.random.random() < 0.3:
            target += b"&" + self.junk.noise(60) + quote_from_bytes(self.junk.noise(60)).encode()
        method = self.random.choice(("GET", "POST", "POST", "POST", *METHODS))
        return Call(method, target, self.junk.body(), (self.junk.content_type(),))

    def plain(self) -> Call:
        """The signature holds, which in plain mode says nothing of the body; the body is no message."""
        target = self._path("wechat", urlencode(self._signed()))
        return Call("POST", target, self._no_message(), (self.junk.content_type(),))

    def sealed(self) -> Call:
        """Safe mode: a broken envelope, a broken seal, another's seal, or no message under a good seal."""
        source = self.random.choice(("wechat", "wecom"))
        receiver = self.random.choice((APP_IDS[source], APP_IDS[source], "wx-other"))
        crypt = MessageCrypt(TOKEN, AES_KEY, receiver)
        encrypt = crypt.encrypt(self._no_message())
        if self.random.random() < 0.3:
            encrypt = self.junk.cut(encrypt.encode()).decode("latin-1")
        at = str(int(time.time()))
        query = self._signed(encrypt_type="aes", msg_signature=crypt.sign(at, "n", encrypt))
        body = to_xml({"ToUserName": "x", "Encrypt": encrypt}).encode("utf-8", "replace")
        if self.random.random() < 0.3:
            body = self.junk.cut(body)
            # A cut that leaves the ciphertext whole still carries no message.
        return Call("POST", self._path(source, urlencode(query)), body)

    def _no_message(self) -> bytes:
        kind = self.random.randrange(4)
        if kind == 0:
            return self.junk.body()
        if kind == 1:
            missing = self.random.choice(NEEDED)
            fields: dict[str, Any] = {name: value for name, value in WHOLE.items() if name != missing}
            return to_xml(fields).encode() if self.random.random() < 0.5 else dumps(fields)
        if kind == 2:
            return dumps(
                {**self.junk.wrong_object(WORDS), "CreateTime": self.random.choice(("", "x", None, []))}
            )
        body = to_xml(WHOLE).encode()
        return body[: self.random.randrange(len(body) - 1)]

    def wechatpay(self) -> Call:
        """Missing and wrong headers, or a good signature over what cannot be opened."""
        target = self._path("wechatpay")
        if self.random.random() < 0.5:
            names = ("Timestamp", "Nonce", "Signature", "Serial", "Signature-Type")
            headers = tuple(
                (f"wechatpay-{name}".lower().encode(), self.junk.text().encode("utf-8", "replace"))
                for name in names
                if self.random.random() < 0.8
            )
            return Call("POST", target, self.junk.body(), headers)
        body = self.junk.body()
        if self.random.random() < 0.6:
            body = dumps({**self.junk.wrong_object(WORDS), "id": self.random.choice((1, None, "x"))})
        if self.random.random() < 0.3:
            body = self.junk.cut(json.dumps({"id": "EV", "event_type": "x", "resource": {}}).encode())
        signed = keys.signed_headers(body, at=int(time.time()))
        return Call(
            "POST",
            target,
            body,
            tuple((name.lower().encode(), text.encode()) for name, text in signed.items()),
        )

    def alipay(self) -> Call:
        """Forms without a signature, with a wrong one, or signed for another application."""
        fields = {
            "notify_id": "N", "notify_type": "trade_status_sync", "app_id": "2021000000000009",
            "out_trade_no": "X", "trade_status": "TRADE_SUCCESS",
        }  # fmt: skip
        fields[self.random.choice(list(fields))] = self.junk.text()
        if fields["app_id"] == APP_IDS["alipay"] or self.random.random() < 0.4:
            return Call("POST", self._path("alipay"), self.junk.body(), FORM)
        text = "&".join(f"{name}={value}" for name, value in sorted(fields.items()) if value)
        sign = keys.signature("alipay", text.encode("utf-8", "replace"))
        wrong = self.random.choice((sign, sign[:-4], self.junk.text()))
        return Call("POST", self._path("alipay"), urlencode({**fields, "sign": wrong}).encode(), FORM)

    def nowhere(self) -> Call:
        """Doors and accounts that do not exist."""
        source = self.random.choice(("wechat", "wecom", "wechatpay", "alipay", "telegram", "", "..", "%00"))
        number = self.random.choice(("0", "-1", "999999999999999999999", "x", "", "1/2", "%ff", "１", "1.0"))
        target = f"/callbacks/{source}/{number}?{urlencode(self._signed())}".encode()
        return Call(self.random.choice(("GET", "POST")), target, self.junk.body())
