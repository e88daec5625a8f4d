"""Alipay's side of the control actions: what buyers and the passing of days do to its trades."""

from datetime import date
from typing import Any

from seta_sandbox.alipay import amounts, bills, cashier, methods, notify
from seta_sandbox.alipay.errors import Refusal
from seta_sandbox.alipay.state import Settings, alipay_of
from seta_sandbox.kit.errors import ControlError
from seta_sandbox.kit.world import World

REFUND_MODES = ("processing", "success")


async def pay(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """The buyer pays `out_trade_no`, scanning its QR code first; `openid` (any identifier) chooses who."""
    trade = cashier.find_for_control(world, str(body.get("out_trade_no", "")))
    buyer = world.person(str(body.get("openid", "") or trade.buyer_id))
    try:
        cashier.pay(world, trade, buyer.alipay_user_id)
    except Refusal as refusal:
        raise ControlError(refusal.sub_msg) from None
    await world.pusher.settled()
    return {
        "out_trade_no": trade.out_trade_no,
        "trade_no": trade.trade_no,
        "trade_status": trade.status.value,
        "buyer_id": trade.buyer_id,
        "total_amount": amounts.yuan(trade.total),
    }


async def refund_settle(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """A processing refund (`out_refund_no`, Alipay's out_request_no) ends; an ended one stays as it is."""
    number = str(body.get("out_refund_no", ""))
    for trade in alipay_of(world).trades.values():
        for refund in trade.refunds:
            if refund.out_request_no == number:
                if not refund.is_settled:
                    refund.is_settled = True
                    notify.notify_trade(world, trade, refund)
                    await world.pusher.settled()
                return {"out_refund_no": number, "status": "SUCCESS"}
    raise ControlError(f"no Alipay refund has out_request_no {number!r}")


async def next_codepay(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """What the next barcode payment does; several calls queue up."""
    outcome = str(body.get("outcome", "SUCCESS"))
    if outcome not in cashier.CODEPAY_OUTCOMES:
        raise ControlError(f"outcome must be one of {', '.join(cashier.CODEPAY_OUTCOMES)}")
    alipay_of(world).next_codepay.append(outcome)
    return {"outcomes": alipay_of(world).next_codepay}


async def make_bill(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """Close `date` and make its bill anew; `plant` puts one break into it."""
    day = date.fromisoformat(str(body.get("date") or bills.day_of(world.clock.now())))
    plant = str(body.get("plant") or "")
    content, lines, planted = methods.make_bill(world, day, plant or None, allow_empty=True)
    return {
        "date": day.isoformat(),
        "lines": lines,
        "bytes": len(content),
        "planted": None if planted is None else {
            "kind": planted.kind,
            "out_trade_no": planted.out_trade_no,
            "bill_amount": planted.bill_amount,
            "true_amount": planted.true_amount,
        },
    }  # fmt: skip


async def show_code(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """The single-use payment code on a buyer's phone, for the till to scan."""
    return {"auth_code": cashier.show_code(world, str(body.get("openid", "")))}


async def settings(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """Change fee_rate or refund_mode."""
    current = alipay_of(world).settings
    mode = str(body.get("refund_mode", current.refund_mode))
    if mode not in REFUND_MODES:
        raise ControlError(f"refund_mode must be one of {', '.join(REFUND_MODES)}")
    alipay_of(world).settings = Settings(int(body.get("fee_rate", current.fee_rate)), mode)
    return {"fee_rate": alipay_of(world).settings.fee_rate, "refund_mode": mode}
