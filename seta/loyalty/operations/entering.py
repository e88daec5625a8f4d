"""Deeds are entered once, with what the rules of that moment give; what is taken back is a line of its own."""

import re
from dataclasses import asdict
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction

from seta.boutique.events import OrderRefunded
from seta.boutique.queries import order
from seta.events.events import Fact
from seta.houses.queries import house
from seta.loyalty.models import Merit, RuleSet
from seta.loyalty.queries import house_of, live_rules
from seta.loyalty.rules.deeds import Deed, deeds_of, order_deed
from seta.loyalty.rules.merit import Way, points_of_purchase, points_taken_back
from seta.loyalty.rules.refusals import LoyaltyRefused, Refusal
from seta.people.events import PersonsMerged
from seta.people.operations import repoint
from seta.people.queries import current_id

_WORKSHOP = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,39}")


class DeedNotEntered(Exception):
    """A refund was told before its purchase; the worker tells it again later."""


def enter_deeds(fact: Fact, now: datetime) -> None:
    """Enter what a fact tells, once however often it is told; nothing about nobody, nothing without live rules."""
    if fact.person_id is None:
        return
    for deed in deeds_of(fact.name, asdict(fact)):
        _enter(fact.house_id, current_id(fact.person_id), deed, at=fact.occurred_at, now=now)


def _enter(
    house_id: int, person_id: int, deed: Deed, *, at: datetime, now: datetime, noted_by_id: int | None = None
) -> bool:
    """Whether a line was written."""
    live = live_rules(house_id)
    earning = live.program.earnings.get(deed.way) if live else None
    if live is None or earning is None:
        return False
    points = earning.points
    if deed.way == Way.PURCHASE:
        points = points_of_purchase(deed.amount, rate=earning.points, per=earning.per)
    if not points:
        return False
    shared_name = deed.way == Way.WORKSHOP
    return _write(
        Merit(
            house_id=house_id,
            person_id=person_id,
            rule_set_id=live.id,
            key=f"{deed.key}:{person_id}" if shared_name else deed.key,
            deed=deed.key,
            way=deed.way,
            points=points,
            daily_cap=earning.daily_cap,
            label=deed.label,
            at=at,
            day=at.astimezone(ZoneInfo(house(house_id).timezone)).date(),
            expires_at=at + timedelta(days=live.program.last_days),
            noted_by_id=noted_by_id,
            recorded_at=now,
        )
    )


def _write(line: Merit) -> bool:
    """Write a line unless its key is there; told twice at one moment, the second finds the first."""
    if Merit.objects.filter(house_id=line.house_id, key=line.key).exists():
        return False
    try:
        with transaction.atomic():
            line.save(force_insert=True)
    except IntegrityError:
        if not Merit.objects.filter(house_id=line.house_id, key=line.key).exists():
            raise
        return False
    return True


def take_back(fact: OrderRefunded, now: datetime) -> None:
    """Take the points of what was refunded, in proportion and rounded up; all of them when nothing is left.

    Raises DeedNotEntered when the purchase must have earned and is not entered yet.
    """
    given = Merit.objects.filter(house_id=fact.house_id, key=order_deed(fact.order_id)).first()
    bought = order(order_id=fact.order_id, house_id=fact.house_id)
    if given is None:
        if (
            bought is not None
            and bought.paid_at is not None
            and _earned_then(fact, bought.total, bought.paid_at)
        ):
            raise DeedNotEntered(f"order {fact.number} was refunded before it was entered")
        return
    total = bought.total if bought else fact.amount
    back = points_taken_back(given.points, refunded=fact.amount, amount=total, is_whole=fact.is_whole)
    if back:
        _write(_reversal(given, back, key=f"refund:{fact.refund_id}", at=fact.occurred_at, now=now))


def _reversal(given: Merit, back: int, *, key: str, at: datetime, now: datetime) -> Merit:
    return Merit(
        house_id=given.house_id,
        person_id=given.person_id,
        rule_set_id=given.rule_set_id,
        key=key,
        deed=given.deed,
        way=given.way,
        points=-back,
        daily_cap=given.daily_cap,
        label=given.label,
        at=at,
        day=given.day,
        expires_at=given.expires_at,
        recorded_at=now,
    )


def _earned_then(fact: OrderRefunded, total: int, paid_at: datetime) -> bool:
    """Whether rules that give for such a purchase were live when it was paid and are so now."""
    live = live_rules(fact.house_id)
    earning = live.program.earnings.get(Way.PURCHASE) if live else None
    if live is None or earning is None or fact.person_id is None or live.since > paid_at:
        return False
    return points_of_purchase(total, rate=earning.points, per=earning.per) > 0


@transaction.atomic
def note_workshop(*, house_id: int, person_id: int, workshop: str, user_id: int, now: datetime) -> bool:
    """Enter that a client took part in a workshop; False when it stands there already.

    Raises LoyaltyRefused: UNKNOWN_WORKSHOP for a code that cannot be one, UNKNOWN_PERSON, NO_PROGRAM.
    """
    if not _WORKSHOP.fullmatch(workshop):
        raise LoyaltyRefused(Refusal.UNKNOWN_WORKSHOP, workshop[:40])
    if house_of(person_id) != house_id:
        raise LoyaltyRefused(Refusal.UNKNOWN_PERSON, str(person_id))
    if not RuleSet.objects.filter(house_id=house_id, state=RuleSet.State.LIVE).exists():
        raise LoyaltyRefused(Refusal.NO_PROGRAM)
    code = workshop.lower()
    deed = Deed(f"workshop:{code}", Way.WORKSHOP, code)
    return _enter(house_id, current_id(person_id), deed, at=now, now=now, noted_by_id=user_id)


@transaction.atomic
def repoint_person(fact: PersonsMerged, now: datetime) -> None:
    """The absorbed person's lines become the kept one's; what both had told counts once."""
    repoint(Merit, fact)


@transaction.atomic
def erase_person(*, house_id: int, person_id: int, now: datetime) -> int:
    """Part a person from their lines, which stay without a name; returns how many."""
    return Merit.objects.filter(house_id=house_id, person_id=person_id).update(person_id=None)
