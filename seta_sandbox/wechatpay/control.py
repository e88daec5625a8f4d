"""WeChat Pay's side of the control actions: what consumers and the passing of days do to its orders."""

from datetime import date
from typing import Any

from seta_sandbox.kit.errors import ControlError
from seta_sandbox.kit.world import World
from seta_sandbox.wechatpay import bill_routes, bills, cashier, customs_routes, keys, statements
from seta_sandbox.wechatpay.declarations import CustomsState
from seta_sandbox.wechatpay.door import certificates_of
from seta_sandbox.wechatpay.errors import Refusal
from seta_sandbox.wechatpay.state import RefundState, Settings, wechatpay_of

REFUND_MODES = ("processing", "success")
NOTICE_KEYS = ("asked", "both")
SETTINGS = (
    "fee_rate", "refund_mode", "refund_seconds", "cny_pool", "certificates_offered", "converts_daily",
    "settle_currency", "payout_minimum", "customs_seconds", "notice_key", "calls_per_second",
)  # fmt: skip
ROTATION_STEPS = ("begin", "switch", "end")
ENDINGS = (RefundState.SUCCESS, RefundState.CLOSED, RefundState.ABNORMAL)


async def pay(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """The consumer pays `out_trade_no`; `openid` chooses who, the order's own payer by default."""
    order = cashier.find_for_control(world, body)
    openid = order.openid or world.person(str(body.get("openid", ""))).openids.get(order.appid, "")
    try:
        cashier.pay(world, order, openid)
    except Refusal as refusal:
        raise ControlError(refusal.message) from None
    await world.pusher.settled()
    return {
        "out_trade_no": order.out_trade_no,
        "transaction_id": order.transaction_id,
        "trade_state": order.state.value,
        "openid": order.openid,
        "total": order.total,
        "currency": order.currency,
        "payer_total": order.payer_total,
    }


async def refund_settle(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """A processing refund ends as `status` says (SUCCESS); one that has ended already stays as it is."""
    number = str(body.get("out_refund_no", ""))
    known = wechatpay_of(world).refunds.get(number)
    if known is None:
        raise ControlError(f"no WeChat Pay refund has out_refund_no {number!r}")
    order, refund = known
    try:
        status = RefundState(str(body.get("status", RefundState.SUCCESS)))
    except ValueError:
        status = RefundState.PROCESSING
    if status not in ENDINGS:
        raise ControlError("status must be SUCCESS, CLOSED or ABNORMAL")
    if refund.status in (RefundState.PROCESSING, RefundState.ABNORMAL) and refund.status is not status:
        cashier.end_refund(world, order, refund, status)
        await world.pusher.settled()
    return {"out_refund_no": number, "refund_id": refund.refund_id, "status": refund.status.value}


async def next_codepay(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """What the next barcode payment does; several calls queue up."""
    outcome = str(body.get("outcome", "SUCCESS"))
    if outcome not in cashier.CODEPAY_OUTCOMES:
        raise ControlError(f"outcome must be one of {', '.join(cashier.CODEPAY_OUTCOMES)}")
    wechatpay_of(world).next_codepay.append(outcome)
    return {"outcomes": wechatpay_of(world).next_codepay}


async def make_bill(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """Close `date` and make its trade and fund bill anew; `plant` puts one break into the trade bill.

    Where the merchant has a CNY pool, closing the day converts it: the pool is empty afterwards.
    """
    day = date.fromisoformat(str(body.get("date") or bills.day_of(world.clock.now())))
    plant = str(body.get("plant") or "")
    content, lines, planted = bill_routes.make(world, "trade", day, plant or None, allow_empty=True)
    bill_routes.make(world, "fund", day, None, allow_empty=True)
    statements.make(world, day)
    if wechatpay_of(world).settings.cny_pool is not None:
        wechatpay_of(world).settings.cny_pool = 0
    return {
        "date": day.isoformat(),
        "lines": lines,
        "hash_value": bills.sha1(content),
        "planted": None if planted is None else {
            "kind": planted.kind,
            "out_trade_no": planted.out_trade_no,
            "bill_amount": planted.bill_amount,
            "true_amount": planted.true_amount,
        },
    }  # fmt: skip


async def show_code(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """The single-use payment code on a consumer's phone, for the till to scan."""
    return {"auth_code": cashier.show_code(world, str(body.get("openid", "")))}


async def settings(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """Change any of the settings; `converts_daily` empties the pool at each Beijing midnight."""
    current = wechatpay_of(world).settings
    if body.get("refund_mode", current.refund_mode) not in REFUND_MODES:
        raise ControlError(f"refund_mode must be one of {', '.join(REFUND_MODES)}")
    rates = {**current.rates, **body.get("rates", {})}
    chosen = {name: body.get(name, getattr(current, name)) for name in SETTINGS}
    if chosen["notice_key"] not in NOTICE_KEYS:
        raise ControlError(f"notice_key must be one of {', '.join(NOTICE_KEYS)}")
    if chosen["settle_currency"] not in rates:
        raise ControlError(f"settle_currency must be one of {', '.join(rates)}")
    if chosen["converts_daily"]:
        chosen["cny_pool"] = chosen["cny_pool"] or 0
        wechatpay_of(world).pool_day = bills.day_of(world.clock.now())
    counts = ("fee_rate", "cny_pool", "payout_minimum", "calls_per_second")
    whole = {**{name: chosen[name] or 0 for name in counts}, **rates}
    wrong = [name for name, value in whole.items() if not isinstance(value, int) or value < 0]
    if wrong:
        raise ControlError(
            f"{', '.join(wrong)} must be whole numbers: ten-thousandths, fen, rates scaled by 10^8"
        )
    wechatpay_of(world).settings = Settings(**chosen, rates=rates)
    return {**chosen, "rates": rates}


async def customs_settle(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """Declarations of `out_trade_no` (one of `customs`, of all by default) end as `state`, with an `explanation`."""
    try:
        state = CustomsState(str(body.get("state", "SUCCESS")))
    except ValueError:
        raise ControlError(f"state must be one of {', '.join(CustomsState)}") from None
    number, customs = str(body.get("out_trade_no", "")), str(body.get("customs", ""))
    found = [
        declaration
        for (order, office, _), declaration in wechatpay_of(world).declarations.items()
        if order == number and customs in ("", office)
    ]
    if not found:
        raise ControlError(f"no declaration of out_trade_no {number!r}")
    for declaration in found:
        declaration.end(state, str(body.get("explanation", "")), world.clock.now())
    return {"out_trade_no": number, "states": [customs_routes.entry(declaration) for declaration in found]}


async def rotate_certificate(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """Replace the platform certificate: `step` begin offers a second one, switch signs with it, end drops the first.

    From begin to end both may be asked for by their serial and both are listed by /v3/certificates.
    """
    state, step = wechatpay_of(world), str(body.get("step", "begin"))
    valid = certificates_of(world)
    if step not in ROTATION_STEPS:
        raise ControlError(f"step must be one of {', '.join(ROTATION_STEPS)}")
    if (step == "begin") != (len(valid) == 1):
        raise ControlError(
            "begin first" if len(valid) == 1 else "a replacement is under way: switch or end it"
        )
    if step == "begin":
        valid.append(keys.replacement(world.keys, valid[0].serial))
    elif step == "switch":
        state.signing_serial = valid[-1].serial
    else:
        del valid[0]
        state.signing_serial = valid[0].serial
    return {
        "signs": state.signing_serial,
        "serials": [certificate.serial for certificate in valid],
        "certificates": [certificate.certificate_pem for certificate in valid],
    }
