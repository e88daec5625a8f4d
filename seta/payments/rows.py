"""What the desk sees of payments: frozen rows for lists, details and totals; amounts in minor units."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from seta.ledger.queries import PostingLine


@dataclass(frozen=True)
class PaymentRow:
    """A payment in a list; amounts in minor units."""

    id: int
    number: str
    reference: str
    method: str
    provider: str
    state: str
    amount: int
    currency: str
    settle_amount: int
    settle_currency: str
    fee: int
    refunded: int
    opened_at: datetime
    booked_at: datetime | None
    is_reconciled: bool
    person_id: int | None
    associate_id: int | None
    campaign: str
    boutique_code: str


@dataclass(frozen=True)
class RateCard:
    """How many minor units of `currency` one fen would become, scaled by 10^8, spread taken off."""

    currency: str
    scaled: int
    recorded_at: datetime


@dataclass(frozen=True)
class RefundRow:
    """A refund with who asked for and who approved it."""

    id: int
    intent_id: int
    out_refund_no: str
    amount: int
    settle_amount: int
    settle_currency: str
    reason: str
    state: str
    refusal: str
    requested_by: int | None
    approved_by: int | None
    requested_at: datetime
    booked_at: datetime | None
    is_reconciled: bool


@dataclass(frozen=True)
class FactRow:
    """What a provider signed: where it came from, what it says, and its words."""

    id: int
    source: str
    state: str
    amount: int | None
    currency: str
    happened_at: datetime | None
    received_at: datetime
    digest: str
    external_id: str
    body: dict[str, Any]


@dataclass(frozen=True)
class QuoteRow:
    """The rate a payment was locked at: reference and locked, scaled by 10^8."""

    reference_scaled: int
    scaled: int
    spread_bps: int
    source: str
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True)
class PaymentDetail:
    """One payment from its quote to the provider's words and the books."""

    payment: PaymentRow
    description: str
    out_trade_no: str
    provider_number: str
    provider_fee: int | None
    batch_number: str
    quote: QuoteRow | None
    refunds: Sequence[RefundRow]
    facts: Sequence[FactRow]
    postings: Sequence[PostingLine]
    breaks: Sequence["BreakRow"]


@dataclass(frozen=True)
class BreakRow:
    """A difference and what became of it; `age_days` counts until now or until it was resolved.

    `gap` is what its proposed journal moves in minor units of `gap_currency`; `chosen_by` wants that journal posted.
    """

    id: int
    provider: str
    key: str
    category: str
    found_on: date
    our_amount: int | None
    their_amount: int | None
    currency: str
    detail: str
    proposal: str
    owner_id: int | None
    opened_at: datetime
    resolved_at: datetime | None
    resolution: str
    age_days: int
    gap: int = 0
    gap_currency: str = "CNY"
    choice: str = ""
    chosen_by: int | None = None
    approved_by: int | None = None
    journal_idem: str = ""


@dataclass(frozen=True)
class ProposedPosting:
    """One line of the journal that would put a break right; minor units, debit positive."""

    account: str
    currency: str
    amount: int


@dataclass(frozen=True)
class BreakDetail:
    """A break with the journal proposed for it, and who has chosen to book it.

    `waits_for_second` says that the first person has chosen and the house's limit asks for another.
    """

    row: BreakRow
    proposed: Sequence[ProposedPosting]
    choice: str
    chosen_by: int | None
    approved_by: int | None
    journal_idem: str
    waits_for_second: bool


@dataclass(frozen=True)
class RunRow:
    """One bill held against the books."""

    id: int
    provider: str
    bill_on: date
    rows: int
    counts: dict[str, int]
    ran_at: datetime


@dataclass(frozen=True)
class BatchRow:
    """A settlement batch in a list."""

    id: int
    number: str
    currency: str
    cutoff_on: date
    gross: int
    refunded: int
    fees: int
    total: int
    state: str
    lines: int
    created_at: datetime
    confirmed_at: datetime | None
    has_bank_file: bool
    payee: str = ""
    commissions: int = 0
    released_by: int | None = None
    second_by: int | None = None
    released_at: datetime | None = None
    sent_at: datetime | None = None
    returned_at: datetime | None = None
    return_reason: str = ""


@dataclass(frozen=True)
class BatchLine:
    """A payment, refund, reversal or commission inside a batch."""

    kind: str
    number: str
    reference: str
    gross: int
    fee: int
    net: int
    commission: int = 0


@dataclass(frozen=True)
class BatchDetail:
    """A batch with its lines, its journals and its bank file."""

    batch: BatchRow
    lines: Sequence[BatchLine]
    postings: Sequence[PostingLine]
    bank_file: str


@dataclass(frozen=True)
class DayTotal:
    """What a Beijing day brought by provider and settlement currency; amounts in minor units."""

    provider: str
    settle_currency: str
    payments: int
    amount: int
    settle_amount: int
    fees: int
    refunds: int
    refunded: int
    settle_refunded: int


@dataclass(frozen=True)
class Position:
    """What a house is owed in a currency and what it has not been settled yet."""

    currency: str
    owed: int
    in_transit: int
