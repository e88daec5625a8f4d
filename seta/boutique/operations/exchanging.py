"""The new piece of an exchange is an order of its own: held at once, given free or against the difference later."""

from datetime import datetime, timedelta

from seta.boutique.events import OrderPlaced, PieceExchanged
from seta.boutique.models import AfterSale, Fulfilment, Order, OrderLine
from seta.boutique.operations.closing import plan_money
from seta.boutique.operations.noting import fulfilment_of, note
from seta.boutique.operations.orders import amount_of, close, locked, new_number, variants_for
from seta.boutique.operations.stock import move
from seta.boutique.queries import product_codes
from seta.boutique.queries.promises import came_back, lefts, terms
from seta.boutique.rules.after_sale import exchanged
from seta.boutique.rules.fulfilment import Way
from seta.boutique.rules.orders import Line, State, Step, after
from seta.events.operations import publish
from seta.kit.ids import new_token

_ADDRESS = ("recipient", "phone", "region", "street", "postcode", "country")


def open_replacement(request: AfterSale, place: str, user_id: int, now: datetime) -> None:
    """Hold the wished piece at `place` as an order that waits for the old one; raises OrderRefused(OUT_OF_STOCK)."""
    assert request.due_by is not None, "an accepted request has a day"
    back = request.lines.select_related("line").get()
    assert back.variant_id is not None, "an exchange wishes for something"
    order = request.order
    wishes = [Line(back.variant_id, back.quantity)]
    variant = variants_for(request.house_id, wishes, market=order.market, now=now)[back.variant_id]
    unit_amount = amount_of(variant, market=order.market, now=now)
    old, new = back.quantity * back.line.unit_amount, back.quantity * unit_amount
    outcome = exchanged(old=old, new=new, left=sum(left for _, left in lefts(order)))
    replacement = Order.objects.create(
        house_id=order.house_id,
        person_id=order.person_id,
        number=new_number(now),
        state=State.PLACED,
        channel=order.channel,
        campaign=order.campaign,
        associate_id=order.associate_id,
        boutique_code=order.boutique_code,
        district=order.district,
        location=place,
        market=order.market,
        currency=order.currency,
        total=outcome.due,
        credit=outcome.credit,
        awaits_return=True,
        settle_currency=order.settle_currency,
        placed_at=now,
        expires_at=request.due_by,
    )
    OrderLine.objects.create(
        order=replacement, variant=variant, quantity=back.quantity, unit_amount=unit_amount
    )
    move(
        variant_id=variant.pk,
        location=place,
        quantity=-back.quantity,
        reason="order",
        ref=replacement.number,
        user_id=user_id,
        now=now,
    )
    _goes_the_same_way(order, replacement)
    request.replacement, request.worth = replacement, outcome.credit + outcome.back
    note(replacement, "replaces", now, detail=order.number, user_id=user_id)
    publish(
        OrderPlaced(
            house_id=order.house_id,
            occurred_at=now,
            person_id=order.person_id,
            campaign=order.campaign,
            associate_id=order.associate_id,
            order_id=replacement.pk,
            number=replacement.number,
            amount=replacement.total,
            currency=replacement.currency,
            channel=replacement.channel,
            boutique=replacement.boutique_code,
            district=replacement.district,
            product_codes=(variant.product.code,),
        )
    )


def _goes_the_same_way(order: Order, replacement: Order) -> None:
    """As the first piece went; over the counter means that the new one is picked up there."""
    before = fulfilment_of(order)
    row = Fulfilment(order=replacement, house_id=order.house_id, way=before.way, stage="to_prepare")
    if before.way in (Way.TAKEN, Way.PICKUP):
        row.way, row.boutique_code, row.code = Way.PICKUP, before.boutique_code, new_token(40).upper()
    for name in _ADDRESS:
        setattr(row, name, getattr(before, name))
    row.save()


def replace_now(request: AfterSale, now: datetime) -> None:
    """The old piece is back: the new one is free to go, or waits for its difference; what is too much goes back."""
    assert request.replacement_id is not None, "an accepted exchange has a new piece"
    replacement = locked(request.replacement_id)
    request.replacement = replacement
    if replacement.state != State.PLACED:
        # Its time was over in the same moment: the exchange becomes a return.
        plan_money(request, request.worth, lefts(request.order))
        return
    replacement.awaits_return = False
    if replacement.total == 0:
        replacement.state = after(State.PLACED, Step.PAY)
        replacement.paid_at, replacement.settle_amount = now, 0
        plan_money(request, request.worth - replacement.credit, lefts(request.order))
        note(replacement, "covered", now)
        tell_exchange(replacement, now)
    else:
        replacement.expires_at = now + timedelta(days=terms(request.house_id).exchange_days)
    replacement.save()


def tell_exchange(replacement: Order, now: datetime) -> None:
    """Say that a new piece is the client's, when the paid order is one; inside the caller's transaction."""
    request = AfterSale.objects.filter(replacement=replacement).select_related("order").first()
    if request is None:
        return
    back = request.lines.select_related("line__variant__product").get()
    first, line = request.order, back.line
    publish(
        PieceExchanged(
            house_id=replacement.house_id,
            occurred_at=now,
            person_id=replacement.person_id,
            campaign=replacement.campaign,
            associate_id=replacement.associate_id,
            order_id=replacement.pk,
            number=replacement.number,
            first_order_id=first.pk,
            first_number=first.number,
            returned_sku=line.variant.sku,
            returned_product=line.variant.product.code,
            quantity=back.quantity,
            kept=line.quantity - came_back(first.pk).get(line.pk, 0),
            amount=replacement.total,
            credit=replacement.credit,
            currency=replacement.currency,
            channel=replacement.channel,
            boutique=replacement.boutique_code,
            district=replacement.district,
            product_codes=product_codes(replacement.pk),
        )
    )


def give_up_replacement(request: AfterSale, now: datetime) -> None:
    """The exchange does not happen: the new piece goes back on its shelf."""
    if request.replacement_id is None:
        return
    replacement = locked(request.replacement_id)
    if replacement.state == State.PLACED:
        close(replacement, Step.CANCEL, now)
        note(replacement, "given_up", now)
