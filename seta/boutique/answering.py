"""How the mini program's doors answer: in the client's words, each refusal with its own status."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec

from django.http import HttpRequest
from ninja.responses import Status

from seta.boutique.rules.refusals import OrderRefused, Refusal
from seta.houses.queries import AccountMissing
from seta.kit.words import in_language
from seta.payments.rules.refusals import PaymentRefused, message
from seta.people.auth import Client
from seta.platforms.core.errors import PlatformError

P = ParamSpec("P")
Answer = dict[str, Any] | Status[dict[str, Any]]

_STATUS = {
    Refusal.UNKNOWN_ORDER: 404,
    Refusal.UNKNOWN_PRODUCT: 404,
    Refusal.UNKNOWN_COLLECTION: 404,
    Refusal.UNKNOWN_LOOKBOOK: 404,
    Refusal.PRICE_CHANGED: 409,
    Refusal.OUT_OF_STOCK: 409,
    Refusal.NOT_YET_SOLD: 409,
    Refusal.NO_LONGER_SOLD: 409,
    Refusal.SOLD_ELSEWHERE: 409,
    Refusal.WRONG_STATE: 409,
    Refusal.REPEATED_KEY: 409,
    Refusal.UNKNOWN_REQUEST: 404,
    Refusal.UNKNOWN_FITTING: 404,
    Refusal.UNKNOWN_BAG: 404,
    Refusal.BAG_ENDED: 409,
    Refusal.FITTING_ENDED: 409,
    Refusal.REQUEST_DECIDED: 409,
    Refusal.ALREADY_ASKED: 409,
    Refusal.ALREADY_SENT: 409,
    Refusal.FAPIAO_STANDS: 409,
    Refusal.AWAITS_RETURN: 409,
    Refusal.WAY_FIRST: 409,
    Refusal.FEE_DIFFERS: 409,
}


_NO_ANSWER = {
    "zh": "微信支付暂时没有响应，未产生扣款，请您稍后再试。",
    "en": "WeChat Pay does not answer just now. Nothing was charged; please try again.",
    "it": "WeChat Pay non risponde. Non è stato addebitato nulla; riprovi.",
}
_NOT_CONNECTED = {
    "zh": "商家尚未开通在线支付，请您联系门店。",
    "en": "This house does not take payments here yet. Please ask the boutique.",
    "it": "Questa maison non accetta ancora pagamenti qui. Chieda alla boutique.",
}


def said(request: HttpRequest) -> Client:
    """Who asks."""
    client: Client = request.auth  # type: ignore[attr-defined]
    return client


def refusals_said(
    view: Callable[P, dict[str, Any]],
) -> Callable[P, Answer]:
    """Turn every named refusal into its status and a sentence in the client's language."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> Answer:
        request = args[0] if args else kwargs["request"]
        assert isinstance(request, HttpRequest), "a view's first argument is its request"
        language = said(request).language
        try:
            return view(*args, **kwargs)
        except OrderRefused as problem:
            return _error(_STATUS.get(problem.refusal, 422), problem.refusal, problem.text(language))
        except PaymentRefused as problem:
            return _error(409, problem.code, message(problem.code, language))
        except AccountMissing:
            return _error(503, "payment_not_connected", in_language(_NOT_CONNECTED, language))
        except PlatformError as problem:
            return _error(503, f"payment_{problem.kind}", in_language(_NO_ANSWER, language))

    return guarded


def _error(status: int, code: str, words: str) -> Status[dict[str, Any]]:
    return Status(status, {"error": {"code": str(code), "message": words}})


ANSWERS: dict[Any, Any] = {200: dict[str, Any], frozenset({404, 409, 422, 503}): dict[str, Any]}
