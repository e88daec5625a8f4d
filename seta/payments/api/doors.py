"""The till's REST doors: charge or show a code, follow it, cancel it, refund it, list the day, lock a rate."""

import base64
import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.cache import cache
from django.http import HttpRequest
from ninja import Query, Router

from seta.houses.queries import house
from seta.payments import operations as pay
from seta.payments import queries
from seta.payments.api.answers import Answer, DoorRefusal, DoorRefused, answer
from seta.payments.api.examples import examples
from seta.payments.api.schemas import (
    Charge,
    Day,
    DayAsked,
    Me,
    Patience,
    PaymentOut,
    Problem,
    QuoteIn,
    QuoteOut,
    RefundOut,
    Return,
)
from seta.payments.auth import Till, TillAuth
from seta.payments.cards import IntentCard, RefundCard
from seta.payments.queries.till import till_page, till_refund
from seta.payments.rules import till
from seta.payments.rules.refusals import PaymentRefused, Refusal
from seta.payments.rules.routing import Way
from seta.payments.rules.states import BARCODE_METHODS, OPEN_STATES, QR_METHODS, IntentState
from seta.platforms.core.errors import PlatformError

router = Router(auth=TillAuth(), tags=["till"])

ASK_EVERY_SECONDS = 4
_REFUSED = frozenset({400, 401, 403, 404, 409, 422, 429, 503})


def _answers(status: int, schema: type) -> dict[int | frozenset[int], Any]:
    return {status: schema, _REFUSED: Problem}


@router.get("/me", response=_answers(200, Me), openapi_extra=examples("me"))
def me(request: HttpRequest) -> Answer:
    """Who the server takes you for, and what your key may do; a good first call."""

    def work(caller: Till) -> tuple[int, dict[str, Any]]:
        card = house(caller.house_id)
        return 200, {
            "till": caller.name,
            "boutique": caller.boutique_code,
            "scopes": list(caller.scopes),
            "house": card.code,
            "timezone": card.timezone,
        }

    return answer(request, till.Scope.READ, work)


@router.post("/quotes", response=_answers(201, QuoteOut), openapi_extra=examples("quote"))
def quote(request: HttpRequest, asked: QuoteIn) -> Answer:
    """Lock the rate for half an hour; send the quote's id with the payment, which uses it once."""

    def work(caller: Till) -> tuple[int, dict[str, Any]]:
        made = pay.make_quote(
            house_id=caller.house_id,
            amount=asked.amount,
            settle_currency=asked.settle_currency,
            now=datetime.now(UTC),
        )
        return 201, {
            "id": made.quote_id,
            "amount": made.amount,
            "currency": "CNY",
            "settle_amount": made.counter_amount,
            "settle_currency": made.counter,
            "rate": made.scaled,
            "expires_at": made.expires_at.isoformat(),
        }

    return answer(request, till.Scope.CHARGE, work)


@router.post("/payments", response=_answers(201, PaymentOut), openapi_extra=examples("charge"))
def charge(request: HttpRequest, sale: Charge) -> Answer:
    """Charge the code a client shows (`auth_code`), or make a QR for their camera (`wallet`).

    Send an Idempotency-Key of your own for each sale: a repeat gets the stored answer and cannot charge twice.
    """

    def work(caller: Till) -> tuple[int, dict[str, Any]]:
        key = _key(request, caller)
        return _once(caller, "till.charge", key, sale.model_dump(), lambda: _charge(caller, sale, key))

    return answer(request, till.Scope.CHARGE, work)


def _charge(caller: Till, sale: Charge, key: str) -> tuple[int, dict[str, Any]]:
    now = datetime.now(UTC)
    reference = sale.reference or hashlib.sha256(key.encode()).hexdigest()[:20]
    currency = sale.settle_currency
    if sale.auth_code:
        method = pay.method_of_code(
            house_id=caller.house_id, auth_code=sale.auth_code, settle_currency=currency
        )
    else:
        method = pay.method_for(
            house_id=caller.house_id,
            wallet=sale.wallet,
            way=Way.QR,
            scene="till",
            settle_currency=currency,
        )
    opened = pay.open_intent(
        house_id=caller.house_id,
        person_id=None,
        reference=till.kept_reference(caller.boutique_code, reference),
        amount=sale.amount,
        description=sale.description or reference,
        method=method,
        settle_currency=currency,
        quote_id=sale.quote_id,
        boutique_code=caller.boutique_code,
        now=now,
    )
    if sale.auth_code:
        return 201, _payment(pay.pay_barcode(intent_id=opened.intent_id, auth_code=sale.auth_code, now=now))
    shown = pay.show_qr(intent_id=opened.intent_id, now=now)
    return 201, _payment(queries.intent(opened.intent_id), shown.content)


@router.get("/payments", response=_answers(200, Day), openapi_extra=examples("day"))
def day(request: HttpRequest, page_of: Query[DayAsked]) -> Answer:
    """The payments of a day, or of one receipt, newest first; a till sees those of its boutique."""

    def work(caller: Till) -> tuple[int, dict[str, Any]]:
        zone = ZoneInfo(house(caller.house_id).timezone)
        asked = None if page_of.reference else page_of.on or datetime.now(zone).date()
        place = caller.boutique_code
        rows = till_page(
            caller.house_id,
            boutique_code=place,
            since=datetime.combine(asked, time.min, zone) if asked else None,
            until=datetime.combine(asked + timedelta(days=1), time.min, zone) if asked else None,
            reference=till.kept_reference(place, page_of.reference) if page_of.reference else "",
            limit=page_of.limit + 1,
            before_id=_read_cursor(page_of.cursor),
        )
        page = rows[: page_of.limit]
        return 200, {
            "on": asked.isoformat() if asked else "",
            "payments": [
                {**_payment(row.card), "opened_at": row.opened_at, "refunded": row.refunded} for row in page
            ],
            "next_cursor": _cursor(page[-1].card.intent_id) if len(rows) > page_of.limit else "",
        }

    return answer(request, till.Scope.READ, work)


@router.get("/payments/{payment_id}", response=_answers(200, PaymentOut), openapi_extra=examples("state"))
def state(request: HttpRequest, payment_id: int, patience: Query[Patience]) -> Answer:
    """A payment's state; while it is open this takes the next step of its poll-and-reverse loop.

    With `wait` the answer comes when the payment is decided, or after so many seconds.
    """

    def work(caller: Till) -> tuple[int, dict[str, Any]]:
        card = _mine(caller, payment_id)
        now = datetime.now(UTC)
        if IntentState(card.state) not in OPEN_STATES:
            return 200, _payment(card)
        if card.method in BARCODE_METHODS:
            card = pay.poll_barcode(intent_id=payment_id, now=now)
        elif cache.add(f"till-asked-{payment_id}", 1, ASK_EVERY_SECONDS):
            card = pay.refresh(intent_id=payment_id, now=now)
        return 200, _payment(card, _shown(card, now))

    return answer(request, till.Scope.READ, work)


@router.post(
    "/payments/{payment_id}/cancel", response=_answers(200, PaymentOut), openapi_extra=examples("cancel")
)
def cancel(request: HttpRequest, payment_id: int) -> Answer:
    """End a payment that is open: a code that was scanned is reversed. One that was paid after all stays paid.

    A payment that has succeeded is given back by a refund.
    """

    def work(caller: Till) -> tuple[int, dict[str, Any]]:
        _mine(caller, payment_id)
        return 200, _payment(pay.cancel(intent_id=payment_id, now=datetime.now(UTC)))

    return answer(request, till.Scope.CHARGE, work)


@router.post(
    "/payments/{payment_id}/refunds", response=_answers(201, RefundOut), openapi_extra=examples("refund")
)
def give_back(request: HttpRequest, payment_id: int, back: Return) -> Answer:
    """Refund a part or the whole under an Idempotency-Key; above the house's limit it waits as to_approve.

    A second person's approval is their own signature at the desk, never a field that the first can fill in.
    """

    def work(caller: Till) -> tuple[int, dict[str, Any]]:
        key = _key(request, caller)
        _mine(caller, payment_id)
        reason = f"{caller.name}: {back.reason}"[:80] if caller.name else back.reason

        def send() -> tuple[int, dict[str, Any]]:
            done = pay.refund(
                intent_id=payment_id,
                amount=back.amount,
                reason=reason,
                key=key,
                now=datetime.now(UTC),
                requested_by=caller.user_id,
                may_wait=True,
            )
            return 201, _refund(done)

        return _once(caller, "till.refund", key, {"payment": payment_id, **back.model_dump()}, send)

    return answer(request, till.Scope.REFUND, work)


@router.get("/refunds/{refund_id}", response=_answers(200, RefundOut), openapi_extra=examples("refund_state"))
def refund_state(request: HttpRequest, refund_id: int) -> Answer:
    """A refund's state now."""

    def work(caller: Till) -> tuple[int, dict[str, Any]]:
        return 200, _refund(till_refund(caller.house_id, refund_id, boutique_code=caller.boutique_code))

    return answer(request, till.Scope.READ, work)


def _key(request: HttpRequest, caller: Till) -> str:
    """The caller's key for this request, told apart from every other caller's."""
    key = request.headers.get("Idempotency-Key", "").strip()
    if not key:
        raise PaymentRefused(Refusal.KEY_MISSING)
    if len(key) > till.IDEMPOTENCY_KEY_CHARS_MAX or not key.isprintable():
        raise DoorRefused(DoorRefusal.KEY_TOO_LONG)
    return f"{caller.caller}/{key}"


def _once(
    caller: Till,
    scope: str,
    key: str,
    asked: dict[str, Any],
    work: Callable[[], tuple[int, dict[str, Any]]],
) -> tuple[int, dict[str, Any]]:
    return pay.answered_once(
        house_id=caller.house_id, scope=scope, key=key, request=asked, now=datetime.now(UTC), work=work
    )


def _mine(caller: Till, payment_id: int) -> IntentCard:
    """The payment, when it is the caller's to see; else it does not exist."""
    return queries.intent(payment_id, house_id=caller.house_id, boutique_code=caller.boutique_code)


def _shown(card: IntentCard, now: datetime) -> str:
    if card.method not in QR_METHODS or IntentState(card.state) not in OPEN_STATES:
        return ""
    try:
        return pay.show_qr(intent_id=card.intent_id, now=now).content
    except (PaymentRefused, PlatformError):
        return ""


def _cursor(payment_id: int) -> str:
    return base64.urlsafe_b64encode(f"p{payment_id}".encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> int | None:
    if not cursor:
        return None
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
    except ValueError as problem:
        raise DoorRefused(DoorRefusal.BAD_CURSOR) from problem
    if not (text[:1] == "p" and text[1:].isdigit() and _cursor(int(text[1:])) == cursor):
        raise DoorRefused(DoorRefusal.BAD_CURSOR)
    return int(text[1:])


def _payment(card: IntentCard, qr: str = "") -> dict[str, Any]:
    return {
        "id": card.intent_id,
        "number": card.number,
        "reference": till.own_reference(card.boutique_code, card.reference),
        "boutique": card.boutique_code,
        "amount": card.amount,
        "currency": card.currency,
        "settle_amount": card.settle_amount,
        "settle_currency": card.settle_currency,
        "provider": card.provider,
        "method": card.method,
        "state": card.state,
        "is_open": IntentState(card.state) in OPEN_STATES,
        "qr": qr,
        "expires_at": card.expires_at.isoformat(),
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
