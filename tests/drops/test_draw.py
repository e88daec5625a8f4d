"""A draw that anybody can redo, and what the drawn order is for."""

import hashlib
import hmac
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seta.boutique import queries as shop
from seta.drops import operations, queries
from seta.drops.models import Drop, Entry, Reservation
from seta.drops.operations import Asker
from seta.drops.rules import DropRefused, Hold, Holding, Kind, Refusal, Terms, draw
from seta.people.events import PersonsMerged
from tests.boutique.shop import NOON, facts, make_house
from tests.drops.release import TURN, make_drop, make_people

DRAW = Terms(kind=Kind.DRAW, turns_at=TURN)
AFTER_HOLD = TURN + timedelta(minutes=11)


@pytest.fixture
def house(db: None) -> int:
    return make_house()


def enter(house: int, drop: int, people: list[int]) -> dict[str, int]:
    """Everybody enters; who is behind each code."""
    return {
        operations.enter_draw(house_id=house, drop_id=drop, person_id=person, now=NOON): person
        for person in people
    }


def drawn(house: int, pieces: int, people: list[int]) -> tuple[int, dict[str, int], list[str]]:
    """A draw that has been made: the drop, who is behind each code, and the published order."""
    drop = make_drop(house, pieces=pieces, terms=DRAW)
    codes = enter(house, drop, people)
    operations.run_draw(drop_id=drop, now=TURN)
    record = queries.draw_record(house_id=house, drop_id=drop)
    assert record is not None
    return drop, codes, record["order"]


def test_the_order_can_be_redone_from_what_is_published_by_the_rule_that_is_published(house: int) -> None:
    drop = make_drop(house, pieces=3, terms=DRAW)
    card = queries.drop(house_id=house, drop_id=drop)
    assert card is not None
    promised = card.seed_hash
    codes = enter(house, drop, make_people(house, 20))

    operations.run_draw(drop_id=drop, now=TURN)

    told = json.loads(json.dumps(queries.draw_record(house_id=house, drop_id=drop)))
    seed = bytes.fromhex(told["seed"])
    assert hashlib.sha256(seed).hexdigest() == promised == told["seed_hash"]
    mark = hashlib.sha256("\n".join(sorted(codes)).encode()).hexdigest()
    assert told["order"] == sorted(
        codes, key=lambda code: hmac.new(seed, f"{mark}:{code}".encode(), hashlib.sha256).hexdigest()
    )
    winners = Reservation.objects.filter(drop_id=drop, state="reserved").order_by("seq")
    assert [row.person_id for row in winners] == [codes[code] for code in told["order"][:3]]
    assert draw.faults(draw.read(json.dumps(told))) == []


def test_the_seed_is_nowhere_to_be_read_before_the_draw(house: int) -> None:
    drop = make_drop(house, terms=DRAW)
    before = Drop.objects.get(pk=drop)

    operations.run_draw(drop_id=drop, now=TURN)

    seed = Drop.objects.get(pk=drop).seed
    assert before.seed == ""
    assert before.committed_at is not None
    assert before.committed_at < before.opens_at
    assert before.sealed_seed is not None
    assert bytes.fromhex(seed) not in bytes(before.sealed_seed)
    assert seed not in json.dumps([action.detail for action in queries.actions(drop_id=drop)])


def test_a_piece_that_is_not_paid_goes_to_the_next_in_the_drawn_order(house: int) -> None:
    drop, codes, order = drawn(house, 2, make_people(house, 5))

    operations.lapse(AFTER_HOLD)

    states = {row.person_id: row.state for row in Reservation.objects.filter(drop_id=drop)}
    assert [states[codes[code]] for code in order] == [
        "expired",
        "expired",
        "reserved",
        "reserved",
        "waiting",
    ]
    assert [fact["seq"] for fact in facts("drops.piece.reserved")] == [1, 2, 3, 4]


def test_what_nobody_entered_for_is_for_whoever_comes_after_the_draw(house: int) -> None:
    drop, _, _ = drawn(house, 3, make_people(house, 2))
    (late,) = make_people(house, 1)

    batch = operations.reserve_many(drop_id=drop, askers=[Asker(house, late)], now=TURN)

    (holding,) = batch.outcomes
    assert isinstance(holding, Holding)
    assert (holding.seq, holding.hold) == (3, Hold.RESERVED)
    assert Drop.objects.get(pk=drop).left == 0


def test_nobody_is_served_at_the_gate_or_in_line_before_the_draw(house: int) -> None:
    drop, (chen,) = make_drop(house, terms=DRAW), make_people(house, 1)

    batch = operations.reserve_many(drop_id=drop, askers=[Asker(house, chen)], now=NOON)

    assert batch.outcomes == [Refusal.ENTER_DRAW]
    with pytest.raises(DropRefused, match="enter_draw"):
        operations.join_line(house_id=house, drop_id=drop, person_id=chen, now=NOON)


def test_a_person_enters_once_and_may_leave_until_the_entries_close(house: int) -> None:
    drop, (chen, other) = make_drop(house, terms=DRAW), make_people(house, 2)
    first = operations.enter_draw(house_id=house, drop_id=drop, person_id=chen, now=NOON)
    again = operations.enter_draw(house_id=house, drop_id=drop, person_id=chen, now=TURN)
    operations.enter_draw(house_id=house, drop_id=drop, person_id=other, now=NOON)
    operations.withdraw_entry(house_id=house, drop_id=drop, person_id=other, now=NOON)

    assert first == again
    assert Entry.objects.filter(drop_id=drop).count() == 1
    with pytest.raises(DropRefused, match="entries_closed"):
        operations.withdraw_entry(house_id=house, drop_id=drop, person_id=chen, now=TURN)
    with pytest.raises(DropRefused, match="no_entry"):
        operations.withdraw_entry(house_id=house, drop_id=drop, person_id=other, now=NOON)


def test_every_wrong_moment_of_a_draw_is_refused_by_name(house: int) -> None:
    drop, plain = make_drop(house, terms=DRAW), make_drop(house)
    (chen,) = make_people(house, 1)

    def refusal(verb: str, drop_id: int, minutes: int) -> str:
        now = NOON + timedelta(minutes=minutes)
        with pytest.raises(DropRefused) as caught:
            if verb == "enter":
                operations.enter_draw(house_id=house, drop_id=drop_id, person_id=chen, now=now)
            else:
                operations.run_draw(drop_id=drop_id, now=now)
        return str(caught.value.refusal)

    assert refusal("enter", drop, -1) == "not_open"
    assert refusal("enter", drop, 30) == "entries_closed"
    assert refusal("enter", drop, 60) == "closed"
    assert refusal("enter", plain, 0) == "not_a_draw"
    assert refusal("enter", 10**9, 0) == "unknown_drop"
    assert refusal("draw", plain, 31) == "not_a_draw"
    assert refusal("draw", drop, 29) == "entries_open"
    operations.run_draw(drop_id=drop, now=TURN)
    assert refusal("draw", drop, 31) == "already_drawn"
    # The clock is set back: what is drawn stays drawn.
    assert refusal("enter", drop, 5) == "entries_closed"


def test_two_who_are_one_person_have_one_entry_and_one_piece(house: int) -> None:
    drop = make_drop(house, pieces=2, terms=DRAW)
    kept, absorbed, other = make_people(house, 3)
    enter(house, drop, [kept, absorbed, other])

    operations.repoint_person(
        PersonsMerged(house_id=house, occurred_at=NOON, kept_id=kept, absorbed_id=absorbed), NOON
    )
    operations.run_draw(drop_id=drop, now=TURN)

    holders = set(Reservation.objects.filter(drop_id=drop).values_list("person_id", flat=True))
    assert holders == {kept, other}


def test_a_draw_that_nobody_makes_is_made_by_the_clock(house: int) -> None:
    drop = make_drop(house, pieces=1, terms=DRAW)
    enter(house, drop, make_people(house, 2))

    early = operations.draw_due(TURN + timedelta(minutes=9))
    made = operations.draw_due(TURN + timedelta(minutes=10))
    again = operations.draw_due(TURN + timedelta(minutes=11))

    assert (early, made, again) == (0, 1, 0)
    assert queries.actions(drop_id=drop)[-1].user_id is None


def test_a_draw_in_which_nobody_paid_gives_every_piece_back_at_the_end(house: int) -> None:
    drop, _, _ = drawn(house, 2, make_people(house, 3))
    variant = Drop.objects.get(pk=drop).variant_id

    operations.keep_time(NOON + timedelta(hours=1))
    operations.lapse(NOON + timedelta(hours=2))

    assert Drop.objects.get(pk=drop).state == "closed"
    assert shop.stock_left(variant_id=variant) == 2
    assert not shop.stock_breaks(house_id=house)


def test_a_seed_sealed_under_a_former_key_is_sealed_anew(house: int) -> None:
    make_drop(house, terms=DRAW)

    done = operations.reseal_seeds(now=NOON)

    assert (done.resealed, done.current) == (0, 1)


def test_a_client_sees_the_code_of_their_entry_which_says_nothing_of_them(house: int) -> None:
    drop, (chen,) = make_drop(house, terms=DRAW), make_people(house, 1)
    code = operations.enter_draw(house_id=house, drop_id=drop, person_id=chen, now=NOON)

    mine = queries.mine(drop_id=drop, person_id=chen)

    assert mine.entry is not None
    assert mine.entry.code == code
    assert not set(code) - set(draw.CODE_CHARS)


RECORD = draw.Record(
    house="serica",
    drop="carre",
    pieces=1,
    seed_hash=draw.promise(bytes(32)),
    seed=bytes(32).hex(),
    committed_at=NOON,
    drawn_at=TURN,
    order=tuple(draw.shuffle(["a2", "b3", "c4", "d5"], seed=bytes(32))),
)


def test_each_way_to_cheat_in_a_published_draw_is_found() -> None:
    swapped = (RECORD.order[1], RECORD.order[0], *RECORD.order[2:])

    assert draw.faults(RECORD) == []
    assert "order" in draw.faults(replace(RECORD, order=swapped))[0]
    assert "order" in draw.faults(replace(RECORD, order=RECORD.order[:-1]))[0]
    assert "promised" in draw.faults(replace(RECORD, seed=bytes([1] * 32).hex()))[0]
    assert "twice" in draw.faults(replace(RECORD, order=(*RECORD.order, RECORD.order[0])))[0]
    assert "after" in draw.faults(replace(RECORD, committed_at=TURN))[0]


@given(
    codes=st.lists(st.text(draw.CODE_CHARS, min_size=12, max_size=12), unique=True, max_size=40),
    seed=st.binary(min_size=32, max_size=32),
)
def test_a_shuffle_keeps_every_code_and_does_not_depend_on_the_order_it_is_given(
    codes: list[str], seed: bytes
) -> None:
    order = draw.shuffle(codes, seed=seed)

    assert sorted(order) == sorted(codes)
    assert draw.shuffle(list(reversed(codes)), seed=seed) == order


def test_every_place_is_equally_likely_for_everybody() -> None:
    codes = [f"code{n}" for n in range(5)]
    first = [0] * 5

    for n in range(5_000):
        first[codes.index(draw.shuffle(codes, seed=hashlib.sha256(b"%d" % n).digest())[0])] += 1

    # Chi-squared with 4 degrees of freedom: 18.5 is passed once in a thousand; the seeds are fixed.
    assert sum((count - 1_000) ** 2 / 1_000 for count in first) < 18.5


@given(text=st.text(max_size=60) | st.just("[" * 100_000))
def test_whatever_a_file_holds_it_is_read_or_named_unreadable(text: str) -> None:
    with pytest.raises(draw.Unreadable):
        draw.read(text)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("pieces", 0),
        ("pieces", True),
        ("order", "abc"),
        ("order", [1]),
        ("seed", "zz"),
        ("seed", "00"),
        ("seed_hash", None),
        ("drawn_at", "yesterday"),
        ("drawn_at", "2026-11-22T12:00:00"),
        ("digest", "00"),
    ],
)
def test_a_record_with_a_wrong_field_is_named_unreadable(name: str, value: object) -> None:
    told = {**draw.write(RECORD), name: value}

    with pytest.raises(draw.Unreadable, match=name):
        draw.read(json.dumps(told))
