"""Whatever people and the house do with a release of any kind, in whatever order, its promises hold."""

from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from seta.boutique import operations as boutique
from seta.boutique import queries as shop
from seta.boutique.events import OrderPaid
from seta.drops import operations, queries
from seta.drops.models import Drop, Lapse, Reservation
from seta.drops.operations import Asker
from seta.drops.rules import DropRefused, Kind, Terms, draw
from seta.events import rules as fact_rules
from seta.people.events import PersonsMerged
from tests.boutique.shop import NOON, facts, make_house, paid_fact
from tests.drops.release import TURN, make_drop, make_people

PIECES = 3
LIN, MARCO = 11, 12
PEOPLE = st.integers(0, 5)


class Release(RuleBasedStateMachine):
    """A release of three pieces and six people; every step may be refused by name, none may break a promise."""

    kind = Kind.FIRST_COME

    @initialize()
    def open(self) -> None:
        self.house = make_house()
        terms = Terms() if self.kind == Kind.FIRST_COME else Terms(kind=self.kind, turns_at=TURN)
        self.drop = make_drop(self.house, pieces=PIECES, stock=PIECES, terms=terms)
        self.people = make_people(self.house, 6)
        self.now = NOON
        self.paid: set[int] = set()
        self.held: set[int] = set()

    @rule(askers=st.lists(PEOPLE, min_size=1, max_size=6))
    def rush(self, askers: list[int]) -> None:
        issued = int(self.now.timestamp() * 1000)
        wishes = [Asker(self.house, self.people[n], issued) for n in dict.fromkeys(askers)]
        operations.reserve_many(drop_id=self.drop, askers=wishes, now=self.now)

    @rule(n=PEOPLE, pays=st.booleans())
    def claim(self, n: int, pays: bool) -> None:
        try:
            card = operations.claim(
                house_id=self.house, drop_id=self.drop, person_id=self.people[n], now=self.now
            )
        except DropRefused:
            return
        if pays:
            boutique.on_payment_succeeded(paid_fact(self.house, card, intent_id=card.order_id), self.now)
            for body in facts("boutique.order.paid"):
                operations.on_order_paid(fact_rules.restored(OrderPaid, body), self.now)

    @rule(n=PEOPLE)
    def wait(self, n: int) -> None:
        with suppress(DropRefused):
            operations.join_line(
                house_id=self.house, drop_id=self.drop, person_id=self.people[n], now=self.now
            )

    @rule(minutes=st.sampled_from([1, 6, 11, 31]), expires_first=st.booleans())
    def let_time_pass(self, minutes: int, expires_first: bool) -> None:
        self.now = min(self.now + timedelta(minutes=minutes), NOON + timedelta(minutes=75))
        if expires_first:
            boutique.expire_orders(self.now)
        operations.keep_time(self.now)
        operations.lapse(self.now)

    @rule(goes_on=st.booleans())
    def pause(self, goes_on: bool) -> None:
        with suppress(DropRefused):
            operations.pause_drop(drop_id=self.drop, now=self.now)
        if goes_on:
            with suppress(DropRefused):
                operations.open_drop(drop_id=self.drop, now=self.now)

    @rule(kept=PEOPLE, absorbed=PEOPLE)
    def turn_out_to_be_one(self, kept: int, absorbed: int) -> None:
        if kept != absorbed:
            fact = PersonsMerged(
                house_id=self.house,
                occurred_at=self.now,
                kept_id=self.people[kept],
                absorbed_id=self.people[absorbed],
            )
            operations.repoint_person(fact, self.now)

    @invariant()
    def every_piece_is_in_one_place(self) -> None:
        counts = queries.counts(drop_id=self.drop)
        assert counts is not None
        assert counts.left + counts.reserved + counts.paid + counts.returned == counts.pieces == PIECES
        assert counts.kept >= 0
        assert not shop.stock_breaks(house_id=self.house)

    @invariant()
    def what_is_paid_is_kept(self) -> None:
        rows = set(
            Reservation.objects.filter(drop_id=self.drop, state="paid").values_list("order_id", flat=True)
        )
        assert self.paid <= rows
        self.paid = {order_id for order_id in rows if order_id is not None}

    @invariant()
    def a_piece_that_somebody_no_longer_holds_is_told_where_it_went(self) -> None:
        rows = Reservation.objects.filter(drop_id=self.drop, state__in=("reserved", "paid"))
        held = set(rows.values_list("seq", flat=True))
        told = dict(Lapse.objects.filter(drop_id=self.drop).values_list("seq", "went"))
        assert self.held - held <= set(told)
        assert list(told.values()).count("online") <= Drop.objects.get(pk=self.drop).returned
        self.held = held

    @invariant()
    def nobody_is_served_before_somebody_who_came_earlier(self) -> None:
        report = queries.fairness(house_id=self.house, drop_id=self.drop)
        assert report is not None
        assert report.in_order
        assert report.is_complete


class Drawn(Release):
    """The same with a draw: people enter and withdraw until the turn, then the order is made once."""

    kind = Kind.DRAW

    @rule(n=PEOPLE, stays=st.booleans())
    def enter(self, n: int, stays: bool) -> None:
        with suppress(DropRefused):
            operations.enter_draw(
                house_id=self.house, drop_id=self.drop, person_id=self.people[n], now=self.now
            )
            if not stays:
                operations.withdraw_entry(
                    house_id=self.house, drop_id=self.drop, person_id=self.people[n], now=self.now
                )

    @rule()
    def make_the_draw(self) -> None:
        with suppress(DropRefused):
            operations.run_draw(drop_id=self.drop, now=self.now)

    @invariant()
    def a_draw_that_is_made_can_be_redone(self) -> None:
        record = queries.draw_record(house_id=self.house, drop_id=self.drop)
        found = Drop.objects.get(pk=self.drop)
        assert (record is None) == (found.drawn_at is None)
        if record is None:
            assert not Reservation.objects.filter(drop_id=self.drop).exists()
        else:
            assert draw.shuffle(record["order"], seed=bytes.fromhex(found.seed)) == record["order"]


class Invited(Release):
    """The same by invitation: an associate names clients and takes names back, the desk invites others."""

    kind = Kind.INVITED

    @rule(pool=st.sets(PEOPLE, max_size=4))
    def ask_some(self, pool: set[int]) -> None:
        people = [self.people[n] for n in sorted(pool)]
        people = [self.people[n] for n in sorted(pool)]
        with suppress(DropRefused):
            operations.invite(
                house_id=self.house, drop_id=self.drop, person_ids=people, reason="gold", now=self.now
            )

    @rule(associate=st.sampled_from([LIN, MARCO]), pieces=st.integers(0, PIECES))
    def allocate(self, associate: int, pieces: int) -> None:
        with suppress(DropRefused):
            operations.allocate(
                house_id=self.house, drop_id=self.drop, associate_id=associate, pieces=pieces, now=self.now
            )

    @rule(associate=st.sampled_from([LIN, MARCO]), n=PEOPLE)
    def name(self, associate: int, n: int) -> None:
        with suppress(DropRefused):
            operations.name_client(
                house_id=self.house,
                drop_id=self.drop,
                associate_id=associate,
                person_id=self.people[n],
                now=self.now,
            )

    @rule(n=PEOPLE)
    def take_back(self, n: int) -> None:
        with suppress(DropRefused):
            operations.uninvite(
                house_id=self.house, drop_id=self.drop, person_id=self.people[n], now=self.now
            )

    @invariant()
    def only_guests_hold_a_piece_and_no_more_is_kept_than_is_there(self) -> None:
        drop = Drop.objects.get(pk=self.drop)
        invited = set(drop.invitations.values_list("person_id", flat=True))
        # Whoever was found to be two people keeps one place; the other ends at once, or was bought before.
        held = drop.reservations.filter(state="reserved", expires_at__gt=self.now)
        assert set(held.values_list("person_id", flat=True)) <= invited
        assert 0 <= drop.kept <= drop.left


@pytest.mark.django_db
@pytest.mark.parametrize("machine", [Release, Drawn, Invited])
def test_no_order_of_events_breaks_a_promise_of_a_release(machine: type[Release]) -> None:
    limits = settings(
        max_examples=10, stateful_step_count=14, deadline=None, suppress_health_check=list(HealthCheck)
    )

    run_state_machine_as_test(machine, settings=limits)
