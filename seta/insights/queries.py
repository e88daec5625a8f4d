"""The answers: each measure over the lake as it is now."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ibis
from django.conf import settings

from seta.insights.definitions import MEASURES
from seta.insights.lake import Lake
from seta.insights.models import Campaign


@dataclass(frozen=True)
class FunnelStep:
    """A step of the funnel, how many took it, and what share of the step before that is."""

    code: str
    people: int
    share_of_previous: float


@dataclass(frozen=True)
class MoneyRow:
    """Net money of one key (campaign, associate, district) in minor units of two currencies."""

    key: str
    orders: int
    amount: int
    currency: str
    settle_amount: int


@dataclass(frozen=True)
class Answer:
    """Rows of a measure and how long it took."""

    rows: Sequence[Mapping[str, Any]]
    seconds: float


class UnknownMeasure(LookupError):
    """No measure has that name; the message lists those there are."""


def run(name: str, *, house_id: int | None = None, lake_dir: Path | None = None) -> Answer:
    """Compute a measure with DuckDB over the lake's files; raises UnknownMeasure."""
    if name not in MEASURES:
        raise UnknownMeasure(f"{name!r} is none of {', '.join(sorted(MEASURES))}")
    started = time.perf_counter()
    files = Lake(lake_dir or settings.LAKE_DIR).files()
    if not files:
        return Answer([], time.perf_counter() - started)
    connection = ibis.duckdb.connect()
    try:
        events = connection.read_parquet(files, hive_partitioning=True)
        if house_id is not None:
            events = events.filter(events.house_id == house_id)
        rows = MEASURES[name](events).to_pyarrow().to_pylist()
    finally:
        connection.disconnect()
    return Answer(rows, time.perf_counter() - started)


def funnel(house_id: int) -> Sequence[FunnelStep]:
    """From impression to paid, each step after the one before."""
    steps: list[FunnelStep] = []
    for row in run("funnel", house_id=house_id).rows:
        before = steps[-1].people if steps else row["people"]
        steps.append(FunnelStep(row["step"], row["people"], row["people"] / before if before else 0.0))
    return steps


def attribution(house_id: int) -> Sequence[MoneyRow]:
    """Net sales by campaign, last touch within thirty days."""
    return _money(house_id, "attribution", "campaign")


def by_associate(house_id: int) -> Sequence[MoneyRow]:
    """Net sales by associate id."""
    return _money(house_id, "associates", "associate_id")


def spend_by_district(house_id: int) -> Sequence[MoneyRow]:
    """Net sales by district of the shop."""
    return _money(house_id, "spend", "district")


def _money(house_id: int, measure: str, key: str) -> Sequence[MoneyRow]:
    return [
        MoneyRow(
            str(row[key] or ""), row["orders"], int(row["amount"]), row["currency"], int(row["settle_amount"])
        )
        for row in run(measure, house_id=house_id).rows
    ]


def campaigns(house_id: int) -> Mapping[str, str]:
    """Names of the house's campaigns by code."""
    return dict(Campaign.objects.filter(house_id=house_id).order_by("code").values_list("code", "name"))


def lake_rows() -> int:
    """How many facts the lake holds."""
    return Lake(settings.LAKE_DIR).rows()
