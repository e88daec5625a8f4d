"""The lake takes each fact once, and the measures over it are the ones a person would count by hand."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import override_settings

from seta.events.models import Event
from seta.insights import operations, queries
from seta.insights.lake import Lake
from seta.insights.models import LakeBatch

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def lake(tmp_path: Path) -> Iterator[Lake]:
    with override_settings(LAKE_DIR=tmp_path / "lake"):
        yield Lake(django_settings.LAKE_DIR)


def happen(name: str, *, minute: int, person: int | None = None, house: int = 1, **body: Any) -> Event:
    at = NOON + timedelta(minutes=minute)
    values = {"campaign": "", "associate_id": None, **body}
    return Event.objects.create(
        name=name, house_id=house, person_id=person, occurred_at=at, recorded_at=at, body=values
    )


def a_journey(person: int = 1, *, number: int = 1, paid: bool = True) -> None:
    """One impression, click, follow, session and order of one person."""
    impression, click = f"i{number}", f"k{number}"
    happen("ad.impression.seen", minute=0, campaign="ss27", impression_id=impression)
    happen("ad.click.made", minute=1, campaign="ss27", impression_id=impression, click_id=click)
    happen("conversations.account.followed", minute=2, person=person, campaign="poster")
    happen("people.session.started", minute=3, person=person, click_id=click)
    happen("guide.plan.saved", minute=4, person=person)
    happen("stores.visit.checked_in", minute=5, person=person, district="brera")
    happen("clienteling.contact.added", minute=6, person=person, associate_id=9)
    happen("boutique.order.placed", minute=7, person=person, order_id=number)
    if paid:
        sale = {"order_id": number, "amount": 10_000, "currency": "CNY", "settle_amount": 1_278}
        happen("boutique.order.paid", minute=8, person=person, district="brera", **sale)
        happen("clienteling.sale.credited", minute=9, person=person, associate_id=9, order_id=number)


def test_the_funnel_counts_each_person_once_and_only_in_order(lake: Lake) -> None:
    a_journey(person=1, number=1)
    a_journey(person=2, number=2, paid=False)
    happen("ad.impression.seen", minute=0, campaign="ss27", impression_id="i1")
    happen("ad.impression.seen", minute=0, campaign="ss27", impression_id="nobody")
    happen("boutique.order.paid", minute=1, person=3, order_id=77, amount=5, currency="CNY", settle_amount=1)
    operations.fill_lake(NOON)

    steps = {step.code: step.people for step in queries.funnel(1)}

    assert steps == {
        "impression": 3,
        "click": 2,
        "follow": 2,
        "session": 2,
        "plan": 2,
        "visit": 2,
        "contact": 2,
        "order": 2,
        "paid": 1,
    }


def test_a_sale_goes_to_the_last_campaign_that_touched_the_buyer_and_refunds_come_off(lake: Lake) -> None:
    a_journey()
    happen("boutique.order.refunded", minute=20, person=1, order_id=1, amount=4_000, settle_amount=511)
    operations.fill_lake(NOON)

    assert queries.attribution(1) == [queries.MoneyRow("poster", 1, 6_000, "CNY", 767)]
    assert queries.by_associate(1) == [queries.MoneyRow("9", 1, 6_000, "CNY", 767)]
    assert queries.spend_by_district(1) == [queries.MoneyRow("brera", 1, 6_000, "CNY", 767)]


def test_two_who_became_one_are_counted_as_one(lake: Lake) -> None:
    happen("stores.visit.checked_in", minute=1, person=1, district="brera")
    happen("stores.visit.checked_in", minute=2, person=2, district="brera")
    happen("people.person.merged", minute=3, person=1, kept_id=1, absorbed_id=2)
    operations.fill_lake(NOON)

    assert queries.run("districts", house_id=1).rows == [{"district": "brera", "people": 1, "facts": 2}]


def test_nothing_of_another_house_is_seen(lake: Lake) -> None:
    a_journey()
    happen(
        "boutique.order.paid",
        minute=1,
        person=5,
        house=2,
        order_id=9,
        amount=1,
        currency="CNY",
        settle_amount=1,
    )
    operations.fill_lake(NOON)

    assert [row.orders for row in queries.spend_by_district(2)] == [1]


def test_an_empty_lake_has_no_answer_and_no_error(lake: Lake) -> None:
    assert queries.funnel(1) == []


def test_a_batch_that_was_written_before_a_crash_is_not_written_again(lake: Lake) -> None:
    a_journey()
    operations.fill_lake(NOON)
    before = lake.rows()
    happen("ad.impression.seen", minute=0, impression_id="late")
    ids = list(Event.objects.filter(laked=False).values_list("pk", flat=True))
    batch = LakeBatch.objects.create(event_ids=ids, made_at=NOON)
    lake.append(batch.pk, list(operations.events.unlaked(10)))

    operations.fill_lake(NOON)

    assert lake.rows() == before + 1
    assert not Event.objects.filter(laked=False).exists()
