"""Which payments, refunds and commissions a payee has not yet been paid for, up to an instant."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from seta.payments.models import Break, Intent, Refund, SettlementLine
from seta.payments.rules.settlement import Due, LineKind
from seta.payments.rules.states import REFUND_BOOKED, IntentState


def due_lines(house_id: int, payee: str, currency: str, until: datetime) -> list[Due]:
    """What is due to a partner, or to the house for the empty code: every cent once.

    Payments with an open break wait, and their refunds with them. What was paid out and was taken back since
    (a reversed payment) comes as a negative line, a refund the provider closed after all as a positive one.
    """
    intents = Intent.objects.filter(house_id=house_id, settle_currency=currency, booked_at__lt=until)
    refunds = Refund.objects.filter(
        house_id=house_id, intent__settle_currency=currency, booked_at__lt=until
    ).select_related("intent")
    keys = Break.objects.filter(house_id=house_id, resolved_at__isnull=True, key__startswith="P:")
    broken = [key[2:] for key in keys.values_list("key", flat=True)]
    if payee:
        return _of_seller(
            intents.filter(payee__code=payee), refunds.filter(intent__payee__code=payee), broken
        )
    lines = _of_seller(intents.filter(payee__isnull=True), refunds.filter(intent__payee__isnull=True), broken)
    return lines + _of_commissions(intents.filter(commission__gt=0), refunds.filter(commission__gt=0), broken)


def _of_seller(intents: QuerySet[Intent], refunds: QuerySet[Refund], broken: list[str]) -> list[Due]:
    paid = _payments(intents, LineKind.PAYMENT, broken)
    lines = [_whole(row, 1, LineKind.PAYMENT) for row in paid]
    lines += [
        _whole(row, -1, LineKind.REVERSAL) for row in _reversed(intents, LineKind.PAYMENT, LineKind.REVERSAL)
    ]
    for back in _backs(refunds, paid, LineKind.PAYMENT, LineKind.REFUND):
        lines.append(_part(back, -1, LineKind.REFUND))
    for back in _kept(refunds, LineKind.REFUND, LineKind.REFUND_REVERSAL):
        lines.append(_part(back, 1, LineKind.REFUND_REVERSAL))
    return lines


def _of_commissions(intents: QuerySet[Intent], refunds: QuerySet[Refund], broken: list[str]) -> list[Due]:
    kept, back, undone, again = (
        LineKind.COMMISSION,
        LineKind.COMMISSION_BACK,
        LineKind.COMMISSION_REVERSAL,
        LineKind.COMMISSION_KEPT,
    )
    paid = _payments(intents, kept, broken)
    lines = [Due(row.commission, 0, intent_id=row.pk, kind=kept) for row in paid]
    lines += [
        Due(-row.commission, 0, intent_id=row.pk, kind=undone) for row in _reversed(intents, kept, undone)
    ]
    for one in _backs(refunds, paid, kept, back):
        lines.append(Due(-one.commission, 0, refund_id=one.pk, kind=back))
    for one in _kept(refunds, back, again):
        lines.append(Due(one.commission, 0, refund_id=one.pk, kind=again))
    return lines


def _whole(row: Intent, sign: int, kind: LineKind) -> Due:
    return Due(
        sign * row.settle_amount,
        sign * row.fee,
        intent_id=row.pk,
        commission=sign * row.commission,
        kind=kind,
    )


def _part(row: Refund, sign: int, kind: LineKind) -> Due:
    return Due(
        sign * row.settle_amount,
        sign * row.fee,
        refund_id=row.pk,
        commission=sign * row.commission,
        kind=kind,
    )


def _payments(intents: QuerySet[Intent], kind: LineKind, broken: list[str]) -> list[Intent]:
    undone = LineKind.REVERSAL if kind is LineKind.PAYMENT else LineKind.COMMISSION_REVERSAL
    # A batch that came back may hold a payment whose reversal was settled by a later batch, which stands.
    stands = Q(state=IntentState.SUCCEEDED) | (Q(state=IntentState.REVERSED) & Q(_line_of_intent(undone)))
    rows = intents.filter(stands & ~Q(_line_of_intent(kind)))
    return list(rows.exclude(attempt__out_trade_no__in=broken).order_by("id"))


def _reversed(intents: QuerySet[Intent], settled: LineKind, undone: LineKind) -> QuerySet[Intent]:
    return intents.filter(
        _line_of_intent(settled), ~_line_of_intent(undone), state=IntentState.REVERSED
    ).order_by("id")


def _backs(
    refunds: QuerySet[Refund], paid: Iterable[Intent], settled: LineKind, kind: LineKind
) -> list[Refund]:
    """Refunds of what is paid now or was paid before: of a payment that waits, they wait too."""
    taken = {row.pk for row in paid}
    again = LineKind.REFUND_REVERSAL if kind is LineKind.REFUND else LineKind.COMMISSION_KEPT
    stands = Q(state__in=REFUND_BOOKED) | Q(_line_of_refund(again))
    rows = refunds.filter(stands & ~Q(_line_of_refund(kind))).annotate(
        was_paid=Exists(
            SettlementLine.objects.filter(intent_id=OuterRef("intent_id"), kind=settled, is_returned=False)
        )
    )
    return [row for row in rows.order_by("id") if row.was_paid or row.intent_id in taken]


def _kept(refunds: QuerySet[Refund], settled: LineKind, again: LineKind) -> QuerySet[Refund]:
    rows = refunds.filter(_line_of_refund(settled), ~_line_of_refund(again))
    return rows.exclude(state__in=REFUND_BOOKED).order_by("id")


def _line_of_intent(kind: LineKind) -> Exists:
    return Exists(SettlementLine.objects.filter(intent_id=OuterRef("pk"), kind=kind, is_returned=False))


def _line_of_refund(kind: LineKind) -> Exists:
    return Exists(SettlementLine.objects.filter(refund_id=OuterRef("pk"), kind=kind, is_returned=False))
