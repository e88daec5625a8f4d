"""Counts what people search for, and forgets who did as soon as the day is over."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, IntegerField, Max
from django.db.models.functions import Cast

from seta.guide.models import SearchedDay, SearchHeard
from seta.guide.rules.heard import Heard, closed, kept_query, who
from seta.kit.clock import rome_day

KEPT = timedelta(days=400)
"""A year and a month, so that a season can be held against the last one."""


@dataclass(frozen=True)
class Search:
    """Somebody's search; `person` is any name that stays theirs for a day."""

    house_id: int
    person: str
    text: str
    found: bool


def hear(searches: Sequence[Search], *, channel: str, now: datetime) -> None:
    """Note searches in one statement; the same person, day and query once. Inside a transaction."""
    assert transaction.get_connection().in_atomic_block
    day = rome_day(now)
    rows = [_row(each, query, channel, day) for each in searches if (query := kept_query(each.text))]
    if rows:
        SearchHeard.objects.bulk_create(rows, ignore_conflicts=True)


@transaction.atomic
def close_searches(now: datetime) -> int:
    """Keep of every day that is over what enough people searched, forget the rest; for the worker's schedule.

    Returns how many queries were kept.
    """
    today = rome_day(now)
    over = SearchHeard.objects.filter(day__lt=today)
    by_day: dict[tuple[int, date], list[Heard]] = defaultdict(list)
    counted = over.values("house_id", "day", "query", "channel").annotate(
        people=Count("pk"), any_found=Max(Cast("found", IntegerField()))
    )
    for row in counted.order_by("house_id", "day", "query", "channel"):
        heard = Heard(row["query"], row["channel"], row["people"], bool(row["any_found"]))
        by_day[row["house_id"], row["day"]].append(heard)
    kept = [
        SearchedDay(house_id=house_id, day=day, query=query, people=people, found=found)
        for (house_id, day), heard in by_day.items()
        for query, (people, found) in closed(heard).items()
    ]
    SearchedDay.objects.bulk_create(kept, ignore_conflicts=True)
    over.delete()
    SearchedDay.objects.filter(day__lt=today - KEPT).delete()
    return len(kept)


def _row(search: Search, query: str, channel: str, day: date) -> SearchHeard:
    digest = who(search.person, house_id=search.house_id, day=day, query=query, secret=settings.SECRET_KEY)
    return SearchHeard(
        house_id=search.house_id, day=day, query=query, channel=channel, who=digest, found=search.found
    )
