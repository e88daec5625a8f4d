"""Facts are kept with what made them true, and delivered until each hearer is done."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import ClassVar

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from seta.events import queries, routes, rules
from seta.events.events import Fact
from seta.events.models import Delivery, Event
from seta.events.operations import deliver_due, publish, publish_many, wake_resting
from seta.kit.limits import DELIVERY_ATTEMPTS_MAX

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class SilkWoven(Fact):
    """A fact for these tests."""

    name: ClassVar[str] = "tests.silk.woven"
    metres: int = 1


heard: list[int] = []


def hear(fact: SilkWoven, now: datetime) -> None:
    heard.append(fact.metres)


def fail(fact: SilkWoven, now: datetime) -> None:
    raise ValueError("the loom is broken")


@pytest.fixture
def table() -> Iterator[None]:
    before = routes.installed()
    heard.clear()
    routes.install(routes.routes_of({SilkWoven: [hear, fail]}))
    yield
    routes.install(before)


def weave(metres: int = 1) -> SilkWoven:
    return SilkWoven(house_id=1, occurred_at=NOON, metres=metres)


@given(
    st.integers(),
    st.datetimes(timezones=st.just(UTC)),
    st.text(max_size=20).filter(lambda text: text.isprintable()),
)
def test_a_fact_survives_being_written_down(metres: int, at: datetime, campaign: str) -> None:
    fact = SilkWoven(house_id=7, occurred_at=at, metres=metres % 2**60, campaign=campaign)

    assert rules.restored(SilkWoven, rules.plain(fact)) == fact


def test_waiting_times_grow_and_stay_bounded() -> None:
    waits = [rules.retry_after(attempt) for attempt in range(1, 30)]

    assert waits == sorted(waits)
    assert waits[-1] == timedelta(hours=1)


@pytest.mark.django_db(transaction=True)
def test_publishing_outside_a_transaction_is_our_own_mistake() -> None:
    with pytest.raises(AssertionError):
        publish(weave())


@pytest.mark.django_db(transaction=True)
def test_a_fact_of_a_failed_transaction_was_never_published(table: None) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        publish(weave())
        raise RuntimeError("rolled back")

    assert Event.objects.count() == 0
    assert Delivery.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_each_hearer_gets_its_own_delivery_and_a_failing_one_does_not_stop_the_other(table: None) -> None:
    with transaction.atomic():
        publish_many([weave(3), weave(4)])

    taken = deliver_due(now=datetime.now(UTC))

    assert taken == 4
    assert sorted(heard) == [3, 4]
    assert queries.backlog() == queries.Backlog(waiting=2, resting=0, done=2)


@pytest.mark.django_db(transaction=True)
def test_what_is_done_is_not_delivered_again(table: None) -> None:
    with transaction.atomic():
        publish(weave(5))
    now = datetime.now(UTC)

    for turn in range(4):
        deliver_due(now=now + timedelta(hours=turn))

    assert heard == [5]


@pytest.mark.django_db(transaction=True)
def test_a_delivery_that_keeps_failing_rests_until_it_is_woken(table: None) -> None:
    with transaction.atomic():
        publish(weave())
    now = datetime.now(UTC)

    for turn in range(DELIVERY_ATTEMPTS_MAX + 2):
        deliver_due(now=now + timedelta(hours=2 * turn))

    (resting,) = queries.resting()
    assert resting.handler.endswith(".fail")
    assert "the loom is broken" in resting.error
    assert wake_resting(now=now) == 1
    assert queries.backlog().waiting == 1


@pytest.mark.django_db(transaction=True)
def test_a_delivery_for_a_hearer_that_is_gone_rests_and_says_so(table: None) -> None:
    with transaction.atomic():
        publish(weave())
    routes.install(routes.routes_of({SilkWoven: [hear]}))

    deliver_due(now=datetime.now(UTC))

    assert ["no hearer" in row.error for row in queries.resting()] == [True]
