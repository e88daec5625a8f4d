"""What a payee is paid and when: sales less refunds, fees and commission up to a cut-off, and each batch's way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from seta.kit.clock import UTC
from seta.kit.money import convert
from seta.payments.rules.refusals import PaymentRefused, Refusal

DAILY, WEEKLY, MONTHLY = "daily", "weekly", "monthly"
SCHEDULES = (DAILY, WEEKLY, MONTHLY)
MONTH_DAY_MAX = 28  # so that every month has the day
_LOOK_BACK = 40  # days: more than the longest month between two cut-offs


class LineKind(StrEnum):
    """What a line of a batch stands for; the commission kinds are lines of the house about a partner's sales."""

    PAYMENT = "payment"
    REFUND = "refund"
    REVERSAL = "reversal"
    REFUND_REVERSAL = "refund_reversal"
    COMMISSION = "commission"
    COMMISSION_BACK = "commission_back"
    COMMISSION_REVERSAL = "commission_reversal"
    COMMISSION_KEPT = "commission_kept"


class BatchState(StrEnum):
    """Where a batch stands on its way to the bank and back."""

    PREPARED = "prepared"
    RELEASED = "released"
    SENT = "sent"
    CONFIRMED = "confirmed"
    RETURNED = "returned"


class Step(StrEnum):
    """What can happen to a batch."""

    RELEASE = "release"
    SEND = "send"
    CONFIRM = "confirm"
    RETURN = "return"


_WAYS = {
    (BatchState.PREPARED, Step.RELEASE): BatchState.RELEASED,
    (BatchState.RELEASED, Step.SEND): BatchState.SENT,
    (BatchState.RELEASED, Step.CONFIRM): BatchState.CONFIRMED,
    (BatchState.SENT, Step.CONFIRM): BatchState.CONFIRMED,
    (BatchState.SENT, Step.RETURN): BatchState.RETURNED,
    (BatchState.CONFIRMED, Step.RETURN): BatchState.RETURNED,
}
# What a repeated step finds: it changes nothing.
_DONE = {
    Step.RELEASE: {BatchState.RELEASED, BatchState.SENT, BatchState.CONFIRMED},
    Step.SEND: {BatchState.SENT, BatchState.CONFIRMED},
    Step.CONFIRM: {BatchState.CONFIRMED},
    Step.RETURN: {BatchState.RETURNED},
}


def next_state(state: BatchState, step: Step, *, total: int, one_person_up_to: int) -> BatchState:
    """Where a step takes a batch; the same state when it was taken before. Raises PaymentRefused(BATCH_STATE).

    A batch that one person may release needs no release of its own to be sent or confirmed.
    """
    if state in _DONE[step]:
        return state
    if state is BatchState.PREPARED and step in (Step.SEND, Step.CONFIRM):
        if total > one_person_up_to:
            raise PaymentRefused(Refusal.BATCH_NEEDS_SECOND_PERSON, f"over {one_person_up_to}")
        state = BatchState.RELEASED
    if (state, step) not in _WAYS:
        raise PaymentRefused(Refusal.BATCH_STATE, f"{step} of a batch that is {state}")
    return _WAYS[state, step]


@dataclass(frozen=True)
class Due:
    """A payment (positive) or refund (negative) to settle, in minor units of the settlement currency."""

    gross: int
    fee: int
    intent_id: int | None = None
    refund_id: int | None = None
    commission: int = 0
    kind: LineKind = LineKind.PAYMENT

    @property
    def net(self) -> int:
        """What it adds to the batch."""
        return self.gross - self.fee - self.commission


@dataclass(frozen=True)
class BatchTotals:
    """The sums of a batch's lines; total = gross - refunded - fees - commissions, by construction and asserted."""

    gross: int
    refunded: int
    fees: int
    total: int
    commissions: int = 0


def totals(lines: Sequence[Due]) -> BatchTotals:
    """Sum a batch's lines; a refund's gross, fee and commission are negative."""
    gross = sum(line.gross for line in lines if line.gross > 0)
    refunded = -sum(line.gross for line in lines if line.gross < 0)
    fees = sum(line.fee for line in lines)
    commissions = sum(line.commission for line in lines)
    total = sum(line.net for line in lines)
    assert total == gross - refunded - fees - commissions
    return BatchTotals(gross=gross, refunded=refunded, fees=fees, total=total, commissions=commissions)


@dataclass(frozen=True)
class Converted:
    """A day's net yuan at the provider's own rate: what reaches the bank and what the provider kept."""

    received: int
    fee_value: int


def converted(cny: int, provider_fees: int, scaled: int) -> Converted:
    """Convert a day's net fen less the provider's fees (fen) at its rate, scaled by 10^8."""
    received = convert(cny - provider_fees, scaled)
    return Converted(received=received, fee_value=convert(cny, scaled) - received)


@dataclass(frozen=True)
class Calendar:
    """When a payee is settled: at an hour (1 to 24) of its own clock, on every day, a weekday or a day of the month."""

    timezone: str
    cutoff_hour: int = 24
    schedule: str = DAILY
    schedule_day: int = 0

    def cutoff_at(self, day: date) -> datetime:
        """The instant at which the sales of `day` end."""
        start = datetime.combine(day, time.min)
        # By the clock on the wall, also on the day it is changed.
        return (
            (start + timedelta(hours=self.cutoff_hour))
            .replace(tzinfo=ZoneInfo(self.timezone))
            .astimezone(UTC)
        )

    def is_on(self, day: date) -> bool:
        """Whether a batch is made of what was sold up to this day's cut-off."""
        if self.schedule == WEEKLY:
            return day.weekday() == self.schedule_day
        return self.schedule == DAILY or day.day == self.schedule_day

    def last_before(self, now: datetime) -> date:
        """The newest day of settlement whose cut-off is past."""
        day = now.astimezone(ZoneInfo(self.timezone)).date()
        past = (day - timedelta(days=back) for back in range(_LOOK_BACK))
        return next(one for one in past if self.is_on(one) and self.cutoff_at(one) <= now)

    def next_after(self, now: datetime) -> datetime:
        """The next cut-off."""
        day = now.astimezone(ZoneInfo(self.timezone)).date() - timedelta(days=1)
        coming = (day + timedelta(days=ahead) for ahead in range(_LOOK_BACK))
        return next(self.cutoff_at(one) for one in coming if self.is_on(one) and self.cutoff_at(one) > now)


def is_calendar(timezone: str, cutoff_hour: int, schedule: str, schedule_day: int) -> bool:
    """Whether these make a calendar: a known zone, an hour of 1 to 24, and a day that the schedule knows."""
    try:
        ZoneInfo(timezone)
    except (KeyError, ValueError, OSError):
        return False
    days = {DAILY: range(1), WEEKLY: range(7), MONTHLY: range(1, MONTH_DAY_MAX + 1)}
    return 1 <= cutoff_hour <= 24 and schedule in days and schedule_day in days[schedule]
