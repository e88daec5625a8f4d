"""Releases by invitation: what associates give, what marketing invites to, and what becomes of the rest."""

from datetime import timedelta

import pytest

from seta.drops import operations, queries
from seta.drops.models import Drop, Reservation
from seta.drops.operations import Asker
from seta.drops.rules import DropRefused, Holding, Kind, Terms
from seta.drops.rules.tickets import milliseconds
from seta.people.events import PersonsMerged
from tests.boutique.shop import NOON, make_house
from tests.drops.release import BEFORE, TURN, make_drop, make_people

INVITED = Terms(kind=Kind.INVITED, turns_at=TURN)
LIN, MARCO = 11, 12
AFTER_HOLD = NOON + timedelta(minutes=11)


@pytest.fixture
def house(db: None) -> int:
    return make_house()


def invited_drop(house: int, *, pieces: int, lin: int = 0, pool: list[int] | None = None) -> int:
    """An open release with an allocation of Lin's and people invited to the pool."""
    drop = make_drop(house, pieces=pieces, terms=INVITED, is_open=False)
    if lin:
        operations.allocate(house_id=house, drop_id=drop, associate_id=LIN, pieces=lin, now=BEFORE)
    operations.invite(house_id=house, drop_id=drop, person_ids=pool or [], reason="gold", now=BEFORE)
    operations.open_drop(drop_id=drop, now=BEFORE)
    return drop


def name(house: int, drop: int, person: int, associate: int = LIN) -> None:
    operations.name_client(house_id=house, drop_id=drop, associate_id=associate, person_id=person, now=BEFORE)


def ask(house: int, drop: int, *people: int, minutes: int = 1) -> list[str]:
    """What each person is answered at the gate, in order of arrival, with a fresh ticket."""
    now = NOON + timedelta(minutes=minutes)
    askers = [Asker(house, person, milliseconds(now)) for person in people]
    batch = operations.reserve_many(drop_id=drop, askers=askers, now=now)
    return ["given" if isinstance(one, Holding) else str(one) for one in batch.outcomes]


def test_a_piece_is_kept_for_the_client_whom_an_associate_has_named(house: int) -> None:
    first, second, chen = make_people(house, 3)
    drop = invited_drop(house, pieces=2, lin=1, pool=[first, second])
    name(house, drop, chen)

    rush = ask(house, drop, first, second)
    later = ask(house, drop, chen, minutes=20)

    assert rush == ["given", "sold_out"]
    assert later == ["given"]
    (row,) = queries.allocations(drop_id=drop)
    assert (row.pieces, row.named, row.taken) == (1, 1, 1)
    assert (Drop.objects.get(pk=drop).left, Drop.objects.get(pk=drop).kept) == (0, 0)


def test_who_is_not_invited_gets_nothing_and_is_told_so(house: int) -> None:
    guest, stranger = make_people(house, 2)
    drop = invited_drop(house, pieces=1, pool=[guest])

    assert ask(house, drop, stranger, guest, stranger) == ["not_invited", "given", "not_invited"]
    with pytest.raises(DropRefused, match="not_invited"):
        operations.join_line(house_id=house, drop_id=drop, person_id=stranger, now=AFTER_HOLD)


def test_what_an_associate_has_not_given_goes_to_those_in_line_at_the_turn(house: int) -> None:
    guest, patient = make_people(house, 2)
    drop = invited_drop(house, pieces=2, lin=1, pool=[guest, patient])
    ask(house, drop, guest)
    operations.join_line(house_id=house, drop_id=drop, person_id=patient, now=NOON)

    early = operations.keep_time(TURN - timedelta(seconds=1))
    done = operations.keep_time(TURN)
    again = operations.keep_time(TURN)

    assert (early, done, again) == (0, 1, 0)
    assert Reservation.objects.get(drop_id=drop, person_id=patient).state == "reserved"
    assert [action.verb for action in queries.actions(drop_id=drop)][-1] == "pool"


def test_from_the_turn_on_kept_pieces_are_for_every_guest_even_before_the_clock_has_been_heard(
    house: int,
) -> None:
    (guest,) = make_people(house, 1)
    drop = invited_drop(house, pieces=1, lin=1, pool=[guest])

    assert ask(house, drop, guest, minutes=29) == ["sold_out"]
    assert ask(house, drop, guest, minutes=30) == ["given"]
    # Set back, the clock gives no piece that is not there.
    operations.invite(house_id=house, drop_id=drop, person_ids=make_people(house, 1), reason="late", now=NOON)
    other = queries.invitations(drop_id=drop)[0].person_id
    assert ask(house, drop, other, minutes=1) == ["sold_out"]


def test_a_kept_piece_is_given_once_and_a_lapsed_one_is_for_all_guests(house: int) -> None:
    chen, guest = make_people(house, 2)
    drop = invited_drop(house, pieces=1, lin=1, pool=[guest])
    name(house, drop, chen)
    assert ask(house, drop, chen) == ["given"]

    operations.lapse(NOON + timedelta(minutes=12))

    assert ask(house, drop, guest, chen, minutes=13) == ["given", "sold_out"]


def test_an_associate_names_no_more_clients_than_pieces_and_may_change_their_mind(house: int) -> None:
    chen, other = make_people(house, 2)
    drop = invited_drop(house, pieces=2, lin=1)
    name(house, drop, chen)
    name(house, drop, chen)

    with pytest.raises(DropRefused, match="allocation_spent"):
        name(house, drop, other)
    with pytest.raises(DropRefused, match="allocation_spent"):
        name(house, drop, other, MARCO)
    operations.uninvite(house_id=house, drop_id=drop, person_id=chen, now=NOON)
    name(house, drop, other)

    assert ask(house, drop, chen, other) == ["not_invited", "given"]
    with pytest.raises(DropRefused, match="piece_taken"):
        operations.uninvite(house_id=house, drop_id=drop, person_id=other, now=NOON)
    with pytest.raises(DropRefused, match="not_invited"):
        operations.uninvite(house_id=house, drop_id=drop, person_id=chen, now=NOON)


@pytest.mark.parametrize("pieces", [-1, 4, 10**9])
def test_an_allocation_fits_the_pieces_that_there_are(house: int, pieces: int) -> None:
    drop = make_drop(house, pieces=3, terms=INVITED, is_open=False)

    with pytest.raises(DropRefused, match="wrong_allocation"):
        operations.allocate(house_id=house, drop_id=drop, associate_id=LIN, pieces=pieces, now=BEFORE)


def test_an_allocation_may_grow_and_shrink_while_the_release_runs(house: int) -> None:
    chen, guest = make_people(house, 2)
    drop = invited_drop(house, pieces=3, lin=1, pool=[guest])
    name(house, drop, chen)
    ask(house, drop, guest)

    operations.allocate(house_id=house, drop_id=drop, associate_id=LIN, pieces=2, now=NOON)
    with pytest.raises(DropRefused, match="wrong_allocation"):
        operations.allocate(house_id=house, drop_id=drop, associate_id=MARCO, pieces=1, now=NOON)
    with pytest.raises(DropRefused, match="wrong_allocation"):
        operations.allocate(house_id=house, drop_id=drop, associate_id=LIN, pieces=0, now=NOON)
    operations.allocate(house_id=house, drop_id=drop, associate_id=LIN, pieces=1, now=NOON)

    assert Drop.objects.get(pk=drop).kept == 1


def test_a_release_of_another_kind_or_house_or_after_its_turn_takes_no_invitations(house: int) -> None:
    (chen,) = make_people(house, 1)
    plain, drop = make_drop(house), invited_drop(house, pieces=1, lin=1)

    for drop_id, house_id, refusal in (
        (plain, house, "not_by_invitation"),
        (drop, make_house("other"), "unknown_drop"),
    ):
        with pytest.raises(DropRefused, match=refusal):
            operations.invite(house_id=house_id, drop_id=drop_id, person_ids=[chen], reason="gold", now=NOON)
    with pytest.raises(DropRefused, match="wrong_state"):
        operations.name_client(house_id=house, drop_id=drop, associate_id=LIN, person_id=chen, now=TURN)


def test_a_guest_who_turns_out_to_be_another_keeps_the_better_invitation(house: int) -> None:
    kept, absorbed = make_people(house, 2)
    drop = invited_drop(house, pieces=1, lin=1, pool=[kept])
    name(house, drop, absorbed)

    operations.repoint_person(
        PersonsMerged(house_id=house, occurred_at=NOON, kept_id=kept, absorbed_id=absorbed), NOON
    )

    assert queries.mine(drop_id=drop, person_id=kept).has_kept_piece
    assert ask(house, drop, kept) == ["given"]
