"""Stock kept by hand: deliveries, transfers on their way and counts, each with who did it and why."""

import pytest
from django.db.models import Sum
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from seta.boutique import operations, queries
from seta.boutique.models import StockMovement
from seta.boutique.rules import IN_TRANSIT, OrderRefused, Refusal
from tests.boutique.shop import NOON, make_house, make_variant

SHOP = "monte-napoleone"
pytestmark = pytest.mark.django_db


def send(house: int, variant: int, quantity: int = 2, key: str = "t1") -> int:
    return operations.send_transfer(
        house_id=house,
        variant_id=variant,
        source="online",
        target=SHOP,
        quantity=quantity,
        key=key,
        user_id=5,
        now=NOON,
    )


def receive(house: int, transfer: int, arrived: int, note: str = "") -> None:
    operations.receive_transfer(
        house_id=house, transfer_id=transfer, arrived=arrived, note=note, user_id=6, now=NOON
    )


def deliver(house: int, variant: int, quantity: int, *, key: str = "d1", location: str = "online") -> None:
    operations.receive_delivery(
        house_id=house,
        variant_id=variant,
        location=location,
        quantity=quantity,
        note="DDT 114",
        key=key,
        user_id=5,
        now=NOON,
    )


def left(variant: int) -> tuple[int, int, int]:
    """Pieces online, on the way and in the shop."""
    online, way, shop = (
        queries.stock_left(variant_id=variant, location=place) for place in ("online", IN_TRANSIT, SHOP)
    )
    return online, way, shop


def test_pieces_on_their_way_are_at_neither_place_until_they_are_received() -> None:
    house = make_house("keep-a")
    variant = make_variant(house, pieces=3)
    start = left(variant)[2]

    transfer = send(house, variant)
    assert send(house, variant) == transfer
    assert left(variant) == (1, 2, start)
    assert [each.quantity for each in queries.transfers(house_id=house)] == [2]
    receive(house, transfer, 2)

    assert left(variant) == (1, 0, start + 2)
    assert queries.transfers(house_id=house) == []
    ended = queries.transfers(house_id=house, is_open=False)
    assert [(each.state, each.arrived, each.sent_by, each.ended_by) for each in ended] == [
        ("received", 2, 5, 6)
    ]


def test_what_did_not_arrive_is_written_off_with_its_reason() -> None:
    house = make_house("keep-b")
    variant = make_variant(house, pieces=3)
    start = left(variant)[2]
    transfer = send(house, variant)

    with pytest.raises(OrderRefused) as silent:
        receive(house, transfer, 1)
    with pytest.raises(OrderRefused) as many:
        receive(house, transfer, 3)
    assert (silent.value.refusal, many.value.refusal) == (Refusal.NOTE_MISSING, Refusal.WRONG_PIECES)
    assert left(variant) == (1, 2, start)
    receive(house, transfer, 1, "box was open")

    assert left(variant) == (1, 0, start + 1)
    lost = StockMovement.objects.get(variant_id=variant, reason="missing")
    assert (lost.quantity, lost.note, lost.user_id) == (-1, "box was open", 6)
    told = [
        (each.reason, each.location, each.quantity)
        for each in queries.history(house_id=house, variant_id=variant)
    ]
    assert told[:3] == [("missing", IN_TRANSIT, -1), ("received", SHOP, 1), ("sent", "online", -2)]
    assert queries.stock_breaks(house_id=house) == []


def test_a_transfer_called_back_returns_and_ends_only_once() -> None:
    house, other = make_house("keep-c"), make_house("keep-d")
    variant = make_variant(house, pieces=3)
    before = left(variant)
    transfer = send(house, variant, 3)

    with pytest.raises(OrderRefused, match="unknown_transfer"):
        operations.recall_transfer(house_id=other, transfer_id=transfer, user_id=5, now=NOON)
    operations.recall_transfer(house_id=house, transfer_id=transfer, user_id=5, now=NOON)
    assert left(variant) == before
    for again in (lambda: receive(house, transfer, 3), lambda: receive(house, transfer, 0, "lost")):
        with pytest.raises(OrderRefused, match="transfer_ended"):
            again()
    assert left(variant) == before


def test_a_delivery_enters_once_and_a_count_says_why_it_differs() -> None:
    house = make_house("keep-e")
    variant = make_variant(house, pieces=3)

    deliver(house, variant, 4)
    deliver(house, variant, 4)
    assert left(variant)[0] == 7
    count = {"house_id": house, "variant_id": variant, "location": "online", "user_id": 8, "now": NOON}
    with pytest.raises(OrderRefused, match="note_missing"):
        operations.count_place(counted=6, note=" ", **count)
    assert operations.count_place(counted=7, note="", **count) == 0
    assert operations.count_place(counted=6, note="one is in the window", **count) == -1

    newest = queries.history(house_id=house, variant_id=variant, location="online")
    assert [(each.quantity, each.left, each.reason) for each in newest] == [
        (-1, 6, "count"),
        (4, 7, "delivery"),
        (3, 3, "count"),
    ]
    assert (newest[0].note, newest[0].user_id) == ("one is in the window", 8)


@pytest.mark.parametrize("pieces", [0, -1, 10**9])
def test_counts_of_pieces_out_of_bounds_change_nothing(pieces: int) -> None:
    house = make_house(f"keep-f{abs(pieces) % 7}")
    variant = make_variant(house, pieces=3)
    before = left(variant)

    for wrong in (lambda: deliver(house, variant, pieces), lambda: send(house, variant, pieces)):
        with pytest.raises(OrderRefused, match="wrong_pieces"):
            wrong()

    assert left(variant) == before and queries.transfers(house_id=house) == []


def test_stock_is_kept_only_for_the_houses_own_pieces_at_its_own_places() -> None:
    house, other = make_house("keep-g"), make_house("keep-h")
    variant, theirs = make_variant(house), make_variant(other)

    with pytest.raises(OrderRefused, match="unknown_variant"):
        deliver(house, theirs, 1)
    for place in ("nowhere", IN_TRANSIT):
        with pytest.raises(OrderRefused, match="unknown_boutique"):
            deliver(house, variant, 1, location=place)
    with pytest.raises(OrderRefused, match="out_of_stock"):
        send(house, variant, 4)
    assert queries.transfers(house_id=house) == []
    assert queries.history(house_id=other, variant_id=variant) == []


class Keeping(RuleBasedStateMachine):
    """Two shelves and what is between them, beside the real ones."""

    def __init__(self) -> None:
        super().__init__()
        self.house = make_house()
        self.variant = make_variant(self.house, pieces=4)
        self.online, _, self.shop = left(self.variant)
        self.way: dict[int, int] = {}
        self.keys = 0

    def key(self) -> str:
        self.keys += 1
        return f"{self.variant}-{self.keys}"

    @rule(pieces=st.integers(-1, 3))
    def deliver(self, pieces: int) -> None:
        try:
            deliver(self.house, self.variant, pieces, key=self.key())
        except OrderRefused:
            assert pieces < 1
            return
        self.online += pieces

    @rule(pieces=st.integers(0, 4))
    def send(self, pieces: int) -> None:
        try:
            transfer = send(self.house, self.variant, pieces, self.key())
        except OrderRefused:
            assert pieces < 1 or pieces > self.online
            return
        self.online -= pieces
        self.way[transfer] = pieces

    @rule(arrived=st.integers(0, 4), note=st.sampled_from(["", "torn"]))
    def receive(self, arrived: int, note: str) -> None:
        for transfer, sent in list(self.way.items())[:1]:
            try:
                receive(self.house, transfer, arrived, note)
            except OrderRefused:
                assert arrived > sent or (arrived < sent and not note)
                return
            self.shop += arrived
            del self.way[transfer]

    @rule()
    def recall(self) -> None:
        for transfer, sent in list(self.way.items())[-1:]:
            operations.recall_transfer(house_id=self.house, transfer_id=transfer, user_id=5, now=NOON)
            self.online += sent
            del self.way[transfer]

    @rule(counted=st.integers(0, 5))
    def count(self, counted: int) -> None:
        operations.count_place(
            house_id=self.house,
            variant_id=self.variant,
            location=SHOP,
            counted=counted,
            note="counted",
            user_id=5,
            now=NOON,
        )
        self.shop = counted

    @invariant()
    def every_place_holds_the_sum_of_its_movements(self) -> None:
        expected = {"online": self.online, SHOP: self.shop, IN_TRANSIT: sum(self.way.values())}
        rows = StockMovement.objects.filter(variant_id=self.variant).values("location")
        moved = {each["location"]: each["sum"] for each in rows.annotate(sum=Sum("quantity"))}
        assert {place: moved.get(place, 0) for place in expected} == expected
        assert queries.stock_breaks(house_id=self.house) == []


def test_shelves_and_what_travels_between_them_are_the_sum_of_their_movements() -> None:
    limits = settings(
        max_examples=12, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(Keeping, settings=limits)
