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
