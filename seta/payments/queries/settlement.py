"""Reading who is paid: payees and their accounts, what each is owed, statements, and the daily round."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from seta.houses import queries as houses
from seta.kit.clock import UTC
from seta.ledger import queries as ledger
from seta.ledger.queries import STATEMENT_LINES_MAX, PostingLine
from seta.payments.models import Attempt, Intent, Payee, PayeeAccount, Refund, ScheduleStep, SettlementBatch
from seta.payments.payee_terms import HOUSE, PayeeTerms, payee_terms
from seta.payments.rules import books, rounds

KEYS_PER_STATEMENT = 500


@dataclass(frozen=True)
class PayeeRow:
    """A partner or the house (code `house`), on what terms it is paid, and when next."""

    id: int | None
    code: str
    name: str
    currency: str
    iban: str
    schedule: str
    schedule_day: int
    cutoff_hour: int
    timezone: str
    minimum: int
    second_person_above: int
    fee_bps: int
    commission_bps: int
    is_active: bool
    next_cutoff_at: datetime
    owed: int


@dataclass(frozen=True)
class AccountRow:
    """Bank details of a payee as they were proposed and decided; `is_in_force` for those that are paid to now."""

    id: int
    payee: str
    holder: str
    iban: str
    bic: str
    reason: str
    state: str
    proposed_by: int
    proposed_at: datetime
    decided_by: int | None
    decided_at: datetime | None
    is_in_force: bool


@dataclass(frozen=True)
class StatementRow:
    """One movement of what a payee is owed: `amount` adds to it or (negative) takes from it, `balance` is after it.

    Of a sale or refund `gross`, `fee` and `commission` are its parts, never negative.
    """

    at: datetime
    kind: str
    number: str
    reference: str
    gross: int
    fee: int
    commission: int
    amount: int
    balance: int


@dataclass(frozen=True)
class PayeeStatement:
    """What a payee was owed at the start and at the end of its days, and everything between; minor units.

    `since` and `until` are days of the payee's own clock, both included.
    """

    house_code: str
    house_name: str
    payee: str
    name: str
    currency: str
    timezone: str
    since: date
    until: date
    opening: int
    closing: int
    rows: Sequence[StatementRow]


@dataclass(frozen=True)
class ScheduleRow:
    """The newest of one step of the daily round: when it ran, how it went, and when it runs next."""

    step: str
    subject: str
    day: date
    state: str
    attempts: int
    last_run_at: datetime | None
    next_run_at: datetime
    outcome: str
    is_late: bool


def payees(house_id: int, *, now: datetime) -> list[PayeeRow]:
    """The house first, then its partners by code."""
    rows = {row.code: row for row in Payee.objects.filter(house_id=house_id).order_by("code")}
    return [_payee_row(house_id, code, rows.get(code), now) for code in dict.fromkeys([HOUSE, *rows])]


def payee_accounts(house_id: int, *, code: str = "", is_waiting: bool | None = None) -> list[AccountRow]:
    """Bank details, newest first: of one payee or all, waiting for a second person or decided or both."""
    rows = PayeeAccount.objects.filter(payee__house_id=house_id).select_related("payee")
    in_force: dict[int, int] = {}
    for row in rows.filter(state="approved").order_by("decided_at", "id"):
        in_force[row.payee_id] = row.pk
    if code:
        rows = rows.filter(payee__code=code)
    if is_waiting is not None:
        rows = rows.filter(state="waiting") if is_waiting else rows.exclude(state="waiting")
    return [_account_row(row, in_force) for row in rows.order_by("-proposed_at", "-id")]


def payee_statement(house_id: int, *, payee: str, currency: str, since: date, until: date) -> PayeeStatement:
    """A payee's account from one day to another; raises PaymentRefused(NOT_FOUND).

    The closing balance is the opening one plus every row, and of days up to now it is the ledger's.
    """
    assert since <= until, "a statement runs forward"
    terms = payee_terms(house_id, payee)
    zone = ZoneInfo(terms.calendar.timezone)
    start = datetime.combine(since, time.min, zone).astimezone(UTC)
    end = datetime.combine(until + timedelta(days=1), time.min, zone).astimezone(UTC)
    opening, closing, postings = _movements(house_id, books.owed_to(terms.code), currency, start, end)
    house = houses.house(house_id)
    rows = list(_rows(house_id, terms, postings, opening))
    assert (rows[-1].balance if rows else opening) == closing, "a statement adds up"
    return PayeeStatement(
        house_code=house.code,
        house_name=house.name,
        payee=terms.code or HOUSE,
        name=terms.account.name or terms.name,
        currency=currency,
        timezone=terms.calendar.timezone,
        since=since,
        until=until,
        opening=opening,
        closing=closing,
        rows=rows,
    )


def schedule_of(house_id: int, *, now: datetime) -> list[ScheduleRow]:
    """The newest of every step of the house's daily round, bills first; a step that failed says why."""
    newest: dict[tuple[str, str], ScheduleStep] = {}
    since = now.date() - timedelta(days=3 * rounds.CATCH_UP_DAYS)
    for row in ScheduleStep.objects.filter(house_id=house_id, day__gte=since).order_by("day", "id"):
        key = (row.step, row.subject)
        # What is still open of an earlier day must not hide behind a later day that went well.
        if key not in newest or newest[key].state in ("done", "none"):
            newest[key] = row
    order = {"bill": 0, "conversion": 1, "payout": 2, "settlement": 3}
    found = sorted(newest.values(), key=lambda row: (order[row.step], row.subject))
    return [_schedule_row(row, now) for row in found]


def _schedule_row(row: ScheduleStep, now: datetime) -> ScheduleRow:
    if row.state not in ("done", "none"):
        coming = row.next_at or now
    elif row.step == "settlement":
        code = row.subject.partition(":")[0]
        coming = payee_terms(row.house_id, code).calendar.next_after(now)
    else:
        coming = max(rounds.bill_ready_at(row.day + timedelta(days=1)), now)
    return ScheduleRow(
        step=row.step,
        subject=row.subject,
        day=row.day,
        state=row.state,
        attempts=row.attempts,
        last_run_at=row.tried_at,
        next_run_at=coming,
        outcome=row.detail,
        is_late=row.is_late and row.state not in ("done", "none"),
    )


def _payee_row(house_id: int, code: str, row: Payee | None, now: datetime) -> PayeeRow:
    terms = payee_terms(house_id, code)
    calendar = terms.calendar
    return PayeeRow(
        id=row.pk if row else None,
        code=code,
        name=terms.name,
        currency=terms.currency,
        iban=terms.account.iban,
        schedule=calendar.schedule,
        schedule_day=calendar.schedule_day,
        cutoff_hour=calendar.cutoff_hour,
        timezone=calendar.timezone,
        minimum=terms.minimum,
        second_person_above=terms.second_person_above,
        fee_bps=terms.fee_bps,
        commission_bps=terms.commission_bps,
        is_active=row.is_active if row else True,
        next_cutoff_at=calendar.next_after(now),
        owed=-ledger.balance(house_id, books.owed_to(terms.code), terms.currency),
    )


def _account_row(row: PayeeAccount, in_force: dict[int, int]) -> AccountRow:
    return AccountRow(
        id=row.pk,
        payee=row.payee.code,
        holder=row.holder,
        iban=row.iban,
        bic=row.bic,
        reason=row.reason,
        state=row.state,
        proposed_by=row.proposed_by,
        proposed_at=row.proposed_at,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        is_in_force=in_force.get(row.payee_id) == row.pk,
    )


def _movements(
    house_id: int, code: str, currency: str, since: datetime, until: datetime
) -> tuple[int, int, list[PostingLine]]:
    """What was owed before and after (credit positive) and every posting between, page by page."""
    postings: list[PostingLine] = []
    while True:
        page = ledger.statement(
            house_id, code, currency, since=since, until=until, skip=len(postings), limit=STATEMENT_LINES_MAX
        )
        postings += [line.posting for line in page.lines]
        if len(page.lines) < STATEMENT_LINES_MAX:
            return -page.opening, -page.closing, postings


@dataclass(frozen=True)
class _Source:
    """What a journal is about, as a statement shows it."""

    number: str
    reference: str
    gross: int
    fee: int
    commission: int


def _rows(
    house_id: int, terms: PayeeTerms, postings: Sequence[PostingLine], opening: int
) -> Iterator[StatementRow]:
    sources = _sources(house_id, terms, {_key(line.idem) for line in postings})
    balance = opening
    for line in postings:
        balance -= line.amount
        kind, number = _key(line.idem)
        source = sources.get((kind, number)) or _Source(line.ref, "", 0, 0, 0)
        if kind in ("payment", "refund") and not terms.code and not source.gross:
            kind = "commission" if kind == "payment" else "commission_back"
        yield StatementRow(
            at=line.at,
            kind=f"{kind}_reversal" if line.idem.endswith(":reversal") else kind,
            number=source.number,
            reference=source.reference,
            gross=source.gross,
            fee=source.fee,
            commission=source.commission,
            amount=-line.amount,
            balance=balance,
        )


def _key(idem: str) -> tuple[str, str]:
    """The kind and number within a journal's key, such as `payment:st...:reversal`."""
    kind, _, rest = idem.partition(":")
    if kind in ("payment", "refund", "settlement"):
        return kind, rest.partition(":")[0]
    return "correction", rest


def _sources(
    house_id: int, terms: PayeeTerms, keys: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], _Source]:
    numbers: dict[str, list[str]] = {"payment": [], "refund": [], "settlement": [], "correction": []}
    for kind, number in sorted(keys):
        numbers[kind].append(number)
    found: dict[tuple[str, str], _Source] = {}
    for chunk in _chunks(numbers["payment"]):
        paid = Attempt.objects.filter(house_id=house_id, out_trade_no__in=chunk).select_related("intent")
        for attempt in paid:
            found["payment", attempt.out_trade_no] = _of_payment(attempt.intent, terms)
    for chunk in _chunks(numbers["refund"]):
        backs = Refund.objects.filter(house_id=house_id, out_refund_no__in=chunk).select_related("intent")
        for back in backs:
            found["refund", back.out_refund_no] = _of_refund(back, terms)
    for chunk in _chunks(numbers["settlement"]):
        for batch in SettlementBatch.objects.filter(house_id=house_id, number__in=chunk):
            found["settlement", batch.number] = _Source(batch.number, batch.cutoff_on.isoformat(), 0, 0, 0)
    return found


def _of_payment(row: Intent, terms: PayeeTerms) -> _Source:
    if row.payee_id is not None and not terms.code:
        return _Source(row.number, row.reference, 0, 0, 0)
    return _Source(row.number, row.reference, row.settle_amount, row.fee, row.commission)


def _of_refund(row: Refund, terms: PayeeTerms) -> _Source:
    reference = row.intent.reference
    if row.intent.payee_id is not None and not terms.code:
        return _Source(row.out_refund_no, reference, 0, 0, 0)
    return _Source(row.out_refund_no, reference, row.settle_amount, row.fee, row.commission)


def _chunks(numbers: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(numbers), KEYS_PER_STATEMENT):
        yield numbers[start : start + KEYS_PER_STATEMENT]
