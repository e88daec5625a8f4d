"""Reading payments: lists, one payment with everything signed and posted, breaks, batches, totals."""

from datetime import date, datetime, time, timedelta

from django.db.models import Count, F, QuerySet, Sum

from seta.kit.clock import BEIJING, beijing_day
from seta.ledger import queries as ledger
from seta.ledger.queries import TrialLine
from seta.payments import standing
from seta.payments.cards import IntentCard, intent_card
from seta.payments.code_queries import CodeCard, house_of_code, static_code, static_codes
from seta.payments.models import (
    Attempt,
    Break,
    Intent,
    ProviderFact,
    Rate,
    ReconRun,
    Refund,
    SettlementBatch,
    SettlementLine,
)
from seta.payments.queries.changes import (
    ChangeRow,
    StandingRate,
    TermsCard,
    change_history,
    open_changes,
    standing_rates,
    terms,
)
from seta.payments.queries.differences import break_row
from seta.payments.queries.listing import Wanted, page_ids
from seta.payments.queries.second_person import RefundByTwo, refund_by_two, refunds_by_two
from seta.payments.queries.settlement import (
    AccountRow,
    PayeeRow,
    PayeeStatement,
    ScheduleRow,
    StatementRow,
    payee_accounts,
    payee_statement,
    payees,
    schedule_of,
)
from seta.payments.queries.statistics import (
    DayBar,
    MethodRate,
    MethodTotal,
    day_bars,
    method_rates,
    method_totals,
    unknown_now,
)
from seta.payments.rows import (
    BatchDetail,
    BatchLine,
    BatchRow,
    BreakRow,
    DayTotal,
    FactRow,
    PaymentDetail,
    PaymentRow,
    Position,
    QuoteRow,
    RateCard,
    RefundRow,
    RunRow,
)
from seta.payments.rules import books, quotes
from seta.payments.rules.refusals import PaymentRefused, Refusal
from seta.payments.rules.states import REFUND_VOID, RefundState

__all__ = [
    "AccountRow",
    "BatchDetail",
    "BatchLine",
    "BatchRow",
    "BreakRow",
    "ChangeRow",
    "CodeCard",
    "DayBar",
    "DayTotal",
    "FactRow",
    "IntentCard",
    "MethodRate",
    "MethodTotal",
    "PayeeRow",
    "PayeeStatement",
    "PaymentDetail",
    "PaymentRow",
    "Position",
    "QuoteRow",
    "RateCard",
    "RefundByTwo",
    "RefundRow",
    "RunRow",
    "ScheduleRow",
    "StandingRate",
    "StatementRow",
    "TermsCard",
    "Wanted",
    "batch",
    "batches",
    "breaks",
    "change_history",
    "day_bars",
    "day_totals",
    "house_of_code",
    "intent",
    "method_rates",
    "method_totals",
    "open_changes",
    "payee_accounts",
    "payee_statement",
    "payees",
    "payment",
    "payment_page",
    "payments",
    "payments_of_person",
    "positions",
    "refund_by_two",
    "refunds_by_two",
    "refunds_to_approve",
    "runs",
    "schedule_of",
    "standing_rates",
    "static_code",
    "static_codes",
    "terms",
    "trial_balance",
    "unknown_now",
]

PAGE_ROWS_MAX = 200


def intent(intent_id: int, *, house_id: int | None = None, boutique_code: str = "") -> IntentCard:
    """A payment's state; raises PaymentRefused(NOT_FOUND), also for another house's or another boutique's."""
    rows = _of_boutique(Intent.objects.select_related("attempt").filter(pk=intent_id), boutique_code)
    row = (rows.filter(house_id=house_id) if house_id is not None else rows).first()
    if row is None:
        raise PaymentRefused(Refusal.NOT_FOUND, f"intent {intent_id}")
    return intent_card(row)


def indication(house_id: int, counter: str, *, now: datetime) -> RateCard | None:
    """The rate that a quote made now would have, for prices shown before anything is locked; None without a rate."""
    rate = standing.rate_on(house_id, counter, beijing_day(now))
    if rate is None:
        return None
    spread_bps = standing.terms_of(house_id).spread_bps
    recorded = Rate.objects.filter(
        house_id=house_id,
        base=quotes.BASE_CURRENCY,
        counter=counter,
        source=rate.source,
        valid_on=rate.valid_on,
    ).values_list("recorded_at", flat=True)
    return RateCard(counter, quotes.less_spread(rate.scaled, spread_bps), recorded.get())


def payments(
    house_id: int,
    *,
    state: str = "",
    provider: str = "",
    search: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    boutique_code: str = "",
    limit: int = 50,
    offset: int = 0,
) -> list[PaymentRow]:
    """A house's payments, newest first; `search` is a number, reference or out_trade_no in full or its start."""
    rows = _of_boutique(_with_refunds(house_id), boutique_code)
    if state:
        rows = rows.filter(state=state)
    if provider:
        rows = rows.filter(provider=provider)
    if search:
        rows = (
            rows.filter(number__startswith=search)
            | rows.filter(reference__startswith=search)
            | rows.filter(attempt__out_trade_no__startswith=search)
        )
    if since:
        rows = rows.filter(opened_at__gte=since)
    if until:
        rows = rows.filter(opened_at__lt=until)
    page = rows.order_by("-opened_at", "-id")[offset : offset + min(limit, PAGE_ROWS_MAX)]
    return [_payment_row(row) for row in page]


def payment_page(
    house_id: int, wanted: Wanted, *, before: int | None = None, limit: int = 50
) -> list[PaymentRow]:
    """A page of the payments that fit, newest first; the next begins `before` the last row's id."""
    ids = page_ids(house_id, wanted, before=before, limit=limit)
    rows = _with_refunds(house_id).filter(pk__in=ids).order_by("-pk")
    return [_payment_row(row) for row in rows]


def payments_of_person(house_id: int, person_id: int) -> list[PaymentRow]:
    """What one client has paid or tried to, newest first."""
    rows = _with_refunds(house_id).filter(person_id=person_id).order_by("-opened_at")[:PAGE_ROWS_MAX]
    return [_payment_row(row) for row in rows]


def payment(house_id: int, intent_id: int, *, now: datetime, boutique_code: str = "") -> PaymentDetail:
    """One payment in full; raises PaymentRefused(NOT_FOUND), also for another boutique's."""
    row = _of_boutique(_with_refunds(house_id), boutique_code).filter(pk=intent_id).first()
    if row is None:
        raise PaymentRefused(Refusal.NOT_FOUND, f"intent {intent_id}")
    attempt = row.attempt
    facts = ProviderFact.objects.filter(
        house_id=house_id, provider=row.provider, out_trade_no=attempt.out_trade_no
    )
    refunds = list(row.refunds.order_by("id"))
    keys = [f"P:{attempt.out_trade_no}", f"V:{attempt.out_trade_no}"]
    keys += [f"R:{back.out_refund_no}" for back in refunds]
    found = Break.objects.filter(house_id=house_id, provider=row.provider, key__in=keys)
    lines = SettlementLine.objects.filter(intent_id=row.pk, kind="payment", is_returned=False)
    line = lines.select_related("batch").first()
    return PaymentDetail(
        payment=_payment_row(row),
        description=row.description,
        out_trade_no=attempt.out_trade_no,
        provider_number=attempt.provider_number,
        provider_fee=_confirmed_fee(attempt),
        batch_number=line.batch.number if line else "",
        quote=_quote_row(row),
        refunds=[_refund_row(back, row.settle_currency) for back in refunds],
        facts=[_fact_row(fact) for fact in facts.order_by("received_at", "id")],
        postings=ledger.postings_of(house_id, row.number),
        breaks=[break_row(one, now) for one in found.order_by("id")],
    )


def _of_boutique(rows: QuerySet[Intent], boutique_code: str) -> QuerySet[Intent]:
    """Those of one sales point; all of them for the empty code, which stands for the whole house."""
    return rows.filter(boutique_code=boutique_code) if boutique_code else rows


def refunds_to_approve(house_id: int) -> list[RefundRow]:
    """Refunds that wait for a second person, oldest first."""
    rows = Refund.objects.filter(house_id=house_id, state=RefundState.TO_APPROVE).select_related("intent")
    return [_refund_row(row, row.intent.settle_currency) for row in rows.order_by("requested_at", "id")]


def breaks(house_id: int, *, now: datetime, is_open: bool | None = True) -> list[BreakRow]:
    """A house's breaks, oldest first: open ones, resolved ones, or all for None."""
    rows = Break.objects.filter(house_id=house_id)
    if is_open is not None:
        rows = rows.filter(resolved_at__isnull=is_open)
    return [break_row(row, now) for row in rows.order_by("opened_at", "id")[:PAGE_ROWS_MAX]]


def runs(house_id: int, *, limit: int = 30) -> list[RunRow]:
    """The newest reconciliations."""
    rows = ReconRun.objects.filter(bill__house_id=house_id).select_related("bill").order_by("-ran_at", "-id")
    return [
        RunRow(row.pk, row.bill.provider, row.bill.bill_on, row.bill.row_count, dict(row.counts), row.ran_at)
        for row in rows[:limit]
    ]


def batches(house_id: int, *, limit: int = 50) -> list[BatchRow]:
    """Settlement batches, newest first."""
    rows = SettlementBatch.objects.filter(house_id=house_id).annotate(line_count=Count("lines"))
    rows = rows.select_related("payee")
    return [_batch_row(row, row.line_count) for row in rows.order_by("-created_at", "-id")[:limit]]


def batch(house_id: int, batch_id: int) -> BatchDetail:
    """One batch in full; raises PaymentRefused(NOT_FOUND)."""
    row = SettlementBatch.objects.filter(house_id=house_id, pk=batch_id).first()
    if row is None:
        raise PaymentRefused(Refusal.NOT_FOUND, f"batch {batch_id}")
    lines = [
        _batch_line(line) for line in row.lines.select_related("intent", "refund__intent").order_by("id")
    ]
    return BatchDetail(
        batch=_batch_row(row, len(lines)),
        lines=lines,
        postings=ledger.postings_of(house_id, row.number),
        bank_file=row.bank_file,
    )


def day_totals(house_id: int, day: date) -> list[DayTotal]:
    """What was booked on a Beijing day, by provider and settlement currency."""
    since = datetime.combine(day, time.min, BEIJING)
    window = (since, since + timedelta(days=1))
    paid = (
        Intent.objects.filter(house_id=house_id, booked_at__gte=window[0], booked_at__lt=window[1])
        .filter(state="succeeded")
        .values("provider", "settle_currency")
        .annotate(n=Count("id"), cny=Sum("amount"), settle=Sum("settle_amount"), our_fee=Sum("fee"))
    )
    back = (
        Refund.objects.filter(house_id=house_id, booked_at__gte=window[0], booked_at__lt=window[1])
        .exclude(state__in=REFUND_VOID)
        .values(p=F("intent__provider"), c=F("intent__settle_currency"))
        .annotate(n=Count("id"), cny=Sum("amount"), settle=Sum("settle_amount"))
    )
    payments_of = {(row["provider"], row["settle_currency"]): row for row in paid}
    refunds_of = {(row["p"], row["c"]): row for row in back}
    totals = []
    for key in sorted(payments_of.keys() | refunds_of.keys()):
        one, other = payments_of.get(key), refunds_of.get(key)
        totals.append(
            DayTotal(
                provider=key[0],
                settle_currency=key[1],
                payments=one["n"] if one else 0,
                amount=one["cny"] if one else 0,
                settle_amount=one["settle"] if one else 0,
                fees=one["our_fee"] if one else 0,
                refunds=other["n"] if other else 0,
                refunded=other["cny"] if other else 0,
                settle_refunded=other["settle"] if other else 0,
            )
        )
    return totals


def trial_balance(house_id: int, *, before: datetime | None = None) -> list[TrialLine]:
    """The house's books by account and currency; see the ledger's query of this name."""
    return ledger.trial_balance(house_id, before=before)


def positions(house_id: int) -> list[Position]:
    """What the house is owed and what is on its way to its bank, by currency, in minor units."""
    lines = ledger.trial_balance(house_id)
    owed = {line.currency: -line.balance for line in lines if line.code == books.MERCHANT}
    on_way = {line.currency: -line.balance for line in lines if line.code == books.IN_TRANSIT}
    return [
        Position(currency, owed.get(currency, 0), on_way.get(currency, 0))
        for currency in sorted(owed.keys() | on_way.keys())
    ]


def _with_refunds(house_id: int) -> QuerySet[Intent]:
    return (
        Intent.objects.filter(house_id=house_id)
        .select_related("attempt__confirmation")
        .prefetch_related("refunds__confirmation")
    )


def _confirmed_fee(row: Attempt | Refund) -> int | None:
    """The fee in fen that a bill states, None while no bill has confirmed the row."""
    found = getattr(row, "confirmation", None)
    return None if found is None else found.fee


def _payment_row(row: Intent) -> PaymentRow:
    return PaymentRow(
        id=row.pk,
        number=row.number,
        reference=row.reference,
        method=row.method,
        provider=row.provider,
        state=row.state,
        amount=row.amount,
        currency=row.currency,
        settle_amount=row.settle_amount,
        settle_currency=row.settle_currency,
        fee=row.fee,
        refunded=sum(back.amount for back in row.refunds.all() if back.state not in REFUND_VOID),
        opened_at=row.opened_at,
        booked_at=row.booked_at,
        is_reconciled=_confirmed_fee(row.attempt) is not None,
        person_id=row.person_id,
        associate_id=row.associate_id,
        campaign=row.campaign,
        boutique_code=row.boutique_code,
    )


def _quote_row(row: Intent) -> QuoteRow | None:
    quote = getattr(row, "quote", None)
    if quote is None:
        return None
    return QuoteRow(
        reference_scaled=quote.reference_scaled,
        scaled=quote.scaled,
        spread_bps=quote.spread_bps,
        source=quote.source,
        created_at=quote.created_at,
        expires_at=quote.expires_at,
    )


def _refund_row(row: Refund, settle_currency: str) -> RefundRow:
    return RefundRow(
        id=row.pk,
        intent_id=row.intent_id,
        out_refund_no=row.out_refund_no,
        amount=row.amount,
        settle_amount=row.settle_amount,
        settle_currency=settle_currency,
        reason=row.reason,
        state=row.state,
        refusal=row.refusal,
        requested_by=row.requested_by,
        approved_by=row.approved_by,
        requested_at=row.requested_at,
        booked_at=row.booked_at,
        is_reconciled=_confirmed_fee(row) is not None,
    )


def _fact_row(row: ProviderFact) -> FactRow:
    return FactRow(
        id=row.pk,
        source=row.source,
        state=row.state,
        amount=row.amount,
        currency=row.currency,
        happened_at=row.happened_at,
        received_at=row.received_at,
        digest=row.digest,
        external_id=row.external_id,
        body=dict(row.body),
    )


def _batch_row(row: SettlementBatch, lines: int) -> BatchRow:
    return BatchRow(
        id=row.pk,
        number=row.number,
        currency=row.currency,
        cutoff_on=row.cutoff_on,
        gross=row.gross,
        refunded=row.refunded,
        fees=row.fees,
        total=row.total,
        state=row.state,
        lines=lines,
        created_at=row.created_at,
        confirmed_at=row.confirmed_at,
        has_bank_file=bool(row.bank_file),
        payee=row.payee.code if row.payee else "",
        commissions=row.commissions,
        released_by=row.released_by,
        second_by=row.second_by,
        released_at=row.released_at,
        sent_at=row.sent_at,
        returned_at=row.returned_at,
        return_reason=row.return_reason,
    )


def _batch_line(line: SettlementLine) -> BatchLine:
    if line.intent is not None:
        number, reference = line.intent.number, line.intent.reference
    else:
        assert line.refund is not None
        number, reference = line.refund.out_refund_no, line.refund.intent.reference
    return BatchLine(line.kind, number, reference, line.gross, line.fee, line.net, line.commission)
