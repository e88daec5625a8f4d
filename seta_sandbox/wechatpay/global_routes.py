"""WeChat Pay's cross-border endpoints: priced in any currency, paid in CNY, direct or as an institution."""

from typing import Any

from starlette.routing import Route

from seta_sandbox.kit.world import World
from seta_sandbox.wechatpay import cashier, documents, errors, fields
from seta_sandbox.wechatpay import state as book
from seta_sandbox.wechatpay.cashier import Placement
from seta_sandbox.wechatpay.door import Answer, Call, keys_of, signed
from seta_sandbox.wechatpay.merchants import (
    refuse_foreign_app,
    refuse_foreign_merchant,
    refuse_foreign_openid,
)
from seta_sandbox.wechatpay.state import wechatpay_of

TRADE_TYPES = {"jsapi": "JSAPI", "native": "NATIVE", "app": "APP", "mweb": "MWEB"}
PAGE_MAX = 20


async def place(call: Call) -> Answer:
    """Place an order of any kind: prepay_id for JSAPI and app, code_url for QR, mweb_url for a browser."""
    body = call.document()
    kind = call.path("kind")
    trade_type = TRADE_TYPES.get(kind)
    if trade_type is None:
        raise errors.Refusal(404, "RESOURCE_NOT_EXISTS", "接口不存在")
    if fields.text(body, "trade_type", length_max=16) != trade_type:
        raise errors.parameter("trade_type", f"应为{trade_type}", body.get("trade_type"))
    fields.text(body, "merchant_category_code", length_max=8)
    identity = merchant(call.world, body)
    if trade_type == "JSAPI":
        payer = documents.payer_field(identity)
        refuse_foreign_openid(
            call.world, identity.get("sub_appid") or identity.get("sp_appid") or identity["appid"],
            fields.text(body, f"payer.{payer}", length_max=128),
        )  # fmt: skip
    order = cashier.place(call.world, Placement("global", trade_type, identity, call.signer.serial), body)
    order = cashier.keep_prepay(call.world, order)
    if trade_type == "NATIVE":
        return 200, {"code_url": order.code_url}
    if trade_type == "MWEB":
        return 200, {"mweb_url": f"{cashier.BROWSER_CASHIER}?prepay_id={order.prepay_id}"}
    return 200, {"prepay_id": order.prepay_id}


async def micropay(call: Call) -> Answer:
    """Charge the code on a consumer's phone in the merchant's currency."""
    body = call.document()
    if fields.text(body, "trade_type", required=False, length_max=16) not in ("", "MICROPAY"):
        raise errors.parameter("trade_type", "应为MICROPAY", body.get("trade_type"))
    auth_code = fields.text(body, "payer.auth_code", length_max=32)
    if not fields.AUTH_CODE.fullmatch(auth_code):
        raise errors.BARCODE_REFUSALS["AUTH_CODE_INVALID"]
    placement = Placement("global", "MICROPAY", merchant(call.world, body), call.signer.serial)
    number = fields.text(body, "out_trade_no", pattern=fields.OUT_TRADE_NO, length_max=32)
    if number in wechatpay_of(call.world).orders:
        raise errors.number_used()
    order = cashier.place(call.world, placement, body)
    cashier.charge_barcode(call.world, order, auth_code)
    return 200, documents.transaction(order)


async def query(call: Call) -> Answer:
    """An order by either number."""
    order = _order(call)
    cashier.refuse_other_identity(order, call.request.query_params)
    book.refresh(order, call.world.clock.now())
    return 200, documents.transaction(order)


async def close(call: Call) -> Answer:
    """Close an unpaid order."""
    order = _order(call)
    cashier.refuse_other_identity(order, call.document())
    book.close(order, call.world.clock.now())
    return 204, None


async def reverse(call: Call) -> Answer:
    """Revoke a barcode payment."""
    order = _order(call)
    cashier.refuse_other_identity(order, call.document())
    cashier.reverse(call.world, order)
    return 204, None


async def refund(call: Call) -> Answer:
    """Ask for a refund in the payment's currency."""
    cashier.end_due_refunds(call.world)
    request = call.request
    order, found = cashier.refund(
        call.world,
        call.document(),
        signer_serial=call.signer.serial,
        is_current=lambda: request.app.state.world is call.world,
    )
    return 200, documents.refund(order, found)


async def query_refund(call: Call) -> Answer:
    """One refund by the merchant's number or by WeChat Pay's."""
    cashier.end_due_refunds(call.world)
    number, refund_id = call.request.path_params.get("out_refund_no"), call.request.path_params.get("id")
    for order, found in wechatpay_of(call.world).refunds.values():
        if order.scheme == "global" and (found.out_refund_no == number or found.refund_id == refund_id):
            return 200, documents.refund(order, found)
    raise errors.refund_missing()


async def list_refunds(call: Call) -> Answer:
    """All refunds of one order, in pages of at most 20."""
    cashier.end_due_refunds(call.world)
    params = dict(call.request.query_params)
    order = cashier.find_asked(call.world, params)
    cashier.refuse_other_identity(order, params)
    try:
        offset, count = int(params.get("offset", "0")), int(params.get("count", str(PAGE_MAX)))
    except ValueError:
        raise errors.parameter("offset", "应为整数", params.get("offset"), "query") from None
    if offset < 0 or not 0 < count <= PAGE_MAX:
        raise errors.parameter("count", f"应在1至{PAGE_MAX}之间", count, "query")
    page = order.refunds[offset : offset + count]
    return 200, {
        "total_count": len(order.refunds),
        "offset": offset,
        "count": len(page),
        "data": [documents.refund(order, found) for found in page],
    }


def merchant(world: World, body: dict[str, Any]) -> dict[str, str]:
    """The body's direct (`mchid`, `appid`) or institution (`sp_mchid`, `sub_mchid`) identity; refuses others."""
    if "sp_mchid" not in body:
        refuse_foreign_merchant(world, fields.text(body, "mchid", length_max=32))
        refuse_foreign_app(world, fields.text(body, "appid", length_max=32))
        return {"appid": body["appid"], "mchid": body["mchid"]}
    refuse_foreign_merchant(world, fields.text(body, "sp_mchid", length_max=32))
    refuse_foreign_app(world, fields.text(body, "sp_appid", length_max=32))
    if fields.text(body, "sub_mchid", length_max=32) != keys_of(world).sub_mchid:
        raise errors.Refusal(400, "PARAM_ERROR", "sub_mchid与sp_mchid没有受理关系")
    identity = {"sp_appid": body["sp_appid"], "sp_mchid": body["sp_mchid"], "sub_mchid": body["sub_mchid"]}
    if sub_appid := fields.text(body, "sub_appid", required=False, length_max=32):
        refuse_foreign_app(world, sub_appid)
        identity["sub_appid"] = sub_appid
    return identity


def _order(call: Call) -> book.Order:
    params = call.request.path_params
    order = book.find_order(
        wechatpay_of(call.world),
        out_trade_no=params.get("out_trade_no", ""),
        transaction_id=params.get("id", ""),
    )
    if order.scheme != "global":
        raise errors.order_missing()
    return order


TRADES = "/v3/global/transactions"
MICROPAY = "/v3/global/micropay/transactions"
ROUTES: list[Route] = [
    Route(f"{TRADES}/{{kind}}", signed(place), methods=["POST"]),
    Route(f"{TRADES}/out-trade-no/{{out_trade_no}}", signed(query)),
    Route(f"{TRADES}/id/{{id}}", signed(query)),
    Route(f"{TRADES}/out-trade-no/{{out_trade_no}}/close", signed(close), methods=["POST"]),
    Route(f"{TRADES}/id/{{id}}/close", signed(close), methods=["POST"]),
    Route(f"{MICROPAY}/pay", signed(micropay), methods=["POST"]),
    Route(f"{MICROPAY}/out-trade-no/{{out_trade_no}}/reverse", signed(reverse), methods=["POST"]),
    Route(f"{MICROPAY}/id/{{id}}/reverse", signed(reverse), methods=["POST"]),
    Route("/v3/global/refunds", signed(refund), methods=["POST"]),
    Route("/v3/global/refunds", signed(list_refunds)),
    Route("/v3/global/refunds/out-refund-no/{out_refund_no}", signed(query_refund)),
    Route("/v3/global/refunds/id/{id}", signed(query_refund)),
]
