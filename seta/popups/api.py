"""The mini program's door to pop-ups: which there are, what one offers, that I came, and my order."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any, ParamSpec

from django.http import HttpRequest
from ninja import Field, Router, Schema
from ninja.responses import Status

from seta.boutique.rules import Line, OrderRefused
from seta.kit.money import text
from seta.people.auth import Client, ClientAuth
from seta.popups import operations, queries
from seta.popups.queries import PopupCard
from seta.popups.rules.plan import State
from seta.popups.rules.refusals import PopupRefused, Refusal

router = Router(auth=ClientAuth(), tags=["pop-ups"])

P = ParamSpec("P")
Answer = dict[str, Any] | Status[dict[str, Any]]
_ANSWERS: dict[Any, Any] = {200: dict[str, Any], frozenset({404, 409, 422}): dict[str, Any]}
_STATUS = {Refusal.UNKNOWN_POPUP: 404, Refusal.NOT_OPEN: 409}
_SHOWN = (State.PLANNED, State.OPEN)


class VisitIn(Schema):
    """How the client came: the scene of the code that was scanned, or nothing."""

    scene: str = Field("", max_length=128)


class LineIn(Schema):
    """A wish; `seen_amount` is the unit price in fen that the client was shown."""

    variant_id: int
    quantity: int
    seen_amount: int | None = None


class OrderIn(Schema):
    """A bag; `scene` is the code that the client came by, `key` makes a repeated tap harmless."""

    lines: list[LineIn] = Field(max_length=100)
    scene: str = Field("", max_length=128)
    key: str = Field("", max_length=40)


def said(request: HttpRequest) -> Client:
    """Who asks."""
    client: Client = request.auth  # type: ignore[attr-defined]
    return client


def refusals_said(view: Callable[P, dict[str, Any]]) -> Callable[P, Answer]:
    """Turn every named refusal into its status and a sentence in the client's language."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> Answer:
        request = args[0] if args else kwargs["request"]
        assert isinstance(request, HttpRequest), "a view's first argument is its request"
        language = said(request).language
        try:
            return view(*args, **kwargs)
        except PopupRefused as problem:
            return _error(_STATUS.get(problem.refusal, 422), problem.refusal, problem.text(language))
        except OrderRefused as problem:
            status = 409 if problem.refusal in ("out_of_stock", "price_changed", "repeated_key") else 422
            return _error(status, problem.refusal, problem.text(language))

    return guarded


def _error(status: int, code: str, words: str) -> Status[dict[str, Any]]:
    return Status(status, {"error": {"code": str(code), "message": words}})


@router.get("", response=_ANSWERS)
@refusals_said
def list_popups(request: HttpRequest) -> dict[str, Any]:
    """Pop-ups that are open or will be, the newest opening first."""
    client = said(request)
    cards = queries.popups(house_id=client.house_id, language=client.language, states=_SHOWN)
    return {"popups": [_card(card) for card in cards]}


@router.get("/by-scene", response=_ANSWERS)
@refusals_said
def find_popup(request: HttpRequest, scene: str) -> dict[str, Any]:
    """The pop-up that a scanned code names."""
    client = said(request)
    card = queries.by_scene(house_id=client.house_id, scene=scene[:128], language=client.language)
    if card is None:
        raise PopupRefused(Refusal.UNKNOWN_POPUP)
    return _card(card)


@router.get("/{slug:code}", response=_ANSWERS)
@refusals_said
def read_popup(request: HttpRequest, code: str) -> dict[str, Any]:
    """One pop-up with what it offers; `can_buy` is false before it opens and once it is over."""
    client = said(request)
    card = queries.popup(house_id=client.house_id, code=code, language=client.language)
    if card is None or card.state == State.CANCELLED:
        raise PopupRefused(Refusal.UNKNOWN_POPUP)
    shown = queries.storefront(card, client.language).products if card.state in _SHOWN else ()
    return {
        **_card(card),
        "products": [
            {
                "code": product.code,
                "name": product.name,
                "description": product.description,
                "image": product.image_url,
                "variants": [
                    {
                        "id": variant.id,
                        "sku": variant.sku,
                        "label": variant.label,
                        "price": variant.amount,
                        "currency": variant.currency,
                        "price_text": text(variant.amount, variant.currency),
                        "stock": variant.available,
                    }
                    for variant in product.variants
                ],
            }
            for product in shown
        ],
    }


@router.post("/{slug:code}/visits", response=_ANSWERS)
@refusals_said
def visit(request: HttpRequest, code: str, body: VisitIn) -> dict[str, Any]:
    """That I came, counted once a day and code."""
    client = said(request)
    noted = operations.note_visit(
        house_id=client.house_id,
        person_id=client.person_id,
        code=code,
        scene=body.scene,
        now=datetime.now(UTC),
    )
    return {"noted": noted}


@router.post("/{slug:code}/orders", response=_ANSWERS)
@refusals_said
def place(request: HttpRequest, code: str, body: OrderIn) -> dict[str, Any]:
    """Put the pop-up's pieces aside as an order, to be paid as any other of the boutique."""
    client = said(request)
    placed = operations.order_pieces(
        house_id=client.house_id,
        code=code,
        person_id=client.person_id,
        lines=[Line(line.variant_id, line.quantity, line.seen_amount) for line in body.lines],
        scene=body.scene,
        key=f"mp-{client.person_id}-{body.key}" if body.key else "",
        now=datetime.now(UTC),
    )
    return {
        "order_id": placed.order_id,
        "number": placed.number,
        "state": placed.state,
        "total": placed.total,
        "currency": placed.currency,
        "total_text": text(placed.total, placed.currency),
        "expires_at": placed.expires_at,
    }


def _card(card: PopupCard) -> dict[str, Any]:
    return {
        "code": card.code,
        "state": card.state,
        "title": card.title,
        "intro": card.intro,
        "accent": card.accent,
        "cover": card.cover_url,
        "place": {"kind": card.place_kind, "code": card.place_code, "name": card.place_name},
        "opens_at": card.opens_at,
        "closes_at": card.closes_at,
        "can_buy": card.state == State.OPEN,
        "scene": card.scene,
    }
