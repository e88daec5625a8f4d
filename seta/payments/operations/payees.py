"""Who is paid and on what terms, and the two people it takes to change where their money goes."""

from dataclasses import dataclass

from seta.payments.models import Intent, Payee
from seta.payments.operations.terms import terms_of
from seta.payments.rules import quotes, refunds
from seta.payments.rules.refusals import PaymentRefused, Refusal
from seta.payments.rules.states import REFUND_VOID


@dataclass(frozen=True)
class Shares:
    """How a sale is divided: our fee and the house's commission, within the seller's settlement amount."""

    payee_id: int | None
    fee: int
    commission: int


def shares_of(*, house_id: int, payee: str, settle_amount: int, currency: str) -> Shares:
    """Divide a sale of a partner (its code), or of the house itself for the empty code.

    Raises PaymentRefused: no such partner, or one that is not settled in this currency.
    """
    if not payee:
        return Shares(None, quotes.share(settle_amount, terms_of(house_id).fee_bps), 0)
    seller = Payee.objects.filter(house_id=house_id, code=payee, is_active=True).first()
    if seller is None:
        raise PaymentRefused(Refusal.NOT_FOUND, f"payee {payee}")
    if seller.currency != currency:
        raise PaymentRefused(Refusal.UNSUPPORTED_CURRENCY, f"{payee} is settled in {seller.currency}")
    fee = quotes.share(settle_amount, seller.fee_bps)
    commission = quotes.share(settle_amount, seller.commission_bps)
    # Each is rounded half up: of a cent or two they may come to more than the sale.
    return Shares(seller.pk, fee, min(commission, settle_amount - fee))


def commission_back(*, intent: Intent, amount: int, net: int) -> int:
    """What the house gives back of its commission when `amount` fen are refunded; never more than `net`.

    `net` is the refund's settlement amount less our fee. Rounded on the sum of all parts, so that a full refund
    returns the whole commission.
    """
    if not intent.commission:
        return 0
    parts = list(intent.refunds.exclude(state__in=REFUND_VOID))
    before = sum(part.amount for part in parts)
    already = sum(part.commission for part in parts)
    return min(refunds.part_of(intent.commission, amount, intent.amount, before, already), net)
