"""Words for what members change about money, and for the daily round."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Words = Mapping[str, "_StrPromise"]

WALLET: Words = {"wechat": _("WeChat Pay"), "alipay": _("Alipay")}
SCENE: Words = {
    "mini_program": _("Mini program"),
    "till": _("Till"),
    "static": _("Printed code"),
    "any": _("Anywhere"),
}
MODE: Words = {
    "domestic": _("at home"),
    "global_direct": _("across the border, by a contract of its own"),
    "global_institution": _("across the border, through an institution"),
}
WAY: Words = {"page": _("on a page"), "qr": _("by our code"), "barcode": _("by the client's code")}
CHANGE: Words = {
    "rate": _("Exchange rate"),
    "spread": _("Spread on the rate"),
    "fee": _("Our fee"),
    "route": _("Route"),
    "refund_policy": _("Rate of refunds"),
    "rate_sources": _("Whose rates come first"),
    "refund_limit": _("Refunds by one person up to"),
    "minimum": _("Smallest settlement"),
    "account": _("Bank account"),
}
REFUND_POLICY: Words = {
    "original": _("The payment's own rate"),
    "refund_day": _("The rate of the refund's day"),
}
RATE_SOURCE: Words = {
    "wechatpay": _("WeChat Pay"),
    "antom": _("Antom"),
    "ecb": _("European Central Bank"),
    "daily": _("Set for a day"),
    "fixed": _("Fixed"),
}
SCHEDULE: Words = {"daily": _("Every day"), "weekly": _("Every week"), "monthly": _("Every month")}
ROUND: Words = {
    "bill": _("Bill"),
    "conversion": _("Conversion"),
    "payout": _("Payouts"),
    "settlement": _("Settlement"),
}
ROUND_STATE: Words = {
    "waiting": _("Not yet"),
    "failed": _("Tried again"),
    "done": _("Done"),
    "none": _("Nothing to do"),
}
BREAK: Words = {
    "missing_in_bill": _("In our books, not in the bill"),
    "missing_in_ledger": _("In the bill, not in our books"),
    "duplicate_in_bill": _("Twice in the bill"),
    "amount_mismatch": _("Amounts differ"),
    "fee_mismatch": _("Fees differ"),
    "fx_rate_mismatch": _("Rates differ"),
    "status_mismatch": _("States differ"),
    "timing": _("Booked near midnight"),
    "refund_pending": _("Refund under way"),
    "unknown_merchant": _("Another merchant's line"),
    "file_error": _("The file is broken"),
    "balance_gap": _("Balance does not carry over"),
    "contradiction": _("The provider contradicts itself"),
}
PROPOSAL: Words = {
    "missing_in_bill": _("Query the provider; if it knows no payment, reverse the journal."),
    "missing_in_ledger": _("Money without a sale: find its order and book it, or refund the client today."),
    "duplicate_in_bill": _("Ask the provider to correct the bill; book nothing twice."),
    "amount_mismatch": _("Compare with the provider's signed fact; book the difference or refund it."),
    "fee_mismatch": _("Claim the fee back, or correct the agreed rate."),
    "fx_rate_mismatch": _("Book the difference to exchange gain or loss."),
    "status_mismatch": _("Query the provider; reverse the journal if the payment was revoked."),
    "timing": _("Cut at Beijing midnight: tomorrow's bill should hold it."),
    "refund_pending": _("Wait for the provider; ask again under the same refund number."),
    "unknown_merchant": _("Connect the other merchant's account, or return the file."),
    "file_error": _("Fetch the file again; nothing of it was used."),
    "balance_gap": _("The day does not begin where the day before ended: fetch both days' fund bills again."),
}
BATCH_STATE: Words = {
    "prepared": _("Prepared"),
    "released": _("Released"),
    "sent": _("With the bank"),
    "confirmed": _("Paid out"),
    "returned": _("Returned"),
    "below_minimum": _("Below the minimum"),
    "held": _("Held for refunds on their way"),
    "nothing_due": _("Nothing is due"),
    "negative": _("Refunds came to more than sales; carried to the next cut-off"),
}
BATCH_LINE: Words = {
    "payment": _("Payment"),
    "refund": _("Refund"),
    "reversal": _("Payment taken back"),
    "refund_reversal": _("Refund that did not happen"),
    "commission": _("Commission"),
    "commission_back": _("Commission given back"),
    "commission_reversal": _("Commission of a payment taken back"),
    "commission_kept": _("Commission kept after all"),
}
