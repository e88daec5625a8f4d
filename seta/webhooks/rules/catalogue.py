"""The public form of facts: which a house may choose, which fields leave, and the object that orders them.

Fields are named one by one, so that a field added to a fact inside Seta does not leave unseen. Only ids stand for
people: no name, no phone number and no platform's id is in any of these.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

VERSION = 1
"""Counts up when a field is renamed, removed or changes its meaning; new fields and facts do not count."""

PING = "webhooks.endpoint.pinged"


@dataclass(frozen=True)
class PublicFact:
    """A fact as receivers know it: its object is (kind, field with the id); `fields` are public name to ours."""

    about: str
    object: tuple[str, str]
    fields: Mapping[str, str]


def _same(*names: str) -> dict[str, str]:
    return {name: name for name in names}


_MONEY = _same("amount", "currency", "settle_amount", "settle_currency")
_PAYMENT = {
    "payment_id": "intent_id",
    "reference": "reference",
    **_MONEY,
    "provider": "provider",
    "boutique": "boutique_code",
}
_ORDER = _same("order_id", "number", "channel", "boutique", "product_codes")
_AFTER_SALE = _same("request_id", "order_id", "number", "kind", "reason")
_FITTING = _same("fitting_id", "product_code", "boutique")
_CLIENT = {"client_id": "person_id"}

CATALOGUE: Mapping[str, PublicFact] = {
    "payments.payment.succeeded": PublicFact(
        "A client has paid; the provider has signed it and the books say so.",
        ("payment", "intent_id"),
        {**_PAYMENT, "method": "method", **_CLIENT},
    ),
    "payments.payment.reversed": PublicFact(
        "A barcode payment was taken back by the reversal that crossed it.",
        ("payment", "intent_id"),
        {**_PAYMENT, **_CLIENT},
    ),
    "payments.refund.succeeded": PublicFact(
        "A client has money back; the provider has signed it.",
        ("payment", "intent_id"),
        {"refund_id": "refund_id", **_PAYMENT, **_CLIENT},
    ),
    "payments.batch.settled": PublicFact(
        "The house's share up to a cut-off was put into a batch for the bank.",
        ("batch", "batch_id"),
        _same("batch_id", "number", "total", "currency", "lines", "cutoff_on"),
    ),
    "payments.break.opened": PublicFact(
        "A provider's bill and the books differ, and somebody has to look.",
        ("break", "break_id"),
        _same("break_id", "provider", "key", "category", "our_amount", "their_amount", "currency"),
    ),
    "boutique.order.placed": PublicFact(
        "An order was made and its stock put aside.",
        ("order", "order_id"),
        {**_ORDER, **_same("amount", "currency"), **_CLIENT},
    ),
    "boutique.order.paid": PublicFact(
        "An order's money is proven by the provider.",
        ("order", "order_id"),
        {**_ORDER, **_MONEY, **_CLIENT},
    ),
    "boutique.order.refunded": PublicFact(
        "Money of a paid order went back, in part or whole.",
        ("order", "order_id"),
        {**_ORDER, **_MONEY, **_same("refund_id", "is_whole"), **_CLIENT},
    ),
    "boutique.pickup.prepared": PublicFact(
        "An order's pieces wait for the client in a boutique.",
        ("order", "order_id"),
        {**_same("order_id", "number", "boutique"), **_CLIENT},
    ),
    "boutique.order.shipped": PublicFact(
        "An order's pieces were given to a carrier.",
        ("order", "order_id"),
        {**_same("order_id", "number", "carrier", "tracking"), **_CLIENT},
    ),
    "boutique.order.received": PublicFact(
        "The client has the pieces, delivered or picked up.",
        ("order", "order_id"),
        {**_same("order_id", "number", "way", "boutique"), **_CLIENT},
    ),
    "boutique.aftersale.asked": PublicFact(
        "A cancellation, return or exchange was asked for; the reason is a code, never the client's words.",
        ("order", "order_id"),
        {**_AFTER_SALE, **_CLIENT},
    ),
    "boutique.aftersale.closed": PublicFact(
        "A cancellation, return or exchange is done: its pieces are back and its money has gone.",
        ("order", "order_id"),
        {**_AFTER_SALE, **_CLIENT},
    ),
    "boutique.piece.exchanged": PublicFact(
        "The new piece of an exchange is the client's; only the amount is new money.",
        ("order", "order_id"),
        {
            **_ORDER,
            **_same("first_order_id", "first_number", "returned_sku", "returned_product", "quantity", "kept"),
            **_same("amount", "credit", "currency"),
            **_CLIENT,
        },
    ),
    "boutique.fitting.held": PublicFact(
        "A piece was taken out of a boutique's stock so that a client can try it on.",
        ("fitting", "fitting_id"),
        {**_FITTING, **_CLIENT},
    ),
    "boutique.fitting.ended": PublicFact(
        "A held piece was bought, left, given up or not come for.",
        ("fitting", "fitting_id"),
        {**_FITTING, "outcome": "outcome", **_CLIENT},
    ),
    "boutique.bag.shared": PublicFact(
        "An associate prepared a bag and shared its link; the client is named if one was.",
        ("bag", "bag_id"),
        {**_same("bag_id", "product_codes", "associate_id"), **_CLIENT},
    ),
    "stores.appointment.booked": PublicFact(
        "A client has a confirmed time in a boutique.",
        ("appointment", "appointment_id"),
        {**_same("appointment_id", "boutique", "kind", "starts_at"), **_CLIENT},
    ),
    "stores.appointment.moved": PublicFact(
        "A confirmed time became another, by the client or the store.",
        ("appointment", "appointment_id"),
        {**_same("appointment_id", "boutique", "kind", "starts_at", "was_at", "by"), **_CLIENT},
    ),
    "stores.appointment.cancelled": PublicFact(
        "A confirmed time was given back.",
        ("appointment", "appointment_id"),
        {**_same("appointment_id", "boutique"), **_CLIENT},
    ),
    "clienteling.sale.credited": PublicFact(
        "A paid order was credited to an associate.",
        ("order", "order_id"),
        {
            **_same("credit_id", "order_id", "number", "associate_id", "reason", "commission", "boutique"),
            **_MONEY,
        },
    ),
}
"""By the fact's name; tests hold every field to the fact's own."""


def object_key(kind: str, fact: Mapping[str, Any]) -> str:
    """`payment:17`: messages with the same key are delivered one after another."""
    noun, field = CATALOGUE[kind].object
    return f"{noun}:{fact[field]}"[:80]


def body(kind: str, fact: Mapping[str, Any], *, sequence: int) -> str:
    """The JSON text of a fact as receivers get it; the same bytes for every attempt and every endpoint.

    `fact` holds plain JSON values, instants as ISO 8601 text; amounts stay integers in minor units.
    """
    data = {public: fact.get(ours) for public, ours in CATALOGUE[kind].fields.items()}
    return envelope(kind, str(fact["occurred_at"]), object_key(kind, fact), sequence, data)


def ping_body(*, object_key: str, at: str, sequence: int) -> str:
    """The JSON text of a test message."""
    return envelope(PING, at, object_key, sequence, {"message": "It works."})


def envelope(kind: str, timestamp: str, key: str, sequence: int, data: Mapping[str, Any]) -> str:
    """`type`, `timestamp` and `data` as the Standard Webhooks specification recommends, and our order."""
    return msgspec.json.encode(
        {
            "type": kind,
            "version": VERSION,
            "timestamp": timestamp,
            "object": key,
            "sequence": sequence,
            "data": dict(data),
        }
    ).decode()


def known(names: Sequence[str]) -> list[str]:
    """Those of the names that may be chosen, each once, in the catalogue's order."""
    return [name for name in CATALOGUE if name in names]
