"""Keep, in order, what a client did with the house; fill the wardrobe and the tier from orders."""

import hashlib
import json
from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from seta.boutique.events import OrderPaid, OrderRefunded, PieceExchanged
from seta.boutique.queries import OrderView, order, orders_of_person, product
from seta.clienteling.models import ClientProfile, TimelineEntry, WardrobeItem, WishlistItem
from seta.clienteling.rules.standing import TIER_WINDOW, tier_of
from seta.events.events import Fact
from seta.people.queries import current_id

PAID_ORDERS_MAX = 500


@transaction.atomic
def note_fact(fact: Fact, now: datetime) -> None:
    """Put a fact about a client on their timeline, once; a fact about nobody is left out."""
    if fact.person_id is None:
        return
    body = {key: value for key, value in asdict(fact).items() if key not in ("house_id", "person_id")}
    body["occurred_at"] = fact.occurred_at.isoformat()
    told = json.dumps([fact.name, body], sort_keys=True, ensure_ascii=False, default=str)
    TimelineEntry.objects.get_or_create(
        house_id=fact.house_id,
        key=hashlib.sha256(f"{fact.person_id}\n{told}".encode()).hexdigest(),
        defaults={
            "person_id": current_id(fact.person_id),
            "at": fact.occurred_at,
            "kind": fact.name,
            "body": json.loads(json.dumps(body, default=str)),
        },
    )


@transaction.atomic
def fill_wardrobe(fact: OrderPaid, now: datetime) -> None:
    """Put what was bought into the client's wardrobe, off their wishlist, and bring their tier up to date."""
    found = order(house_id=fact.house_id, order_id=fact.order_id, language="zh")
    if fact.person_id is None or found is None:
        return
    person_id = current_id(fact.person_id)
    _hang_up(found, person_id, fact.occurred_at)
    WishlistItem.objects.filter(
        house_id=fact.house_id,
        person_id=person_id,
        product_code__in=[line.product_code for line in found.lines],
        removed_at__isnull=True,
    ).update(removed_at=now)
    _rate(fact.house_id, person_id, now)


@transaction.atomic
def empty_wardrobe(fact: OrderRefunded, now: datetime) -> None:
    """Take back from the wardrobe what went back whole, and bring the tier up to date."""
    if fact.is_whole:
        WardrobeItem.objects.filter(
            house_id=fact.house_id, order_id=fact.order_id, gone_at__isnull=True
        ).update(gone_at=fact.occurred_at)
    if fact.person_id is not None:
        _rate(fact.house_id, current_id(fact.person_id), now)


@transaction.atomic
def change_wardrobe(fact: PieceExchanged, now: datetime) -> None:
    """Hang up the new piece of an exchange and take out the old one, or as many of it as came back."""
    found = order(house_id=fact.house_id, order_id=fact.order_id, language="zh")
    if fact.person_id is None or found is None:
        return
    _hang_up(found, current_id(fact.person_id), fact.occurred_at)
    old = WardrobeItem.objects.filter(
        house_id=fact.house_id, order_id=fact.first_order_id, sku=fact.returned_sku, gone_at__isnull=True
    )
    old.update(**({"quantity": fact.kept} if fact.kept else {"gone_at": fact.occurred_at}))


def _hang_up(found: OrderView, person_id: int, at: datetime) -> None:
    """Each line of an order once, as the person's from that instant on."""
    for line in found.lines:
        WardrobeItem.objects.get_or_create(
            order_id=found.id,
            sku=line.sku,
            defaults={
                "house_id": found.house_id,
                "person_id": person_id,
                "product_code": line.product_code,
                "name": line.name[:120],
                "size": line.label[:24],
                "quantity": line.quantity,
                "acquired_on": at.date(),
                "added_at": at,
            },
        )


def _rate(house_id: int, person_id: int, now: datetime) -> None:
    """The tier by what the client kept of their orders within the window, in the settlement currency."""
    orders = orders_of_person(house_id=house_id, person_id=person_id, limit=PAID_ORDERS_MAX)
    kept = [each for each in orders if each.paid_at and now - each.paid_at <= TIER_WINDOW]
    kept = [each for each in kept if each.refunded < each.total]
    spent = sum(_kept_of(each) for each in kept)
    ClientProfile.objects.update_or_create(
        house_id=house_id,
        person_id=person_id,
        defaults={
            "tier": tier_of(spent, len(kept)),
            "spent": spent,
            "currency": kept[0].settle_currency if kept else "",
            "orders": len(kept),
            "rated_at": now,
        },
    )


def _kept_of(each: OrderView) -> int:
    """What is left of an order in its settlement currency after returns, by the part of the total that went back."""
    whole = each.settle_amount or 0
    return whole - whole * each.refunded // each.total if each.total else 0


@transaction.atomic
def watch_wishes(now: datetime) -> int:
    """Notice wished-for products that were out of stock and are back; returns how many. For the worker's schedule."""
    rows = WishlistItem.objects.filter(removed_at__isnull=True)
    pairs = rows.values_list("house_id", "product_code").distinct()
    changed = 0
    for house_id, code in pairs:
        found = product(house_id=house_id, code=code)
        is_there = found is not None and any(variant.available > 0 for variant in found.variants)
        wishes = rows.filter(house_id=house_id, product_code=code)
        if is_there:
            changed += wishes.filter(was_out=True, back_at__isnull=True).update(back_at=now)
        else:
            wishes.filter(was_out=False).update(was_out=True)
            wishes.filter(back_at__isnull=False).update(back_at=None)
    return changed
