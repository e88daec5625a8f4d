"""Antom's side of the control actions: what consumers and the passing of days do to its payments."""

from dataclasses import replace
from datetime import date
from typing import Any

from seta_sandbox.antom import cashier, notify, settlement
from seta_sandbox.antom.door import merchant_id
from seta_sandbox.antom.errors import Refusal
from seta_sandbox.antom.state import PaymentStatus, RefundStatus, antom_of, day_of
from seta_sandbox.kit.errors import ControlError
from seta_sandbox.kit.world import World

REFUND_MODES = ("processing", "success")


async def pay(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """The consumer pays `paymentRequestId` (or `out_trade_no`); `openid` (any identifier) chooses who.

    With `pending` true the consumer is done but the result is not: PAYMENT_PENDING is sent and nothing is paid.
    """
    number = str(body.get("paymentRequestId") or body.get("out_trade_no") or "")
    payment = cashier.find_for_control(world, number)
    payer = world.person(str(body.get("openid", "") or payment.payer)).alipay_user_id
    if body.get("pending"):
        if payment.status is not PaymentStatus.PROCESSING:
            raise ControlError(f"the payment is {payment.status}")
        notify.notify_payment(world, payment, "PAYMENT_PENDING")
    else:
        try:
            cashier.pay(world, payment, payer)
        except Refusal as refusal:
            raise ControlError(refusal.message) from None
    await world.pusher.settled()
    return {
        "paymentRequestId": payment.payment_request_id,
        "paymentId": payment.payment_id,
        "paymentStatus": payment.status.value,
        "amount": payment.amount,
        "currency": payment.currency,
        "payer_total": payment.actual,
        "settled": payment.settled,
        "settlement_currency": payment.settlement_currency,
    }


async def refund_settle(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """A processing refund (`refundRequestId` or `out_refund_no`) ends as `status` says (SUCCESS or FAIL)."""
    number = str(body.get("refundRequestId") or body.get("out_refund_no") or "")
    refund = antom_of(world).refunds.get(number)
    if refund is None:
        raise ControlError(f"no Antom refund has refundRequestId {number!r}")
    status = str(body.get("status", "SUCCESS"))
    if status not in ("SUCCESS", "FAIL"):
        raise ControlError("status must be SUCCESS or FAIL")
    if refund.status is RefundStatus.PROCESSING:
        cashier.end_refund(world, refund, RefundStatus(status))
        await world.pusher.settled()
    return {"refundRequestId": number, "refundId": refund.refund_id, "status": refund.status.value}


async def next_codepay(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """What the next payment by code does; several calls queue up."""
    outcome = str(body.get("outcome", "SUCCESS"))
    if outcome not in cashier.CODEPAY_OUTCOMES:
        raise ControlError(f"outcome must be one of {', '.join(cashier.CODEPAY_OUTCOMES)}")
    antom_of(world).next_codepay.append(outcome)
    return {"outcomes": antom_of(world).next_codepay}


async def make_bill(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """Close `date` and make its settlement file anew; `plant` puts one break into it. `url` is where it lies."""
    day = date.fromisoformat(str(body.get("date") or day_of(world.clock.now())))
    kind = str(body.get("plant") or "")
    settings, merchant = antom_of(world).settings, merchant_id(world)
    lines = settlement.lines_of(antom_of(world).payments.values(), settings.fee_rate, day)
    planted = None
    if kind:
        lines, planted = settlement.plant(lines, kind, day)
    batch_id = f"{day:%Y%m%d}" + f"{len(antom_of(world).files) + 1:06d}"
    name = settlement.name(merchant, day, batch_id)
    antom_of(world).files[name] = settlement.content(
        lines,
        merchant_id=merchant,
        batch_id=batch_id,
        made_at=world.clock.now(),
        is_complete=kind != "truncated",
    )
    return {
        "date": day.isoformat(),
        "lines": len(lines),
        "batch_id": batch_id,
        "name": name,
        "url": f"{world.base_url}/_antom/settlements/{name}",
        "net": settlement.net(lines),
        "planted": None if planted is None else {
            "kind": planted.kind,
            "paymentRequestId": planted.payment_request_id,
            "bill_amount": planted.bill_amount,
            "true_amount": planted.true_amount,
        },
    }  # fmt: skip


async def show_code(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """The single-use payment code on a consumer's phone, for the till to scan."""
    return {"auth_code": cashier.show_code(world, str(body.get("openid", "")))}


async def settings(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """Change any of fee_rate, refund_mode, guaranteed and rates."""
    current = antom_of(world).settings
    mode = str(body.get("refund_mode", current.refund_mode))
    if mode not in REFUND_MODES:
        raise ControlError(f"refund_mode must be one of {', '.join(REFUND_MODES)}")
    rates = {**current.rates, **body.get("rates", {})}
    fee_rate = body.get("fee_rate", current.fee_rate)
    wrong = [name for name, rate in rates.items() if not isinstance(rate, int) or rate < 1]
    if wrong or not isinstance(fee_rate, int) or fee_rate < 0:
        raise ControlError("fee_rate and rates must be whole numbers: ten-thousandths, and scaled by 10^8")
    guaranteed = bool(body.get("guaranteed", current.guaranteed))
    antom_of(world).settings = replace(
        current, fee_rate=fee_rate, refund_mode=mode, guaranteed=guaranteed, rates=rates
    )
    return {"fee_rate": fee_rate, "refund_mode": mode, "guaranteed": guaranteed, "rates": rates}
