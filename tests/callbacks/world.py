"""One house with an account behind each of the four doors, and a keeper whose handlers write down what reaches them."""

import asyncio
import base64
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlencode

import httpx

from seta.callbacks.doors import CallbackDoors
from seta.callbacks.keeper import Keeper
from seta.callbacks.rules import Answer, CallbackTable, Inbound
from seta.houses.operations import connect_account, found_house
from seta.platforms.core.msgcrypt import MessageCrypt, signature
from seta.platforms.core.xml import to_xml
from tests.platforms.wechatpay import keys

TOKEN = "QDG6eK"
AES_KEY = base64.b64encode(bytes(range(32))).decode().rstrip("=")
ORIGINAL_ID = "gh_serica"
APP_IDS = {
    "wechat": "wx0123456789abcdef",
    "wecom": "ww0123456789abcdef",
    "wechatpay": "1900000001",
    "alipay": "2021000000000001",
}
SERIAL = f"{0xABC:040X}"


@dataclass
class Doors:
    """The doors under test; `failing` says how often each handler still fails."""

    app: CallbackDoors
    accounts: Mapping[str, int]
    handled: list[str] = field(default_factory=list)
    failing: int = 0

    def post(
        self,
        source: str,
        body: bytes,
        *,
        query: str = "",
        headers: Mapping[str, str] | None = None,
        method: str = "POST",
    ) -> httpx.Response:
        """Send one request, its query as it would stand on the wire."""

        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://seta") as client:
                url = f"/callbacks/{source}/{self.accounts[source]}?{query}"
                return await client.request(method, url, content=body, headers=headers)

        return asyncio.run(send())

    def handle(self, batch: Sequence[Inbound], now: datetime) -> Sequence[Answer]:
        """Note what came, or fail."""
        if self.failing:
            self.failing -= 1
            raise RuntimeError("the handler stumbles")
        self.handled += [inbound.external_id for inbound in batch]
        return [None] * len(batch)


def secrets_of(source: str) -> dict[str, str]:
    """Everything that an account behind the door needs."""
    crypt = {"token": TOKEN, "aes_key": AES_KEY}
    if source == "wechat":
        return {"secret": "s", "original_id": ORIGINAL_ID, **crypt}
    if source == "wecom":
        archive = {"archive_secret": "s", "archive_private_key": "k", "archive_publickey_ver": "1"}
        return {"secret": "s", "contact_secret": "s", "agentid": "1", "agent_secret": "s", **crypt, **archive}
    if source == "wechatpay":
        return {
            "appid": APP_IDS["wechat"],
            "apiv3_key": keys.APIV3_KEY,
            "merchant_serial": "M",
            "merchant_private_key": keys.private_pem("merchant"),
            "platform_serial": SERIAL,
            "platform_cert": keys.certificate_pem("old", 0xABC),
            "public_key_id": keys.KEY_ID,
            "public_key": keys.public_pem("platform"),
        }
    return {
        "app_private_key": keys.private_pem("merchant"),
        "alipay_public_key": keys.public_pem("alipay"),
        "seller_id": "2088",
    }


@contextmanager
def open_doors() -> Iterator[Doors]:
    """A house, its accounts and a running keeper."""
    house = found_house(code="serica", name="Serica", kind="maison")
    families = {source: source for source in APP_IDS} | {"wechat": "official_account"}
    accounts = {
        source: connect_account(
            house_id=house,
            family=family,
            app_id=APP_IDS[source],
            base_url="http://127.0.0.1:1",
            secrets=secrets_of(source),
            now=datetime.now(UTC),
        )
        for source, family in families.items()
    }
    doors: Doors
    kinds = [
        ("wechat", "text"),
        ("wecom", "event.change_external_contact.add_external_contact"),
        ("wechatpay", "TRANSACTION.SUCCESS"),
        ("alipay", "trade_status_sync"),
    ]
    keeper = Keeper(
        CallbackTable(handlers={kind: lambda batch, now: doors.handle(batch, now) for kind in kinds})
    )
    keeper.start()
    doors = Doors(CallbackDoors(keeper), accounts)
    try:
        yield doors
    finally:
        keeper.stop()


def signed_query(*, token: str = TOKEN, timestamp: str = "", **more: str) -> str:
    """The query of a message in plain mode, vouched for by the token."""
    at = timestamp or str(int(time.time()))
    return urlencode({"timestamp": at, "nonce": "n", "signature": signature(token, at, "n"), **more})


def sealed(source: str, fields: Mapping[str, object]) -> tuple[bytes, str]:
    """A message in safe mode: body and query."""
    crypt = MessageCrypt(TOKEN, AES_KEY, APP_IDS[source])
    encrypt = crypt.encrypt(to_xml(fields).encode())
    at = str(int(time.time()))
    query = signed_query(timestamp=at, encrypt_type="aes", msg_signature=crypt.sign(at, "n", encrypt))
    return to_xml({"ToUserName": "x", "Encrypt": encrypt}).encode(), query


def paid(transaction: str = "SETA0001", *, ident: str = "EV-1") -> tuple[bytes, dict[str, str]]:
    """A genuine WeChat Pay notification: body and headers."""
    resource = {"out_trade_no": transaction, "mchid": APP_IDS["wechatpay"], "trade_state": "SUCCESS"}
    body = keys.notification(resource).replace(b'"EV-1"', f'"{ident}"'.encode())
    return body, keys.signed_headers(body, at=int(time.time()))


def alipay_form(**changes: str) -> bytes:
    """A genuine Alipay notification as the form that is posted."""
    fields = {
        "notify_id": "N-1",
        "notify_type": "trade_status_sync",
        "app_id": APP_IDS["alipay"],
        "out_trade_no": "SETA0002",
        "trade_status": "TRADE_SUCCESS",
        **changes,
    }
    text = "&".join(f"{name}={value}" for name, value in sorted(fields.items()))
    return urlencode(
        {**fields, "sign_type": "RSA2", "sign": keys.signature("alipay", text.encode())}
    ).encode()
