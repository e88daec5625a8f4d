"""The mini program's door to the boutique: look, order, pay; amounts in CNY beside the house's currency."""

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Field, Router, Schema
from ninja.errors import HttpError

from seta.boutique import operations, queries
from seta.boutique.answering import ANSWERS, refusals_said, said
from seta.boutique.queries import OrderView, PictureCard, ProductCard, VariantCard
from seta.boutique.queries.collecting import CollectionCard, collection, collections, is_shown
from seta.boutique.queries.lookbooks import LookbookCard, lookbook, lookbooks
from seta.boutique.rules import Line, OrderRefused, Refusal, State
from seta.boutique.rules.availability import Availability, sale_text
from seta.boutique.rules.market_names import market_name
from seta.boutique.rules.prices import PricePoint
from seta.houses.queries import account, house
from seta.kit.money import convert, exponent, text
from seta.kit.words import in_language
from seta.payments.queries import RateCard, indication, intent
from seta.people.auth import Client, ClientAuth
from seta.people.queries import openid

router = Router(auth=ClientAuth())

_WHO_PAYS = {
    "zh": "请您重新打开小程序后再支付。",
    "en": "Please open the mini program again and then pay.",
    "it": "Riapra il mini program e poi paghi.",
}


class LineIn(Schema):
    """A wish; `seen_amount` is the unit price in fen that the client was shown."""

    variant_id: int
    quantity: int
    seen_amount: int | None = None


class OrderIn(Schema):
    """A bag; `source` is the share token or scene it came from, `key` makes a repeated tap harmless."""

    lines: list[LineIn] = Field(max_length=100)
    source: str = ""
    boutique: str = ""
    key: str = Field("", max_length=40)


@router.get("/products", response=ANSWERS)
@refusals_said
def list_products(request: HttpRequest) -> dict[str, Any]:
    """The catalogue in the client's language, without pieces whose sale is over."""
    client = said(request)
    cards = queries.products(house_id=client.house_id, language=client.language)
    rate = _rate(client)
    return {"products": [_product(card, rate, client) for card in cards if is_shown(card)]}


@router.get("/products/{code}", response=ANSWERS)
@refusals_said
def read_product(request: HttpRequest, code: str) -> dict[str, Any]:
    """One product with its variants and its pictures."""
    client = said(request)
    card = queries.product(house_id=client.house_id, code=code, language=client.language)
    if card is None:
        raise OrderRefused(Refusal.UNKNOWN_PRODUCT, code[:40])
    pictures = queries.pictures_of(house_id=client.house_id, code=card.code)
    shown = [_picture(each, client.language) for each in pictures]
    return {**_product(card, _rate(client), client), "pictures": shown}


@router.get("/collections", response=ANSWERS)
@refusals_said
def list_collections(request: HttpRequest) -> dict[str, Any]:
    """The collections that are shown today, in the house's order, each with the codes of its pieces."""
    client = said(request)
    found = collections(house_id=client.house_id, language=client.language, now=datetime.now(UTC))
    return {"collections": [_collection(card) for card in found]}


@router.get("/collections/{code}", response=ANSWERS)
@refusals_said
def read_collection(request: HttpRequest, code: str) -> dict[str, Any]:
    """One collection with its pieces whole."""
    client = said(request)
    card = collection(house_id=client.house_id, code=code, language=client.language, now=datetime.now(UTC))
    if card is None:
        raise OrderRefused(Refusal.UNKNOWN_COLLECTION, code[:40])
    rate = _rate(client)
    return {**_collection(card), "products": [_product(each, rate, client) for each in card.pieces]}


@router.get("/lookbooks", response=ANSWERS)
@refusals_said
def list_lookbooks(request: HttpRequest) -> dict[str, Any]:
    """The lookbooks that are published today, in the house's order."""
    client = said(request)
    found = lookbooks(house_id=client.house_id, language=client.language, now=datetime.now(UTC))
    return {"lookbooks": [_lookbook(card, client.language) for card in found]}


@router.get("/lookbooks/{code}", response=ANSWERS)
@refusals_said
def read_lookbook(request: HttpRequest, code: str) -> dict[str, Any]:
    """One lookbook: its looks in order, each with its picture and its pieces whole."""
    client = said(request)
    found = lookbook(house_id=client.house_id, code=code, language=client.language, now=datetime.now(UTC))
    if found is None:
        raise OrderRefused(Refusal.UNKNOWN_LOOKBOOK, code[:40])
    card, looks = found
    rate = _rate(client)
    pages = [
        {
            "id": each.id,
            "caption": each.caption,
            "picture": _picture(each.picture, client.language),
            "pieces": [_product(piece, rate, client) for piece in each.pieces],
        }
        for each in looks
    ]
    return {**_lookbook(card, client.language), "looks": pages}


@router.post("/orders", response=ANSWERS)
@refusals_said
def place(request: HttpRequest, body: OrderIn) -> dict[str, Any]:
    """Put the bag's pieces aside as an order to be paid within a quarter of an hour."""
    client = said(request)
    placed = operations.place_order(
        house_id=client.house_id,
        person_id=client.person_id,
        lines=[Line(line.variant_id, line.quantity, line.seen_amount) for line in body.lines],
        source=body.source,
        boutique=body.boutique,
        key=f"mp-{client.person_id}-{body.key}" if body.key else "",
        now=datetime.now(UTC),
    )
    return _read(client, placed.order_id)


@router.post("/orders/{int:order_id}/pay", response=ANSWERS)
@refusals_said
def pay(request: HttpRequest, order_id: int) -> dict[str, Any]:
    """What wx.requestPayment needs for the client's own order."""
    client = said(request)
    _own(client, order_id)
    payer = openid(client.person_id, account(client.house_id, "mini_program").app_id)
    if payer is None:
        raise HttpError(409, in_language(_WHO_PAYS, client.language))
    return operations.pay_order(order_id=order_id, openid=payer, now=datetime.now(UTC)).as_request()


@router.post("/orders/{int:order_id}/cancel", response=ANSWERS)
@refusals_said
def cancel(request: HttpRequest, order_id: int) -> dict[str, Any]:
    """Give up an order that is not paid."""
    client = said(request)
    _own(client, order_id)
    operations.cancel_order(order_id=order_id, now=datetime.now(UTC))
    return _read(client, order_id)


@router.get("/orders", response=ANSWERS)
@refusals_said
def list_orders(request: HttpRequest) -> dict[str, Any]:
    """The client's own orders, newest first."""
    client = said(request)
    mine = queries.orders_of_person(
        house_id=client.house_id, person_id=client.person_id, language=client.language
    )
    return {"orders": [_order(view) for view in mine]}


@router.get("/orders/{int:order_id}", response=ANSWERS)
@refusals_said
def read_order(request: HttpRequest, order_id: int) -> dict[str, Any]:
    """One of the client's own orders."""
    return _read(said(request), order_id)


def _own(client: Client, order_id: int) -> OrderView:
    """The client's own order; somebody else's is as unknown as one that never was."""
    found = queries.order(
        order_id=order_id, house_id=client.house_id, person_id=client.person_id, language=client.language
    )
    if found is None:
        raise OrderRefused(Refusal.UNKNOWN_ORDER, str(order_id))
    return found


def _read(client: Client, order_id: int) -> dict[str, Any]:
    return _order(_own(client, order_id))


def _rate(client: Client) -> RateCard | None:
    return indication(client.house_id, house(client.house_id).currency, now=datetime.now(UTC))


def _product(card: ProductCard, rate: RateCard | None, client: Client) -> dict[str, Any]:
    zone = house(client.house_id).timezone
    return {
        "code": card.code,
        "name": card.name,
        "description": card.description,
        "image": card.image_url,
        "variants": [
            {
                **_variant(variant, rate),
                "sale": _sale(variant.sale, client.language, zone),
                "elsewhere": [_local(point, client.language) for point in variant.local],
            }
            for variant in card.variants
        ],
    }


def _collection(card: CollectionCard) -> dict[str, Any]:
    return {
        "code": card.code,
        "name": card.name,
        "season": card.season,
        "cover": card.cover_url,
        "shown_until": card.shown_until,
        "pieces": [each.code for each in card.pieces],
    }


def _lookbook(card: LookbookCard, language: str) -> dict[str, Any]:
    return {
        "code": card.code,
        "name": card.name,
        "description": card.description,
        "season": card.season,
        "cover": _picture(card.cover, language),
        "count": card.looks,
        "shown_until": card.shown_until,
    }


def _picture(card: PictureCard, language: str) -> dict[str, Any]:
    """A picture as `wx` shows it: the file to begin with, the others by width, and its words for VoiceOver."""
    largest = card.sizes[-1]
    return {
        "alt": in_language(card.alt, language),
        "src": next((size.url for size in card.sizes if size.width >= 640), largest.url),
        "width": largest.width,
        "height": largest.height,
        "sizes": [{"width": size.width, "url": size.url} for size in card.sizes],
    }


def _variant(variant: VariantCard, rate: RateCard | None) -> dict[str, Any]:
    worth = convert(variant.amount, rate.scaled, exponent_to=exponent(rate.currency)) if rate else None
    return {
        "id": variant.id,
        "sku": variant.sku,
        "label": variant.label,
        "price": variant.amount,
        "currency": variant.currency,
        "price_text": text(variant.amount, variant.currency),
        "settle_text": f"≈ {text(worth, rate.currency)}" if rate and worth else "",
        "rate_at": rate.recorded_at if rate else None,
        "stock": variant.available,
    }


def _local(point: PricePoint, language: str) -> dict[str, Any]:
    """What is on the price tag in another market."""
    return {
        "market": point.market,
        "name": market_name(point.market, language),
        "price_text": text(point.amount, point.currency),
    }


def _sale(found: Availability, language: str, zone: str) -> dict[str, Any]:
    """Whether it can be ordered, from when or until when, and the words for it."""
    return {
        "state": str(found.sale),
        "opens_at": found.opens_at,
        "closes_at": found.closes_at,
        "text": sale_text(found, language, zone),
    }


def _settle(view: OrderView) -> dict[str, str]:
    """What the order costs in the house's currency once its rate is locked, with the rate; before that empty."""
    amount, instant = view.settle_amount, view.paid_at
    if amount is None and view.intent_id is not None:
        card = intent(view.intent_id, house_id=view.house_id)
        amount, instant = card.settle_amount, None
    if not amount:
        return {"settle_text": "", "rate_text": ""}
    rate = f"1 {view.settle_currency} = {text(round(view.total * 100 / amount), view.currency)}"
    when = f" · {instant:%Y-%m-%d %H:%M} UTC" if instant else ""
    return {"settle_text": f"≈ {text(amount, view.settle_currency)}", "rate_text": rate + when}


def _order(view: OrderView) -> dict[str, Any]:
    return {
        "order_id": view.id,
        "number": view.number,
        "state": view.state,
        "channel": view.channel,
        "total": view.total,
        "currency": view.currency,
        "total_text": text(view.total, view.currency),
        "refunded_text": text(view.refunded, view.currency) if view.refunded else "",
        **_settle(view),
        "placed_at": view.placed_at,
        "expires_at": view.expires_at if view.state == State.PLACED else None,
        "paid_at": view.paid_at,
        "lines": [
            {
                "product_code": line.product_code,
                "name": line.name,
                "label": line.label,
                "image": line.image_url,
                "quantity": line.quantity,
                "amount": line.quantity * line.unit_amount,
                "amount_text": text(line.quantity * line.unit_amount, view.currency),
            }
            for line in view.lines
        ],
    }
