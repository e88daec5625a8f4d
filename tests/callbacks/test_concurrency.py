"""Two servers that get the same pushes at the same moment keep, handle and answer each of them once."""

import threading
from datetime import UTC, datetime

import pytest
from django.db import connection

from seta.callbacks.keeper import Keeper
from seta.callbacks.models import Callback
from seta.callbacks.operations import Arrival, Kept
from seta.callbacks.rules import Verified
from seta.conversations.models import Conversation, Message
from seta.events.models import Event
from seta.houses.operations import connect_account, found_house
from seta.houses.queries import account_by_id
from seta.people.models import Identity, Person
from seta.people.operations import recognise_many
from seta.people.rules import IdentityKey
from seta.site import wiring
from tests.callbacks import world

pytestmark = pytest.mark.django_db(transaction=True)

MESSAGES, PEOPLE, SERVERS = 40, 7, 3


@pytest.fixture
def arrivals() -> list[Arrival]:
    house = found_house(code="serica", name="Serica", kind="maison")
    account_id = connect_account(
        house_id=house,
        family="official_account",
        app_id=world.APP_IDS["wechat"],
        base_url="http://127.0.0.1:1",
        secrets=world.secrets_of("wechat"),
        now=datetime.now(UTC),
    )
    account = account_by_id(account_id)
    assert account is not None
    return [Arrival(account, text(number), datetime.now(UTC)) for number in range(MESSAGES)]


def text(number: int) -> Verified:
    fields = {
        "ToUserName": world.ORIGINAL_ID,
        "FromUserName": f"o-{number % PEOPLE}",
        "CreateTime": "1",
        "MsgType": "text",
        "Content": "duomo",
        "MsgId": str(number),
    }
    return Verified("wechat", str(number), "text", fields, b"<xml/>")


def at_once(*works: "threading.Thread") -> None:
    for work in works:
        work.start()
    for work in works:
        work.join(30)
        assert not work.is_alive()


def test_the_same_pushes_at_several_servers_are_kept_once(arrivals: list[Arrival]) -> None:
    outcomes: list[list[Kept]] = []
    start = threading.Barrier(SERVERS)

    def serve(mine: list[Arrival]) -> None:
        start.wait()
        kept: list[Kept] = []
        try:
            for first in range(0, MESSAGES, 8):
                kept += Keeper(wiring.callback_table()).keep_now(mine[first : first + 8])
        finally:
            connection.close()
        outcomes.append(kept if mine[0] is arrivals[0] else kept[::-1])

    orders = [arrivals, arrivals[::-1], arrivals]
    at_once(*(threading.Thread(target=serve, args=(order,)) for order in orders))

    answers = [[kept.answer for kept in outcome] for outcome in outcomes]
    assert len(answers) == SERVERS
    assert answers[0] == answers[1] == answers[2]
    assert all(answers[0])
    assert Callback.objects.count() == MESSAGES
    assert Callback.objects.filter(handled=False).count() == 0
    assert Person.objects.count() == Identity.objects.count() == Conversation.objects.count() == PEOPLE
    assert Message.objects.count() == 2 * MESSAGES
    assert Event.objects.filter(name="conversations.message.received").count() == MESSAGES


def test_a_newcomer_met_by_several_servers_at_once_is_one_person(arrivals: list[Arrival]) -> None:
    house_id = arrivals[0].account.house_id
    keys = [[IdentityKey("openid", "wx", f"o-{number}")] for number in range(30)]
    start = threading.Barrier(SERVERS)
    found: list[list[int]] = []

    def recognise(mine: list[list[IdentityKey]]) -> None:
        start.wait()
        try:
            people = recognise_many(house_id=house_id, keys=mine, now=datetime.now(UTC))
        finally:
            connection.close()
        found.append(people if mine[0] == keys[0] else people[::-1])

    at_once(*(threading.Thread(target=recognise, args=(order,)) for order in (keys, keys[::-1], keys)))

    assert found[0] == found[1] == found[2]
    assert Person.objects.count() == Identity.objects.count() == 30
