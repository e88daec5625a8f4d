"""Who was drawn, or was next in line, hears it once by subscribe message while the piece can be paid."""

from datetime import timedelta

import pytest

from seta.conversations.models import Message
from seta.drops import operations
from seta.drops.events import PieceOffered
from seta.drops.operations import Asker
from seta.drops.rules import Kind, Terms, notice_data
from seta.events.models import Event
from seta.events.rules import restored
from seta.houses.queries import mini_program
from seta.people.operations import recognise
from seta.people.rules import IdentityKey
from tests.boutique.shop import NOON
from tests.conversations.world import make_house
from tests.drops.release import TURN, make_drop, make_people
from tests.sandbox_server import RunningSandbox


def make_client(house: int, sandbox: RunningSandbox) -> int:
    """A client of the sandbox who accepts one notice."""
    program = sandbox.config["mini_program"]
    login = sandbox.control("js_code", openid=sandbox.config["official_account"]["openids"][0])
    openid = mini_program(house).code2session(login["code"]).openid
    sandbox.control("subscribe", openid=openid, template_id=program["sub_template_id"])
    return recognise(house_id=house, identities=[IdentityKey("openid", program["appid"], openid)], now=NOON)


def offers() -> list[PieceOffered]:
    """The errands that were published, oldest first."""
    rows = Event.objects.filter(name=PieceOffered.name).order_by("id")
    return [restored(PieceOffered, row.body) for row in rows]


@pytest.mark.django_db(transaction=True)
def test_whoever_is_drawn_hears_it_once_by_subscribe_message(sandbox: RunningSandbox) -> None:
    house, _ = make_house(base_url=sandbox.base_url, config=sandbox.config)
    drop = make_drop(house, pieces=1, terms=Terms(kind=Kind.DRAW, turns_at=TURN))
    chen = make_client(house, sandbox)
    operations.enter_draw(house_id=house, drop_id=drop, person_id=chen, now=NOON)

    operations.run_draw(drop_id=drop, now=TURN)
    (offer,) = offers()
    for _ in "twice":
        operations.tell_offered(offer, TURN)

    notice = Message.objects.get(channel="subscribe")
    assert notice.state == "sent", notice.reason
    assert "已为您保留一件" in notice.body


@pytest.mark.django_db
def test_the_next_in_line_is_told_only_while_the_piece_is_theirs_and_the_gate_tells_nobody() -> None:
    house, _ = make_house()
    drop, (first, second) = make_drop(house, pieces=1), make_people(house, 2)
    operations.reserve_many(drop_id=drop, askers=[Asker(house, first)], now=NOON)
    operations.join_line(house_id=house, drop_id=drop, person_id=second, now=NOON)
    before = offers()
    freed = NOON + timedelta(minutes=11)
    operations.lapse(freed)

    (offer,) = offers()
    operations.tell_offered(offer, freed + timedelta(minutes=10))

    assert before == []
    assert (offer.person_id, offer.seq, offer.expires_at) == (second, 2, freed + timedelta(minutes=10))
    assert not Message.objects.exists()


def test_a_notice_keeps_within_what_the_platform_takes_and_gives_beijings_clock() -> None:
    data = notice_data(piece="限" * 30, until=NOON)

    assert all(len(value) <= 20 for value in data.values())
    assert data["time3"].endswith(f"{(NOON + timedelta(hours=8)):%H:%M}")
