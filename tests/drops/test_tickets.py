"""Tickets to the gate, and every way in which one does not count."""

from datetime import UTC, datetime, timedelta

import pytest

from seta.drops import operations, queries
from seta.drops.models import Drop
from seta.drops.rules import DropRefused, Proof, Terms
from seta.people.models import Person
from seta.people.operations import open_session
from seta.stores.events import VisitCheckedIn
from tests.boutique.shop import NOON, make_house, make_person
from tests.drops.release import Ask, make_clients, make_drop, make_people, rush

pytestmark = pytest.mark.django_db(transaction=True)

TICKETED = Terms(is_ticketed=True)


def session_of(house: int, person: int) -> str:
    return open_session(house_id=house, person_id=person, now=datetime.now(UTC))


def ticket(house: int, drop: int, person: int, session: str, now: datetime = NOON) -> str:
    return operations.issue_ticket(
        house_id=house, drop_id=drop, person_id=person, session=session, now=now
    ).ticket


def come(
    house: int, drop: int, person: int, session: str, shown: str, now: datetime = NOON, language: str = "zh"
) -> str:
    """What the gate answers one person: the refusal's code, or nothing when there is a piece."""
    wish = Ask(drop, house, person, token=session, ticket=shown, language=language)
    return rush([wish], now=now)[0].refusal


def test_a_ticket_lets_its_person_in_and_without_one_nobody_comes() -> None:
    house = make_house()
    drop, (chen,) = make_drop(house, terms=TICKETED), make_clients(house, 1)
    session = session_of(house, chen)

    assert come(house, drop, chen, session, "") == "ticket_needed"
    assert come(house, drop, chen, session, ticket(house, drop, chen, session)) == ""


def test_a_ticket_counts_for_its_session_its_drop_and_its_time_only() -> None:
    house = make_house()
    drop, other_drop = make_drop(house, terms=TICKETED), make_drop(house, terms=TICKETED)
    chen, thief = make_clients(house, 2)
    session, later = session_of(house, chen), NOON + timedelta(minutes=2)
    stolen = session_of(house, thief)
    good = ticket(house, drop, chen, session)

    assert come(house, drop, thief, stolen, good) == "ticket_of_another"
    assert come(house, other_drop, chen, session, good) == "ticket_forged"
    assert come(house, drop, chen, session, good[:-2] + "AA") == "ticket_forged"
    assert come(house, drop, chen, session, good.replace(f"-{chen}-", f"-{thief}-")) == "ticket_forged"
    assert come(house, drop, chen, session, "x" * 5_000) == "ticket_forged"
    assert come(house, drop, chen, session, good, now=later) == "ticket_expired"
    assert come(house, drop, chen, session, good, now=later - timedelta(seconds=1)) == ""


def test_a_ticket_that_has_given_its_piece_gives_no_other_one() -> None:
    house = make_house()
    drop = make_drop(house, terms=TICKETED, hold_seconds=30)
    (chen,) = make_clients(house, 1)
    session = session_of(house, chen)
    used, lapsed = ticket(house, drop, chen, session), NOON + timedelta(seconds=31)
    assert come(house, drop, chen, session, used) == ""
    assert come(house, drop, chen, session, used) == ""

    operations.lapse(lapsed)

    assert come(house, drop, chen, session, used, now=lapsed) == "ticket_used"
    fresh = ticket(house, drop, chen, session, lapsed)
    assert come(house, drop, chen, session, fresh, now=lapsed) == ""


def test_a_clock_that_is_set_back_gives_no_second_piece_and_keeps_the_order() -> None:
    house = make_house()
    drop, (chen, other) = make_drop(house, terms=TICKETED, pieces=2), make_clients(house, 2)
    later = NOON + timedelta(minutes=5)
    session, ahead = session_of(house, chen), session_of(house, other)
    shown = ticket(house, drop, chen, session, later)
    come(house, drop, chen, session, shown, now=later)

    back = ticket(house, drop, other, ahead, later)

    assert come(house, drop, other, ahead, back, now=NOON) == "ticket_ahead"
    assert come(house, drop, chen, session, ticket(house, drop, chen, session)) == ""
    assert come(house, drop, other, ahead, ticket(house, drop, other, ahead)) == ""
    assert [row.person_id for row in queries.reservations(drop_id=drop)] == [chen, other]
    assert operations.lapse(NOON) == 0
    assert Drop.objects.get(pk=drop).left == 0


def test_tickets_are_given_shortly_before_the_opening_and_count_from_it() -> None:
    house = make_house()
    drop, (chen,) = make_drop(house, terms=TICKETED), make_clients(house, 1)
    session, early = session_of(house, chen), NOON - timedelta(minutes=10)

    with pytest.raises(DropRefused, match="too_early"):
        ticket(house, drop, chen, session, early - timedelta(seconds=1))
    shown = ticket(house, drop, chen, session, early)

    assert come(house, drop, chen, session, shown, now=early) == "not_open"
    assert come(house, drop, chen, session, shown) == ""
    with pytest.raises(DropRefused, match="closed"):
        ticket(house, drop, chen, session, NOON + timedelta(hours=1))


def test_tickets_are_rationed_by_the_minute_and_only_for_those_whom_wechat_knows() -> None:
    house = make_house()
    drop, (chen,), (nobody,) = make_drop(house, terms=TICKETED), make_clients(house, 1), make_people(house, 1)

    for _ in range(6):
        ticket(house, drop, chen, "s")
    with pytest.raises(DropRefused, match="too_many_tickets"):
        ticket(house, drop, chen, "s", NOON + timedelta(seconds=59))
    assert ticket(house, drop, chen, "s", NOON + timedelta(minutes=1))
    with pytest.raises(DropRefused, match="no_openid"):
        ticket(house, drop, nobody, "s")


def test_who_has_not_registered_or_visited_gets_no_ticket() -> None:
    house = make_house()
    drop = make_drop(house, terms=Terms(needs_registration=True, proof=Proof.VISIT))
    chen, other = make_clients(house, 2)
    before = NOON - timedelta(minutes=30)

    with pytest.raises(DropRefused, match="visit_missing"):
        operations.register(house_id=house, drop_id=drop, person_id=chen, now=before)
    for person in (chen, other):
        operations.on_visit(visit(house, person), NOON)
        operations.on_visit(visit(house, person), NOON)
    operations.register(house_id=house, drop_id=drop, person_id=chen, now=before)
    operations.register(house_id=house, drop_id=drop, person_id=chen, now=NOON)

    assert ticket(house, drop, chen, "s")
    with pytest.raises(DropRefused, match="not_registered"):
        ticket(house, drop, other, "s")
    with pytest.raises(DropRefused, match="registration_closed"):
        operations.register(house_id=house, drop_id=drop, person_id=other, now=NOON)


def visit(house: int, person: int) -> VisitCheckedIn:
    return VisitCheckedIn(
        house_id=house,
        occurred_at=NOON,
        person_id=person,
        visit_id=1,
        boutique_id=1,
        boutique="monte-napoleone",
        district="quadrilatero",
        means="code",
    )


def test_a_session_from_before_two_were_found_to_be_one_gives_no_second_piece() -> None:
    house = make_house()
    drop = make_drop(house, pieces=5)
    kept, absorbed = make_clients(house, 2)
    rush([Ask(drop, house, kept)])
    Person.objects.filter(pk=absorbed).update(merged_into=kept)

    (reply,) = rush([Ask(drop, house, absorbed)])

    assert reply.body["seq"] == 1
    assert Drop.objects.get(pk=drop).left == 4


@pytest.mark.parametrize("quantity", ["0", "-1", "1000000000", "", "two", "1&quantity=2"])
def test_any_other_quantity_than_one_is_refused_in_the_clients_language(quantity: str) -> None:
    house = make_house()
    drop, chen = make_drop(house), make_person(house)

    replies = rush(
        [Ask(drop, house, chen, query=f"quantity={quantity}", language=code) for code in ("zh", "en", "it")]
    )

    assert {reply.refusal for reply in replies} == {"one_each"}
    assert len({reply.body["error"]["message"] for reply in replies}) == 3
    assert Drop.objects.get(pk=drop).left == 10
