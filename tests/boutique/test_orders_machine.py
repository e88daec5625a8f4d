"""Whatever happens to orders in whatever sequence, every piece is somewhere and every cent accounted for."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Sum
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from seta.boutique import operations, queries
from seta.boutique.models import (
    AfterSale,
    Fulfilment,
    Order,
    OrderRefund,
    StockLevel,
)
from seta.boutique.rules import OrderRefused
from seta.boutique.rules.after_sale import Kind, Wish
from tests.boutique.aftermath import (
    HOUSES,
    MILAN,
    SHOP,
    STAFF,
    ask,
    check_out,
    money_arrives,
    receive,
)
from tests.boutique.shop import (
    NOON,
    make_house,
    make_person,
    make_variant,
    paid_fact,
)


class AfterSaleMachine(RuleBasedStateMachine):
    """Orders of two variants at two prices that are paid, sent, cancelled, returned and exchanged at will."""

    def __init__(self) -> None:
        super().__init__()
        self.house = make_house(f"m-{next(HOUSES)}")
        self.chen = make_person(self.house, f"chen-{self.house}")
        self.variants = [make_variant(self.house, pieces=6, price=price) for price in ("100.00", "130.00")]
        self.pieces = sum(self.stock(variant) for variant in self.variants)
        self.paid_in = 0
        self.lost = 0
        self.at = NOON

    def stock(self, variant: int) -> int:
        levels = StockLevel.objects.filter(variant_id=variant)
        return levels.aggregate(sum=Sum("quantity"))["sum"] or 0

    def orders(self, *states: str) -> list[Order]:
        return list(Order.objects.filter(house_id=self.house, state__in=states).order_by("id"))

    def requests(self, *states: str) -> list[AfterSale]:
        return list(AfterSale.objects.filter(house_id=self.house, state__in=states).order_by("id"))

    @rule(which=st.integers(0, 1), quantity=st.integers(1, 2), way=st.sampled_from(["post", "shop", ""]))
    def order(self, which: int, quantity: int, way: str) -> None:
        more: dict[str, Any] = {"post": {"address": MILAN}, "shop": {"pickup_at": SHOP}}.get(way, {})
        try:
            check_out(self.house, self.chen, self.variants[which], quantity, **more)
        except OrderRefused as refused:
            assert refused.refusal == "out_of_stock"

    @rule(pick=st.integers(0, 9))
    def pay(self, pick: int) -> None:
        waiting = [order for order in self.orders("placed") if not order.awaits_return]
        if not waiting:
            return
        order = waiting[pick % len(waiting)]
        fact = paid_fact(self.house, queries.order_card(order), intent_id=1000 + order.pk)
        operations.on_payment_succeeded(fact, self.at)
        operations.on_payment_succeeded(fact, self.at)
        self.paid_in += order.total

    @rule(pick=st.integers(0, 9))
    def send(self, pick: int) -> None:
        rows = Fulfilment.objects.filter(house_id=self.house).order_by("id")
        row = rows[pick % len(rows)] if rows else None
        if row is None:
            return
        said: dict[str, Any] = {
            "house_id": self.house,
            "order_id": row.order_id,
            "user_id": STAFF,
            "now": self.at,
        }
        try:
            if row.way == "pickup" and row.stage == "ready":
                operations.hand_over(
                    house_id=self.house, code=row.code, boutique=SHOP, user_id=STAFF, now=self.at
                )
            elif row.way == "pickup":
                operations.make_ready(**said)
            else:
                operations.ship_order(carrier="SF", tracking="SF123456", **said)
        except OrderRefused as refused:
            assert refused.refusal in ("wrong_state", "cancel_asked")

    @rule(pick=st.integers(0, 9), kind=st.sampled_from(Kind), quantity=st.integers(1, 2))
    def ask(self, pick: int, kind: Kind, quantity: int) -> None:
        orders = self.orders("paid", "partly_refunded")
        if not orders:
            return
        order = orders[pick % len(orders)]
        line = order.lines.get()
        other = next(variant for variant in self.variants if variant != line.variant_id)
        wishes = [Wish(line.pk, quantity, other if kind is Kind.EXCHANGE else None)]
        try:
            ask(order, kind, *wishes, key=f"k{AfterSale.objects.count()}", now=self.at)
        except OrderRefused as refused:
            assert refused.refusal in (
                "already_sent",
                "not_arrived",
                "already_asked",
                "wrong_wish",
                "wrong_state",
            )

    @rule(pick=st.integers(0, 9), is_yes=st.booleans())
    def answer(self, pick: int, is_yes: bool) -> None:
        asked = self.requests("asked")
        if not asked:
            return
        request = asked[pick % len(asked)]
        said: dict[str, Any] = {
            "house_id": self.house,
            "request_id": request.pk,
            "user_id": STAFF,
            "now": self.at,
        }
        try:
            if is_yes:
                operations.accept_after_sale(**said)
            else:
                operations.decline_after_sale(answer="no", **said)
        except OrderRefused as refused:
            assert refused.refusal == "out_of_stock"

    @rule(pick=st.integers(0, 9), restock=st.booleans(), gives_up=st.booleans())
    def come_back(self, pick: int, restock: bool, gives_up: bool) -> None:
        accepted = self.requests("accepted")
        if not accepted:
            return
        request = accepted[pick % len(accepted)]
        if gives_up:
            operations.withdraw_after_sale(house_id=self.house, request_id=request.pk, now=self.at)
            return
        receive(self.house, request.pk, restock=restock)
        if not restock:
            self.lost += sum(line.quantity for line in request.lines.all())

    @rule(pick=st.integers(0, 9))
    def money(self, pick: int) -> None:
        waiting = self.requests("received")
        if waiting:
            money_arrives(self.house, waiting[pick % len(waiting)].pk, first_refund_id=10**6)

    @rule(days=st.integers(1, 20))
    @precondition(lambda self: self.at < NOON + timedelta(days=60))
    def time_passes(self, days: int) -> None:
        self.at += timedelta(days=days)
        operations.expire_orders(self.at)
        operations.sweep_requests(self.at)

    @invariant()
    def every_piece_is_somewhere(self) -> None:
        out = 0
        for order in self.orders("placed", "paid", "partly_refunded", "refunded"):
            back = {
                request.pk for request in self.requests("received", "closed") if request.order_id == order.pk
            }
            kept = order.lines.get().quantity
            for request in AfterSale.objects.filter(pk__in=back):
                kept -= sum(line.quantity for line in request.lines.all())
            assert kept >= 0
            out += kept
        assert sum(self.stock(variant) for variant in self.variants) + out + self.lost == self.pieces
        assert not queries.stock_breaks(house_id=self.house)

    @invariant()
    def no_cent_is_made_or_lost(self) -> None:
        orders = Order.objects.filter(house_id=self.house)
        refunded = orders.aggregate(sum=Sum("refunded"))["sum"] or 0
        proven = OrderRefund.objects.filter(order__house_id=self.house).exclude(succeeded_at=None)
        assert refunded == (proven.aggregate(sum=Sum("amount"))["sum"] or 0) <= self.paid_in
        for order in orders:
            assert order.total + order.credit == sum(
                line.quantity * line.unit_amount for line in order.lines.all()
            )
        for request in self.requests("closed"):
            money = request.money.aggregate(sum=Sum("amount"))["sum"] or 0
            stands = request.replacement is not None and request.replacement.state not in (
                "expired",
                "cancelled",
            )
            assert money == request.worth - (
                request.replacement.credit if stands and request.replacement else 0
            )


@pytest.mark.django_db
def test_no_path_loses_or_doubles_a_piece_or_a_cent() -> None:
    limits = settings(
        max_examples=15, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(AfterSaleMachine, settings=limits)
