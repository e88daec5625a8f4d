"""A small shop for tests: a house, people and products with stock, all with sound defaults."""

from datetime import UTC, datetime, timedelta
from itertools import count

from seta.boutique import queries
from seta.boutique.operations import import_catalogue, open_sales_point, place_order
from seta.boutique.queries import OrderCard
from seta.boutique.rules import Line
from seta.events.models import Event
from seta.houses.operations import found_house
from seta.payments.events import PaymentSucceeded, RefundSucceeded
from seta.people.operations import recognise
from seta.people.rules import IdentityKey

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
LATER = NOON + timedelta(minutes=16)
_numbers = count(1)


def make_house(code: str = "serica") -> int:
    """A maison that settles in EUR, with one boutique on a street."""
    house_id = found_house(code=code, name=code.title(), kind="maison")
    open_sales_point(house_id=house_id, code="monte-napoleone", district="quadrilatero")
    return house_id


def make_person(house_id: int, name: str = "chen") -> int:
    """A client known by an openid."""
    return recognise(house_id=house_id, identities=[IdentityKey("openid", "wxmp", f"o-{name}")], now=NOON)


def row(**changed: object) -> dict[str, object]:
    """A sound row of a catalogue."""
    sound: dict[str, object] = {
        "code": "lago",
        "sku": "LAGO-90",
        "label": "90",
        "name_zh": "湖光方巾",
        "name_en": "Lago",
        "name_it": "Lago",
        "price_cny": "8888.00",
        "stock:online": 3,
        "stock:monte-napoleone": 2,
    }
    return sound | changed


def make_variant(house_id: int, *, sku: str = "", pieces: int = 3, price: str = "8888.00") -> int:
    """A product's only variant, with pieces online."""
    sku = sku or f"SKU-{next(_numbers)}"
    rows = [row(code=sku.lower(), sku=sku, price_cny=price, **{"stock:online": pieces})]
    report = import_catalogue(house_id=house_id, rows=rows, now=NOON)
    assert not report.problems, report.problems
    variant_id = queries.variant_id(house_id=house_id, sku=sku)
    assert variant_id is not None
    return variant_id


def order_one(house_id: int, person_id: int, variant_id: int, quantity: int = 1, key: str = "") -> OrderCard:
    """An order of one variant in the mini program."""
    return place_order(
        house_id=house_id, person_id=person_id, lines=[Line(variant_id, quantity)], key=key, now=NOON
    )


def paid_fact(
    house_id: int, card: OrderCard, *, intent_id: int = 7, amount: int | None = None
) -> PaymentSucceeded:
    """What payments says once the provider has proven the money."""
    return PaymentSucceeded(
        house_id=house_id,
        occurred_at=NOON + timedelta(minutes=1),
        intent_id=intent_id,
        reference=card.number,
        amount=card.total if amount is None else amount,
        currency="CNY",
        settle_amount=113_606,
        settle_currency="EUR",
        provider="wechatpay",
    )


def refunded_fact(
    house_id: int, card: OrderCard, amount: int, *, refund_id: int = 70, intent_id: int = 7
) -> RefundSucceeded:
    """What payments says once the provider has proven a refund."""
    return RefundSucceeded(
        house_id=house_id,
        occurred_at=NOON + timedelta(minutes=2),
        refund_id=refund_id,
        intent_id=intent_id,
        reference=card.number,
        amount=amount,
        currency="CNY",
        settle_amount=amount // 8,
        settle_currency="EUR",
        provider="wechatpay",
    )


def facts(name: str) -> list[dict[str, object]]:
    """Bodies of the facts of a name, in order."""
    return [event.body for event in Event.objects.filter(name=name).order_by("id")]
