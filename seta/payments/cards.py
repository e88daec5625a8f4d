"""What the verbs of payments hand back: frozen, without rows."""

from dataclasses import dataclass
from datetime import datetime

from seta.payments.models import Intent, Refund


@dataclass(frozen=True)
class IntentCard:
    """A payment as its caller sees it; amounts in minor units, `number` is what people quote."""

    intent_id: int
    number: str
    reference: str
    amount: int
    currency: str
    settle_amount: int
    settle_currency: str
    method: str
    provider: str
    state: str
    out_trade_no: str
    expires_at: datetime
    boutique_code: str = ""


@dataclass(frozen=True)
class RefundCard:
    """A refund as its caller sees it; `state` pending_funds and unknown are asked again by the sweep."""

    refund_id: int
    intent_id: int
    out_refund_no: str
    amount: int
    currency: str
    settle_amount: int
    settle_currency: str
    state: str
    refusal: str


@dataclass(frozen=True)
class QuoteCard:
    """A locked rate: `amount` fen are `counter_amount` minor units of `counter` until `expires_at`."""

    quote_id: int
    amount: int
    counter: str
    counter_amount: int
    scaled: int
    expires_at: datetime


def intent_card(row: Intent) -> IntentCard:
    """The card of an intent that has its attempt."""
    return IntentCard(
        intent_id=row.pk,
        number=row.number,
        reference=row.reference,
        amount=row.amount,
        currency=row.currency,
        settle_amount=row.settle_amount,
        settle_currency=row.settle_currency,
        method=row.method,
        provider=row.provider,
        state=row.state,
        out_trade_no=row.attempt.out_trade_no,
        expires_at=row.expires_at,
        boutique_code=row.boutique_code,
    )


def refund_card(row: Refund) -> RefundCard:
    """The card of a refund."""
    return RefundCard(
        refund_id=row.pk,
        intent_id=row.intent_id,
        out_refund_no=row.out_refund_no,
        amount=row.amount,
        currency=row.intent.currency,
        settle_amount=row.settle_amount,
        settle_currency=row.intent.settle_currency,
        state=row.state,
        refusal=row.refusal,
    )
