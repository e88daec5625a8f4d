"""Antom's notifications: believed when its key signed them for this client, at this address, now."""

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from seta.callbacks.doors import CallbackDoors
from seta.callbacks.keeper import Keeper
from seta.callbacks.models import Callback
from seta.callbacks.rules import CallbackTable
from seta.houses.operations import change_keys, connect_account, found_house
from seta.payments.models import Break, ProviderFact
from seta.payments.operations import receive_antom
from tests.platforms.wechatpay import keys

pytestmark = pytest.mark.django_db(transaction=True)

CLIENT = "SANDBOX_5YBV172Z2KQ000001"
RECEIPT = b'{"result":{"resultCode":"SUCCESS","resultStatus":"S","resultMessage":"success"}}'


class AntomDoor:
    """The door of one house's Antom account, with the real handler behind it."""

    def __init__(self) -> None:
        self.house_id = found_house(code="serica", name="Serica", kind="maison")
        self.account_id = connect_account(
            house_id=self.house_id,
            family="antom",
            app_id=CLIENT,
            base_url="http://127.0.0.1:1",
            secrets={
                "private_key": keys.private_pem("merchant"),
                "antom_public_key": keys.public_pem("antom"),
            },
            now=datetime.now(UTC),
        )
        kinds = ("PAYMENT_RESULT", "PAYMENT_CANCEL", "REFUND_RESULT")
        self.keeper = Keeper(CallbackTable(handlers={("antom", kind): receive_antom for kind in kinds}))
        self.doors = CallbackDoors(self.keeper)

    @property
    def path(self) -> str:
        return f"/callbacks/antom/{self.account_id}"

    def post(self, body: bytes, headers: dict[str, str], path: str = "") -> httpx.Response:
        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(self.doors)
            async with httpx.AsyncClient(transport=transport, base_url="http://seta") as client:
                return await client.post(path or self.path, content=body, headers=headers)

        return asyncio.run(send())

    def headers(self, body: bytes, **changes: str) -> dict[str, str]:
        """The headers of a genuine notification, or of one that differs in one thing."""
        at = changes.get("at", datetime.now(UTC).isoformat(timespec="seconds"))
        client = changes.get("client", CLIENT)
        message = f"POST {changes.get('path', self.path)}\n{client}.{at}.".encode() + body
        signature = quote(keys.signature(changes.get("key", "antom"), message), safe="")
        start = changes.get("start", "algorithm=RSA256,keyVersion=1")
        return {"Client-Id": client, "Request-Time": at, "Signature": f"{start},signature={signature}"}


@pytest.fixture
def door() -> Iterator[AntomDoor]:
    found = AntomDoor()
    found.keeper.start()
    yield found
    found.keeper.stop()


def paid(number: str = "st_unknown", value: str = "93880", **more: Any) -> bytes:
    return json.dumps(
        {
            "notifyType": "PAYMENT_RESULT",
            "result": {"resultCode": "SUCCESS", "resultStatus": "S", "resultMessage": "success"},
            "paymentRequestId": number,
            "paymentId": "20260504194010800100188820200000001",
            "paymentAmount": {"value": value, "currency": "CNY"},
            "paymentTime": "2026-05-04T12:00:00+08:00",
            **more,
        }
    ).encode()


def test_a_genuine_notification_is_kept_once_and_answered_with_the_exact_receipt(door: AntomDoor) -> None:
    body = paid()

    replies = [door.post(body, door.headers(body)) for _ in range(3)]

    assert [(reply.status_code, reply.content) for reply in replies] == [(200, RECEIPT)] * 3
    assert {reply.headers["content-type"] for reply in replies} == {"application/json"}
    assert Callback.objects.get().repeats == 2
    assert ProviderFact.objects.count() == 1


def test_money_without_a_sale_opens_a_break_and_is_acknowledged(door: AntomDoor) -> None:
    body = paid()

    door.post(body, door.headers(body))

    found = Break.objects.get()
    assert (found.provider, found.category, found.their_amount) == ("antom", "missing_in_ledger", 93_880)


@pytest.mark.parametrize(
    "forgery",
    [
        {"key": "stranger"},
        {"client": "SANDBOX_OF_SOMEBODY_ELSE"},
        {"path": "/callbacks/antom/999"},
        {"at": (datetime.now(UTC) - timedelta(minutes=20)).isoformat(timespec="seconds")},
        {"at": (datetime.now(UTC) + timedelta(minutes=20)).isoformat(timespec="seconds")},
        {"at": "2026-05-04T12:00:00"},
        {"at": "9" * 4_000},
        {"start": "algorithm=RSA512,keyVersion=1"},
    ],
)
def test_a_forged_replayed_or_misdirected_notification_is_refused(
    door: AntomDoor, forgery: dict[str, str]
) -> None:
    body = paid()

    reply = door.post(body, door.headers(body, **forgery))

    assert reply.status_code == 403
    assert RECEIPT not in reply.content
    assert Callback.objects.count() == 0


def test_an_altered_body_and_a_missing_signature_are_refused(door: AntomDoor) -> None:
    body = paid()

    altered = door.post(body.replace(b"93880", b"1"), door.headers(body))
    unsigned = door.post(body, {"Client-Id": CLIENT})

    assert (altered.status_code, unsigned.status_code) == (403, 403)
    assert Callback.objects.count() == 0


def test_a_signed_notification_of_nonsense_is_refused(door: AntomDoor) -> None:
    for body in (b"[]", b"{", b'{"notifyType":"MOON"}', paid(value="9.5"), paid(paymentAmount=None)):
        assert door.post(body, door.headers(body)).status_code == 403
    assert Callback.objects.count() == 0


def test_a_key_counts_under_the_number_that_the_account_gives_it(door: AntomDoor) -> None:
    change_keys(
        house_id=door.house_id,
        family="antom",
        secrets={"antom_key_version": "2", "antom_public_key": keys.public_pem("antom-2")},
        overlap=timedelta(0),
        now=datetime.now(UTC),
    )
    body = paid()

    named = door.post(body, door.headers(body, key="antom-2", start="algorithm=RSA256,keyVersion=2"))
    other = door.post(body, door.headers(body, key="antom-2", start="algorithm=RSA256,keyVersion=1"))

    assert (named.status_code, other.status_code) == (200, 403)


@pytest.mark.parametrize(("overlap", "former"), [(timedelta(hours=1), 200), (timedelta(0), 403)])
def test_the_former_key_is_believed_while_keys_change_and_not_after(
    door: AntomDoor, overlap: timedelta, former: int
) -> None:
    change_keys(
        house_id=door.house_id,
        family="antom",
        secrets={"antom_public_key": keys.public_pem("antom-2")},
        overlap=overlap,
        now=datetime.now(UTC),
    )
    before, after = paid("st_before"), paid("st_after")

    replies = [
        door.post(before, door.headers(before)),
        door.post(after, door.headers(after, key="antom-2")),
    ]

    assert [reply.status_code for reply in replies] == [former, 200]
