"""Orders, refunds and pay-sheet parameters as WeChat Pay states them; every amount is an integer of fen."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Transaction:
    """An order as the platform sees it.

    `trade_state` is SUCCESS, REFUND, NOTPAY, CLOSED, REVOKED, USERPAYING or PAYERROR; `success_time` is RFC 3339
    text, empty while unpaid.
    """

    out_trade_no: str
    transaction_id: str
    trade_state: str
    trade_state_desc: str
    trade_type: str
    total: int
    currency: str
    payer_total: int
    openid: str
    success_time: str
    attach: str

    @property
    def paid(self) -> bool:
        """Whether the money has been taken (a later refund does not undo that)."""
        return self.trade_state in ("SUCCESS", "REFUND")


@dataclass(frozen=True)
class Refund:
    """A refund as the platform sees it; `status` is SUCCESS, CLOSED, PROCESSING or ABNORMAL."""

    refund_id: str
    out_refund_no: str
    transaction_id: str
    out_trade_no: str
    status: str
    refund: int
    total: int
    currency: str
    success_time: str


@dataclass(frozen=True)
class JsapiParams:
    """What `wx.requestPayment` needs to open the pay sheet; its success callback proves nothing: query."""

    appid: str
    timestamp: str
    nonce: str
    package: str
    sign_type: str
    pay_sign: str

    def as_request(self) -> dict[str, str]:
        """The parameters under the names the mini program passes on."""
        return {
            "appId": self.appid,
            "timeStamp": self.timestamp,
            "nonceStr": self.nonce,
            "package": self.package,
            "signType": self.sign_type,
            "paySign": self.pay_sign,
        }


def read_transaction(fields: Mapping[str, Any]) -> Transaction:
    """Read an order from an answer or from a notification's resource; ValueError when it is not one."""
    amount, payer = fields.get("amount") or {}, fields.get("payer") or {}
    try:
        total = int(amount.get("total", 0))
        return Transaction(
            out_trade_no=str(fields["out_trade_no"]),
            transaction_id=str(fields.get("transaction_id") or ""),
            trade_state=str(fields["trade_state"]),
            trade_state_desc=str(fields.get("trade_state_desc") or ""),
            trade_type=str(fields.get("trade_type") or ""),
            total=total,
            currency=str(amount.get("currency") or "CNY"),
            payer_total=int(amount.get("payer_total", total)),
            openid=str(payer.get("openid") or ""),
            success_time=str(fields.get("success_time") or ""),
            attach=str(fields.get("attach") or ""),
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"not an order: {error}") from error


def read_refund(fields: Mapping[str, Any]) -> Refund:
    """Read a refund from an answer or a notification (which calls the state `refund_status`)."""
    amount = fields.get("amount") or {}
    try:
        return Refund(
            refund_id=str(fields["refund_id"]),
            out_refund_no=str(fields["out_refund_no"]),
            transaction_id=str(fields.get("transaction_id") or ""),
            out_trade_no=str(fields.get("out_trade_no") or ""),
            status=str(fields.get("status") or fields["refund_status"]),
            refund=int(amount["refund"]),
            total=int(amount["total"]),
            currency=str(amount.get("currency") or "CNY"),
            success_time=str(fields.get("success_time") or ""),
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"not a refund: {error}") from error
