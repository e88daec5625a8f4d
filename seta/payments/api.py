"""The till's REST doors: charge a barcode, follow it, refund it; for our own till page and for POS makers."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Field, Router, Schema
from ninja.responses import Status

from seta.houses.access import StaffAuth
from seta.houses.queries import AccountMissing, MemberCard
from seta.kit.ids import new_id
from seta.payments import queries
from seta.payments.cards import IntentCard, RefundCard
from seta.payments.operations import answered_once, open_intent, pay_barcode, poll_barcode, refund
from seta.payments.rules.refusals import PaymentRefused, Refusal, message
from seta.payments.rules.states import ALIPAY, WECHATPAY, provider_of_code
from seta.platforms.core.errors import PlatformError

router = Router(auth=StaffAuth("associate", "finance"), tags=["till"])

_METHODS = {WECHATPAY: "wechat_barcode", ALIPAY: "alipay_barcode"}
_STATUS = {
    Refusal.NOT_FOUND: 404,
    Refusal.KEY_REUSED: 409,
    Refusal.KEY_IN_FLIGHT: 409,
    Refusal.ALREADY_PAID: 409,
    Refusal.IN_PROGRESS: 409,
    Refusal.NEEDS_SECOND_PERSON: 403,
    Refusal.PROVIDER_UNAVAILABLE: 503,
}


class Charge(Schema):
    """A sale at the till: `amount` in fen, the code the client shows, and how the house is settled."""

    amount: int
    auth_code: str = Field(max_length=40)
    reference: str = Field("", max_length=64)
    description: str = Field("", max_length=127)
    settle_currency: str = Field("EUR", max_length=3)


class Return(Schema):
    """A refund of `amount` fen."""

    amount: int
    reason: str = Field("", max_length=80)


class PaymentOut(Schema):
    """A payment's state; poll every 4 seconds while it is processing or unknown."""

    id: int
    number: str
    reference: str
    amount: int
    currency: str
    settle_amount: int
    settle_currency: str
    provider: str
    state: str


class RefundOut(Schema):
    """A refund's state; pending_funds and unknown go on by themselves under the same number."""

    id: int
    payment_id: int
    number: str
    amount: int
    currency: str
    settle_amount: int
    settle_currency: str
    state: str
    refusal: str


class Reason(Schema):
    """Why not, and what to do: `code` for programs, `message` in the caller's language."""

    code: str
    message: str


class Problem(Schema):
    """A refusal; nothing was changed."""

    error: Reason


_ANSWERS: dict[int | frozenset[int], Any] = {
    200: PaymentOut,
    201: PaymentOut,
    frozenset({400, 403, 404, 409, 503}): Problem,
}
_REFUND_ANSWERS: dict[int | frozenset[int], Any] = {
    201: RefundOut,
    frozenset({400, 403, 404, 409, 503}): Problem,
}


@router.post("/payments", response=_ANSWERS)
def charge(request: HttpRequest, sale: Charge) -> Status[dict[str, Any]]:
    """Charge the payment code a client shows; send an Idempotency-Key, so that a repeat cannot charge twice."""
    member = _member(request)
    now = datetime.now(UTC)
    key = request.headers.get("Idempotency-Key", "")
    reference = sale.reference or (f"till-{key}"[:64] if key else new_id("till"))

    def work() -> tuple[int, dict[str, Any]]:
        provider = provider_of_code(sale.auth_code)
        if provider is None:
            raise PaymentRefused(Refusal.BAD_AUTH_CODE)
        opened = open_intent(
            house_id=member.house_id,
            person_id=None,
            reference=reference,
            amount=sale.amount,
            description=sale.description or reference,
            method=_METHODS[provider],
            settle_currency=sale.settle_currency,
            now=now,
        )
        paid = pay_barcode(intent_id=opened.intent_id, auth_code=sale.auth_code, now=now)
        return 201, _payment(paid)

    return _answer(
        request,
        lambda: answered_once(
            house_id=member.house_id,
            scope="charge",
            key=key,
            request=sale.model_dump(),
            now=now,
            work=work,
        ),
    )


@router.get("/payments/{payment_id}", response=_ANSWERS)
def state(request: HttpRequest, payment_id: int) -> Status[dict[str, Any]]:
    """A payment's state now; while it is open this takes the next step of its poll-and-reverse loop."""
    member = _member(request)

    def work() -> tuple[int, dict[str, Any]]:
        queries.intent(payment_id, house_id=member.house_id)
        return 200, _payment(poll_barcode(intent_id=payment_id, now=datetime.now(UTC)))

    return _answer(request, work)


@router.post("/payments/{payment_id}/refunds", response=_REFUND_ANSWERS)
def give_back(request: HttpRequest, payment_id: int, back: Return) -> Status[dict[str, Any]]:
    """Refund a part or the whole under an Idempotency-Key; above the house's limit it waits as to_approve.

    A second person's approval is their own signature at the desk, never a field that the first can fill in.
    """
    member = _member(request)

    def work() -> tuple[int, dict[str, Any]]:
        key = request.headers.get("Idempotency-Key", "")
        if not key:
            raise PaymentRefused(Refusal.KEY_MISSING)
        queries.intent(payment_id, house_id=member.house_id)
        done = refund(
            intent_id=payment_id,
            amount=back.amount,
            reason=back.reason,
            key=key[:120],
            now=datetime.now(UTC),
            requested_by=member.user_id,
            may_wait=True,
        )
        return 201, _refund(done)

    return _answer(request, work)


def _member(request: HttpRequest) -> MemberCard:
    member = request.auth  # type: ignore[attr-defined]
    assert isinstance(member, MemberCard)
    return member


def _answer(request: HttpRequest, work: Callable[[], tuple[int, dict[str, Any]]]) -> Status[dict[str, Any]]:
    try:
        status, body = work()
    except PaymentRefused as refusal:
        return _problem(request, refusal.code, _STATUS.get(refusal.code, 400))
    except (PlatformError, AccountMissing):
        return _problem(request, Refusal.PROVIDER_UNAVAILABLE, 503)
    return Status(status, body)


def _problem(request: HttpRequest, code: Refusal, status: int) -> Status[dict[str, Any]]:
    text = message(code, str(getattr(request, "LANGUAGE_CODE", "en")))
    return Status(status, {"error": {"code": code.value, "message": text}})


def _payment(card: IntentCard) -> dict[str, Any]:
    return {
        "id": card.intent_id,
        "number": card.number,
        "reference": card.reference,
        "amount": card.amount,
        "currency": card.currency,
        "settle_amount": card.settle_amount,
        "settle_currency": card.settle_currency,
        "provider": card.provider,
        "state": card.state,
    }


def _refund(card: RefundCard) -> dict[str, Any]:
    return {
        "id": card.refund_id,
        "payment_id": card.intent_id,
        "number": card.out_refund_no,
        "amount": card.amount,
        "currency": card.currency,
        "settle_amount": card.settle_amount,
        "settle_currency": card.settle_currency,
        "state": card.state,
        "refusal": card.refusal,
    }
