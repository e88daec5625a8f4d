"""The mini program's door to a talk: what reached its reader, in order, nobody else's."""

from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from django.test import Client

from seta.conversations.models import Conversation, Message
from seta.houses.operations import found_house
from seta.people.operations import open_session, recognise
from seta.people.rules import IdentityKey
from tests.conversations.world import make_house

pytestmark = pytest.mark.django_db

NOW = datetime.now(UTC)
_numbers = count(1)


def meet(house_id: int, openid: str) -> tuple[int, dict[str, str]]:
    person = recognise(house_id=house_id, identities=[IdentityKey("openid", "wxmp", openid)], now=NOW)
    token = open_session(house_id=house_id, person_id=person, now=datetime.now(UTC))
    return person, {"authorization": f"Bearer {token}", "accept-language": "zh-CN"}


def read(headers: dict[str, str]) -> dict[str, object]:
    answer = Client().get("/api/mp/v1/conversations/mine", headers=headers)
    assert answer.status_code == 200
    found: dict[str, object] = answer.json()
    return found


def test_what_reached_its_reader_is_told_in_order_and_nothing_else() -> None:
    house, account = make_house(code=f"talk-{next(_numbers)}")
    person, headers = meet(house, "o-1")
    talk = Conversation.objects.create(
        house_id=house, account_id=account, person_id=person, opened_at=NOW, last_at=NOW
    )
    said = [
        ("in", "text", "您好", "received"),
        ("in", "event.CLICK", "places", "received"),
        ("out", "card", "湖光方巾\npages/product/product", "sent"),
        ("out", "text", "被拦下的话", "held"),
        ("out", "text", "没送到的话", "failed"),
        ("in", "image", "", "received"),
    ]
    for place, (direction, kind, body, state) in enumerate(said):
        Message.objects.create(
            house_id=house, account_id=account, conversation=talk, direction=direction, channel="service",
            kind=kind, body=body, state=state, sent_at=NOW + timedelta(seconds=place),
        )  # fmt: skip

    told = read(headers)

    assert told["house"] == "Serica Milano"
    assert told["username"] == "gh_1"
    messages = told["messages"]
    assert isinstance(messages, list)
    assert [(one["mine"], one["text"]) for one in messages] == [(True, "您好"), (False, "湖光方巾")]


def test_a_stranger_hears_nothing_and_a_house_without_an_account_names_none() -> None:
    house = found_house(code=f"talk-{next(_numbers)}", name="Quiet", kind="maison")
    _, headers = meet(house, "o-2")

    assert read(headers) == {"house": "Quiet", "username": "", "messages": []}
    assert Client().get("/api/mp/v1/conversations/mine").status_code == 401
