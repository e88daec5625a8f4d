"""The mini program's door to drops: look, claim, wait."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from seta.drops import operations
from seta.drops.operations import Asker
from seta.drops.rules import Kind, Terms
from seta.people.operations import open_session
from tests.boutique.shop import make_house, make_variant
from tests.drops.release import make_clients, make_people

BASE = "/api/mp/v1/drops"


@pytest.fixture
def house(db: None) -> int:
    return make_house()


def open_now(house: int, pieces: int = 1) -> int:
    now = datetime.now(UTC)
    variant = make_variant(house, sku="ARCHIVIO", pieces=pieces)
    drop = operations.plan_drop(
        house_id=house,
        code="archivio",
        variant_id=variant,
        pieces=pieces,
        opens_at=now - timedelta(minutes=1),
        closes_at=now + timedelta(hours=1),
        now=now,
    )
    operations.open_drop(drop_id=drop, now=now)
    return drop


def mini_program(house: int, person: int) -> Client:
    token = open_session(house_id=house, person_id=person, now=datetime.now(UTC))
    return Client(headers={"authorization": f"Bearer {token}", "accept-language": "en"})


def test_a_client_sees_a_release_and_claims_what_they_reserved(house: int) -> None:
    drop, (chen,) = open_now(house), make_people(house, 1)
    client = mini_program(house, chen)
    before = client.get(f"{BASE}/{drop}").json()
    operations.reserve_many(drop_id=drop, askers=[Asker(house, chen)], now=datetime.now(UTC))

    claimed = client.post(f"{BASE}/{drop}/claim", "{}", content_type="application/json").json()
    after = client.get(f"{BASE}/{drop}").json()

    assert (before["left"], before["total"], before["reservation"]) == (1, 1, None)
    report = client.get(urlsplit(before["fairness_url"]).path)
    assert report.status_code == 200
    assert (claimed["state"], claimed["total_text"]) == ("placed", "¥8,888.00")
    assert (after["left"], after["reservation"]["order_id"]) == (0, claimed["order_id"])
    assert [card["code"] for card in client.get(BASE).json()["drops"]] == ["archivio"]


def test_a_piece_whose_price_has_changed_is_not_claimed_unseen_and_stays_reserved(house: int) -> None:
    drop, (chen,) = open_now(house), make_people(house, 1)
    client = mini_program(house, chen)
    operations.reserve_many(drop_id=drop, askers=[Asker(house, chen)], now=datetime.now(UTC))
    shown = client.get(f"{BASE}/{drop}").json()
    make_variant(house, sku="ARCHIVIO", price="9999.00")

    def claim(seen: int) -> tuple[int, dict[str, Any]]:
        answer = client.post(f"{BASE}/{drop}/claim", {"seen_amount": seen}, content_type="application/json")
        return answer.status_code, answer.json()

    status, refused = claim(shown["price"])
    new = client.get(f"{BASE}/{drop}").json()

    assert (status, refused["error"]["code"]) == (409, "price_changed")
    assert (shown["price"], new["price"], new["reservation"]["state"]) == (888_800, 999_900, "reserved")
    assert claim(new["price"])[1]["total"] == 999_900
    assert claim(shown["price"])[1]["total"] == 999_900, "its order is made, and at the price that was seen"


def test_who_comes_too_late_waits_in_line_and_sees_how_many_are_before_them(house: int) -> None:
    drop, people = open_now(house), make_people(house, 3)
    operations.reserve_many(drop_id=drop, askers=[Asker(house, people[0])], now=datetime.now(UTC))

    ahead = [
        mini_program(house, person).post(f"{BASE}/{drop}/wait").json()["reservation"]["ahead"]
        for person in people[1:]
    ]

    assert ahead == [0, 1]


def test_a_claim_without_a_reservation_and_a_release_of_another_house_are_refused(house: int) -> None:
    drop, (chen,) = open_now(house), make_people(house, 1)
    other = make_house("other")
    (stranger,) = make_people(other, 1)

    claim = mini_program(house, chen).post(f"{BASE}/{drop}/claim", "{}", content_type="application/json")
    look = mini_program(other, stranger).get(f"{BASE}/{drop}")

    assert (claim.status_code, claim.json()["error"]["code"]) == (409, "no_reservation")
    for number in (999_999, 2**70):
        lost = mini_program(house, chen).post(f"{BASE}/{number}/claim", "{}", content_type="application/json")
        assert (lost.status_code, lost.json()["error"]["code"]) == (404, "unknown_drop")
    assert (look.status_code, look.json()["error"]["code"]) == (404, "unknown_drop")


def draw_now(house: int) -> int:
    """A draw whose entries are open."""
    now = datetime.now(UTC)
    drop = operations.plan_drop(
        house_id=house,
        code="sorteggio",
        variant_id=make_variant(house, pieces=1),
        pieces=1,
        opens_at=now - timedelta(minutes=1),
        closes_at=now + timedelta(hours=2),
        terms=Terms(kind=Kind.DRAW, turns_at=now + timedelta(hours=1)),
        now=now - timedelta(minutes=2),
    )
    operations.open_drop(drop_id=drop, now=now - timedelta(minutes=2))
    return drop


def test_a_client_enters_a_draw_leaves_it_and_reads_its_record_once_it_is_made(house: int) -> None:
    drop, (chen,) = draw_now(house), make_people(house, 1)
    client = mini_program(house, chen)

    early = client.get(f"{BASE}/{drop}/draw")
    entered = client.post(f"{BASE}/{drop}/enter").json()["mine"]["entry"]
    left = client.post(f"{BASE}/{drop}/withdraw").json()["mine"]["entry"]
    again = client.post(f"{BASE}/{drop}/enter").json()["mine"]["entry"]
    operations.run_draw(drop_id=drop, now=datetime.now(UTC) + timedelta(hours=1))
    record = client.get(f"{BASE}/{drop}/draw").json()
    shown = client.get(f"{BASE}/{drop}").json()

    assert (early.status_code, early.json()["error"]["code"]) == (409, "not_drawn")
    assert entered["code"]
    assert left is None
    assert record["order"] == [again["code"]]
    assert record["seed_hash"] == shown["seed_hash"]
    assert (shown["kind"], shown["mine"]["entry"]["rank"]) == ("draw", 1)
    assert shown["reservation"]["state"] == "reserved"


def test_a_ticket_is_given_or_refused_by_name_in_the_clients_language(house: int) -> None:
    drop, (nobody,) = open_now(house), make_people(house, 1)
    (chen,) = make_clients(house, 1)

    given = mini_program(house, chen).post(f"{BASE}/{drop}/ticket")
    refused = mini_program(house, nobody).post(f"{BASE}/{drop}/ticket")
    unknown = mini_program(house, chen).post(f"{BASE}/999999/ticket")
    registered = mini_program(house, chen).post(f"{BASE}/{drop}/register")

    assert given.status_code == 200
    assert given.json()["ticket"].startswith(f"{drop}-{house}-{chen}-")
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "no_openid")
    assert "from WeChat" in refused.json()["error"]["message"]
    assert unknown.status_code == 404
    assert registered.json()["error"]["code"] == "registration_closed"


def test_the_report_is_for_everybody_once_the_release_has_ended(house: int) -> None:
    drop, (chen,) = open_now(house), make_people(house, 1)
    client = mini_program(house, chen)

    early = client.get(f"{BASE}/{drop}/report")
    operations.close_drop(drop_id=drop, now=datetime.now(UTC))
    report = client.get(f"{BASE}/{drop}/report")

    assert early.json()["error"]["code"] == "not_ended"
    assert report.status_code == 200
    assert (report.json()["returned"], report.json()["is_complete"]) == (1, True)
    assert client.get(f"{BASE}/999999/report").status_code == 404
