"""Plays become tasks of the client's own associate: once, in time, and none while the play rests."""

from dataclasses import dataclass
from datetime import timedelta

from seta.clienteling import operations
from seta.clienteling.models import FollowUp, ImportantDate
from seta.clienteling.rules.playbooks import FIRST_PLAYS, Step
from tests.clienteling.conftest import NOON, Floor, user_of


@dataclass
class Plan:
    """A client's plan for a day in town."""

    house_id: int
    person_id: int | None
    day: str


def set_play(floor: Floor, trigger: str, *steps: Step, is_active: bool = True) -> None:
    operations.set_playbook(
        house_id=floor.house,
        user_id=user_of(floor.house, "Sup"),
        trigger=trigger,
        name="Ours",
        steps=steps,
        is_active=is_active,
        now=NOON,
    )


def born(floor: Floor, month: int, day: int) -> None:
    ImportantDate.objects.create(
        house_id=floor.house, person_id=floor.client, kind="birthday", month=month, day=day, kept_at=NOON
    )


def tasks(floor: Floor) -> list[tuple[str, str]]:
    """Day and title of each task of the client's own associate, by day."""
    rows = FollowUp.objects.filter(house_id=floor.house, associate_id=floor.yue)
    return sorted((f"{row.due_at:%m-%d}", row.title.split(" · ")[0]) for row in rows)


def test_an_arrival_becomes_tasks_before_and_after_it_once(floor: Floor) -> None:
    plan = Plan(floor.house, floor.client, "2026-12-10")

    operations.plan_arrival(plan, NOON)
    operations.plan_arrival(plan, NOON)

    assert [day for day, _ in tasks(floor)] == ["12-03", "12-09", "12-11"]


def test_steps_whose_day_is_over_are_left_out(floor: Floor) -> None:
    operations.plan_arrival(Plan(floor.house, floor.client, "2026-11-24"), NOON)

    assert [day for day, _ in tasks(floor)] == ["11-23", "11-25"]


def test_the_plan_of_nobody_plans_nothing(floor: Floor) -> None:
    operations.plan_arrival(Plan(floor.house, None, "2026-12-10"), NOON)

    assert tasks(floor) == []


def test_a_birthday_is_prepared_once_however_often_the_worker_looks(floor: Floor) -> None:
    born(floor, 12, 10)

    looked = [operations.plan_birthdays(NOON + timedelta(hours=hour)) for hour in range(3)]

    assert looked == [1, 1, 1]
    assert [day for day, _ in tasks(floor)] == ["11-30", "12-10"]


def test_a_birthday_far_off_waits(floor: Floor) -> None:
    born(floor, 6, 1)

    assert operations.plan_birthdays(NOON) == 0
    assert tasks(floor) == []


def test_a_changed_play_plans_its_new_steps_and_repeats_none(floor: Floor) -> None:
    born(floor, 12, 10)
    operations.plan_birthdays(NOON)
    first = FIRST_PLAYS["birthday"][1]

    set_play(floor, "birthday", *first, Step(3, "Ask how the day was"))
    operations.plan_birthdays(NOON + timedelta(hours=1))

    assert tasks(floor) == [
        ("11-30", first[0].title),
        ("12-10", first[1].title),
        ("12-13", "Ask how the day was"),
    ]


def test_a_play_at_rest_plans_nothing(floor: Floor) -> None:
    born(floor, 12, 10)
    set_play(floor, "birthday", *FIRST_PLAYS["birthday"][1], is_active=False)

    operations.plan_birthdays(NOON)

    assert tasks(floor) == []
