"""A house's daily round: fetch the bill, reconcile, convert, settle; each once a day, and again where it failed."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Q

from seta.events.operations import publish
from seta.houses import queries as houses
from seta.kit.clock import BEIJING, beijing_day
from seta.ledger import queries as ledger
from seta.payments.events import BillLate
from seta.payments.models import Attempt, Break, Payee, Refund, ScheduleStep
from seta.payments.operations.booking import open_break
from seta.payments.operations.recon.payouts import fetch_payouts
from seta.payments.operations.reconciling import PROVIDER_NAMES, close_day
from seta.payments.operations.settling import book_conversion, settle
from seta.payments.payee_terms import HOUSE, payee_terms
from seta.payments.rules import books, quotes, rounds
from seta.payments.rules.matching import Category
from seta.payments.rules.refusals import PaymentRefused
from seta.platforms.core.errors import PlatformError

BILL, CONVERSION, PAYOUT, SETTLEMENT = "bill", "conversion", "payout", "settlement"
WAITING, FAILED, DONE, NONE = "waiting", "failed", "done", "none"
ENDED = (DONE, NONE)

log = logging.getLogger(__name__)


class _NotYet(Exception):
    """A step that has to wait for something, and is tried again."""


@dataclass(frozen=True)
class _Task:
    """A step that is due: what it is of, and what does it and says how it went."""

    house_id: int
    step: str
    subject: str
    day: date
    do: Callable[[], str]


def run_schedule(now: datetime) -> int:
    """Do what is due of every house's daily round; returns how many steps were done. For the worker, each minute.

    Each step is done once for its day, however many workers run and wherever one of them dies: a step is marked
    done after its own transactions, all of which change nothing when they are repeated. One that fails is tried
    again, at first soon and then every half hour. Must not be called inside a transaction.
    """
    done = 0
    for house in houses.houses():
        for find in (_bills, _conversions, _payouts, _settlements):
            for task in find(house.id, now):
                done += _run(task, now)
    return done


def _bills(house_id: int, now: datetime) -> list[_Task]:
    """Every connected provider's bill of yesterday, and of days before it that were missed and had payments."""
    tasks: list[_Task] = []
    ready = rounds.days_to_bill(now)
    yesterday = beijing_day(now) - timedelta(days=1)
    for provider in sorted(houses.payment_families(house_id) & set(PROVIDER_NAMES.values())):
        days = [day for day in ready if day == yesterday or _has_ours(house_id, provider, day)]
        for day in days:
            tasks.append(_Task(house_id, BILL, provider, day, _bill_of(house_id, provider, day, now)))
    return tasks


def _bill_of(house_id: int, provider: str, day: date, now: datetime) -> Callable[[], str]:
    def do() -> str:
        card = close_day(house_id=house_id, provider=provider, day=day, now=now)
        late = Break.objects.filter(house_id=house_id, provider=provider, key=_late_key(day))
        late.filter(resolved_at__isnull=True).update(resolved_at=now, resolution="the bill has come")
        if card.funds_problem:
            raise _NotYet(f"the trade bill is read, the fund bill is not: {card.funds_problem}")
        found = len(card.breaks) + (len(card.funds.breaks) if card.funds else 0)
        return f"{card.rows} rows, {found} breaks"

    return do


def _conversions(house_id: int, now: datetime) -> list[_Task]:
    """Of each provider whose bill has been reconciled."""
    billed = ScheduleStep.objects.filter(
        house_id=house_id, step=BILL, state=DONE, day__in=rounds.days_to_bill(now)
    )
    return [
        _Task(house_id, CONVERSION, row.subject, row.day, _conversion_of(house_id, row.subject, row.day, now))
        for row in billed.order_by("day", "subject")
    ]


def _conversion_of(house_id: int, provider: str, day: date, now: datetime) -> Callable[[], str]:
    def do() -> str:
        waiting = Q(confirmation__isnull=False, converted_on__isnull=True)
        paid = Attempt.objects.filter(waiting, house_id=house_id, provider=provider)
        back = Refund.objects.filter(waiting, house_id=house_id, intent__provider=provider)
        currencies = set(paid.values_list("intent__settle_currency", flat=True).distinct())
        currencies |= set(back.values_list("intent__settle_currency", flat=True).distinct())
        booked = []
        for currency in sorted(currencies):
            card = book_conversion(
                house_id=house_id, provider=provider, day=day, settle_currency=currency, now=now
            )
            if card is not None:
                booked.append(currency)
        return f"converted to {', '.join(booked)}" if booked else "nothing to convert"

    return do


def _payouts(house_id: int, now: datetime) -> list[_Task]:
    """What each provider has paid out, once its bill of yesterday has been through."""
    yesterday = beijing_day(now) - timedelta(days=1)
    billed = ScheduleStep.objects.filter(
        house_id=house_id, step=BILL, state__in=ENDED, day=yesterday
    ).values_list("subject", flat=True)
    return [
        _Task(house_id, PAYOUT, name, yesterday, _payouts_of(house_id, name, yesterday, now))
        for name in sorted(billed)
    ]


def _payouts_of(house_id: int, provider: str, day: date, now: datetime) -> Callable[[], str]:
    def do() -> str:
        today = day + timedelta(days=1)
        new = fetch_payouts(house_id=house_id, provider=provider, day=today, now=now)
        return f"{new} new payouts"

    return do


def _settlements(house_id: int, now: datetime) -> list[_Task]:
    """Of the house and each partner whose cut-off is past and whose account is not empty."""
    tasks: list[_Task] = []
    partners = Payee.objects.filter(house_id=house_id).exclude(code=HOUSE).order_by("code")
    wanted = [("", currency) for currency in sorted(quotes.SETTLE_CURRENCIES)]
    wanted += list(partners.values_list("code", "currency"))
    calendars = {code: payee_terms(house_id, code).calendar for code in {code for code, _ in wanted}}
    for code, currency in wanted:
        day = calendars[code].last_before(now)
        subject = f"{code or HOUSE}:{currency}"
        if ledger.guarded_balance(house_id, books.owed_to(code), currency):
            do = _settlement_of(house_id, code, currency, day, now)
            tasks.append(_Task(house_id, SETTLEMENT, subject, day, do))
    return tasks


def _settlement_of(house_id: int, code: str, currency: str, day: date, now: datetime) -> Callable[[], str]:
    def do() -> str:
        card = settle(house_id=house_id, currency=currency, day=day, now=now, payee=code)
        if card.state == "held":
            raise _NotYet("refunds on their way need the money first")
        return f"{card.number} {card.state}".strip()

    return do


def _run(task: _Task, now: datetime) -> int:
    step, _ = ScheduleStep.objects.get_or_create(
        house_id=task.house_id,
        step=task.step,
        subject=task.subject,
        day=task.day,
        defaults={"state": WAITING},
    )
    if step.state in ENDED or not _take(step, now):
        return 0
    try:
        detail = task.do()
    except (_NotYet, PlatformError, PaymentRefused, LookupError) as problem:
        _fail(step, str(problem), now)
        return 0
    except Exception as problem:
        # One house's step must not keep the others from theirs; it is seen in the log and on the desk.
        log.exception("the %s of %s for %s has failed", task.step, task.subject, task.day)
        _fail(step, f"{type(problem).__name__}: {problem}", now)
        return 0
    _end(step, DONE, detail, now)
    return 1


def _take(step: ScheduleStep, now: datetime) -> bool:
    """Whether the step is due and now this worker's: the database decides between two."""
    due = Q(next_at__isnull=True) | Q(next_at__lte=now)
    mine = ScheduleStep.objects.filter(due, pk=step.pk, state__in=[WAITING, FAILED])
    taken = mine.update(next_at=now + rounds.LEASE, attempts=step.attempts + 1, tried_at=now)
    step.attempts += taken
    return bool(taken)


def _end(step: ScheduleStep, state: str, detail: str, now: datetime) -> None:
    ScheduleStep.objects.filter(pk=step.pk).update(
        state=state, detail=detail[:200], done_at=now, next_at=None
    )


@transaction.atomic
def _fail(step: ScheduleStep, detail: str, now: datetime) -> None:
    """Say why and when it is tried again; of a bill that is not there by noon, whether that is an alarm."""
    log.warning("the %s of %s for %s is not done: %s", step.step, step.subject, step.day, detail)
    is_late = step.is_late
    if step.step == BILL and now >= rounds.bill_late_at(step.day):
        if not _has_ours(step.house_id, step.subject, step.day):
            _end(step, NONE, "no bill, and nothing of ours to be in it", now)
            return
        if not is_late:
            _alarm(step, detail, now)
        is_late = True
    ScheduleStep.objects.filter(pk=step.pk).update(
        state=FAILED,
        detail=detail[:200],
        is_late=is_late,
        next_at=rounds.retry_at(now, step.attempts),
    )


def _alarm(step: ScheduleStep, detail: str, now: datetime) -> None:
    open_break(
        house_id=step.house_id,
        provider=step.subject,
        key=_late_key(step.day),
        category=Category.FILE_ERROR,
        our_amount=None,
        their_amount=None,
        detail=f"no bill of {step.day} by noon: {detail}",
        now=now,
    )
    publish(
        BillLate(
            house_id=step.house_id,
            occurred_at=now,
            provider=step.subject,
            bill_on=step.day.isoformat(),
            attempts=step.attempts,
        )
    )


def _late_key(day: date) -> str:
    return f"B:{day.isoformat()}"


def _has_ours(house_id: int, provider: str, day: date) -> bool:
    """Whether the books hold a payment or refund that the bill of a Beijing day should hold too."""
    since = datetime.combine(day, time.min, BEIJING)
    window = (since, since + timedelta(days=1))
    paid = Attempt.objects.filter(
        house_id=house_id,
        provider=provider,
        intent__booked_at__gte=window[0],
        intent__booked_at__lt=window[1],
    )
    back = Refund.objects.filter(
        house_id=house_id,
        intent__provider=provider,
        booked_at__gte=window[0],
        booked_at__lt=window[1],
    )
    return paid.exists() or back.exists()
