"""WeChat Pay's domestic endpoints, each behind the signed door."""

from starlette.routing import Route

from seta_sandbox.wechatpay import cashier, documents, errors, fields, signing
from seta_sandbox.wechatpay import state as book
from seta_sandbox.wechatpay.bill_routes import ROUTES as BILLS
from seta_sandbox.wechatpay.cashier import Placement
from seta_sandbox.wechatpay.customs_routes import ROUTES as CUSTOMS
from seta_sandbox.wechatpay.door import Answer, Call, certificates_of, keys_of, signed
from seta_sandbox.wechatpay.exchange_rate import ROUTES as EXCHANGE_RATE
from seta_sandbox.wechatpay.global_routes import ROUTES as CROSS_BORDER
from seta_sandbox.wechatpay.keys import VALID_FROM, VALID_UNTIL
from seta_sandbox.wechatpay.merchants import merchant, refuse_foreign_merchant, refuse_foreign_openid
from seta_sandbox.wechatpay.settlements import ROUTES as SETTLEMENTS
from seta_sandbox.wechatpay.state import wechatpay_of
from seta_sandbox.wechatpay.statements import ROUTES as STATEMENTS


async def certificates(call: Call) -> Answer:
    """The platform's certificates in force, encrypted; refused when the merchant is one of public-key mode only."""
    if not wechatpay_of(call.world).settings.certificates_offered:
        raise errors.Refusal(404, "RESOURCE_NOT_EXISTS", "无可用的平台证书，请使用微信支付公钥")
    entries = [
        {
            "serial_no": certificate.serial,
            "effective_time": documents.rfc3339(VALID_FROM.timestamp()),
            "expire_time": documents.rfc3339(VALID_UNTIL.timestamp()),
            "encrypt_certificate": signing.encrypted_resource(
                keys_of(call.world).apiv3_key,
                certificate.certificate_pem.encode(),
                rng=call.world.rng,
                associated_data="certificate",
            ),
        }
        for certificate in certificates_of(call.world)
    ]
    return 200, {"data": entries}


async def jsapi(call: Call) -> Answer:
    """Place an order for a payer in an Official Account or mini program: `{"prepay_id"}`."""
    body = call.document()
    identity = merchant(call.world, body)
    refuse_foreign_openid(call.world, identity["appid"], fields.text(body, "payer.openid", length_max=128))
    order = cashier.place(call.world, Placement("domestic", "JSAPI", identity, call.signer.serial), body)
    return 200, {"prepay_id": cashier.keep_prepay(call.world, order).prepay_id}


async def native(call: Call) -> Answer:
    """Place an order to be paid by scanning: `{"code_url"}`."""
    body = call.document()
    placement = Placement("domestic", "NATIVE", merchant(call.world, body), call.signer.serial)
    order = cashier.place(call.world, placement, body)
    return 200, {"code_url": cashier.keep_prepay(call.world, order).code_url}


async def in_app(call: Call) -> Answer:
    """Place an order to be paid from the merchant's own app: `{"prepay_id"}`."""
    body = call.document()
    placement = Placement("domestic", "APP", merchant(call.world, body), call.signer.serial)
    order = cashier.place(call.world, placement, body)
    return 200, {"prepay_id": cashier.keep_prepay(call.world, order).prepay_id}


async def in_browser(call: Call) -> Answer:
    """Place an order to be paid from a browser on a phone: `{"h5_url"}`."""
    body = call.document()
    fields.text(body, "scene_info.payer_client_ip", length_max=45)
    placement = Placement("domestic", "MWEB", merchant(call.world, body), call.signer.serial)
    order = cashier.keep_prepay(call.world, cashier.place(call.world, placement, body))
    return 200, {"h5_url": f"{cashier.BROWSER_CASHIER}?prepay_id={order.prepay_id}"}


async def codepay(call: Call) -> Answer:
    """Charge the code on a consumer's phone; the answer is the paid order."""
    body = call.document()
    auth_code = fields.text(body, "payer.auth_code", length_max=32)
    if not fields.AUTH_CODE.fullmatch(auth_code):
        raise errors.BARCODE_REFUSALS["AUTH_CODE_INVALID"]
    fields.text(body, "scene_info.store_info.id", length_max=32)
    placement = Placement("domestic", "MICROPAY", merchant(call.world, body), call.signer.serial)
    number = fields.text(body, "out_trade_no", pattern=fields.OUT_TRADE_NO, length_max=32)
    if number in wechatpay_of(call.world).orders:
        raise errors.number_used()
    order = cashier.place(call.world, placement, body)
    cashier.charge_barcode(call.world, order, auth_code)
    return 200, documents.transaction(order)


async def query_by_number(call: Call) -> Answer:
    """An order by the merchant's number."""
    return 200, documents.transaction(asked_order(call, out_trade_no=call.path("out_trade_no")))


async def query_by_id(call: Call) -> Answer:
    """An order by WeChat Pay's number, which it has once it is paid."""
    return 200, documents.transaction(asked_order(call, transaction_id=call.path("transaction_id")))


async def close(call: Call) -> Answer:
    """Close an unpaid order: 204 with a signed empty body."""
    refuse_foreign_merchant(call.world, fields.text(call.document(), "mchid"))
    order = book.find_order(wechatpay_of(call.world), out_trade_no=call.path("out_trade_no"))
    book.close(order, call.world.clock.now())
    return 204, None


async def reverse(call: Call) -> Answer:
    """Revoke a barcode payment: refunded when paid, closed when not."""
    body = call.document()
    merchant(call.world, body)
    order = book.find_order(wechatpay_of(call.world), out_trade_no=call.path("out_trade_no"))
    cashier.reverse(call.world, order)
    return 200, {**order.identity, "out_trade_no": order.out_trade_no}


async def refund(call: Call) -> Answer:
    """Ask for a refund; the same number and amount again find the same refund."""
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
    """A refund by the merchant's refund number."""
    cashier.end_due_refunds(call.world)
    known = wechatpay_of(call.world).refunds.get(call.path("out_refund_no"))
    if known is None:
        raise errors.refund_missing()
    return 200, documents.refund(*known)


def asked_order(call: Call, *, out_trade_no: str = "", transaction_id: str = "") -> book.Order:
    """The domestic order of a query, after time has acted on it; the query must name the merchant."""
    refuse_foreign_merchant(call.world, call.request.query_params.get("mchid", ""))
    order = book.find_order(
        wechatpay_of(call.world), out_trade_no=out_trade_no, transaction_id=transaction_id
    )
    if order.scheme != "domestic":
        raise errors.order_missing()
    book.refresh(order, call.world.clock.now())
    return order


PAY = "/v3/pay/transactions"
REFUNDS = "/v3/refund/domestic/refunds"
ROUTES: list[Route] = [
    Route("/v3/certificates", signed(certificates)),
    Route("/v3/global/certificates", signed(certificates)),
    Route(f"{PAY}/jsapi", signed(jsapi), methods=["POST"]),
    Route(f"{PAY}/native", signed(native), methods=["POST"]),
    Route(f"{PAY}/app", signed(in_app), methods=["POST"]),
    Route(f"{PAY}/h5", signed(in_browser), methods=["POST"]),
    Route(f"{PAY}/codepay", signed(codepay), methods=["POST"]),
    Route(f"{PAY}/out-trade-no/{{out_trade_no}}", signed(query_by_number)),
    Route(f"{PAY}/id/{{transaction_id}}", signed(query_by_id)),
    Route(f"{PAY}/out-trade-no/{{out_trade_no}}/close", signed(close), methods=["POST"]),
    Route(f"{PAY}/out-trade-no/{{out_trade_no}}/reverse", signed(reverse), methods=["POST"]),
    Route(REFUNDS, signed(refund), methods=["POST"]),
    Route(f"{REFUNDS}/{{out_refund_no}}", signed(query_refund)),
    *CROSS_BORDER,
    *STATEMENTS,
    *SETTLEMENTS,
    *CUSTOMS,
    *EXCHANGE_RATE,
    *BILLS,
]
