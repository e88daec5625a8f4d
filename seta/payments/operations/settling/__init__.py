"""Convert a day with its provider, put what somebody is owed into a batch, and follow it to the bank and back."""

from seta.payments.operations.settling.batches import SettlementCard, settle
from seta.payments.operations.settling.conversion import ConversionCard, book_conversion
from seta.payments.operations.settling.reports import ReportCard, take_bank_report
from seta.payments.operations.settling.steps import (
    confirm_settlement,
    mark_sent,
    release_batch,
    return_batch,
    write_bank_file,
)

__all__ = [
    "ConversionCard",
    "ReportCard",
    "SettlementCard",
    "book_conversion",
    "confirm_settlement",
    "mark_sent",
    "release_batch",
    "return_batch",
    "settle",
    "take_bank_report",
    "write_bank_file",
]
