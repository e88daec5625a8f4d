"""What leaves for clients, over the wire to the sandbox."""

from datetime import UTC, datetime

import pytest

from seta.conversations import operations, queries
from seta.conversations.events import AccountFollowed
from seta.conversations.models import Follow, Menu, Message, UploadedPicture
from seta.conversations.rules import default_menu
from seta.events.models import Event
from seta.events.rules import restored
from seta.houses.queries import mini_program
from seta.people.models import Identity
from seta.people.operations import recognise
from seta.people.rules import IdentityKey
from tests.conversations.world import make_house, make_inbound
from tests.sandbox_server import RunningSandbox

House = tuple[int, int]


@pytest.fixture
def house(transactional_db: None, sandbox: RunningSandbox) -> House:
    return make_house(base_url=sandbox.base_url, config=sandbox.config)


def now() -> datetime:
    return datetime.now(UTC)


def follow(house: House, sandbox: RunningSandbox, scene: str = "c=ss27;p=duomo") -> int:
    """The sandbox's first consumer follows; returns the person's id."""
    openid = sandbox.config["official_account"]["openids"][0]
    sandbox.control("follow", openid=openid)
    inbound = make_inbound(
        house,
        kind="event.subscribe",
        openid=openid,
        app_id=sandbox.config["official_account"]["appid"],
        at=now(),
        EventKey=f"qrscene_{scene}",
    )
    operations.follow(inbound, now())
    return Follow.objects.get().person_id


def followed_fact() -> AccountFollowed:
    return restored(AccountFollowed, Event.objects.get(name="conversations.account.followed").body)


def sent_to_custom(sandbox: RunningSandbox) -> int:
    return sum(1 for entry in sandbox.journal() if "/message/custom/send" in entry["path"])


def test_the_welcome_card_is_sent_once_however_often_the_fact_is_heard(
    house: House, sandbox: RunningSandbox
) -> None:
    follow(house, sandbox)

    for _ in range(2):
        operations.send_welcome_card(followed_fact(), now())

    card = Message.objects.get(kind="card")
    assert (card.state, card.channel) == ("sent", "service"), card.reason
    assert "pages/place/place?code=duomo" in card.body
    assert sent_to_custom(sandbox) == 1
    assert UploadedPicture.objects.count() == 1


def test_a_follower_is_known_in_the_mini_program_by_the_unionid(
    house: House, sandbox: RunningSandbox
) -> None:
    person_id = follow(house, sandbox)

    operations.learn_follower(followed_fact(), now())

    kinds = Identity.objects.filter(person_id=person_id).values_list("kind", flat=True)
    assert set(kinds) == {"openid", "unionid"}


def test_staff_write_inside_the_window_and_the_client_is_answered(
    house: House, sandbox: RunningSandbox
) -> None:
    person_id = follow(house, sandbox)

    card = operations.send_text(house_id=house[0], person_id=person_id, text="您好，我是林悦。", now=now())

    assert card.state == "sent", card.reason
    assert not queries.conversations(house[0])[0].unanswered
    assert Event.objects.filter(name="conversations.message.sent").count() == 1


def test_without_a_window_nothing_is_sent(house: House, sandbox: RunningSandbox) -> None:
    app = sandbox.config["official_account"]["appid"]
    openid = sandbox.config["official_account"]["openids"][0]
    person_id = recognise(house_id=house[0], identities=[IdentityKey("openid", app, openid)], now=now())

    card = operations.send_text(house_id=house[0], person_id=person_id, text="您好", now=now())

    assert (card.state, card.reason) == ("failed", "no_window")
    assert sent_to_custom(sandbox) == 0


def test_a_text_that_policy_holds_never_leaves(house: House, sandbox: RunningSandbox) -> None:
    person_id = follow(house, sandbox)

    card = operations.send_text(house_id=house[0], person_id=person_id, text="有水货你要不要", now=now())

    assert card.state == "held" and "trade.grey-market" in card.reason
    assert sent_to_custom(sandbox) == 0


def test_a_notice_spends_one_acceptance_and_says_why_when_there_is_none(
    house: House, sandbox: RunningSandbox
) -> None:
    app = sandbox.config["mini_program"]["appid"]
    login = sandbox.control("js_code", openid=sandbox.config["official_account"]["openids"][0])
    openid = mini_program(house[0]).code2session(login["code"]).openid
    person_id = recognise(house_id=house[0], identities=[IdentityKey("openid", app, openid)], now=now())
    template = sandbox.config["mini_program"]["sub_template_id"]
    sandbox.control("subscribe", openid=openid, template_id=template)

    cards = [
        operations.notify(
            house_id=house[0],
            person_id=person_id,
            template="appointment",
            data={"thing1": "到店预约"},
            page="",
            now=now(),
            key=key,
        )
        for key in ("a", "a", "b")
    ]

    assert [card.state for card in cards] == ["sent", "sent", "failed"], cards
    assert "43101" in cards[2].reason


def test_a_menu_is_published_as_drafted_and_a_faulty_one_changes_nothing(
    house: House, sandbox: RunningSandbox
) -> None:
    buttons = default_menu(
        mini_program_appid=sandbox.config["mini_program"]["appid"], public_url="https://seta.example"
    )
    operations.save_menu(house_id=house[0], buttons=buttons, now=now())
    operations.publish_menu(house_id=house[0], now=now())

    with pytest.raises(operations.MenuRefused):
        operations.save_menu(house_id=house[0], buttons=[{"name": "x"}], now=now())

    assert Menu.objects.get().published == buttons
    card = queries.menu(house[0])
    assert card is not None and not card.changed
