"""WeChat Pay APIv3, domestic: `WeChatPay` calls, `notifications` opens what it posts, `bill` parses its files."""

from seta.platforms.wechatpay.client import WeChatPay
from seta.platforms.wechatpay.notifications import Notification, NotificationKeys, open_notification
from seta.platforms.wechatpay.records import JsapiParams, Refund, Transaction, read_refund, read_transaction

__all__ = [
    "JsapiParams",
    "Notification",
    "NotificationKeys",
    "Refund",
    "Transaction",
    "WeChatPay",
    "open_notification",
    "read_refund",
    "read_transaction",
]
