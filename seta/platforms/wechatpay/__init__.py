"""WeChat Pay APIv3: `WeChatPay` calls, at home and across the border; its notifications and its bills."""

from seta.platforms.wechatpay.client import WeChatPay
from seta.platforms.wechatpay.cross_border import CrossBorder, Direct, Institution, read_global_transaction
from seta.platforms.wechatpay.notifications import Notification, NotificationKeys, open_notification
from seta.platforms.wechatpay.records import JsapiParams, Refund, Transaction, read_refund, read_transaction

__all__ = [
    "CrossBorder",
    "Direct",
    "Institution",
    "JsapiParams",
    "Notification",
    "NotificationKeys",
    "Refund",
    "Transaction",
    "WeChatPay",
    "open_notification",
    "read_global_transaction",
    "read_refund",
    "read_transaction",
]
