"""The tables of payments: what was promised, what was sent, what the provider signed, what was settled."""

from seta.payments.models.bill import (
    Bill,
    Break,
    PaymentConfirmation,
    ReconRun,
    RefundConfirmation,
    RefusedBill,
)
from seta.payments.models.intent import Attempt, IdempotencyKey, Intent, ProviderFact, Refund
from seta.payments.models.payee import Payee, PayeeAccount
from seta.payments.models.routing import Route, ShownCode
from seta.payments.models.settlement import BankReport, Payout, ScheduleStep, SettlementBatch, SettlementLine
from seta.payments.models.static_code import StaticCode
from seta.payments.models.terminal import Terminal
from seta.payments.models.terms import Change, ChangeDecision, Quote, Rate, Terms

__all__ = [
    "Attempt",
    "BankReport",
    "Bill",
    "Break",
    "Change",
    "ChangeDecision",
    "IdempotencyKey",
    "Intent",
    "Payee",
    "PayeeAccount",
    "PaymentConfirmation",
    "Payout",
    "ProviderFact",
    "Quote",
    "Rate",
    "ReconRun",
    "Refund",
    "RefundConfirmation",
    "RefusedBill",
    "Route",
    "ScheduleStep",
    "SettlementBatch",
    "SettlementLine",
    "ShownCode",
    "StaticCode",
    "Terminal",
    "Terms",
]
