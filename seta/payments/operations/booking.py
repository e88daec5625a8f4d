"""Where a signed fact becomes state, journal and event, in one transaction, once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from seta.callbacks.rules import Answer, Inbound
from seta.events.operations import publish, publish_many
from seta.kit.clock import beijing_day
from seta.ledger import operations as ledger
from seta.ledger.rules import Overdraft
from seta.payments import cashiers
from seta.payments.events import BreakOpened, PaymentReversed, PaymentSucceeded, RefundFailed, RefundSucceeded
from seta.payments.models import Attempt, Break, Intent, ReconRun, Refund
from seta.payments.operations.booking_facts import keep_facts
from seta.payments.operations.revaluing import book_at_refund_day, gain_of_late
from seta.payments.rules import books
from seta.payments.rules.judging import Objection, Standing, in_rounds, judge
from seta.payments.rules.matching import PROPOSALS, Category
from seta.payments.rules.states import (
    ALIPAY,
    ANTOM,
    REFUND_BOOKED,
    REFUND_VOID,
    WECHATPAY,
    Contradiction,
    Evidence,
    IntentState,
    RefundEvidence,
    RefundState,
    Trade,
    advance_refund,
)


@dataclass(frozen=True, slots=True)
class Said:
    """A signed fact about a payment, and the house at whose door it was said."""

    house_id: int
    evidence: Evidence

    @property
    def key(self) -> str:
        """The subject of a break about it."""
        return f"P:{self.evidence.out_trade_no}"


@dataclass(frozen=True, slots=True)
class _Step:
    """A fact with its payment, locked, and where the payment goes."""

    said: Said
    attempt: Attempt
    before: IntentState
    after: IntentState


def receive_wechatpay(batch: Sequence[Inbound], now: datetime) -> Sequence[Answer]:
    """Handler of WeChat Pay's notifications, of payments and of refunds; runs inside the door's transaction.

    A signed notification of a wrong amount or an unknown order opens a break and is acknowledged: sending it
    again would not make it right.
    """
    return _receive(WECHATPAY, batch, now)


def receive_alipay(batch: Sequence[Inbound], now: datetime) -> Sequence[Answer]:
    """Handler of Alipay's `trade_status_sync`; runs inside the door's transaction."""
    return _receive(ALIPAY, batch, now)


def receive_antom(batch: Sequence[Inbound], now: datetime) -> Sequence[Answer]:
    """Handler of Antom's notifications, of payments and of refunds; runs inside the door's transaction."""
    return _receive(ANTOM, batch, now)


def _receive(provider: str, batch: Sequence[Inbound], now: datetime) -> Sequence[Answer]:
    """Take a batch with a few statements; what is said of one payment is taken in the order in which it came."""
    told = [cashiers.notice(provider, inbound.kind, inbound.fields, inbound.external_id) for inbound in batch]
    for places in in_rounds([one.out_trade_no for one in told]):
        payments: list[Said] = []
        refunds: list[tuple[int, RefundEvidence]] = []
        for place in places:
            one, house_id = told[place], batch[place].house_id
            if isinstance(one, RefundEvidence):
                refunds.append((house_id, one))
            else:
                payments.append(Said(house_id, one))
        accept_many(said=payments, now=now)
        for house_id, evidence in refunds:
            accept_refund(house_id=house_id, evidence=evidence, now=now)
    return [None] * len(batch)


def accept(*, house_id: int, evidence: Evidence, now: datetime) -> IntentState | None:
    """Take a signed fact about a payment; returns the intent's state, None when the payment is not ours.

    What contradicts the amount, the house or an earlier fact opens a break and changes nothing else.
    """
    return accept_many(said=[Said(house_id, evidence)], now=now)[0]


@transaction.atomic
def accept_many(*, said: Sequence[Said], now: datetime) -> list[IntentState | None]:
    """Take signed facts about different payments in one transaction; a few statements, however many they are.

    Each stands for itself, as with `accept`: the objection to one holds no other back. What brings money is booked
    first, so that what takes money finds it. The same payment must not be named twice.
    """
    if not said:
        return []
    keep_facts([(one.house_id, one.evidence) for one in said], now)
    attempts = _locked_attempts(said)
    outcomes: list[IntentState | None] = []
    steps: list[tuple[int, _Step]] = []
    for place, one in enumerate(said):
        attempt = attempts.get((one.house_id, one.evidence.provider, one.evidence.out_trade_no))
        standing = _standing(attempt)
        outcomes.append(standing.state if standing else None)
        found = judge(standing, one.evidence)
        if isinstance(found, Objection):
            _object(one, found, now)
            continue
        assert attempt is not None and standing is not None, "only a payment of ours can go somewhere"
        steps.append((place, _Step(one, attempt, standing.state, found)))
    for place, step in _carry_out(steps, now):
        outcomes[place] = step.after
    return outcomes


def _standing(attempt: Attempt | None) -> Standing | None:
    if attempt is None:
        return None
    intent = attempt.intent
    return Standing(IntentState(intent.state), intent.amount, intent.currency)


def _locked_attempts(said: Sequence[Said]) -> dict[tuple[int, str, str], Attempt]:
    """The attempts with their intents, locked, and all that booking needs of them, by one statement.

    In the order of intents, so that two batches over the same payments cannot wait for each other.
    """
    rows = Attempt.objects.select_for_update(of=("intent",)).select_related(
        "intent", "intent__quote", "intent__payee"
    )
    found = rows.filter(
        house_id__in={one.house_id for one in said},
        provider__in={one.evidence.provider for one in said},
        out_trade_no__in=[one.evidence.out_trade_no for one in said],
    ).order_by("intent_id")
    return {(row.house_id, row.provider, row.out_trade_no): row for row in found}


def _carry_out(steps: Sequence[tuple[int, _Step]], now: datetime) -> list[tuple[int, _Step]]:
    """Book what is paid together and the rest one by one; returns what was done."""
    paid = [(place, step) for place, step in steps if _is_paid_by(step)]
    done = [(place, step) for place, step in steps if step.after is step.before]
    done += _book_paid(paid, now)
    for place, step in steps:
        if not _is_paid_by(step) and step.after is not step.before and _take_step(step, now):
            done.append((place, step))
    _note_numbers([step for _, step in done])
    return done


def _is_paid_by(step: _Step) -> bool:
    return step.after is IntentState.SUCCEEDED and step.before is not IntentState.SUCCEEDED


def _book_paid(paid: Sequence[tuple[int, _Step]], now: datetime) -> list[tuple[int, _Step]]:
    """State, journal and event of payments that have succeeded; what the books refuse opens a break instead."""
    if not paid:
        return []
    for _, step in paid:
        step.attempt.intent.rate_gain = gain_of_late(
            step.attempt.intent, step.said.evidence.happened_at or now
        )
    journals = [books.payment(_moved(step.attempt.intent, step.attempt)) for _, step in paid]
    booked: list[tuple[int, _Step]] = []
    for (place, step), outcome in zip(paid, ledger.post_each(journals=journals, now=now), strict=True):
        if isinstance(outcome, Overdraft):
            _object(step.said, _overdrawn(step, outcome), now)
        elif isinstance(outcome, ledger.Posted):
            booked.append((place, step))
        else:
            raise outcome
    intents = [step.attempt.intent for _, step in booked]
    Intent.objects.filter(pk__in=[intent.pk for intent in intents]).update(
        state=IntentState.SUCCEEDED, booked_at=now
    )
    Intent.objects.bulk_update([intent for intent in intents if intent.rate_gain], ["rate_gain"])
    publish_many([PaymentSucceeded(**_news(intent, now), method=intent.method) for intent in intents])
    return booked


def _take_step(step: _Step, now: datetime) -> bool:
    """Any other change of state, which may take money back; whether it was made."""
    intent = step.attempt.intent
    if step.after is IntentState.REVERSED and intent.refunds.exclude(state__in=REFUND_VOID).exists():
        # The reversal would take back what refunds have taken back already: somebody must look.
        told = "reversed after a refund of it"
        _object(step.said, Objection(Category.STATUS_MISMATCH, intent.amount, told), now)
        return False
    try:
        with transaction.atomic():
            Intent.objects.filter(pk=intent.pk).update(state=step.after)
            if step.before is IntentState.SUCCEEDED:
                idem = books.payment_idem(step.attempt.out_trade_no)
                ledger.reverse(house_id=intent.house_id, idem=idem, now=now)
                publish(PaymentReversed(**_news(intent, now)))
    except Overdraft as problem:
        # Settled already: the books cannot give it back without somebody who brings the money.
        _object(step.said, _overdrawn(step, problem), now)
        return False
    return True


def _overdrawn(step: _Step, problem: Overdraft) -> Objection:
    return Objection(Category.STATUS_MISMATCH, step.attempt.intent.amount, str(problem))


def _note_numbers(steps: Sequence[_Step]) -> None:
    """Keep the provider's own numbers of payments that had none, with one statement."""
    values: list[Any] = []
    for step in steps:
        if step.said.evidence.provider_number and not step.attempt.provider_number:
            values += [step.attempt.pk, step.said.evidence.provider_number]
    if not values:
        return
    told = ", ".join(["(%s, %s)"] * (len(values) // 2))
    table = Attempt._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH told(id, number) AS (VALUES {told}) UPDATE {table} SET provider_number = told.number "
            f"FROM told WHERE {table}.id = told.id",
            values,
        )


def _object(said: Said, objection: Objection, now: datetime) -> None:
    _open_break(
        said.house_id,
        said.evidence,
        said.key,
        objection.category,
        objection.our_amount,
        objection.detail,
        now,
    )


def _moved(intent: Intent, attempt: Attempt) -> books.Moved:
    return books.Moved(
        house_id=intent.house_id,
        provider=intent.provider,
        number=attempt.out_trade_no,
        ref=intent.number,
        amount=intent.amount,
        settle_amount=intent.settle_amount,
        settle_currency=intent.settle_currency,
        fee=intent.fee,
        payee=intent.payee.code if intent.payee else "",
        commission=intent.commission,
        rate_gain=intent.rate_gain,
    )


def _news(intent: Intent, now: datetime) -> dict[str, Any]:
    return {
        "house_id": intent.house_id,
        "occurred_at": now,
        "person_id": intent.person_id,
        "campaign": intent.campaign,
        "associate_id": intent.associate_id,
        "intent_id": intent.pk,
        "reference": intent.reference,
        "amount": intent.amount,
        "currency": intent.currency,
        "settle_amount": intent.settle_amount,
        "settle_currency": intent.settle_currency,
        "provider": intent.provider,
        "boutique_code": intent.boutique_code,
    }


@transaction.atomic
def accept_refund(*, house_id: int, evidence: RefundEvidence, now: datetime) -> RefundState | None:
    """Take a signed fact about a refund; returns its state, None when the refund is not ours.

    The journal is written when the provider has accepted the refund, as its bill will say; the fact is published
    when the client has the money. A refund that the provider closes after accepting it is reversed in the books.
    """
    keep_facts([(house_id, evidence)], now)
    row = (
        Refund.objects.select_for_update(of=("self",))
        .select_related("intent", "intent__attempt")
        .filter(house_id=house_id, out_refund_no=evidence.out_refund_no, intent__provider=evidence.provider)
        .first()
    )
    key = f"R:{evidence.out_refund_no}"
    if row is None:
        _open_break(house_id, evidence, key, Category.MISSING_IN_LEDGER, None, "no such refund here", now)
        return None
    before = RefundState(row.state)
    # A refund's notification names no currency: it is always the payment's.
    if evidence.amount is not None and evidence.amount != row.amount:
        _open_break(house_id, evidence, key, Category.AMOUNT_MISMATCH, row.amount, "another amount", now)
        return before
    try:
        after = advance_refund(before, evidence.state)
    except Contradiction as problem:
        _open_break(house_id, evidence, key, Category.STATUS_MISMATCH, row.amount, str(problem), now)
        return before
    try:
        with transaction.atomic():
            _apply_refund(row, before, after, evidence, now)
    except Overdraft as problem:
        _open_break(house_id, evidence, key, Category.STATUS_MISMATCH, row.amount, str(problem), now)
        return before
    return after


def _apply_refund(
    row: Refund, before: RefundState, after: RefundState, evidence: RefundEvidence, now: datetime
) -> None:
    row.provider_number = row.provider_number or evidence.provider_number
    row.refusal = evidence.refusal
    row.state = after
    was_booked, is_booked = before in REFUND_BOOKED, after in REFUND_BOOKED
    if is_booked and not was_booked:
        row.booked_at = now
    row.save(update_fields=["provider_number", "refusal", "state", "booked_at"])
    if is_booked and not was_booked:
        ledger.post(journal=books.refund(_moved_back(row)), now=now)
    elif was_booked and not is_booked:
        ledger.reverse(house_id=row.house_id, idem=books.refund_idem(row.out_refund_no), now=now)
    if after is RefundState.SUCCEEDED and before is not RefundState.SUCCEEDED:
        book_at_refund_day(row, evidence.happened_at or now, now)
        publish(_refund_news(row, now))
    if after is RefundState.CLOSED and before is not RefundState.CLOSED:
        publish_failed(row, now)
    if after is RefundState.ABNORMAL and before is not RefundState.ABNORMAL:
        key = f"R:{row.out_refund_no}"
        detail = "the client's account cannot take it"
        _open_break(row.house_id, evidence, key, Category.REFUND_PENDING, row.amount, detail, now)


def _moved_back(row: Refund) -> books.Moved:
    return books.Moved(
        house_id=row.house_id,
        provider=row.intent.provider,
        number=row.out_refund_no,
        ref=row.intent.number,
        amount=row.amount,
        settle_amount=row.settle_amount,
        settle_currency=row.intent.settle_currency,
        fee=row.fee,
        payee=row.intent.payee.code if row.intent.payee else "",
        commission=row.commission,
        rate_gain=row.rate_gain,
    )


def _refund_news(row: Refund, now: datetime) -> RefundSucceeded:
    intent = row.intent
    return RefundSucceeded(
        house_id=row.house_id,
        occurred_at=now,
        person_id=intent.person_id,
        campaign=intent.campaign,
        associate_id=intent.associate_id,
        refund_id=row.pk,
        intent_id=intent.pk,
        reference=intent.reference,
        amount=row.amount,
        currency=intent.currency,
        settle_amount=row.settle_amount,
        settle_currency=intent.settle_currency,
        provider=intent.provider,
        boutique_code=intent.boutique_code,
    )


def publish_failed(row: Refund, now: datetime) -> None:
    """Tell that a refund will not happen, inside the caller's transaction."""
    intent = row.intent
    publish(
        RefundFailed(
            house_id=row.house_id,
            occurred_at=now,
            person_id=intent.person_id,
            campaign=intent.campaign,
            associate_id=intent.associate_id,
            refund_id=row.pk,
            intent_id=intent.pk,
            reference=intent.reference,
            amount=row.amount,
            currency=intent.currency,
            provider=intent.provider,
            why=row.refusal or row.state,
        )
    )


def _open_break(
    house_id: int,
    evidence: Evidence | RefundEvidence,
    key: str,
    category: Category,
    our_amount: int | None,
    detail: str,
    now: datetime,
) -> None:
    if isinstance(evidence, Evidence) and evidence.trade is not Trade.PAID and our_amount is None:
        return  # Nobody's order and no money: a query that found nothing, or a probe.
    open_break(
        house_id=house_id,
        provider=evidence.provider,
        key=key,
        category=category,
        our_amount=our_amount,
        their_amount=evidence.amount,
        detail=detail,
        now=now,
    )


def open_break(
    *,
    house_id: int,
    provider: str,
    key: str,
    category: Category,
    our_amount: int | None,
    their_amount: int | None,
    detail: str,
    now: datetime,
    run: ReconRun | None = None,
) -> bool:
    """Open a break once for a key and category, inside the caller's transaction; says whether it is new."""
    row, is_new = Break.objects.get_or_create(
        house_id=house_id,
        provider=provider,
        key=key,
        category=category,
        defaults={
            "found_on": beijing_day(now),
            "our_amount": our_amount,
            "their_amount": their_amount,
            "currency": "CNY",
            "detail": detail[:200],
            "proposal": PROPOSALS[category],
            "opened_at": now,
            "run": run,
        },
    )
    if is_new:
        publish(
            BreakOpened(
                house_id=house_id,
                occurred_at=now,
                break_id=row.pk,
                provider=provider,
                key=key,
                category=category,
                our_amount=our_amount,
                their_amount=their_amount,
                currency="CNY",
            )
        )
    return is_new
