"""Write orders and refunds as the JSON that WeChat Pay answers and notifies with."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from seta_sandbox.wechatpay.state import TRADE_STATE_TEXT, Order, Refund, RefundState

BEIJING = timezone(timedelta(hours=8))
BANK = "OTHERS"


def rfc3339(at: float) -> str:
    """Unix time as the APIs write it: Beijing time, whole seconds."""
    return datetime.fromtimestamp(int(at), UTC).astimezone(BEIJING).isoformat()


def transaction(order: Order) -> dict[str, Any]:
    """An order's facts in the words of its own API, domestic or cross-border."""
    return cross_border_transaction(order) if order.scheme == "global" else domestic_transaction(order)


def domestic_transaction(order: Order) -> dict[str, Any]:
    """What domestic queries, barcode payments and notifications carry."""
    document: dict[str, Any] = {
        **order.identity,
        "out_trade_no": order.out_trade_no,
        "attach": order.attach,
        "trade_type": order.trade_type,
        "trade_state": order.state.value,
        "trade_state_desc": TRADE_STATE_TEXT[order.state],
        "amount": {"total": order.total, "currency": order.currency, "payer_currency": "CNY"},
    }
    if order.openid and order.is_paid:
        document["payer"] = {"openid": order.openid}
    if order.paid_at is not None:
        document |= {
            "transaction_id": order.transaction_id,
            "bank_type": BANK,
            "success_time": rfc3339(order.paid_at),
            "promotion_detail": [],
        }
        document["amount"] |= {"payer_total": order.payer_total}
    return document


def cross_border_transaction(order: Order) -> dict[str, Any]:
    """What cross-border queries and notifications carry; there the transaction's number is called `id`."""
    document: dict[str, Any] = {
        **order.identity,
        "out_trade_no": order.out_trade_no,
        "attach": order.attach,
        "trade_type": order.trade_type,
        "trade_state": order.state.value,
        "trade_state_desc": TRADE_STATE_TEXT[order.state],
        "amount": {"total": order.total, "currency": order.currency},
    }
    if order.openid and order.is_paid:
        document["payer"] = {payer_field(order.identity): order.openid}
    if order.paid_at is not None:
        document |= {"id": order.transaction_id, "bank_type": BANK, "success_time": rfc3339(order.paid_at)}
        document["amount"] |= {
            "payer_total": order.payer_total,
            "payer_currency": "CNY",
            "exchange_rate": {"type": "SETTLEMENT_RATE", "rate": order.rate},
        }
    return document


def payer_field(identity: dict[str, str]) -> str:
    """The name under which the payer's openid travels: it says whose appid it belongs to."""
    if identity.get("sub_appid"):
        return "sub_openid"
    return "sp_openid" if "sp_appid" in identity else "openid"


def refund(order: Order, found: Refund) -> dict[str, Any]:
    """A refund's facts in the words of its order's API."""
    return cross_border_refund(order, found) if order.scheme == "global" else domestic_refund(order, found)


def domestic_refund(order: Order, found: Refund) -> dict[str, Any]:
    """What the domestic refund call and its query answer."""
    document: dict[str, Any] = {
        "refund_id": found.refund_id,
        "out_refund_no": found.out_refund_no,
        "transaction_id": order.transaction_id,
        "out_trade_no": order.out_trade_no,
        "channel": "ORIGINAL",
        "user_received_account": "支付用户零钱",
        "create_time": rfc3339(found.created_at),
        "status": found.status.value,
        "funds_account": "AVAILABLE",
        "amount": {
            "total": order.total,
            "refund": found.amount,
            "payer_total": order.payer_total,
            "payer_refund": found.payer_amount,
            "settlement_total": order.total,
            "settlement_refund": found.amount,
            "discount_refund": 0,
            "currency": order.currency,
        },
        "promotion_detail": [],
    }
    if found.ended_at is not None:
        document["success_time"] = rfc3339(found.ended_at)
    return document


def refund_rate_type(order: Order) -> str:
    """The rate a refund goes by: the payment's own where it is priced in the settlement currency."""
    return "USERPAYMENT_RATE" if order.currency == order.settle_currency else "SETTLEMENT_RATE"


def cross_border_refund(order: Order, found: Refund) -> dict[str, Any]:
    """What the cross-border refund calls answer: the consumer's CNY and the rate of the payment beside it."""
    document: dict[str, Any] = {
        "id": found.refund_id,
        "out_refund_no": found.out_refund_no,
        "transaction_id": order.transaction_id,
        "out_trade_no": order.out_trade_no,
        "channel": "ORIGINAL",
        "create_time": rfc3339(found.created_at),
        "status": found.status.value,
        "recv_account": "支付用户零钱",
        "fund_source": "REFUND_SOURCE_UNSETTLED_FUNDS",
        "amount": {
            "total": order.total,
            "currency": order.currency,
            "refund": found.amount,
            "payer_total": order.payer_total,
            "payer_refund": found.payer_amount,
            "payer_currency": "CNY",
            "exchange_rate": {
                "type": refund_rate_type(order),
                "rate": order.rate,
            },
        },
    }
    if found.ended_at is not None:
        document["success_time"] = rfc3339(found.ended_at)
    return document


def refund_notice(order: Order, found: Refund) -> dict[str, Any]:
    """What a refund notification encrypts; its state is called `refund_status` there."""
    amount = {"total": order.total, "refund": found.amount, "payer_total": order.payer_total}
    notice: dict[str, Any] = {
        **{name: value for name, value in order.identity.items() if name.endswith("mchid")},
        "out_trade_no": order.out_trade_no,
        "transaction_id": order.transaction_id,
        "out_refund_no": found.out_refund_no,
        "refund_id": found.refund_id,
        "refund_status": found.status.value,
        "user_received_account": "支付用户零钱",
        "amount": {**amount, "payer_refund": found.payer_amount},
    }
    if order.scheme == "global":
        notice["amount"] |= {"currency": order.currency, "payer_currency": "CNY"}
    if found.status is RefundState.SUCCESS and found.ended_at is not None:
        notice["success_time"] = rfc3339(found.ended_at)
    return notice
