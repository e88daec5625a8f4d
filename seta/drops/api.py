"""The mini program's door to drops beside the gate: look, wait in line, claim the order, see one's place."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja import Router, Schema
from ninja.responses import Status

from seta.boutique.rules import OrderRefused
from seta.drops import operations, queries
from seta.drops.queries import DropCard
from seta.drops.rules import DropRefused, Refusal
from seta.houses.queries import house
from seta.kit.money import text
from seta.kit.senders import sender_of
from seta.people.auth import Client, ClientAuth

router = Router(auth=ClientAuth())

Answer = dict[str, Any] | Status[dict[str, Any]]
_ANSWERS: dict[Any, Any] = {200: dict[str, Any], frozenset({403, 404, 409, 422, 429}): dict[str, Any]}
_STATUS: dict[object, int] = {
    Refusal.UNKNOWN_DROP: 404,
    Refusal.NO_OPENID: 403,
    Refusal.NOT_INVITED: 403,
    Refusal.NOT_REGISTERED: 403,
    Refusal.VISIT_MISSING: 403,
    Refusal.PURCHASE_MISSING: 403,
    Refusal.RIGHT_MISSING: 403,
    Refusal.RISK_CHECK: 403,
    Refusal.RISK_REFUSED: 403,
    Refusal.VISIT_TOO_OLD: 403,
    Refusal.TICKET_NEEDED: 403,
    Refusal.TOO_MANY_TICKETS: 429,
}


class ClaimIn(Schema):
    """Where the client came from, a share token or a scene, and the price in fen that they were shown."""

    source: str = ""
    seen_amount: int | None = None


def _client(request: HttpRequest) -> Client:
    client: Client = request.auth  # type: ignore[attr-defined]
    return client


def _address(request: HttpRequest) -> str:
    """Where the client calls from, as WeChat's risk rank asks."""
    return sender_of(request.META, settings.TRUSTED_PROXIES)


def _refused(problem: DropRefused | OrderRefused, client: Client) -> Status[dict[str, Any]]:
    status = _STATUS.get(problem.refusal, 409)
    return Status(status, {"error": {"code": str(problem.refusal), "message": problem.text(client.language)}})


@router.get("", response=_ANSWERS)
def list_drops(request: HttpRequest) -> Answer:
    """The house's limited releases, the next to open first."""
    client = _client(request)
    cards = queries.drops(house_id=client.house_id, language=client.language)
    return {"drops": [_drop(card, client) for card in cards], "now": datetime.now(UTC)}


@router.get("/{int:drop_id}", response=_ANSWERS)
def read_drop(request: HttpRequest, drop_id: int) -> Answer:
    """One release, the server's time for a fair countdown, and the client's own place in it."""
    client = _client(request)
    card = queries.drop(house_id=client.house_id, drop_id=drop_id, language=client.language)
    if card is None:
        return _refused(DropRefused(Refusal.UNKNOWN_DROP), client)
    return {
        **_drop(card, client),
        "now": datetime.now(UTC),
        "reservation": _reservation(drop_id, client.person_id),
        "mine": _mine(drop_id, client.person_id),
    }


@router.post("/{int:drop_id}/register", response=_ANSWERS)
def register(request: HttpRequest, drop_id: int) -> Answer:
    """Say before the opening that one will come, where the release asks for it."""
    return _after(request, drop_id, operations.register)


@router.post("/{int:drop_id}/enter", response=_ANSWERS)
def enter(request: HttpRequest, drop_id: int) -> Answer:
    """Enter a draw; the code is what to look for in the published order."""
    return _after(request, drop_id, partial(operations.enter_draw, client_ip=_address(request)))


@router.post("/{int:drop_id}/withdraw", response=_ANSWERS)
def withdraw(request: HttpRequest, drop_id: int) -> Answer:
    """Leave a draw before its entries close."""
    return _after(request, drop_id, operations.withdraw_entry)


def _after(request: HttpRequest, drop_id: int, verb: Callable[..., object]) -> Answer:
    """Do one thing for the client, and say what they have in the release then."""
    client = _client(request)
    try:
        verb(house_id=client.house_id, drop_id=drop_id, person_id=client.person_id, now=datetime.now(UTC))
    except DropRefused as problem:
        return _refused(problem, client)
    return {"mine": _mine(drop_id, client.person_id)}


@router.post("/{int:drop_id}/ticket", response=_ANSWERS)
def ticket(request: HttpRequest, drop_id: int) -> Answer:
    """A short-lived ticket to bring to the gate as X-Drop-Ticket; it counts in this session only."""
    client = _client(request)
    try:
        card = operations.issue_ticket(
            house_id=client.house_id,
            drop_id=drop_id,
            person_id=client.person_id,
            session=request.headers.get("Authorization", "").removeprefix("Bearer "),
            client_ip=_address(request),
            now=datetime.now(UTC),
        )
    except DropRefused as problem:
        return _refused(problem, client)
    return {"ticket": card.ticket, "expires_at": card.expires_at}


@router.get("/{int:drop_id}/draw", response=_ANSWERS)
def draw_record(request: HttpRequest, drop_id: int) -> Answer:
    """The published draw: seed, its promise, and the order of the entries' codes; `seta drops redo` checks it."""
    client = _client(request)
    if queries.drop(house_id=client.house_id, drop_id=drop_id) is None:
        return _refused(DropRefused(Refusal.UNKNOWN_DROP), client)
    record = queries.draw_record(house_id=client.house_id, drop_id=drop_id)
    return _refused(DropRefused(Refusal.NOT_DRAWN), client) if record is None else record


@router.get("/{int:drop_id}/report", response=_ANSWERS)
def report(request: HttpRequest, drop_id: int) -> Answer:
    """How fairly the release was given out, once it has ended: no names, every place."""
    client = _client(request)
    found = queries.fairness(house_id=client.house_id, drop_id=drop_id)
    if found is None:
        return _refused(DropRefused(Refusal.UNKNOWN_DROP), client)
    if not found.is_final:
        return _refused(DropRefused(Refusal.NOT_ENDED), client)
    return asdict(found)


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
            seen_amount=body.seen_amount if body else None,
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


def _mine(drop_id: int, person_id: int) -> dict[str, Any]:
    return asdict(queries.mine(drop_id=drop_id, person_id=person_id))


def _reservation(drop_id: int, person_id: int) -> dict[str, Any] | None:
    place = queries.reservation(drop_id=drop_id, person_id=person_id)
    if place is None:
        return None
    hope = queries.prospect(drop_id=drop_id, person_id=person_id, now=datetime.now(UTC))
    return {
        "prospect": {**asdict(hope), "has_chance": hope.has_chance} if hope is not None else None,
        "state": place.state,
        "seq": place.seq,
        "ahead": place.ahead,
        "reserved_at": place.reserved_at,
        "expires_at": place.expires_at,
        "order_id": place.order_id,
    }


def _drop(card: DropCard, client: Client) -> dict[str, Any]:
    """A release; anybody may read how it is given out at its `fairness_url`."""
    variant = card.product.variants[0] if card.product.variants else None
    return {
        "id": card.id,
        "code": card.code,
        "name": card.product.name,
        "product_code": card.product.code,
        "description": card.product.description,
        "image": card.product.image_url,
        "label": variant.label if variant else "",
        "price": variant.amount if variant else None,
        "price_text": text(variant.amount, variant.currency) if variant else "",
        "state": card.state,
        "total": card.pieces,
        "left": card.left,
        "hold_seconds": card.hold_seconds,
        "opens_at": card.opens_at,
        "closes_at": card.closes_at,
        "kind": card.kind,
        "turns_at": card.turns_at,
        "needs_registration": card.needs_registration,
        "proof": card.proof,
        "right": card.right,
        "needs_ticket": card.needs_ticket,
        "seed_hash": card.seed_hash,
        "committed_at": card.committed_at,
        "drawn_at": card.drawn_at,
        "fairness_url": f"{settings.PUBLIC_URL}/drops/{house(client.house_id).code}/{card.code}/fairness",
        "check_rank": card.check_rank,
        "refuse_rank": card.refuse_rank,
    }
