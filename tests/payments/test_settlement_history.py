"""Any history of sales, refunds, cut-offs and returns pays every cent out exactly once."""

from contextlib import suppress
from datetime import date, datetime, time, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from seta.kit.clock import ROME, UTC
from seta.ledger import queries as ledger
from seta.payments import operations as pay
from seta.payments.models import Break, SettlementBatch, SettlementLine
from seta.payments.rules.refusals import PaymentRefused
from tests.payments.selling import World, make_world

START = date(2026, 11, 16)
_houses = count(1)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("sell"), st.integers(20, 900_000), st.sampled_from(["", "forno"])),
        st.tuples(st.just("refund"), st.integers(0, 9), st.integers(1, 100)),
        st.tuples(st.just("revoke"), st.integers(0, 9), st.just(0)),
        st.tuples(st.just("settle"), st.sampled_from([0, 1]), st.sampled_from(["", "forno"])),
        st.tuples(st.just("return"), st.integers(0, 5), st.just(0)),
    ),
    min_size=1,
    max_size=10,
)


@pytest.mark.django_db
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
@example([("sell", 7993, ""), ("sell", 20, ""), ("refund", 0, 1), ("revoke", 0, 0)])
def test_every_cent_is_settled_exactly_once(steps: list[tuple[str, int, int | str]]) -> None:
    _live_through(make_world(f"m{next(_houses)}"), steps)


def _live_through(world: World, steps: list[tuple[str, int, int | str]]) -> None:
    for number, (step, first, second) in enumerate(steps):
        now = datetime.combine(START + timedelta(days=number), time(12), ROME).astimezone(UTC)
        # Refused whole: the invariants say that it changed nothing.
        with suppress(PaymentRefused, ValueError):
            _take(world, step, first, second, now)
        _check(world)
    end = START + timedelta(days=len(steps) + 1)
    # A payment that its provider took back after a refund of it waits until somebody has said what that is.
    for row in Break.objects.filter(house_id=world.house_id):
        pay.resolve_break(
            break_id=row.pk,
            house_id=world.house_id,
            resolution="agreed by telephone",
            owner_id=1,
            now=row.opened_at,
        )
    for payee in ("", "forno"):
        _settle(world, payee, end, datetime.combine(end, time(12), ROME).astimezone(UTC))
        assert world.owed(payee) < 1_000, "no more is left than a minimum"
    _check(world)


def _take(world: World, step: str, first: int, second: int | str, now: datetime) -> None:
    if step == "sell":
        world.sell(first, payee=str(second), at=now)
    elif step == "settle":
        _settle(world, str(second), now.date() - timedelta(days=first), now)
    elif step == "return":
        batches = list(
            SettlementBatch.objects.filter(house_id=world.house_id).exclude(state="returned").order_by("id")
        )
        if batches:
            batch = batches[first % len(batches)]
            for member in (1, 2):
                pay.release_batch(batch_id=batch.pk, house_id=world.house_id, released_by=member, now=now)
            pay.mark_sent(batch_id=batch.pk, house_id=world.house_id, now=now)
            pay.return_batch(batch_id=batch.pk, house_id=world.house_id, reason="AC04", now=now)
    elif world.sold:
        card = world.sold[first % len(world.sold)]
        if step == "revoke":
            world.revoke(card, at=now)
        else:
            world.give_back(card, max(card.amount * int(second) // 100, 1), at=now)


def _settle(world: World, payee: str, day: date, now: datetime) -> None:
    pay.settle(house_id=world.house_id, currency="EUR", day=day, now=now, payee=payee)


def _check(world: World) -> None:
    standing = SettlementBatch.objects.filter(house_id=world.house_id).exclude(state="returned")
    for batch in SettlementBatch.objects.filter(house_id=world.house_id):
        assert batch.total == sum(batch.lines.values_list("net", flat=True)) > 0
    assert ledger.balance(world.house_id, "settlement:in_transit", "EUR") == -sum(
        standing.values_list("total", flat=True)
    )
    keys = list(
        SettlementLine.objects.filter(is_returned=False).values_list("intent_id", "refund_id", "kind")
    )
    assert len(keys) == len(set(keys))
    for payee in ("", "forno"):
        assert world.owed(payee) >= 0
    assert ledger.unbalanced_journals(world.house_id) == []
