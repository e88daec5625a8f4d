"""Antom's AMS calls under the production and the sandbox path, and where its settlement files are fetched."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from seta_sandbox.antom import cashier, documents, errors
from seta_sandbox.antom import state as book
from seta_sandbox.antom.door import Call, Inner, moment, signed
from seta_sandbox.antom.state import Payment, antom_of
from seta_sandbox.kit.world import World

PREFIXES = ("/ams/api/v1/payments", "/ams/sandbox/api/v1/payments")


async def pay(call: Call) -> Inner:
    """Place a payment; a payment code is charged at once, everything else waits for its consumer.

    The same request again finds the same payment, whatever became of it.
    """
    payment, is_new = cashier.place(call)
    if is_new and payment.scenario == "PaymentCode":
        cashier.charge(call.world, payment, call.text("paymentMethod.paymentMethodId", length_max=128))
    return documents.placed(payment, call.world.base_url)


async def inquire_payment(call: Call) -> Inner:
    """A payment's state by either id."""
    payment = asked_payment(call)
    cashier.expire(call.world, payment)
    return documents.inquired(payment)


async def cancel(call: Call) -> Inner:
    """Undo a payment until a quarter past midnight of the next day."""
    payment = asked_payment(call)
    cashier.cancel(call.world, payment)
    return {
        "result": errors.SUCCESS,
        "paymentId": payment.payment_id,
        "paymentRequestId": payment.payment_request_id,
        "cancelTime": moment(payment.cancelled_at or call.world.clock.now()),
    }


async def refund(call: Call) -> Inner:
    """Refund a part; the same request again finds the same refund."""
    return documents.refunded(cashier.refund(call))


async def inquire_refund(call: Call) -> Inner:
    """A refund's state by either id (refundId wins)."""
    refund_id, number = call.text("refundId"), call.text("refundRequestId")
    if not refund_id and not number:
        raise errors.illegal("refundRequestId", "is missing")
    known = antom_of(call.world).refunds
    found = next((one for one in known.values() if one.refund_id == refund_id), None)
    found = found if refund_id else known.get(number)
    if found is None:
        raise errors.refund_missing()
    return documents.refund_inquired(found)


async def inquire_exchange_rate(call: Call) -> Inner:
    """Today's rates: of the pairs asked for, or of `paymentCurrency` against CNY."""
    quotes = [cashier.make_quote(call.world, sell, buy) for sell, buy in _pairs(call)]
    return {
        "result": errors.SUCCESS,
        "quotes": [documents.quote(quote) for quote in quotes if quote is not None],
    }


async def settlement_file(request: Request) -> Response:
    """A settlement file by its name; stands for Antom's SFTP server, so it is neither signed nor asked for so."""
    world: World = request.app.state.world
    found = antom_of(world).files.get(request.path_params["name"])
    if found is None:
        return Response("no such file", status_code=404)
    return Response(found, media_type="text/csv; charset=utf-8")


def asked_payment(call: Call) -> Payment:
    """The payment that a call names by paymentId or paymentRequestId."""
    payment_id, number = call.text("paymentId"), call.text("paymentRequestId")
    if not payment_id and not number:
        raise errors.illegal("paymentRequestId", "is missing")
    return book.find_payment(antom_of(call.world), payment_id=payment_id, payment_request_id=number)


def _pairs(call: Call) -> list[tuple[str, str]]:
    asked = call.find("currencyPairs")
    if asked is None:
        buy = call.text("buyCurrency", length_max=3) or "CNY"
        sell = call.text("sellCurrency", length_max=3) or call.text("paymentCurrency", required=True)
        pairs = [(sell, buy)]
    elif isinstance(asked, list) and asked and all(isinstance(pair, dict) for pair in asked):
        pairs = [(str(pair.get("sellCurrency")), str(pair.get("buyCurrency"))) for pair in asked]
    else:
        raise errors.illegal("currencyPairs", "must be a list of pairs")
    rates = antom_of(call.world).settings.rates
    for currency in {name for pair in pairs for name in pair}:
        if currency not in rates:
            raise errors.Refusal("CURRENCY_NOT_SUPPORT", f"{currency} is not supported")
    return pairs


CALLS = {
    "pay": pay,
    "inquiryPayment": inquire_payment,
    "cancel": cancel,
    "refund": refund,
    "inquiryRefund": inquire_refund,
    "inquireExchangeRate": inquire_exchange_rate,
}
ROUTES: list[Route] = [
    *(
        Route(f"{prefix}/{name}", signed(handler), methods=["POST"])
        for prefix in PREFIXES
        for name, handler in CALLS.items()
    ),
    Route("/_antom/settlements/{name}", settlement_file),
]
