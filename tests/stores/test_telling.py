"""A client is told once that their pieces wait in the store."""

from datetime import UTC, datetime
from typing import Any

import pytest

from seta.boutique.events import PickupReady
from seta.conversations.models import Message
from seta.houses.queries import mini_program
from seta.stores import operations
from seta.stores.rules import pickup_data
from tests.conversations.world import make_house
from tests.sandbox_server import RunningSandbox
from tests.stores.test_flow import make_boutique, make_person


@pytest.mark.django_db(transaction=True)
def test_pieces_that_wait_are_told_by_one_subscribe_message(sandbox: RunningSandbox) -> None:
    house_id, _ = make_house(base_url=sandbox.base_url, config=sandbox.config)
    make_boutique(house_id)
    app = sandbox.config["mini_program"]["appid"]
    login = sandbox.control("js_code", openid=sandbox.config["official_account"]["openids"][0])
    openid = mini_program(house_id).code2session(login["code"]).openid
    sandbox.control("subscribe", openid=openid, template_id=sandbox.config["mini_program"]["sub_template_id"])
    now = datetime.now(UTC)
    said: dict[str, Any] = {"house_id": house_id, "occurred_at": now, "order_id": 1, "number": "S261123ABCD"}
    fact = PickupReady(**said, person_id=make_person(house_id, openid, app), boutique="brera")

    for _ in range(2):
        operations.tell_pickup_ready(fact, now)
    operations.tell_pickup_ready(PickupReady(**said, person_id=None, boutique="brera"), now)

    notice = Message.objects.get(channel="subscribe")
    assert notice.state == "sent", notice.reason
    assert "S261123ABCD" in notice.body


def test_the_notice_keeps_to_what_the_platform_takes() -> None:
    data = pickup_data(store="店" * 40, number="S" * 40)

    assert all(len(value) <= (32 if name.startswith("character") else 20) for name, value in data.items())
