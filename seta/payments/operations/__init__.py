"""The verbs of payments; each is one transaction, or says where it must stand between two."""

from seta.payments.operations.booking import receive_alipay, receive_antom, receive_wechatpay
from seta.payments.operations.changing import approve_change, decline_change, propose_change, propose_rate
from seta.payments.operations.collecting import cancel, pay_barcode, poll_barcode, prepay, refresh
from seta.payments.operations.connecting import check_provider, propose_route
from seta.payments.operations.intents import make_quote, open_intent
from seta.payments.operations.keys import answered_once
from seta.payments.operations.payees import decide_payee_account, propose_payee_account, set_payee
from seta.payments.operations.people import repoint_person
from seta.payments.operations.rates import import_rates, refresh_rates
from seta.payments.operations.reconciling import (
    assign_break,
    close_day,
    reconcile_bill,
    reconcile_file,
    resolve_break,
)
from seta.payments.operations.refunding import approve_refund, decline_refund, refund, resend_refund
from seta.payments.operations.routing import method_for, method_of_code, set_route
from seta.payments.operations.schedule import run_schedule
from seta.payments.operations.settling import (
    book_conversion,
    confirm_settlement,
    mark_sent,
    release_batch,
    return_batch,
    settle,
    take_bank_report,
    write_bank_file,
)
from seta.payments.operations.showing import QrCard, show_qr
from seta.payments.operations.statements import make_statement
from seta.payments.operations.static_codes import (
    close_static_code,
    make_static_code,
    open_at_code,
    reopen_static_code,
)
from seta.payments.operations.sweeping import query_unknown
from seta.payments.operations.terms import set_rate, set_terms

__all__ = [
    "QrCard",
    "answered_once",
    "approve_change",
    "approve_refund",
    "assign_break",
    "book_conversion",
    "cancel",
    "check_provider",
    "close_day",
    "close_static_code",
    "confirm_settlement",
    "decide_payee_account",
    "decline_change",
    "decline_refund",
    "import_rates",
    "make_quote",
    "make_statement",
    "make_static_code",
    "mark_sent",
    "method_for",
    "method_of_code",
    "open_at_code",
    "open_intent",
    "pay_barcode",
    "poll_barcode",
    "prepay",
    "propose_change",
    "propose_payee_account",
    "propose_rate",
    "propose_route",
    "query_unknown",
    "receive_alipay",
    "receive_antom",
    "receive_wechatpay",
    "reconcile_bill",
    "reconcile_file",
    "refresh",
    "refresh_rates",
    "refund",
    "release_batch",
    "reopen_static_code",
    "repoint_person",
    "resend_refund",
    "resolve_break",
    "return_batch",
    "run_schedule",
    "set_payee",
    "set_rate",
    "set_route",
    "set_terms",
    "settle",
    "show_qr",
    "take_bank_report",
    "write_bank_file",
]
