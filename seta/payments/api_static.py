"""The mini program's door to a printed code: whose it is, paying an amount at it, and whether it was paid."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Field, Router, Schema
from ninja.responses import Status

from seta.houses.queries import AccountMissing, account, house
from seta.kit.money import RATE_SCALE, text
from seta.kit.words import in_language
from seta.payments import queries
from seta.payments.cards import IntentCard
from seta.payments.operations import open_at_code, prepay, refresh
from seta.payments.rules.quotes import AMOUNT_FEN_MAX
from seta.payments.rules.refusals import PaymentRefused, Refusal, message
from seta.people.auth import Client, ClientAuth
from seta.people.queries import openid
from seta.platforms.core.errors import PlatformError

router = Router(auth=ClientAuth(), tags=["pay here"])

_STATUS = {
    Refusal.NOT_FOUND: 404,
    Refusal.CODE_CLOSED: 410,
    Refusal.ALREADY_PAID: 409,
    Refusal.IN_PROGRESS: 409,
}
_NO_ANSWER = {
    "zh": "微信支付暂时没有响应，未产生扣款，请您稍后再试。",
    "en": "WeChat Pay does not answer just now. Nothing was charged; please try again.",
    "it": "WeChat Pay non risponde. Non è stato addebitato nulla; riprovi.",
}
_UNKNOWN_CODE = {
    "zh": "这张收款码无效，请您向店员咨询。",
    "en": "This code is not known; please ask the boutique.",
    "it": "Questo codice non è valido; chieda alla boutique.",
}
_WHO_PAYS = {
    "zh": "请您重新打开小程序后再支付。",
    "en": "Please open the mini program again and then pay.",
    "it": "Riapra il mini program e poi paghi.",
}


class Entered(Schema):
    """What the client enters: `amount` in fen; `key` is made once for one payment, so that two taps pay once."""

    amount: int
    key: str = Field(max_length=24)


_ANSWERS: dict[Any, Any] = {
    200: dict[str, Any],
    frozenset({400, 404, 409, 410, 503}): dict[str, Any],
}


@router.get("/codes/{code}", response=_ANSWERS)
def read_code(request: HttpRequest, code: str) -> Status[dict[str, Any]]:
    """Whose code it is, and what a yuan is worth there now."""
    client = _client(request)

    def work() -> dict[str, Any]:
        found = queries.static_code(client.house_id, code)
        if not found.is_active:
            raise PaymentRefused(Refusal.CODE_CLOSED, code)
        rate = queries.indication(client.house_id, found.settle_currency, now=datetime.now(UTC))
        return {
            "code": found.code,
            "house": house(client.house_id).name,
            "title": found.title,
            "boutique": found.boutique_code,
            "settle_currency": found.settle_currency,
            "rate": rate.scaled if rate else None,
            "rate_scale": RATE_SCALE,
            "rate_text": _rate_text(rate),
            "amount_max": AMOUNT_FEN_MAX,
        }

    return _answer(client, work)


@router.post("/codes/{code}/payments", response=_ANSWERS)
def pay(request: HttpRequest, code: str, body: Entered) -> Status[dict[str, Any]]:
    """Open the payment and give what wx.requestPayment needs; the same key again gives the same payment."""
    client, now = _client(request), datetime.now(UTC)

    def work() -> dict[str, Any]:
        payer = openid(client.person_id, account(client.house_id, "mini_program").app_id)
        if payer is None:
            raise _Unknown
        opened = open_at_code(
            house_id=client.house_id,
            person_id=client.person_id,
            code=code,
            amount=body.amount,
            key=body.key,
            now=now,
        )
        sheet = prepay(intent_id=opened.intent_id, openid=payer, now=now)
        return {"payment": _payment(opened), "pay": sheet.as_request()}

    return _answer(client, work)


@router.get("/payments/{int:payment_id}", response=_ANSWERS)
def read_payment(request: HttpRequest, payment_id: int) -> Status[dict[str, Any]]:
    """The client's own payment; while it is open WeChat Pay is asked, since only its word is proof."""
    client = _client(request)

    def work() -> dict[str, Any]:
        mine = queries.payments_of_person(client.house_id, client.person_id)
        if all(row.id != payment_id for row in mine):
            raise PaymentRefused(Refusal.NOT_FOUND, f"intent {payment_id}")
        return _payment(refresh(intent_id=payment_id, now=datetime.now(UTC)))

    return _answer(client, work)


class _Unknown(Exception):
    """The client has no identity in the mini program yet."""


def _client(request: HttpRequest) -> Client:
    client = request.auth  # type: ignore[attr-defined]
    assert isinstance(client, Client)
    return client


def _answer(client: Client, work: Callable[[], dict[str, Any]]) -> Status[dict[str, Any]]:
    try:
        return Status(200, work())
    except _Unknown:
        return _problem(409, "open_again", in_language(_WHO_PAYS, client.language))
    except PaymentRefused as refusal:
        words = message(refusal.code, client.language)
        if refusal.code is Refusal.NOT_FOUND:
            words = in_language(_UNKNOWN_CODE, client.language)
        return _problem(_STATUS.get(refusal.code, 400), str(refusal.code), words)
    except (PlatformError, AccountMissing):
        return _problem(503, "provider_unavailable", in_language(_NO_ANSWER, client.language))


def _problem(status: int, code: str, words: str) -> Status[dict[str, Any]]:
    return Status(status, {"error": {"code": code, "message": words}})


def _rate_text(rate: queries.RateCard | None) -> str:
    if rate is None:
        return ""
    per_unit = RATE_SCALE * 100 // rate.scaled
    return f"1 {rate.currency} ≈ {text(per_unit, 'CNY')} · {rate.recorded_at:%Y-%m-%d %H:%M} UTC"


def _payment(card: IntentCard) -> dict[str, Any]:
    return {
        "id": card.intent_id,
        "number": card.number,
        "state": card.state,
        "amount": card.amount,
        "amount_text": text(card.amount, card.currency),
        "settle_text": text(card.settle_amount, card.settle_currency),
    }
