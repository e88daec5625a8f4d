"""Write payments, refunds and quotes as the JSON that AMS answers and notifies with; names from its SDK's models."""

import json
from typing import Any

from seta_sandbox.antom import amounts, errors
from seta_sandbox.antom.amounts import money
from seta_sandbox.antom.door import moment
from seta_sandbox.antom.state import Payment, PaymentStatus, Quote, Refund, RefundStatus

CASHIER = "CASHIER_PAYMENT"
PSP = "Alipay CN"


def quote(found: Quote) -> dict[str, Any]:
    """A quote. `quotePrice` is a number and `guaranteed` a boolean, because the SDKs read them so."""
    return {
        "quoteId": found.quote_id,
        "quoteCurrencyPair": f"{found.sell}/{found.buy}",
        "quotePrice": float(amounts.decimal(found.price)),
        "quoteStartTime": moment(found.starts_at),
        "quoteExpiryTime": moment(found.expires_at),
        "guaranteed": found.guaranteed,
    }


def facts(payment: Payment) -> dict[str, Any]:
    """What every document of a payment says of it."""
    found: dict[str, Any] = {
        "paymentRequestId": payment.payment_request_id,
        "paymentId": payment.payment_id,
        "paymentAmount": money(payment.currency, payment.amount),
        "paymentCreateTime": moment(payment.created_at),
    }
    if payment.paid_at is None:
        return found
    found |= {
        "paymentTime": moment(payment.paid_at),
        "actualPaymentAmount": money("CNY", payment.actual),
        "grossSettlementAmount": money(payment.settlement_currency, payment.settled),
        "pspCustomerInfo": {"pspName": PSP, "pspCustomerId": payment.payer},
    }
    if payment.payment_quote is not None:
        found["paymentQuote"] = quote(payment.payment_quote)
    if payment.settlement_quote is not None:
        found["settlementQuote"] = quote(payment.settlement_quote)
    return found


def placed(payment: Payment, base_url: str) -> dict[str, Any]:
    """What `pay` answers: the money when it moved, else how the consumer is to be led to it."""
    answer = {"result": outcome(payment), **facts(payment)}
    if payment.status is not PaymentStatus.PROCESSING:
        return answer
    if payment.scenario == "OrderCode":
        answer["orderCodeForm"] = {
            "paymentMethodType": payment.method,
            "expireTime": moment(payment.expires_at),
            "codeDetails": [
                {"codeValueType": "QRCODE", "displayType": "TEXT", "codeValue": payment.code_value}
            ],
        }
    elif payment.scenario == "EntryCode" or payment.product_code == CASHIER:
        address = f"{base_url}/_antom/cashier?code={payment.code_value}"
        form = {"redirectUrl": address, "method": "GET", "actionFormType": "REDIRECT"}
        answer |= {
            "normalUrl": address,
            "paymentActionForm": json.dumps(form),
            "redirectActionForm": form,
        }
    return answer


def outcome(payment: Payment) -> dict[str, str]:
    """The payment's own result: S, F with its code, or U while it is being paid."""
    if payment.status is PaymentStatus.SUCCESS:
        return errors.SUCCESS
    if payment.status is PaymentStatus.CANCELLED:
        return errors.CANCELLED.result()
    refusal = errors.IN_PROCESS if payment.failure is None else payment.failure
    return refusal.result()


def inquired(payment: Payment) -> dict[str, Any]:
    """What `inquiryPayment` answers: `result` only says that the inquiry worked."""
    result = outcome(payment)
    return {
        "result": errors.SUCCESS,
        "paymentStatus": payment.status.value,
        "paymentResultCode": result["resultCode"],
        "paymentResultMessage": result["resultMessage"],
        **facts(payment),
        "transactions": [
            {
                "transactionType": "REFUND",
                "transactionStatus": refund.status.value,
                "transactionRequestId": refund.refund_request_id,
                "transactionId": refund.refund_id,
                "transactionAmount": money(payment.currency, refund.amount),
                "transactionTime": moment(refund.ended_at or refund.created_at),
                "transactionResult": refund_result(refund),
            }
            for refund in payment.refunds
        ],
    }


def refund_result(refund: Refund) -> dict[str, str]:
    """A refund's own result."""
    if refund.status is RefundStatus.SUCCESS:
        return errors.SUCCESS
    if refund.status is RefundStatus.PROCESSING:
        return errors.REFUND_IN_PROCESS.result()
    return errors.Refusal("PROCESS_FAIL", "the refund failed").result()


def refund_facts(refund: Refund) -> dict[str, Any]:
    """What every document of a refund says of it."""
    payment = refund.payment
    found: dict[str, Any] = {
        "refundRequestId": refund.refund_request_id,
        "refundId": refund.refund_id,
        "paymentId": payment.payment_id,
        "refundAmount": money(payment.currency, refund.amount),
    }
    if refund.status is not RefundStatus.SUCCESS or refund.ended_at is None:
        return found
    found |= {
        "refundTime": moment(refund.ended_at),
        "grossSettlementAmount": money(payment.settlement_currency, refund.settled),
    }
    return found if refund.quote is None else {**found, "settlementQuote": quote(refund.quote)}


def refunded(refund: Refund) -> dict[str, Any]:
    """What `refund` answers."""
    return {"result": refund_result(refund), **refund_facts(refund)}


def refund_inquired(refund: Refund) -> dict[str, Any]:
    """What `inquiryRefund` answers."""
    return {"result": errors.SUCCESS, "refundStatus": refund.status.value, **refund_facts(refund)}


def payment_notice(payment: Payment, notify_type: str) -> dict[str, Any]:
    """What `notifyPayment` posts; PAYMENT_PENDING says that the consumer is done and the result is not."""
    result = errors.IN_PROCESS.result() if notify_type == "PAYMENT_PENDING" else outcome(payment)
    if notify_type == "PAYMENT_CANCEL":
        result = errors.SUCCESS
    return {"notifyType": notify_type, "result": result, **facts(payment)}


def refund_notice(refund: Refund) -> dict[str, Any]:
    """What `notifyRefund` posts."""
    return {
        "notifyType": "REFUND_RESULT",
        "result": refund_result(refund),
        "refundStatus": refund.status.value,
        **refund_facts(refund),
    }
