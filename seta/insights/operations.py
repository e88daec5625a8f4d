"""Bring facts to the lake exactly once, and keep campaigns and what the ad platform tells."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from seta.events import queries as events
from seta.events.operations import mark_laked, publish
from seta.insights.events import ClickMade, ImpressionSeen
from seta.insights.lake import Lake
from seta.insights.models import Campaign, LakeBatch

LAKE_BATCH_MAX = 20_000
"""Events in one commit of the lake; large commits are cheap, many small ones are not."""


@transaction.atomic
def open_campaign(*, house_id: int, code: str, name: str, channel: str = "moments") -> int:
    """Keep a campaign under its code; returns its id."""
    campaign, _ = Campaign.objects.update_or_create(
        house_id=house_id, code=code, defaults={"name": name, "channel": channel}
    )
    return campaign.pk


@transaction.atomic
def note_impression(
    *, house_id: int, campaign: str, impression_id: str, creative: str, now: datetime
) -> None:
    """Keep that the ad platform showed an advertisement."""
    publish(
        ImpressionSeen(
            house_id=house_id,
            occurred_at=now,
            campaign=campaign,
            impression_id=impression_id,
            creative=creative,
        )
    )


@transaction.atomic
def note_click(
    *, house_id: int, campaign: str, click_id: str, impression_id: str, creative: str, now: datetime
) -> None:
    """Keep that somebody tapped an advertisement."""
    publish(
        ClickMade(
            house_id=house_id,
            occurred_at=now,
            campaign=campaign,
            click_id=click_id,
            impression_id=impression_id,
            creative=creative,
        )
    )


def fill_lake(now: datetime) -> int:
    """Bring waiting events to the lake; returns how many were written.

    The batch is numbered and kept first; if the process dies after the table's commit, the next run finds the
    number in the table's log and only marks the events.
    """
    written = 0
    while True:
        batch = _next_batch(now)
        if batch is None:
            return written
        wanted = set(batch.event_ids)
        rows = [row for row in events.unlaked(LAKE_BATCH_MAX * 2) if row.id in wanted]
        if rows and Lake(settings.LAKE_DIR).append(batch.pk, rows):
            written += len(rows)
        _close_batch(batch)


@transaction.atomic
def _next_batch(now: datetime) -> LakeBatch | None:
    waiting = LakeBatch.objects.filter(committed=False).order_by("id").first()
    if waiting is not None:
        return waiting
    ids = [row.id for row in events.unlaked(LAKE_BATCH_MAX)]
    return LakeBatch.objects.create(event_ids=ids, made_at=now) if ids else None


@transaction.atomic
def _close_batch(batch: LakeBatch) -> None:
    mark_laked(event_ids=batch.event_ids)
    LakeBatch.objects.filter(pk=batch.pk).update(committed=True, event_ids=[])
