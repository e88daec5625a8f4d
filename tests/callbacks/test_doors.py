"""The callback door as a platform meets it: bytes in, one row, one answer, and the same answer again."""

import asyncio
import base64
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx
import pytest

from seta.callbacks import queries
from seta.callbacks.doors import CallbackDoors
from seta.callbacks.keeper import Keeper
from seta.callbacks.models import Callback
from seta.callbacks.operations import finish_unhandled
from seta.callbacks.rules import Answer, CallbackTable, Inbound
from seta.houses.operations import connect_account, found_house
from seta.houses.queries import account_by_id
from seta.kit.limits import CALLBACK_BODY_BYTES_MAX
from seta.platforms.core.msgcrypt import MessageCrypt, signature
from seta.platforms.core.xml import parse_xml, to_xml
from seta.platforms.wechat.messages import text_reply

pytestmark = pytest.mark.django_db(transaction=True)

APPID = "wx0123456789abcdef"
TOKEN = "QDG6eK"
AES_KEY = base64.b64encode(bytes(range(32))).decode().rstrip("=")
ORIGINAL_ID = "gh_serica"
CRYPT = MessageCrypt(TOKEN, AES_KEY, APPID)


@dataclass
class DoorUnderTest:
    """A door with a handler that echoes, and stumbles over the word `stumble` as often as told."""

    account_id: int
    app: CallbackDoors
    table: CallbackTable
    handled: list[str]
    stumbles: int = 0

    def post(self, body: bytes, query: dict[str, str], *, account_id: int | None = None) -> httpx.Response:
        return self.post_all([body], query, account_id=account_id)[0]

    def post_all(
        self, bodies: Sequence[bytes], query: dict[str, str], *, account_id: int | None = None
    ) -> list[httpx.Response]:
        async def send() -> list[httpx.Response]:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://seta") as client:
                url = f"/callbacks/wechat/{account_id or self.account_id}"
                return await asyncio.gather(
                    *(client.post(url, params=query, content=body) for body in bodies)
                )

        return asyncio.run(send())

    def get(self, query: dict[str, str]) -> httpx.Response:
        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://seta") as client:
                return await client.get(f"/callbacks/wechat/{self.account_id}", params=query)

        return asyncio.run(send())


@pytest.fixture
def door() -> Iterator[DoorUnderTest]:
    house = found_house(code="serica", name="Serica", kind="maison")
    secrets = {"secret": "s", "token": TOKEN, "aes_key": AES_KEY, "original_id": ORIGINAL_ID}
    account_id = connect_account(
        house_id=house,
        family="official_account",
        app_id=APPID,
        base_url="http://127.0.0.1:1",
        secrets=secrets,
        now=datetime.now(UTC),
    )
    under_test: DoorUnderTest

    def echo(batch: Sequence[Inbound], now: datetime) -> Sequence[Answer]:
        for inbound in batch:
            if inbound.fields["Content"] == "stumble" and under_test.stumbles > 0:
                under_test.stumbles -= 1
                raise RuntimeError("stumbled")
        under_test.handled += [str(inbound.fields["Content"]) for inbound in batch]
        return [
            text_reply(str(i.fields["FromUserName"]), ORIGINAL_ID, f"您好 {i.fields['Content']}", 1)
            for i in batch
        ]

    table = CallbackTable(handlers={("wechat", "text"): echo})
    keeper = Keeper(table)
    keeper.start()
    under_test = DoorUnderTest(account_id, CallbackDoors(keeper), table, [])
    yield under_test
    keeper.stop()


def message(text: str = "duomo", *, msg_id: int = 1, to: str = ORIGINAL_ID, **extra: str) -> bytes:
    fields = {"ToUserName": to, "FromUserName": "o-chen", "CreateTime": 1, "MsgType": "text", "Content": text}
    return to_xml({**fields, "MsgId": msg_id, **extra}).encode()


def plain_query(*, age: int = 0, token: str = TOKEN) -> dict[str, str]:
    timestamp = str(int(time.time()) - age)
    return {"timestamp": timestamp, "nonce": "n", "signature": signature(token, timestamp, "n")}


def sealed(plain: bytes, crypt: MessageCrypt = CRYPT) -> tuple[bytes, dict[str, str]]:
    encrypt = crypt.encrypt(plain)
    query = plain_query()
    query |= {"encrypt_type": "aes", "msg_signature": crypt.sign(query["timestamp"], "n", encrypt)}
    return to_xml({"ToUserName": ORIGINAL_ID, "Encrypt": encrypt}).encode(), query


def test_an_encrypted_message_is_kept_and_answered_encrypted(door: DoorUnderTest) -> None:
    body, query = sealed(message("大教堂"))

    reply = door.post(body, query)

    envelope = parse_xml(reply.content)
    CRYPT.verify(envelope["MsgSignature"], envelope["TimeStamp"], envelope["Nonce"], envelope["Encrypt"])
    assert parse_xml(CRYPT.decrypt(envelope["Encrypt"]))["Content"] == "您好 大教堂"
    assert Callback.objects.get().kind == "text"


def test_a_plain_message_is_answered_plain(door: DoorUnderTest) -> None:
    reply = door.post(message("duomo"), plain_query())

    assert parse_xml(reply.content)["Content"] == "您好 duomo"


def test_a_repeated_message_gets_the_same_answer_and_is_handled_once(door: DoorUnderTest) -> None:
    answers = [parse_xml(door.post(message("duomo"), plain_query()).content)["Content"] for _ in range(3)]

    assert answers == ["您好 duomo"] * 3
    assert door.handled == ["duomo"]
    assert Callback.objects.get().repeats == 2


def test_two_hundred_at_once_are_each_kept_and_answered_once(door: DoorUnderTest) -> None:
    bodies = [message(f"m{number % 100}", msg_id=number % 100 + 1) for number in range(200)]

    replies = door.post_all(bodies, plain_query())

    assert [parse_xml(reply.content)["Content"] for reply in replies] == [
        f"您好 m{n % 100}" for n in range(200)
    ]
    assert Callback.objects.count() == 100
    assert sorted(door.handled) == sorted(f"m{number}" for number in range(100))


def test_a_failing_handler_is_acknowledged_in_time_and_finished_later(door: DoorUnderTest) -> None:
    door.stumbles = 1

    reply = door.post(message("stumble"), plain_query())

    assert (reply.status_code, reply.text) == (200, "success")
    assert queries.unhandled() == 1
    late: list[str] = []
    table = CallbackTable(
        handlers=door.table.handlers, answer_late=lambda inbound, answer, now: late.append(answer)
    )
    assert finish_unhandled(table=table, accounts=account_by_id, now=datetime.now(UTC)) == 1
    assert parse_xml(late[0].encode())["Content"] == "您好 stumble"
    assert queries.unhandled() == 0


def test_one_bad_message_does_not_sink_its_neighbours(door: DoorUnderTest) -> None:
    door.stumbles = 10
    bodies = [message("stumble", msg_id=1), *(message(f"m{n}", msg_id=n) for n in range(2, 12))]

    replies = door.post_all(bodies, plain_query())

    assert [reply.status_code for reply in replies] == [200] * 11
    assert sorted(door.handled) == sorted(f"m{n}" for n in range(2, 12))
    assert queries.unhandled() == 1


def test_the_address_is_confirmed_with_the_echo_string(door: DoorUnderTest) -> None:
    reply = door.get({**plain_query(), "echostr": "5837"})

    assert (reply.status_code, reply.text) == (200, "5837")


@pytest.mark.parametrize(
    ("reason", "status"),
    [
        ("bad_signature", 403),
        ("too_old", 403),
        ("unreadable", 400),
        ("too_large", 413),
        ("other_receiver", 403),
        ("unknown_account", 404),
        ("unknown_kind", 200),
    ],
)
def test_what_cannot_be_believed_is_turned_away_and_only_its_reason_is_kept(
    door: DoorUnderTest, reason: str, status: int
) -> None:
    stranger = MessageCrypt(TOKEN, AES_KEY, "wx-of-another-house")
    pushes = {
        "bad_signature": (message(), plain_query(token="guessed"), None),
        "too_old": (message(), plain_query(age=301), None),
        "unreadable": (b"<xml><broken", plain_query(), None),
        "too_large": (b"x" * (CALLBACK_BODY_BYTES_MAX + 1), plain_query(), None),
        "other_receiver": (*sealed(message(), stranger), None),
        "unknown_account": (message(), plain_query(), 999),
        "unknown_kind": (message().replace(b"text", b"hologram"), plain_query(), None),
    }
    body, query, account_id = pushes[reason]

    reply = door.post(body, query, account_id=account_id)

    door.app.keeper.stop()
    assert reply.status_code == status
    assert Callback.objects.count() == 0
    assert door.handled == []
    assert [row.reason for row in queries.refusals()] == [reason]


def test_a_message_for_another_accounts_original_id_is_refused(door: DoorUnderTest) -> None:
    reply = door.post(message(to="gh_other_house"), plain_query())

    assert reply.status_code == 403
    assert Callback.objects.count() == 0


def test_a_document_with_entities_is_unreadable_and_harmless(door: DoorUnderTest) -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaa">]><xml><Content>&a;</Content></xml>'

    assert door.post(bomb, plain_query()).status_code == 400


def test_messages_that_always_fail_do_not_keep_newer_ones_from_their_turn(door: DoorUnderTest) -> None:
    door.stumbles = 1_000
    door.post_all([message("stumble", msg_id=number) for number in range(1, 61)], plain_query())
    for _ in range(2):
        finish_unhandled(table=door.table, accounts=account_by_id, now=datetime.now(UTC))

    tries = Callback.objects.filter(handled=False).values_list("tries", flat=True)

    assert min(tries) >= 1
