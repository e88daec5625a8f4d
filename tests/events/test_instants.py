"""Facts keep the instant at which they happened, in whatever zone it was told."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.db import transaction

from seta.events.models import Event
from seta.events.operations import publish_many
from seta.houses.operations import found_house
from seta.oversight.events import ArchiveAnnounced

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
BEIJING = timezone(timedelta(hours=8))


@pytest.mark.parametrize(
    "instants",
    [
        [NOON, NOON + timedelta(microseconds=1), NOON - timedelta(days=20_000)],
        [NOON, datetime(2026, 11, 22, 20, tzinfo=BEIJING)],
        [datetime(2026, 11, 23, 2, 0, 0, 250_000, tzinfo=BEIJING)],
    ],
)
@pytest.mark.parametrize("times", [1, 20])
def test_an_instant_is_read_back_as_it_was_told(db: None, instants: list[datetime], times: int) -> None:
    instants = instants * times
    house = found_house(code="instants", name="Instants", kind="maison")
    with transaction.atomic():
        publish_many([ArchiveAnnounced(house_id=house, occurred_at=at, account_id=1) for at in instants])

    kept = Event.objects.filter(house_id=house, name=ArchiveAnnounced.name).order_by("pk")

    assert list(kept.values_list("occurred_at", flat=True)) == instants
