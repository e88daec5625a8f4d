"""The plays a house starts with, and the day on which each of their steps is due."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DUE_HOUR = 10
TRIGGERS = ("arrival", "after_purchase", "birthday")


@dataclass(frozen=True)
class Step:
    """A task so many days after the trigger's day; before it when negative."""

    days: int
    title: str


FIRST_PLAYS: Mapping[str, tuple[str, Sequence[Step]]] = {
    "arrival": (
        "Arrival in town",
        (
            Step(-7, "Offer an appointment and ask what they would like to see"),
            Step(-1, "Send directions and opening hours"),
            Step(1, "Ask how the day went"),
        ),
    ),
    "after_purchase": (
        "After a purchase",
        (
            Step(2, "Thank for the purchase"),
            Step(14, "Ask whether the piece fits and how to care for it"),
            Step(90, "Show what goes with the piece"),
        ),
    ),
    "birthday": ("Birthday", (Step(-10, "Prepare a personal greeting"), Step(0, "Send birthday wishes"))),
}
"""Name and steps by trigger; a house changes its own."""


def due_at(day: date, step_days: int, zone: ZoneInfo) -> datetime:
    """Ten in the morning of the step's day, on the house's clock."""
    return datetime.combine(day + timedelta(days=step_days), time(DUE_HOUR), zone)


def task_key(trigger: str, event: str, step_id: int) -> str:
    """One task a step and event: the same fact twice plans nothing more."""
    return f"{trigger}:{event}:{step_id}"[:80]
