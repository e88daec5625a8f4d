"""WeChat Pay's cross-border endpoints: priced in any currency, paid in CNY, direct or as an institution."""

from datetime import date, datetime
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from seta_sandbox.kit.world import World
from seta_sandbox.wechatpay import amounts, bills, cashier, documents, errors, fields
from seta_sandbox.wechatpay import state as book
from seta_sandbox.wechatpay.cashier import Placement
from seta_sandbox.wechatpay.door import Answer, Call, keys_of, signed, unsigned
from seta_sandbox.wechatpay.merchants import (
    refuse_foreign_app,
    refuse_foreign_merchant,
    refuse_foreign_openid,
)

TRADE_TYPES = {"jsapi": "JSAPI", "native": "NATIVE", "app": "APP", "mweb": "MWEB"}
STATEMENT_COLUMNS = (
    "交易时间,公众账号ID,商户号,特约商户号,微信订单号,商户订单号,用户标识,交易类型,交易状态,货币种类,订单金额,"
    "用户支付币种,用户支付金额,微信退款单号,商户退款单号,退款金额,用户退款金额,退款状态,商品名称,手续费,费率,汇率"
)
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
        return 200, {
            "mweb_url": f"https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id={order.prepay_id}"
        }
    return 200, {"prepay_id": order.prepay_id}


async def micropay(call: Call) -> Answer:
    """Charge the code on a consumer's phone in the merchant's currency."""
    body = call.document()
    auth_code = fields.text(body, "payer.auth_code", length_max=32)
    if not fields.AUTH_CODE.fullmatch(auth_code):
        raise errors.BARCODE_REFUSALS["AUTH_CODE_INVALID"]
    placement = Placement("global", "MICROPAY", merchant(call.world, body), call.signer.serial)
    number = fields.text(body, "out_trade_no", pattern=fields.OUT_TRADE_NO, length_max=32)
    if number in call.world.wechatpay.orders:
        raise errors.number_used()
    order = cashier.place(call.world, placement, body)
    cashier.charge_barcode(call.world, order, auth_code)
    return 200, documents.transaction(order)


async def query(call: Call) -> Answer:
    """An order by either number."""
    order = _order(call)
    book.refresh(order, call.world.clock.now())
    return 200, documents.transaction(order)


async def close(call: Call) -> Answer:
    """Close an unpaid order."""
    book.close(_order(call), call.world.clock.now())
    return 204, None


async def reverse(call: Call) -> Answer:
    """Revoke a barcode payment."""
    cashier.reverse(call.world, _order(call))
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
    for order, found in call.world.wechatpay.refunds.values():
        if order.scheme == "global" and (found.out_refund_no == number or found.refund_id == refund_id):
            return 200, documents.refund(order, found)
    raise errors.refund_missing()


async def list_refunds(call: Call) -> Answer:
    """All refunds of one order, in pages of at most 20."""
    cashier.end_due_refunds(call.world)
    params = dict(call.request.query_params)
    order = cashier.find_asked(call.world, params)
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


async def statement(call: Call) -> Response:
    """A day's statement as a bare CSV with its hash in `Wechatpay-Statement-Sha1`."""
    asked = call.request.query_params.get("date", "")
    try:
        day = datetime.strptime(asked, "%Y%m%d").date()
    except ValueError:
        raise errors.parameter("date", "格式应为YYYYMMDD", asked, "query") from None
    content = statement_of(call.world, day)
    return Response(
        content,
        media_type="text/csv; charset=utf-8",
        headers={"Wechatpay-Statement-Sha1": bills.sha1(content)},
    )


def statement_of(world: World, day: date) -> bytes:
    """The cross-border statement of one Beijing day; amounts in the priced currency beside the consumer's CNY."""
    orders = [order for order in world.wechatpay.orders.values() if order.scheme == "global"]
    lines = bills.lines_of(orders, world.wechatpay.settings.fee_rate, day)
    if not lines:
        raise errors.Refusal(400, "NO_STATEMENT_EXIST", "账单文件不存在")
    rows = [STATEMENT_COLUMNS, *(bills.cells(_statement_cells(line)) for line in lines)]
    return bills.file_of([*rows, "总交易单数", bills.cells([str(len(lines))])])


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
        call.world.wechatpay, out_trade_no=params.get("out_trade_no", ""), transaction_id=params.get("id", "")
    )
    if order.scheme != "global":
        raise errors.order_missing()
    return order


def _statement_cells(line: bills.Line) -> tuple[str, ...]:
    order, found = line.order, line.refund
    total = "0.00" if found else _priced(order, order.total)
    return (
        documents.rfc3339(line.at)[:19].replace("T", " "), order.appid,
        order.identity.get("mchid") or order.identity["sp_mchid"], order.identity.get("sub_mchid", ""),
        line.transaction_id, line.out_trade_no, order.openid, order.trade_type, line.state, order.currency,
        total, "CNY", amounts.yuan(line.total),
        found.refund_id if found else "", found.out_refund_no if found else "",
        _priced(order, found.amount) if found else "0.00", amounts.yuan(line.refunded),
        found.status.value if found else "", order.description,
        amounts.fee_yuan(line.fee), amounts.percent(line.fee_rate), str(order.rate),
    )  # fmt: skip


def _priced(order: book.Order, amount: int) -> str:
    return amounts.yuan(amount) if amounts.exponent(order.currency) == 2 else str(amount)


TRADES = "/v3/global/transactions"
MICROPAY = "/v3/global/micropay/transactions"
ROUTES: list[Route] = [
    Route(f"{TRADES}/{{kind}}", signed(place), methods=["POST"]),
    Route(f"{TRADES}/out-trade-no/{{out_trade_no}}", signed(query)),
    Route(f"{TRADES}/id/{{id}}", signed(query)),
    Route(f"{TRADES}/out-trade-no/{{out_trade_no}}/close", signed(close), methods=["POST"]),
    Route(f"{MICROPAY}/pay", signed(micropay), methods=["POST"]),
    Route(f"{MICROPAY}/out-trade-no/{{out_trade_no}}/reverse", signed(reverse), methods=["POST"]),
    Route(f"{MICROPAY}/id/{{id}}/reverse", signed(reverse), methods=["POST"]),
    Route("/v3/global/refunds", signed(refund), methods=["POST"]),
    Route("/v3/global/refunds", signed(list_refunds)),
    Route("/v3/global/refunds/out-refund-no/{out_refund_no}", signed(query_refund)),
    Route("/v3/global/refunds/id/{id}", signed(query_refund)),
    Route("/v3/global/statements", unsigned(statement)),
]
