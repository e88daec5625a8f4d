"""Credit a paid order to the associate who brought it, and take commission back when money goes back."""

import logging
from datetime import datetime

from django.db import transaction
from django.db.models import Sum

from seta.boutique.events import OrderPaid, OrderRefunded
from seta.clienteling import rules
from seta.clienteling.events import CommissionClawedBack, SaleCredited
from seta.clienteling.models import Associate, ClientBookEntry, ProductShare, SaleCredit, SaleReturn
from seta.clienteling.rules import Credit, Touch
from seta.events.operations import publish
from seta.kit.scenes import Scene

log = logging.getLogger(__name__)


@transaction.atomic
def credit_sale(fact: OrderPaid, now: datetime) -> None:
    """Credit an order once; an order that nobody brought stays uncredited."""
    if SaleCredit.objects.filter(order_id=fact.order_id).exists():
        return
    credit = _credit(fact)
    if credit is None:
        return
    associate = Associate.objects.filter(pk=credit.associate_id, house_id=fact.house_id).first()
    if associate is None:
        log.warning("order %s names associate %s, who is not of this house", fact.number, credit.associate_id)
        return
    row = SaleCredit.objects.create(
        house_id=fact.house_id,
        associate=associate,
        person_id=fact.person_id,
        order_id=fact.order_id,
        number=fact.number,
        campaign=credit.campaign,
        reason=credit.reason,
        share_id=credit.share_id,
        amount=fact.amount,
        currency=fact.currency,
        settle_amount=fact.settle_amount,
        settle_currency=fact.settle_currency,
        commission_bps=associate.commission_bps,
        commission=rules.commission(fact.settle_amount, associate.commission_bps),
        credited_at=fact.occurred_at,
    )
    publish(_credited(row, fact))
    _claw_back(row, now)


def _credit(fact: OrderPaid) -> Credit | None:
    return rules.credit_of(
        named=fact.associate_id,
        shared=_shared(fact),
        scene=_scene(fact),
        touches=_touches(fact),
        campaign=fact.campaign,
        paid_at=fact.occurred_at,
    )


def _shared(fact: OrderPaid) -> Touch | None:
    share = (
        ProductShare.objects.filter(house_id=fact.house_id, token=fact.source).first()
        if fact.source
        else None
    )
    return Touch(share.associate_id, share.campaign, share.shared_at, share.pk) if share else None


def _scene(fact: OrderPaid) -> Touch | None:
    scene = Scene.decode(fact.source)
    if not scene.associate:
        return None
    associate = Associate.objects.filter(house_id=fact.house_id, code=scene.associate).first()
    return Touch(associate.pk, scene.campaign, fact.occurred_at) if associate else None


def _touches(fact: OrderPaid) -> list[Touch]:
    if fact.person_id is None:
        return []
    since = fact.occurred_at - rules.TOUCH_WINDOW
    shares = ProductShare.objects.filter(
        house_id=fact.house_id, person_id=fact.person_id, shared_at__gte=since
    ).order_by("-shared_at")[:20]
    entries = ClientBookEntry.objects.filter(
        house_id=fact.house_id, person_id=fact.person_id, since__gte=since, ended_at__isnull=True
    )
    touches = [Touch(share.associate_id, share.campaign, share.shared_at, share.pk) for share in shares]
    return touches + [Touch(entry.associate_id, entry.campaign, entry.since) for entry in entries]


def _credited(row: SaleCredit, fact: OrderPaid) -> SaleCredited:
    return SaleCredited(
        house_id=row.house_id,
        occurred_at=fact.occurred_at,
        person_id=fact.person_id,
        campaign=row.campaign,
        associate_id=row.associate_id,
        credit_id=row.pk,
        order_id=row.order_id,
        number=row.number,
        amount=row.amount,
        currency=row.currency,
        settle_amount=row.settle_amount,
        settle_currency=row.settle_currency,
        commission=row.commission,
        reason=row.reason,
        boutique=fact.boutique,
        district=fact.district,
    )


@transaction.atomic
def credit_refund(fact: OrderRefunded, now: datetime) -> None:
    """Take commission back in proportion to the money returned, once a refund."""
    _, is_new = SaleReturn.objects.get_or_create(
        refund_id=fact.refund_id,
        defaults={
            "house_id": fact.house_id,
            "order_id": fact.order_id,
            "settle_amount": fact.settle_amount,
            "is_whole": fact.is_whole,
            "returned_at": fact.occurred_at,
        },
    )
    row = SaleCredit.objects.select_for_update(of=("self",)).filter(order_id=fact.order_id).first()
    if is_new and row is not None:
        _claw_back(row, now)


def _claw_back(row: SaleCredit, now: datetime) -> None:
    returns = SaleReturn.objects.filter(house_id=row.house_id, order_id=row.order_id)
    returned = returns.aggregate(total=Sum("settle_amount"))["total"] or 0
    due = rules.claw_back(
        settle_amount=row.settle_amount,
        bps=row.commission_bps,
        earned=row.commission,
        returned=returned,
        is_whole=returns.filter(is_whole=True).exists(),
    )
    if due <= row.clawed_back:
        return
    taken, row.clawed_back = due - row.clawed_back, due
    row.save(update_fields=["clawed_back"])
    publish(
        CommissionClawedBack(
            house_id=row.house_id,
            occurred_at=now,
            person_id=row.person_id,
            campaign=row.campaign,
            associate_id=row.associate_id,
            credit_id=row.pk,
            order_id=row.order_id,
            amount=taken,
            currency=row.settle_currency,
        )
    )
