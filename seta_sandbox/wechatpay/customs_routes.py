"""Customs: declare a paid order or a part of it, amend, send again, check the buyer's name, query the states."""

import base64
import binascii
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from starlette.routing import Route

from seta_sandbox.kit.keys import DIGITS
from seta_sandbox.wechatpay import documents, errors, fields
from seta_sandbox.wechatpay import state as book
from seta_sandbox.wechatpay.declarations import CustomsState, Declaration
from seta_sandbox.wechatpay.door import Answer, Call, signed
from seta_sandbox.wechatpay.merchants import merchant
from seta_sandbox.wechatpay.state import Order, wechatpay_of

DEPARTMENT = "UNIONPAY"
ORDER_TYPES = ("out_trade_no", "transaction_id", "sub_order_no", "sub_order_id")
FEES = ("order_fee", "product_fee", "transport_fee", "duty")
LIMIT_MAX = 20
OAEP = padding.OAEP(padding.MGF1(hashes.SHA1()), hashes.SHA1(), None)


async def declare(call: Call) -> Answer:
    """Declare a paid order, or one of its parts with `sub_order_no`; the same declaration again finds itself."""
    body, order = call.document(), _order(call, call.document())
    key = _key(body)
    found = wechatpay_of(call.world).declarations.get(key)
    if found is not None:
        found.refresh(call.world.clock.now())
        if _fees(body, order) != tuple(getattr(found, name) for name in FEES):
            raise errors.invalid("报关信息重复，且与之前的请求参数不一致")
        return 200, _declared(body, found)
    now = call.world.clock.now()
    sub = fields.text(body, "sub_order_no", required=False, length_max=32)
    found = Declaration(
        order.out_trade_no,
        order.transaction_id,
        key[1],
        fields.text(body, "merchant_customs_no", length_max=20),
        sub,
        order.transaction_id[:24] + "".join(call.world.rng.choices(DIGITS, k=6)) if sub else "",
        "".join(call.world.rng.choices(DIGITS, k=32)),
        *_fees(body, order),
        modified_at=now,
        settles_at=now + wechatpay_of(call.world).settings.customs_seconds,
    )
    _refuse_more_than_paid(call, order, found)
    wechatpay_of(call.world).declarations[key] = found
    return 200, _declared(body, found)


async def amend(call: Call) -> Answer:
    """Change a declaration's sums and send it again; not while the customs office works on it."""
    body, order = call.document(), _order(call, call.document())
    found, now = _declaration(call, body), call.world.clock.now()
    if found.state in (CustomsState.SUBMITTED, CustomsState.PROCESSING):
        raise errors.invalid("报关处理中，不能修改")
    found.order_fee, found.product_fee, found.transport_fee, found.duty = _fees(body, order)
    found.merchant_customs_no = fields.text(body, "merchant_customs_no", length_max=20)
    found.resubmit(CustomsState.SUBMITTED, now, now + wechatpay_of(call.world).settings.customs_seconds)
    return 200, {**_declared(body, found), "modify_time": documents.rfc3339(found.modified_at)}


async def redeclare(call: Call) -> Answer:
    """Send a declaration again that the customs office lost: only one of state SUCCESS or EXCEPT."""
    body, now = call.document(), call.world.clock.now()
    merchant(call.world, body)
    found = _declaration(call, body)
    if found.state not in (CustomsState.SUCCESS, CustomsState.EXCEPT):
        raise errors.invalid("仅状态为SUCCESS或EXCEPT的报关单可以重推")
    found.resubmit(CustomsState.PROCESSING, now, now + wechatpay_of(call.world).settings.customs_seconds)
    answer = _declared(body, found)
    return 200, {**answer, "modify_time": documents.rfc3339(found.modified_at), "explanation": "重推成功"}


async def verify_certificate(call: Call) -> Answer:
    """Compare the buyer's name with the payer's: SAME, DIFFERENT, or UNCHECKED for anything but an ID card.

    Name and number come encrypted with the platform key that `Wechatpay-Serial` names.
    """
    body = call.document()
    order = _order(call, body)
    kind = fields.text(body, "certificate_type", length_max=16)
    fields.text(body, "merchant_customs_no", length_max=20)
    _decrypted(call, body, "certificate_id")
    name = _decrypted(call, body, "certificate_name")
    person = call.world.find_person(order.openid)
    is_same = person is not None and person.name == name
    result = "UNCHECKED" if kind != "IDCARD" else "SAME" if is_same else "DIFFERENT"
    return 200, {
        "appid": body["appid"],
        "mchid": body["mchid"],
        "out_trade_no": order.out_trade_no,
        "transaction_id": order.transaction_id,
        "certificate_check_result": result,
    }


async def query(call: Call) -> Answer:
    """The declarations of an order to one customs office; a paid order without any is UNDECLARED."""
    params = dict(call.request.query_params)
    merchant(call.world, params)
    kind, number = fields.text(params, "order_type"), fields.text(params, "order_no", length_max=64)
    customs = fields.text(params, "customs", length_max=20)
    if kind not in ORDER_TYPES:
        raise errors.parameter("order_type", f"应为{'、'.join(ORDER_TYPES)}", kind, "query")
    offset, limit = _page(params)
    found = [
        declaration
        for declaration in wechatpay_of(call.world).declarations.values()
        if getattr(declaration, kind) == number and customs == declaration.customs
    ]
    for declaration in found:
        declaration.refresh(call.world.clock.now())
    if found:
        transaction_id, trade_id = found[0].transaction_id, found[0].department_trade_id
        data = [entry(declaration) for declaration in found]
    else:
        order = _paid_order(call, kind, number)
        transaction_id, trade_id = order.transaction_id, ""
        data = [_undeclared(order, customs)]
    return 200, {
        "appid": params["appid"],
        "mchid": params["mchid"],
        "transaction_id": transaction_id,
        "verify_department": DEPARTMENT,
        "verify_department_trade_id": trade_id,
        "offset": offset,
        "limit": limit,
        "total_count": len(data),
        "data": data[offset : offset + limit],
    }


def entry(declaration: Declaration) -> dict[str, Any]:
    """One declaration as queries list it."""
    listed = {
        "sub_order_no": declaration.sub_order_no,
        "sub_order_id": declaration.sub_order_id,
        "mch_customs_no": declaration.merchant_customs_no,
        "customs": declaration.customs,
        "fee_type": "CNY",
        "state": declaration.state.value,
        "explanation": declaration.explanation,
        "modify_time": documents.rfc3339(declaration.modified_at),
    }
    return {**listed, **{name: getattr(declaration, name) for name in FEES}}


def _undeclared(order: Order, customs: str) -> dict[str, Any]:
    assert order.paid_at is not None
    at = documents.rfc3339(order.paid_at)
    return {"customs": customs, "state": CustomsState.UNDECLARED.value, "modify_time": at}


def _declared(body: dict[str, Any], found: Declaration) -> dict[str, Any]:
    answer = {
        "appid": body["appid"],
        "mchid": body["mchid"],
        "state": found.state.value,
        "out_trade_no": found.out_trade_no,
        "transaction_id": found.transaction_id,
        "verify_department": DEPARTMENT,
        "verify_department_trade_id": found.department_trade_id,
    }
    if not found.sub_order_no:
        return answer
    return {**answer, "sub_order_no": found.sub_order_no, "sub_order_id": found.sub_order_id}


def _order(call: Call, body: dict[str, Any]) -> Order:
    merchant(call.world, body)
    fields.text(body, "customs", length_max=20)
    transaction_id = fields.text(body, "transaction_id", length_max=32)
    number = fields.text(body, "out_trade_no", length_max=32)
    order = book.find_order(wechatpay_of(call.world), out_trade_no=number)
    if order.transaction_id != transaction_id or order.paid_at is None:
        raise errors.invalid("订单未支付，或out_trade_no与transaction_id不匹配")
    return order


def _paid_order(call: Call, kind: str, number: str) -> Order:
    if kind in ("sub_order_no", "sub_order_id"):
        raise errors.Refusal(404, "RESOURCE_NOT_EXISTS", "报关单不存在")
    order = book.find_order(wechatpay_of(call.world), **{kind: number})
    if order.paid_at is None:
        raise errors.order_missing()
    return order


def _key(body: dict[str, Any]) -> tuple[str, str, str]:
    sub = fields.text(body, "sub_order_no", required=False, length_max=32)
    return fields.text(body, "out_trade_no", length_max=32), fields.text(body, "customs", length_max=20), sub


def _declaration(call: Call, body: dict[str, Any]) -> Declaration:
    """The declaration of any of its four numbers and its customs office."""
    asked = {name: fields.text(body, name, required=False, length_max=64) for name in ORDER_TYPES}
    asked = {name: value for name, value in asked.items() if value}
    customs = fields.text(body, "customs", length_max=20)
    fields.text(body, "merchant_customs_no", length_max=20)
    for declaration in wechatpay_of(call.world).declarations.values():
        is_asked = asked and all(getattr(declaration, name) == value for name, value in asked.items())
        if is_asked and declaration.customs == customs:
            declaration.refresh(call.world.clock.now())
            return declaration
    raise errors.Refusal(404, "RESOURCE_NOT_EXISTS", "报关单不存在")


def _fees(body: dict[str, Any], order: Order) -> tuple[int, int, int, int]:
    """order_fee, product_fee, transport_fee and duty; a part must say them all, and they must add up."""
    has_part = bool(body.get("sub_order_no"))
    if not has_part and not any(name in body for name in FEES):
        return order.payer_total, order.payer_total, 0, 0
    if fields.text(body, "fee_type", required=has_part, length_max=3) not in ("", "CNY"):
        raise errors.parameter("fee_type", "仅支持CNY", body.get("fee_type"))
    fees = [_fee(body, name, required=has_part and name != "duty") for name in FEES]
    if fees[0] != fees[1] + fees[2]:
        raise errors.parameter("order_fee", "应等于product_fee与transport_fee之和", fees[0])
    return fees[0], fees[1], fees[2], fees[3]


def _fee(body: dict[str, Any], name: str, *, required: bool) -> int:
    value = body.get(name, None if required else 0)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise errors.parameter(name, "应为不小于0的整数", value)
    return value


def _refuse_more_than_paid(call: Call, order: Order, new: Declaration) -> None:
    declared = sum(
        other.order_fee
        for other in wechatpay_of(call.world).declarations.values()
        if (other.out_trade_no, other.customs) == (new.out_trade_no, new.customs)
    )
    if declared + new.order_fee > order.payer_total:
        raise errors.invalid("报关金额大于支付金额")


def _page(params: dict[str, str]) -> tuple[int, int]:
    try:
        offset, limit = int(params.get("offset", "0")), int(params.get("limit", str(LIMIT_MAX)))
    except ValueError:
        raise errors.parameter("offset", "应为整数", params.get("offset"), "query") from None
    if offset < 0 or not 0 < limit <= LIMIT_MAX:
        raise errors.parameter("limit", f"应在1至{LIMIT_MAX}之间", limit, "query")
    return offset, limit


def _decrypted(call: Call, body: dict[str, Any], name: str) -> str:
    sealed = fields.text(body, name, length_max=1024)
    try:
        return call.signer.private.decrypt(base64.b64decode(sealed, validate=True), OAEP).decode()
    except (ValueError, binascii.Error):
        raise errors.parameter(name, "解密失败，请用Wechatpay-Serial所示公钥以RSA-OAEP加密") from None


CUSTOMS = "/v3/global/customs"
ROUTES: list[Route] = [
    Route(f"{CUSTOMS}/orders", signed(declare), methods=["POST"]),
    Route(f"{CUSTOMS}/orders", signed(query)),
    Route(f"{CUSTOMS}/orders", signed(amend), methods=["PATCH"]),
    Route(f"{CUSTOMS}/redeclare", signed(redeclare), methods=["POST"]),
    Route(f"{CUSTOMS}/verify-certificate", signed(verify_certificate), methods=["POST"]),
]
