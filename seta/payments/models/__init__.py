"""The tables of payments: what was promised, what was sent, what the provider signed, what was settled."""

from seta.payments.models.bill import Bill, BillLine, Break, ReconRun
from seta.payments.models.intent import Attempt, IdempotencyKey, Intent, ProviderFact, Refund
from seta.payments.models.routing import Route, ShownCode
from seta.payments.models.settlement import SettlementBatch, SettlementLine
from seta.payments.models.static_code import StaticCode
from seta.payments.models.terms import Change, ChangeDecision, Quote, Rate, Terms

__all__ = [
    "Attempt",
    "Bill",
    "BillLine",
    "Break",
    "Change",
    "ChangeDecision",
    "IdempotencyKey",
    "Intent",
    "ProviderFact",
    "Quote",
    "Rate",
    "ReconRun",
    "Refund",
    "Route",
    "SettlementBatch",
    "SettlementLine",
    "ShownCode",
    "StaticCode",
    "Terms",
]
