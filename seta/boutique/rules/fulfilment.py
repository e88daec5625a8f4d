"""How a piece reaches its client: by a carrier or by hand in a boutique, one step after the other."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from seta.boutique.rules.orders import Channel
from seta.boutique.rules.refusals import OrderRefused, Refusal

CODE_PREFIX = "seta:pickup="
CODE = re.compile(r"[0-9A-Z]{8}")
PHONE = re.compile(r"\+?[0-9][0-9 -]{4,18}[0-9]")
POSTCODE = re.compile(r"[0-9A-Za-z -]{0,12}")
TRACKING = re.compile(r"[0-9A-Za-z-]{4,40}")
NAME_CHARS_MAX = 40
REGION_CHARS_MAX = 80
STREET_CHARS_MAX = 120
FEE_MAX = 1_000_000
DAYS_MAX = 365


class Way(StrEnum):
    """How the pieces of an order leave the house; TAKEN is over the counter, at once."""

    OPEN = "open"
    DELIVERY = "delivery"
    PICKUP = "pickup"
    TAKEN = "taken"


class Stage(StrEnum):
    """Where the pieces of an order are."""

    TO_PREPARE = "to_prepare"
    READY = "ready"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    HANDED_OVER = "handed_over"
    STOPPED = "stopped"


class Act(StrEnum):
    """What can be done with the pieces of a paid order."""

    MAKE_READY = "make_ready"
    SHIP = "ship"
    DELIVER = "deliver"
    HAND_OVER = "hand_over"
    STOP = "stop"


ACTS: dict[tuple[Way, Stage, Act], Stage] = {
    (Way.PICKUP, Stage.TO_PREPARE, Act.MAKE_READY): Stage.READY,
    (Way.PICKUP, Stage.READY, Act.HAND_OVER): Stage.HANDED_OVER,
    (Way.DELIVERY, Stage.TO_PREPARE, Act.SHIP): Stage.SHIPPED,
    (Way.DELIVERY, Stage.SHIPPED, Act.DELIVER): Stage.DELIVERED,
    (Way.OPEN, Stage.TO_PREPARE, Act.STOP): Stage.STOPPED,
    (Way.DELIVERY, Stage.TO_PREPARE, Act.STOP): Stage.STOPPED,
    (Way.PICKUP, Stage.TO_PREPARE, Act.STOP): Stage.STOPPED,
    (Way.PICKUP, Stage.READY, Act.STOP): Stage.STOPPED,
}
GONE = frozenset({Stage.SHIPPED, Stage.DELIVERED, Stage.HANDED_OVER})
"""The pieces have left the house."""
ARRIVED = frozenset({Stage.DELIVERED, Stage.HANDED_OVER})


def beginning(channel: str) -> tuple[Way, Stage]:
    """What is known of an order for which nobody has said more: the till's is taken along, others wait."""
    return (Way.TAKEN, Stage.HANDED_OVER) if channel == Channel.TILL else (Way.OPEN, Stage.TO_PREPARE)


def moved_on(way: Way, stage: Stage, act: Act) -> Stage:
    """The stage after an act; raises OrderRefused: ALREADY_SENT, NOT_READY or WRONG_STATE."""
    following = ACTS.get((way, stage, act))
    if following is not None:
        return following
    if act is Act.STOP and stage in GONE:
        raise OrderRefused(Refusal.ALREADY_SENT, stage)
    if act is Act.HAND_OVER and stage is Stage.TO_PREPARE:
        raise OrderRefused(Refusal.NOT_READY, stage)
    raise OrderRefused(Refusal.WRONG_STATE, f"{act} while {way} {stage}")


def acts_of(way: str, stage: str) -> tuple[Act, ...]:
    """What can be done next."""
    return tuple(act for (a_way, a_stage, act) in ACTS if (a_way, a_stage) == (way, stage))


@dataclass(frozen=True)
class Address:
    """Where a parcel goes; `country` is ISO 3166-1 alpha-2."""

    recipient: str
    phone: str
    region: str
    street: str
    postcode: str = ""
    country: str = "CN"


def address_of(said: Address) -> Address:
    """The address with its spaces in order; raises OrderRefused(WRONG_ADDRESS) naming what is wrong."""
    recipient, region, street = (
        " ".join(text.split()) for text in (said.recipient, said.region, said.street)
    )
    found = Address(
        recipient, said.phone.strip(), region, street, said.postcode.strip(), said.country.strip().upper()
    )
    wrong = [
        name
        for name, is_right in (
            ("recipient", 0 < len(recipient) <= NAME_CHARS_MAX),
            ("phone", PHONE.fullmatch(found.phone) is not None),
            ("region", 0 < len(region) <= REGION_CHARS_MAX),
            ("street", 0 < len(street) <= STREET_CHARS_MAX),
            ("postcode", POSTCODE.fullmatch(found.postcode) is not None),
            ("country", len(found.country) == 2 and found.country.isascii() and found.country.isalpha()),
        )
        if not is_right
    ]
    if wrong:
        raise OrderRefused(Refusal.WRONG_ADDRESS, ", ".join(wrong))
    return found


@dataclass(frozen=True)
class Terms:
    """What a house promises its clients after the sale; the fee in fen of CNY, `free_from` 0 for never free.

    Days count from the moment the client has the pieces (returns), they are ready (pick-up), the answer
    (sending back, paying the difference of an exchange).
    """

    delivery_fee: int = 0
    free_from: int = 0
    return_days: int = 7
    pickup_days: int = 14
    send_back_days: int = 14
    exchange_days: int = 3
    fitting_hours: int = 48


def checked_terms(terms: Terms) -> Terms:
    """The terms themselves; raises OrderRefused(WRONG_TERMS) naming the first that cannot be."""
    money = {"delivery_fee": terms.delivery_fee, "free_from": terms.free_from}
    days = {
        name: getattr(terms, name)
        for name in ("return_days", "pickup_days", "send_back_days", "exchange_days", "fitting_hours")
    }
    for name, amount in money.items():
        if not 0 <= amount <= (FEE_MAX if name == "delivery_fee" else 10**12):
            raise OrderRefused(Refusal.WRONG_TERMS, name)
    for name, count in days.items():
        if not (0 if name == "return_days" else 1) <= count <= DAYS_MAX:
            raise OrderRefused(Refusal.WRONG_TERMS, name)
    return terms


def fee_of(way: str, goods: int, terms: Terms) -> int:
    """What delivery costs for goods of so many fen; a pick-up is free."""
    if way != Way.DELIVERY or (terms.free_from and goods >= terms.free_from):
        return 0
    return terms.delivery_fee


def is_overdue(ready_at: datetime | None, terms: Terms, now: datetime) -> bool:
    """Whether pieces that wait to be picked up have waited longer than the house asks."""
    return ready_at is not None and now > ready_at + timedelta(days=terms.pickup_days)


def code_of(said: str) -> str:
    """The pick-up code in what was typed or scanned; raises OrderRefused(UNKNOWN_CODE)."""
    code = said.strip().removeprefix(CODE_PREFIX).replace(" ", "").replace("-", "").upper()
    # Letters that are read for digits are taken as those; the alphabet has none of them.
    code = code.replace("O", "0").replace("I", "1").replace("L", "1")
    if not CODE.fullmatch(code):
        raise OrderRefused(Refusal.UNKNOWN_CODE, said[:20])
    return code


def parcel_of(carrier: str, tracking: str) -> tuple[str, str]:
    """Carrier and tracking number; raises OrderRefused(WRONG_PARCEL)."""
    carrier, tracking = " ".join(carrier.split()), tracking.strip().upper().replace(" ", "")
    if not 0 < len(carrier) <= NAME_CHARS_MAX or not TRACKING.fullmatch(tracking):
        raise OrderRefused(Refusal.WRONG_PARCEL)
    return carrier, tracking
