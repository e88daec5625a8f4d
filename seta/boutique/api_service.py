"""The mini program's door to what follows a bag: arrival, gifts, invoices, returns, fittings and prepared bags."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Field, Router, Schema

from seta.boutique import operations, queries
from seta.boutique.answering import ANSWERS, refusals_said, said
from seta.boutique.queries import promises, service, visiting
from seta.boutique.queries.service import FapiaoView, OrderService, RequestView
from seta.boutique.queries.visiting import BagView, FittingView
from seta.boutique.rules.after_sale import Kind, Reason, Wish
from seta.boutique.rules.fulfilment import CODE_PREFIX, Address, Stage, Way
from seta.boutique.rules.market_names import market_name
from seta.boutique.rules.orders import Line
from seta.boutique.rules.prices import HOME
from seta.boutique.rules.refusals import OrderRefused, Refusal
from seta.boutique.rules.service import Gift, invoicee_of
from seta.kit.money import text
from seta.kit.squares import squares
from seta.people.auth import Client, ClientAuth

router = Router(auth=ClientAuth())


class AddressIn(Schema):
    """Where a parcel goes."""

    recipient: str = Field("", max_length=200)
    phone: str = Field("", max_length=60)
    region: str = Field("", max_length=300)
    street: str = Field("", max_length=500)
    postcode: str = Field("", max_length=40)
    country: str = Field("CN", max_length=8)

    def address(self) -> Address:
        """As the rules read it."""
        return Address(**self.dict())


class GiftIn(Schema):
    """How a gift is made up."""

    is_wrapped: bool = False
    card_text: str = Field("", max_length=1000)
    hides_prices: bool = False


class InvoiceIn(Schema):
    """A fapiao: `buyer` is person or company."""

    buyer: str = Field("person", max_length=20)
    title: str = Field("", max_length=300)
    tax_number: str = Field("", max_length=60)
    email: str = Field("", max_length=300)


class LineIn(Schema):
    """A wish; `seen_amount` is the unit price in fen that the client was shown."""

    variant_id: int
    quantity: int
    seen_amount: int | None = None


class CheckoutIn(Schema):
    """A bag with how it is to arrive: an `address`, a boutique's code as `pickup_at`, or neither."""

    lines: list[LineIn] = Field(max_length=100)
    address: AddressIn | None = None
    pickup_at: str = Field("", max_length=60)
    gift: GiftIn | None = None
    invoice: InvoiceIn | None = None
    bag: str = Field("", max_length=60)
    source: str = ""
    boutique: str = Field("", max_length=60)
    key: str = Field("", max_length=40)


class WayIn(Schema):
    """How an order that was made without is to arrive."""

    address: AddressIn | None = None
    pickup_at: str = Field("", max_length=60)


class WishIn(Schema):
    """Pieces of a line that are to come back; `variant_id` is what an exchange asks for instead."""

    line_id: int
    quantity: int
    variant_id: int | None = None


class RequestIn(Schema):
    """What is asked after the sale; `key` makes a repeated tap harmless."""

    kind: Kind
    reason: Reason
    words: str = Field("", max_length=1000)
    lines: list[WishIn] = Field(default_factory=list, max_length=100)
    key: str = Field(min_length=1, max_length=40)


class FittingIn(Schema):
    """A piece to try on in a boutique; `appointment` is the id of a booked one, `wanted_at` its time."""

    variant_id: int
    boutique: str = Field(max_length=60)
    wanted_at: datetime | None = None
    appointment: str = Field("", max_length=40)
    key: str = Field(min_length=1, max_length=40)


class FittingsIn(Schema):
    """Pieces of a bag to try on in one visit."""

    variant_ids: list[int] = Field(min_length=1, max_length=20)
    boutique: str = Field(max_length=60)
    wanted_at: datetime | None = None
    appointment: str = Field("", max_length=40)
    key: str = Field(min_length=1, max_length=30)


@router.get("/terms", response=ANSWERS)
@refusals_said
def read_terms(request: HttpRequest) -> dict[str, Any]:
    """What the house promises: delivery's fee in fen, by country too, and the days for returns and pick-ups."""
    client = said(request)
    own = promises.terms(client.house_id)
    by_market = {HOME: own, **promises.delivery_fees(client.house_id)}
    countries = [
        {
            "code": market.upper(),
            "name": market_name(market, client.language),
            "delivery_fee": each.delivery_fee,
            "free_from": each.free_from,
        }
        for market, each in by_market.items()
    ]
    points = [point.code for point in queries.sales_points(house_id=client.house_id)]
    return {**asdict(own), "pickup_at": points, "countries": countries}


@router.post("/checkout", response=ANSWERS)
@refusals_said
def check_out(request: HttpRequest, body: CheckoutIn) -> dict[str, Any]:
    """Order a bag with all that belongs to it; to be paid within a quarter of an hour."""
    client = said(request)
    wish = body.invoice
    placed = operations.check_out(
        house_id=client.house_id,
        person_id=client.person_id,
        lines=[Line(line.variant_id, line.quantity, line.seen_amount) for line in body.lines],
        address=body.address.address() if body.address else None,
        pickup_at=body.pickup_at,
        gift=Gift(**body.gift.dict()) if body.gift else None,
        invoice=invoicee_of(wish.buyer, wish.title, wish.tax_number, wish.email) if wish else None,
        bag=body.bag,
        source=body.source,
        boutique=body.boutique,
        key=f"mp-{client.person_id}-{body.key}" if body.key else "",
        now=datetime.now(UTC),
    )
    return _service(client, placed.order_id)


@router.get("/orders/{int:order_id}/service", response=ANSWERS)
@refusals_said
def read_service(request: HttpRequest, order_id: int) -> dict[str, Any]:
    """How the client's own order arrives, what was asked after it, its gift and its fapiao."""
    client = said(request)
    _own(client, order_id)
    return _service(client, order_id)


@router.post("/orders/{int:order_id}/way", response=ANSWERS)
@refusals_said
def choose_way(request: HttpRequest, order_id: int, body: WayIn) -> dict[str, Any]:
    """Say how a drop's order arrives, or put an address right before the parcel leaves."""
    client = said(request)
    _own(client, order_id)
    operations.choose_way(
        house_id=client.house_id,
        order_id=order_id,
        address=body.address.address() if body.address else None,
        pickup_at=body.pickup_at,
        now=datetime.now(UTC),
    )
    return _service(client, order_id)


@router.post("/orders/{int:order_id}/received", response=ANSWERS)
@refusals_said
def confirm(request: HttpRequest, order_id: int) -> dict[str, Any]:
    """The client has the parcel."""
    client = said(request)
    _own(client, order_id)
    operations.confirm_delivery(house_id=client.house_id, order_id=order_id, now=datetime.now(UTC))
    return _service(client, order_id)


@router.post("/orders/{int:order_id}/fapiao", response=ANSWERS)
@refusals_said
def ask_fapiao(request: HttpRequest, order_id: int, body: InvoiceIn) -> dict[str, Any]:
    """Ask for the order's fapiao, or put its fields right until it is issued."""
    client = said(request)
    _own(client, order_id)
    operations.ask_fapiao(
        house_id=client.house_id,
        order_id=order_id,
        invoice=invoicee_of(body.buyer, body.title, body.tax_number, body.email),
        now=datetime.now(UTC),
    )
    return _service(client, order_id)


@router.post("/orders/{int:order_id}/requests", response=ANSWERS)
@refusals_said
def ask_after_sale(request: HttpRequest, order_id: int, body: RequestIn) -> dict[str, Any]:
    """Ask to cancel, return or exchange; a person answers."""
    client = said(request)
    _own(client, order_id)
    operations.ask_after_sale(
        house_id=client.house_id,
        order_id=order_id,
        kind=body.kind,
        reason=body.reason,
        words=body.words,
        wishes=[Wish(line.line_id, line.quantity, line.variant_id) for line in body.lines],
        key=f"mp-{body.key}",
        now=datetime.now(UTC),
    )
    return _service(client, order_id)


@router.post("/orders/{int:order_id}/requests/{int:request_id}/withdraw", response=ANSWERS)
@refusals_said
def withdraw_request(request: HttpRequest, order_id: int, request_id: int) -> dict[str, Any]:
    """The client wants it no longer."""
    client = said(request)
    _own(client, order_id)
    found = service.request(house_id=client.house_id, request_id=request_id)
    if found is None or found.order_id != order_id:
        raise OrderRefused(Refusal.UNKNOWN_REQUEST, str(request_id))
    operations.withdraw_after_sale(house_id=client.house_id, request_id=request_id, now=datetime.now(UTC))
    return _service(client, order_id)


@router.get("/fittings", response=ANSWERS)
@refusals_said
def list_fittings(request: HttpRequest) -> dict[str, Any]:
    """The client's own fittings, newest first."""
    client = said(request)
    found = visiting.fittings(
        house_id=client.house_id, person_id=client.person_id, language=client.language, limit=20
    )
    return {"fittings": [_fitting(row) for row in found]}


@router.post("/fittings", response=ANSWERS)
@refusals_said
def hold_fitting(request: HttpRequest, body: FittingIn) -> dict[str, Any]:
    """Have a piece held in a boutique."""
    client = said(request)
    fitting_id = operations.hold_fitting(
        house_id=client.house_id,
        person_id=client.person_id,
        variant_id=body.variant_id,
        boutique=body.boutique,
        wanted_at=body.wanted_at,
        appointment=body.appointment,
        key=f"mp-{client.person_id}-{body.key}",
        now=datetime.now(UTC),
    )
    return _fitting(_own_fitting(client, fitting_id))


@router.post("/fittings/bag", response=ANSWERS)
@refusals_said
def hold_fittings(request: HttpRequest, body: FittingsIn) -> dict[str, Any]:
    """Have the pieces of a bag held in a boutique: those that are, and why others are not."""
    client = said(request)
    pieces = operations.hold_fittings(
        house_id=client.house_id,
        person_id=client.person_id,
        variant_ids=body.variant_ids,
        boutique=body.boutique,
        wanted_at=body.wanted_at,
        appointment=body.appointment,
        key=f"mp-{client.person_id}-{body.key}",
        now=datetime.now(UTC),
    )
    return {
        "fittings": [
            _fitting(_own_fitting(client, piece.fitting_id)) for piece in pieces if piece.fitting_id
        ],
        "refused": [
            {"variant_id": piece.variant_id, "message": piece.refused.text(client.language)}
            for piece in pieces
            if piece.refused
        ],
    }


@router.post("/fittings/{int:fitting_id}/cancel", response=ANSWERS)
@refusals_said
def cancel_fitting(request: HttpRequest, fitting_id: int) -> dict[str, Any]:
    """Let a held piece go."""
    client = said(request)
    _own_fitting(client, fitting_id)
    operations.leave_fitting(house_id=client.house_id, fitting_id=fitting_id, now=datetime.now(UTC))
    return _fitting(_own_fitting(client, fitting_id))


@router.get("/bags/{token}", response=ANSWERS)
@refusals_said
def open_bag(request: HttpRequest, token: str) -> dict[str, Any]:
    """What an associate prepared; its note only for the client it is for."""
    client, now = said(request), datetime.now(UTC)
    operations.open_bag(house_id=client.house_id, token=token, person_id=client.person_id, now=now)
    found = visiting.bag_of_token(house_id=client.house_id, token=token, now=now, language=client.language)
    assert found is not None, "a bag that was just opened"
    return _bag(found, client)


def _own(client: Client, order_id: int) -> None:
    """Somebody else's order is as unknown as one that never was."""
    found = queries.order(order_id=order_id, house_id=client.house_id, person_id=client.person_id)
    if found is None:
        raise OrderRefused(Refusal.UNKNOWN_ORDER, str(order_id))


def _own_fitting(client: Client, fitting_id: int) -> FittingView:
    found = visiting.fitting(house_id=client.house_id, fitting_id=fitting_id, language=client.language)
    if found is None or found.person_id != client.person_id:
        raise OrderRefused(Refusal.UNKNOWN_FITTING, str(fitting_id))
    return found


def _service(client: Client, order_id: int) -> dict[str, Any]:
    now = datetime.now(UTC)
    found = service.order_service(
        order_id=order_id, house_id=client.house_id, language=client.language, now=now
    )
    order = queries.order(order_id=order_id, house_id=client.house_id, language=client.language)
    assert found is not None and order is not None, "the client's own order"
    return {
        "order_id": order.id,
        "number": order.number,
        "state": order.state,
        "total": order.total,
        "total_text": text(order.total, order.currency),
        "fee_text": text(order.fee, order.currency) if order.fee else "",
        "credit_text": text(order.credit, order.currency) if order.credit else "",
        "expires_at": order.expires_at if order.state == "placed" else None,
        "awaits_return": found.awaits_return,
        "way_first": promises.waits_for_way(order.id),
        "lines": [
            {"id": line.id, "variant_id": line.variant_id, "name": line.name, "quantity": line.quantity}
            for line in order.lines
        ],
        "arrival": _arrival(found),
        "gift": asdict(found.gift) if found.gift else None,
        "may_ask": list(found.kinds),
        "reasons": list(Reason) if service.reasons_open(found, now) else list(service.faults()),
        "returns_until": found.returns_until,
        "requests": [_request(row, order.currency) for row in found.requests],
        "fapiao": [_fapiao(row) for row in found.fapiao],
    }


def _arrival(found: OrderService) -> dict[str, Any]:
    way = found.way
    shows_code = way.way == Way.PICKUP and way.stage == Stage.READY
    return {
        "way": way.way,
        "stage": way.stage,
        "boutique": way.boutique,
        "code": way.code if shows_code else "",
        "qr": f"{CODE_PREFIX}{way.code}" if shows_code else "",
        "squares": squares(f"{CODE_PREFIX}{way.code}") if shows_code else [],
        "address": asdict(way.address) if way.address else None,
        "carrier": way.carrier,
        "tracking": way.tracking,
        "ready_at": way.ready_at,
        "shipped_at": way.shipped_at,
        "arrived_at": way.arrived_at,
    }


def _request(row: RequestView, currency: str) -> dict[str, Any]:
    returned = sum(part.amount for part in row.money if part.state == "returned")
    expected = sum(part.amount for part in row.money)
    return {
        "id": row.id,
        "kind": row.kind,
        "state": row.state,
        "reason": row.reason,
        "answer": row.answer,
        "asked_at": row.asked_at,
        "due_by": row.due_by if row.state == "accepted" else None,
        "money_text": text(expected, currency) if expected else "",
        "is_returned": bool(expected) and returned == expected,
        "replacement_id": row.replacement_id,
        "due_text": text(row.replacement_due, currency) if row.replacement_due else "",
        "lines": [
            {"line_id": line.line_id, "name": line.name, "quantity": line.quantity, "wished": line.wished}
            for line in row.lines
        ],
    }


def _fapiao(row: FapiaoView) -> dict[str, Any]:
    return {
        "state": row.state,
        "buyer": row.buyer,
        "title": row.title,
        "tax_number": row.tax_number,
        "email": row.email,
        "number": row.number,
        "issued_at": row.issued_at,
    }


def _fitting(row: FittingView) -> dict[str, Any]:
    names = (
        *("id", "product_code", "variant_id", "name", "label", "boutique", "appointment", "state"),
        *("held_at", "held_until", "order_id"),
    )
    return {**{name: getattr(row, name) for name in names}, "image": row.image_url}


def _bag(found: BagView, client: Client) -> dict[str, Any]:
    is_theirs = found.person_id in (None, client.person_id)
    return {
        "token": found.token,
        "is_yours": found.person_id == client.person_id,
        "note": found.note if is_theirs else "",
        "expires_at": found.expires_at,
        "lines": [
            {
                "variant_id": line.variant_id,
                "product_code": line.product_code,
                "name": line.name,
                "label": line.label,
                "image": line.image_url,
                "quantity": line.quantity,
                "amount": line.amount,
                "amount_text": text(line.amount, "CNY") if line.amount is not None else "",
                "has_changed": line.amount is not None and line.amount != line.seen_amount,
            }
            for line in found.lines
        ],
    }
