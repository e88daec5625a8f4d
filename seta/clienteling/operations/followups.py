"""What an associate should do next for a client, by hand or by a play, and the reminder when it is time."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q

from seta.clienteling.events import SaleCredited
from seta.clienteling.models import (
    Associate,
    ClientBookEntry,
    FollowUp,
    ImportantDate,
    Playbook,
    PlaybookStep,
)
from seta.clienteling.operations.contacting import must_supervise
from seta.clienteling.rules import Refusal, Refused, next_yearly
from seta.clienteling.rules.playbooks import FIRST_PLAYS, TRIGGERS, Step, due_at, task_key
from seta.houses import queries as houses
from seta.oversight.operations import append_audit
from seta.people.queries import current_id

TITLE_CHARS_MAX = 160
STEPS_MAX, STEP_CHARS_MAX = 20, 120
BIRTHDAYS_AHEAD = 60


class MovedVisit(Protocol):
    """What a store tells of an appointment with another time: both times are ISO 8601 with the store's offset."""

    @property
    def house_id(self) -> int: ...
    @property
    def person_id(self) -> int | None: ...
    @property
    def appointment_id(self) -> str: ...
    @property
    def was_at(self) -> str: ...
    @property
    def starts_at(self) -> str: ...
    @property
    def sequence(self) -> int: ...
    @property
    def by(self) -> str: ...


class PlanOfADay(Protocol):
    """What the guide tells when a client keeps a plan: `day` is ISO 8601."""

    @property
    def house_id(self) -> int: ...
    @property
    def person_id(self) -> int | None: ...
    @property
    def day(self) -> str: ...


@transaction.atomic
def add_follow_up(
    *,
    house_id: int,
    associate_id: int,
    person_id: int,
    kind: str,
    title: str,
    due_at: datetime,
    now: datetime,
    key: str = "",
) -> int:
    """Put a task in an associate's list; with a `key` the same task is made once. Returns its id; raises Refused."""
    if not Associate.objects.filter(pk=associate_id, house_id=house_id).exists():
        raise Refused(Refusal.UNKNOWN)
    fields = {"house_id": house_id, "person_id": person_id, "kind": kind, "due_at": due_at}
    fields["title"] = title[:TITLE_CHARS_MAX]
    if not key:
        return FollowUp.objects.create(associate_id=associate_id, **fields).pk
    return FollowUp.objects.get_or_create(associate_id=associate_id, key=key, defaults=fields)[0].pk


@transaction.atomic
def write_follow_up(
    *, house_id: int, associate_id: int, person_id: int, title: str, on: date, now: datetime
) -> int:
    """A task of an associate's own for their client on a day. Raises Refused (NOT_YOURS, EMPTY, TOO_LONG)."""
    if not title.strip():
        raise Refused(Refusal.EMPTY)
    if len(title) > TITLE_CHARS_MAX:
        raise Refused(Refusal.TOO_LONG)
    person_id = current_id(person_id)
    rows = ClientBookEntry.objects.filter(
        house_id=house_id, associate_id=associate_id, person_id=person_id, ended_at__isnull=True
    )
    if not rows.exists():
        raise Refused(Refusal.NOT_YOURS)
    return add_follow_up(
        house_id=house_id,
        associate_id=associate_id,
        person_id=person_id,
        kind="own",
        title=title.strip(),
        due_at=due_at(on, 0, _zone(house_id)),
        now=now,
    )


@transaction.atomic
def finish_follow_up(*, house_id: int, associate_id: int, follow_up_id: int, now: datetime) -> None:
    """Tick a task off; doing it twice changes nothing. Raises Refused when it is not this associate's."""
    rows = FollowUp.objects.filter(pk=follow_up_id, house_id=house_id, associate_id=associate_id)
    if not rows.exists():
        raise Refused(Refusal.UNKNOWN)
    rows.filter(done_at__isnull=True).update(done_at=now)


@transaction.atomic
def set_playbook(
    *,
    house_id: int,
    user_id: int,
    trigger: str,
    name: str,
    steps: Sequence[Step],
    is_active: bool,
    now: datetime,
) -> None:
    """Put a house's steps for a trigger in force; tasks that were planned stay.

    Raises Refused: SUPERVISOR_ONLY, BAD_CHOICE, EMPTY, TOO_LONG.
    """
    must_supervise(house_id, user_id)
    if trigger not in TRIGGERS or len(steps) > STEPS_MAX or any(not -60 <= one.days <= 365 for one in steps):
        raise Refused(Refusal.BAD_CHOICE)
    if not name.strip() or not steps or any(not step.title.strip() for step in steps):
        raise Refused(Refusal.EMPTY)
    if len(name) > 80 or any(len(step.title) > STEP_CHARS_MAX for step in steps):
        raise Refused(Refusal.TOO_LONG)
    play, _ = Playbook.objects.update_or_create(
        house_id=house_id,
        trigger=trigger,
        defaults={"name": name.strip(), "is_active": is_active, "changed_at": now},
    )
    wanted = {(step.days, step.title.strip()) for step in steps}
    for row in PlaybookStep.objects.filter(playbook=play):
        if (row.days, row.title) not in wanted:
            row.delete()
        wanted.discard((row.days, row.title))
    PlaybookStep.objects.bulk_create(
        PlaybookStep(playbook=play, days=days, title=title) for days, title in sorted(wanted)
    )
    details = {"user": user_id, "trigger": trigger, "steps": len(steps), "active": is_active}
    append_audit(house_id=house_id, kind="playbook.set", details=details, now=now)


def plan_thanks(fact: SaleCredited, now: datetime) -> None:
    """After a credited sale: the steps of the house's play after a purchase, for the associate who was credited."""
    if fact.person_id is None or fact.associate_id is None:
        return
    day = fact.occurred_at.astimezone(_zone(fact.house_id)).date()
    _play(
        house_id=fact.house_id,
        trigger="after_purchase",
        person_id=current_id(fact.person_id),
        associate_id=fact.associate_id,
        day=day,
        event=f"{fact.order_id}",
        about=fact.number,
        now=now,
    )


def plan_arrival(fact: PlanOfADay, now: datetime) -> None:
    """A client keeps a plan for a day in town: the steps of the arrival play for their associate, once a day."""
    if fact.person_id is None:
        return
    person_id = current_id(fact.person_id)
    day = date.fromisoformat(fact.day)
    _play(
        house_id=fact.house_id,
        trigger="arrival",
        person_id=person_id,
        associate_id=None,
        day=day,
        event=f"{person_id}:{day}",
        about=f"{day}",
        now=now,
    )


def tell_moved(fact: MovedVisit, now: datetime) -> None:
    """The client chose another time: a task for their own associate, reminded of in WeCom like every task."""
    if fact.person_id is None or fact.by != "client":
        return
    person_id = current_id(fact.person_id)
    associate_id = _associate_of(fact.house_id, person_id)
    if associate_id is None:
        return
    was, starts = (f"{datetime.fromisoformat(at):%Y-%m-%d %H:%M}" for at in (fact.was_at, fact.starts_at))
    add_follow_up(
        house_id=fact.house_id,
        associate_id=associate_id,
        person_id=person_id,
        kind="moved",
        title=f"改期 / moved · {was} → {starts}",
        due_at=now,
        now=now,
        key=f"moved:{fact.appointment_id}:{fact.sequence}",
    )


def plan_birthdays(now: datetime) -> int:
    """Plan the birthday play for every birthday of the coming weeks, once a year; returns how many clients had one."""
    planned = 0
    for house_id in (
        ImportantDate.objects.filter(kind="birthday").values_list("house_id", flat=True).distinct()
    ):
        today = now.astimezone(_zone(house_id)).date()
        days = [today + timedelta(days=ahead) for ahead in range(BIRTHDAYS_AHEAD)]
        wanted = Q()
        for month in sorted({day.month for day in days}):
            wanted |= Q(month=month)
        for row in ImportantDate.objects.filter(wanted, house_id=house_id, kind="birthday"):
            day = next_yearly(row.month, row.day, today)
            if day <= days[-1]:
                planned += 1
                _play(
                    house_id=house_id,
                    trigger="birthday",
                    person_id=row.person_id,
                    associate_id=None,
                    day=day,
                    event=f"{row.person_id}:{day.year}",
                    about=f"{day}",
                    now=now,
                )
    return planned


@transaction.atomic
def _play(
    *,
    house_id: int,
    trigger: str,
    person_id: int,
    associate_id: int | None,
    day: date,
    event: str,
    about: str,
    now: datetime,
) -> None:
    """Plan the steps of a play that are not over yet, for the associate named or the client's own."""
    associate_id = associate_id or _associate_of(house_id, person_id)
    if associate_id is None:
        return
    zone = _zone(house_id)
    for step_id, step in _steps(house_id, trigger):
        when = due_at(day, step.days, zone)
        if when.date() < now.astimezone(zone).date():
            continue
        add_follow_up(
            house_id=house_id,
            associate_id=associate_id,
            person_id=person_id,
            kind=trigger,
            title=f"{step.title} · {about}",
            due_at=when,
            now=now,
            key=task_key(trigger, event, step_id),
        )


def _steps(house_id: int, trigger: str) -> Sequence[tuple[int, Step]]:
    """The house's own steps, or those every house starts with; none when the house has put the play to rest."""
    first = {step: -position for position, step in enumerate(FIRST_PLAYS[trigger][1], start=1)}
    play = Playbook.objects.filter(house_id=house_id, trigger=trigger).first()
    if play is None:
        return [(number, step) for step, number in first.items()]
    if not play.is_active:
        return []
    steps = [(row.pk, Step(row.days, row.title)) for row in play.steps.order_by("days", "id")]
    # A first step that the house left as it was keeps its number, or its task would be planned a second time.
    return [(first.get(step, row_id), step) for row_id, step in steps]


def _associate_of(house_id: int, person_id: int) -> int | None:
    rows = ClientBookEntry.objects.filter(
        house_id=house_id, person_id=person_id, ended_at__isnull=True, associate__is_active=True
    )
    return rows.order_by("role", "since").values_list("associate_id", flat=True).first()


def _zone(house_id: int) -> ZoneInfo:
    return ZoneInfo(houses.house(house_id).timezone)
