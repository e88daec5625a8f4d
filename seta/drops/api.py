"""The mini program's door to drops beside the gate: look, wait in line, claim the order, see one's place."""

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from ninja.responses import Status

from seta.boutique.rules import OrderRefused
from seta.drops import operations, queries
from seta.drops.queries import DropCard
from seta.drops.rules import DropRefused, Refusal
from seta.kit.money import text
from seta.people.auth import Client, ClientAuth

router = Router(auth=ClientAuth())

Answer = dict[str, Any] | Status[dict[str, Any]]
_ANSWERS: dict[Any, Any] = {200: dict[str, Any], frozenset({404, 409, 422}): dict[str, Any]}


class ClaimIn(Schema):
    """Where the client came from: a share token or a scene."""

    source: str = ""


def _client(request: HttpRequest) -> Client:
    client: Client = request.auth  # type: ignore[attr-defined]
    return client


def _refused(problem: DropRefused | OrderRefused, client: Client) -> Status[dict[str, Any]]:
    status = 404 if problem.refusal == Refusal.UNKNOWN_DROP else 409
    return Status(status, {"error": {"code": str(problem.refusal), "message": problem.text(client.language)}})


@router.get("", response=_ANSWERS)
def list_drops(request: HttpRequest) -> Answer:
    """The house's limited releases, the next to open first."""
    client = _client(request)
    cards = queries.drops(house_id=client.house_id, language=client.language)
    return {"drops": [_drop(card) for card in cards], "now": datetime.now(UTC)}


@router.get("/{int:drop_id}", response=_ANSWERS)
def read_drop(request: HttpRequest, drop_id: int) -> Answer:
    """One release, the server's time for a fair countdown, and the client's own place in it."""
    client = _client(request)
    card = queries.drop(house_id=client.house_id, drop_id=drop_id, language=client.language)
    if card is None:
        return _refused(DropRefused(Refusal.UNKNOWN_DROP), client)
    return {
        **_drop(card),
        "now": datetime.now(UTC),
        "reservation": _reservation(drop_id, client.person_id),
    }


@router.post("/{int:drop_id}/wait", response=_ANSWERS)
def wait(request: HttpRequest, drop_id: int) -> Answer:
    """Join the line of a sold-out release."""
    client = _client(request)
    try:
        operations.join_line(
            house_id=client.house_id, drop_id=drop_id, person_id=client.person_id, now=datetime.now(UTC)
        )
    except DropRefused as problem:
        return _refused(problem, client)
    return {"reservation": _reservation(drop_id, client.person_id)}


@router.post("/{int:drop_id}/claim", response=_ANSWERS)
def claim(request: HttpRequest, drop_id: int, body: ClaimIn | None = None) -> Answer:
    """Make the client's reservation an order; it is then paid like any order of the boutique."""
    client = _client(request)
    try:
        card = operations.claim(
            house_id=client.house_id,
            drop_id=drop_id,
            person_id=client.person_id,
            source=body.source if body else "",
            now=datetime.now(UTC),
        )
    except (DropRefused, OrderRefused) as problem:
        return _refused(problem, client)
    return {
        "order_id": card.order_id,
        "number": card.number,
        "state": card.state,
        "total": card.total,
        "currency": card.currency,
        "total_text": text(card.total, card.currency),
        "expires_at": card.expires_at,
    }


def _reservation(drop_id: int, person_id: int) -> dict[str, Any] | None:
    place = queries.reservation(drop_id=drop_id, person_id=person_id)
    if place is None:
        return None
    return {
        "state": place.state,
        "seq": place.seq,
        "ahead": place.ahead,
        "reserved_at": place.reserved_at,
        "expires_at": place.expires_at,
        "order_id": place.order_id,
    }


def _drop(card: DropCard) -> dict[str, Any]:
    variant = card.product.variants[0] if card.product.variants else None
    return {
        "id": card.id,
        "code": card.code,
        "name": card.product.name,
        "product_code": card.product.code,
        "description": card.product.description,
        "image": card.product.image_url,
        "label": variant.label if variant else "",
        "price_text": text(variant.amount, variant.currency) if variant else "",
        "state": card.state,
        "total": card.pieces,
        "left": card.left,
        "hold_seconds": card.hold_seconds,
        "opens_at": card.opens_at,
        "closes_at": card.closes_at,
    }
