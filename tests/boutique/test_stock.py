"""Whatever happens in whatever order: the movements' sum is the stock, and it is never below zero."""

from datetime import timedelta

import pytest
from django.db.models import Sum
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from seta.boutique import operations, queries
from seta.boutique.models import StockLevel, StockMovement
from seta.boutique.queries import OrderCard
from seta.boutique.rules import OrderRefused
from tests.boutique.shop import NOON, make_house, make_person, make_variant, order_one, paid_fact

PLACES = ("online", "brera")


class Shop(RuleBasedStateMachine):
    """A ten-line shop beside the real one."""

    orders = Bundle("orders")

    def __init__(self) -> None:
        super().__init__()
        self.house = make_house()
        self.person = make_person(self.house)
        self.variant = make_variant(self.house, pieces=4)
        self.expected = {"online": 4, "brera": 0}
        self.open: dict[int, int] = {}
        self.now = NOON
        self.errands = 0

    @rule(target=orders, quantity=st.integers(1, 3))
    def place(self, quantity: int) -> OrderCard | object:
        try:
            card = order_one(self.house, self.person, self.variant, quantity)
        except OrderRefused:
            assert self.expected["online"] < quantity
            return multiple()
        self.expected["online"] -= quantity
        self.open[card.order_id] = quantity
        return card

    @rule(card=orders)
    def cancel(self, card: OrderCard) -> None:
        try:
            operations.cancel_order(order_id=card.order_id, now=self.now)
        except OrderRefused:
            assert card.order_id not in self.open
            return
        self.expected["online"] += self.open.pop(card.order_id)

    @rule(card=orders)
    def pay(self, card: OrderCard) -> None:
        if card.order_id in self.open:
            fact = paid_fact(self.house, card, intent_id=card.order_id)
            operations.on_payment_succeeded(fact, self.now)
            operations.on_payment_succeeded(fact, self.now)
            del self.open[card.order_id]

    @rule()
    def let_time_pass(self) -> None:
        self.now += timedelta(minutes=20)
        operations.expire_orders(self.now)
        self.expected["online"] += sum(self.open.values())
        self.open.clear()

    @rule(source=st.sampled_from(PLACES), quantity=st.integers(-1, 3))
    def transfer(self, source: str, quantity: int) -> None:
        target = PLACES[1 - PLACES.index(source)]
        self.errands += 1
        try:
            operations.transfer_stock(
                variant_id=self.variant,
                source=source,
                target=target,
                quantity=quantity,
                ref=f"errand-{self.errands}",
                now=self.now,
            )
        except OrderRefused:
            assert quantity < 1 or self.expected[source] < quantity
            return
        self.expected[source] -= quantity
        self.expected[target] += quantity

    @rule(place=st.sampled_from(PLACES), counted=st.integers(0, 6))
    def count(self, place: str, counted: int) -> None:
        difference = operations.count_stock(
            variant_id=self.variant, location=place, counted=counted, now=self.now
        )
        assert difference == counted - self.expected[place]
        self.expected[place] = counted

    @invariant()
    def movements_sum_to_the_stock(self) -> None:
        sums = (
            StockMovement.objects.filter(variant_id=self.variant)
            .values("location")
            .annotate(sum=Sum("quantity"))
        )
        moved = {row["location"]: row["sum"] for row in sums}
        for place in PLACES:
            level = queries.stock_left(variant_id=self.variant, location=place)
            assert level == self.expected[place] == moved.get(place, 0) >= 0
        assert not StockLevel.objects.filter(variant_id=self.variant, quantity__lt=0).exists()


@pytest.mark.django_db
def test_stock_is_the_sum_of_its_movements_after_anything_that_can_happen() -> None:
    limits = settings(
        max_examples=15, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck)
    )

    run_state_machine_as_test(Shop, settings=limits)
