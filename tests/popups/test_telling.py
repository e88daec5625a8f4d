"""Whoever has an unfinished bag when a pop-up closes is written to once, over the wire to the sandbox."""

from datetime import UTC, datetime, timedelta

import pytest

from seta.boutique.operations import import_catalogue
from seta.boutique.rules import Line
from seta.conversations import operations as conversations
from seta.conversations.models import Follow, Message
from seta.people.operations import recognise
from seta.people.rules import IdentityKey
from seta.popups.events import PopupClosed
from seta.popups.models import PopupOrder
from seta.popups.operations import close_popup, open_popup, order_pieces, plan_popup, tell_unfinished
from tests.boutique.shop import row
from tests.conversations.world import make_house, make_inbound
from tests.popups.world import make_plan, variant
from tests.sandbox_server import RunningSandbox


@pytest.mark.django_db
def test_who_has_an_unfinished_bag_is_told_once_and_who_cannot_be_reached_is_not_said_to_be(
    sandbox: RunningSandbox,
) -> None:
    now = datetime.now(UTC)
    house = make_house(base_url=sandbox.base_url, config=sandbox.config)
    app, openids = (sandbox.config["official_account"][name] for name in ("appid", "openids"))
    sandbox.control("follow", openid=openids[0])
    conversations.follow(
        make_inbound(house, kind="event.subscribe", openid=openids[0], app_id=app, at=now), now
    )
    follower = Follow.objects.get(house_id=house[0]).person_id
    stranger = recognise(house_id=house[0], identities=[IdentityKey("openid", app, openids[1])], now=now)
    import_catalogue(house_id=house[0], rows=[row(code="scarf", sku="SCARF-1")], now=now)
    plan = make_plan(opens_at=now, closes_at=now + timedelta(days=1), wishes=make_plan().wishes[:1])
    popup_id = plan_popup(house_id=house[0], user_id=1, plan=plan, now=now)
    open_popup(popup_id=popup_id, now=now)
    for person_id in (follower, stranger):
        line = Line(variant(house[0]), 1)
        order_pieces(house_id=house[0], code="giardino", person_id=person_id, lines=[line], now=now)
    close_popup(popup_id=popup_id, now=now)
    fact = PopupClosed(
        house_id=house[0], occurred_at=now, popup_id=popup_id, code="giardino", returned=2, unfinished=2
    )

    for _ in range(2):
        tell_unfinished(fact, now)

    told = dict(PopupOrder.objects.filter(popup_id=popup_id).values_list("person_id", "told_at"))
    assert told == {follower: now, stranger: None}
    assert sum("/message/custom/send" in entry["path"] for entry in sandbox.journal()) == 1
    assert (
        Message.objects.filter(house_id=house[0], state="sent", body__startswith="「秘密花园」已结束").count()
        == 1
    )
