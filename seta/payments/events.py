"""What happens to money, as the other parts may hear it."""

from dataclasses import dataclass
from typing import ClassVar

from seta.events.events import Fact


@dataclass(frozen=True, kw_only=True)
class PaymentSucceeded(Fact):
    """The provider has signed that a client has paid, and the books say so in both currencies.

    `amount` is fen of CNY, `settle_amount` minor units of `settle_currency` at the locked rate.
    """

    name: ClassVar[str] = "payments.payment.succeeded"
    intent_id: int
    reference: str
    amount: int
    currency: str
    settle_amount: int
    settle_currency: str
    provider: str
    method: str = ""
    boutique_code: str = ""


@dataclass(frozen=True, kw_only=True)
class PaymentReversed(Fact):
    """A barcode payment was taken back by the reversal that crossed it; its journal is reversed."""

    name: ClassVar[str] = "payments.payment.reversed"
    intent_id: int
    reference: str
    amount: int
    currency: str
    settle_amount: int
    settle_currency: str
    provider: str
    boutique_code: str = ""


@dataclass(frozen=True, kw_only=True)
class RefundSucceeded(Fact):
    """The provider has signed that a client has the money back; amounts as in PaymentSucceeded."""

    name: ClassVar[str] = "payments.refund.succeeded"
    refund_id: int
    intent_id: int
    reference: str
    amount: int
    currency: str
    settle_amount: int
    settle_currency: str
    provider: str
    boutique_code: str = ""


@dataclass(frozen=True, kw_only=True)
class RefundFailed(Fact):
    """A refund will not happen: the provider closed it, or the second person declined it. The money stays paid."""

    name: ClassVar[str] = "payments.refund.failed"
    refund_id: int
    intent_id: int
    reference: str
    amount: int
    currency: str
    provider: str
    why: str


@dataclass(frozen=True, kw_only=True)
class BatchSettled(Fact):
    """A house's share up to a cut-off was put into a batch and its bank file; amounts in minor units."""

    name: ClassVar[str] = "payments.batch.settled"
    batch_id: int
    number: str
    total: int
    currency: str
    lines: int
    cutoff_on: str
    payee: str = ""


@dataclass(frozen=True, kw_only=True)
class BatchReleased(Fact):
    """A batch may go to the bank; above a limit two people have said so (members)."""

    name: ClassVar[str] = "payments.batch.released"
    batch_id: int
    number: str
    total: int
    currency: str
    payee: str
    released_by: int
    second_by: int | None


@dataclass(frozen=True, kw_only=True)
class BatchConfirmed(Fact):
    """The bank has paid a batch; amounts in minor units."""

    name: ClassVar[str] = "payments.batch.confirmed"
    batch_id: int
    number: str
    total: int
    currency: str
    payee: str


@dataclass(frozen=True, kw_only=True)
class BatchReturned(Fact):
    """The bank has sent a batch back: its journals are reversed and all of it is due again."""

    name: ClassVar[str] = "payments.batch.returned"
    batch_id: int
    number: str
    total: int
    currency: str
    payee: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class PayeeChanged(Fact):
    """The terms or the bank account of somebody who is paid have changed; `what` is terms or account.

    `payee` is the code, `house` for the house itself; `decided_by` the second member for an account.
    """

    name: ClassVar[str] = "payments.payee.changed"
    payee: str
    what: str
    proposed_by: int | None
    decided_by: int | None


@dataclass(frozen=True, kw_only=True)
class BillLate(Fact):
    """By noon in Beijing a provider had no bill of the day before, though there was something to be in it."""

    name: ClassVar[str] = "payments.bill.late"
    provider: str
    bill_on: str
    attempts: int


@dataclass(frozen=True, kw_only=True)
class TermsChanged(Fact):
    """Two members have changed a rate or a term; values as text, as the record of changes keeps them."""

    name: ClassVar[str] = "payments.terms.changed"
    change_id: int
    kind: str
    subject: str
    before: str
    after: str
    proposed_by: int
    approved_by: int


@dataclass(frozen=True, kw_only=True)
class BreakOpened(Fact):
    """What a provider says and what the books say differ, and somebody has to look."""

    name: ClassVar[str] = "payments.break.opened"
    break_id: int
    provider: str
    key: str
    category: str
    our_amount: int | None
    their_amount: int | None
    currency: str
