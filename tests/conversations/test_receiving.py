"""Pushes in; rows, facts and passive replies out."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from seta.callbacks.rules import Inbound
from seta.conversations import operations, queries
from seta.conversations.models import Conversation, Follow, Message
from seta.conversations.rules import Reply
from seta.events.models import Event
from seta.people.events import PersonsMerged
from seta.people.operations import recognise
from seta.people.rules import IdentityKey
from seta.platforms.core.xml import parse_xml
from tests.conversations.world import NOON, make_house, make_inbound

House = tuple[int, int]
STATEMENTS_MAX = 8


@pytest.fixture
def house(db: None) -> House:
    return make_house()


def answered(handle: Callable[[Inbound, Any], str | None], inbound: Inbound) -> dict[str, Any]:
    answer = handle(inbound, NOON)
    assert answer is not None
    return parse_xml(answer.encode())


def test_a_follow_from_a_poster_is_kept_greeted_and_told(house: House) -> None:
    inbound = make_inbound(house, kind="event.subscribe", EventKey="qrscene_c=ss27;p=duomo")

    reply = answered(operations.follow, inbound)

    follow = Follow.objects.get()
    assert (follow.scene, follow.campaign, follow.unfollowed_at) == ("c=ss27;p=duomo", "ss27", None)
    assert reply["ToUserName"] == "o-chen" and "您好" in reply["Content"]
    fact = Event.objects.get(name="conversations.account.followed")
    assert fact.body["campaign"] == "ss27" and fact.body["place"] == "duomo"
    assert queries.campaign_of(house_id=house[0], person_id=follow.person_id) == "ss27"


def test_leaving_and_coming_back_are_two_spells(house: House) -> None:
    operations.follow(make_inbound(house, kind="event.subscribe", EventKey=""), NOON)
    assert operations.unfollow(make_inbound(house, kind="event.unsubscribe"), NOON) is None
    operations.follow(make_inbound(house, kind="event.subscribe", EventKey=""), NOON)

    assert [row.unfollowed_at is None for row in Follow.objects.order_by("id")] == [False, True]
    names = Event.objects.filter(name="conversations.account.followed").order_by("id")
    assert [event.body["returning"] for event in names] == [False, True]


def test_an_unfollow_of_nobody_known_changes_no_follow(house: House) -> None:
    assert operations.unfollow(make_inbound(house, kind="event.unsubscribe"), NOON) is None

    assert not Follow.objects.exists()


def test_a_scan_in_the_boutique_is_answered_and_told(house: House) -> None:
    reply = answered(operations.rescan, make_inbound(house, kind="event.SCAN", EventKey="b=brera"))

    assert "签到" in reply["Content"]
    assert Event.objects.get(name="conversations.code.scanned").body["boutique"] == "brera"


def test_the_contact_button_makes_staff_owe_a_reply(house: House) -> None:
    reply = answered(operations.click_menu, make_inbound(house, kind="event.CLICK", EventKey="contact"))

    assert "顾问" in reply["Content"]
    assert Conversation.objects.get().unanswered_since == NOON


@pytest.mark.parametrize("kind", ["image", "voice", "video", "shortvideo", "location", "link"])
def test_what_no_machine_reads_is_kept_and_answered_politely(house: House, kind: str) -> None:
    (answer,) = operations.receive_media([make_inbound(house, kind=kind, MediaId="m1")], NOON)

    assert answer is not None and "已收到" in answer
    assert Message.objects.get(direction="in").kind == kind
    assert queries.conversations(house[0])[0].unanswered


def test_a_batch_of_texts_costs_few_statements(house: House) -> None:
    batch = [make_inbound(house, openid=f"o{number % 40}", Content="duomo") for number in range(64)]
    replies = [Reply("米兰大教堂")] * 64

    with CaptureQueriesContext(connection) as captured:
        received = operations.receive_texts(batch=batch, replies=replies, now=NOON)

    sent = [
        query["sql"] for query in captured if not query["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN"))
    ]
    assert len(sent) <= STATEMENTS_MAX, sent
    assert len(received) == 64 and len({one.conversation_id for one in received}) == 40
    assert Message.objects.count() == 128
    assert Event.objects.filter(name="conversations.message.received").count() == 64


def test_texts_of_known_followers_touch_their_conversation(house: House) -> None:
    later = NOON + timedelta(hours=1)
    for at in (NOON, later):
        operations.receive_texts(
            batch=[make_inbound(house, Content="duomo", at=at)], replies=[Reply("好的")], now=at
        )

    row = Conversation.objects.get()
    assert (row.opened_at, row.last_at, row.last_inbound_at) == (NOON, later, later)


def test_a_reply_that_policy_refuses_is_kept_but_not_given(house: House) -> None:
    (received,) = operations.receive_texts(
        batch=[make_inbound(house, Content="?")], replies=[Reply("有水货你要不要")], now=NOON
    )

    assert received.answer is None
    held = Message.objects.get(direction="out")
    assert held.state == "held" and "trade.grey-market" in held.reason


def test_conversations_of_two_people_who_are_one_become_one(house: House) -> None:
    keys = [IdentityKey("openid", "wx-oa-serica", openid) for openid in ("o-1", "o-2")]
    for openid in ("o-1", "o-2"):
        operations.follow(make_inbound(house, kind="event.subscribe", openid=openid, EventKey=""), NOON)
    kept, absorbed = (recognise(house_id=house[0], identities=[key], now=NOON) for key in keys)

    fact = PersonsMerged(
        house_id=house[0], occurred_at=NOON, person_id=kept, kept_id=kept, absorbed_id=absorbed
    )
    operations.repoint_person(fact, NOON)
    operations.repoint_person(fact, NOON)

    assert Conversation.objects.get().person_id == kept
    assert Message.objects.count() == 4
    assert Follow.objects.filter(person_id=kept, unfollowed_at=None).count() == 1


def test_the_desk_sees_the_thread_in_order_with_what_is_left_to_send(house: House) -> None:
    operations.receive_texts(
        batch=[make_inbound(house, Content="退税")], replies=[Reply("抱歉", needs_person=True)], now=NOON
    )
    (card,) = queries.conversations(house[0], unanswered=True)

    thread = queries.thread(house_id=house[0], conversation_id=card.id, now=NOON)

    assert thread is not None and thread.sends_left == 5
    assert [(row.direction, row.body) for row in thread.messages] == [("in", "退税"), ("out", "抱歉")]
    assert queries.thread(house_id=house[0] + 1, conversation_id=card.id, now=NOON) is None
    totals = queries.totals(house[0], since=NOON)
    assert (totals.received, totals.sent, totals.unanswered) == (1, 1, 1)
