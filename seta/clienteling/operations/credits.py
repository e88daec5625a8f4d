"""Credit a paid order to the associates who brought it, and take commission back when money goes back."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Sum

from seta.boutique.events import OrderPaid, OrderRefunded
from seta.clienteling import rules
from seta.clienteling.events import CommissionClawedBack, SaleCredited
from seta.clienteling.models import (
    Associate,
    ClientBookEntry,
    CommissionEntry,
    CommissionShare,
    HandoverClient,
    ProductShare,
    SaleCredit,
    SaleReturn,
)
from seta.clienteling.queries.sales import attribution_terms
from seta.clienteling.rules import AttributionTerms, Credit, Touch
from seta.events.operations import publish
from seta.kit.scenes import Scene

log = logging.getLogger(__name__)

Kind = CommissionEntry.Kind


@transaction.atomic
def credit_sale(fact: OrderPaid, now: datetime) -> None:
    """Credit an order once; an order that nobody brought stays uncredited."""
    if SaleCredit.objects.filter(order_id=fact.order_id).exists():
        return
    terms = attribution_terms(fact.house_id, at=fact.occurred_at)
    primary = _primary(fact)
    credit = _credit(fact, terms, primary)
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
    keep_parts(
        row, rules.parts_of(associate.pk, primary.associate_id if primary else None, terms.primary_bps)
    )
    write_entries(row, Kind.EARNED, fact.occurred_at)
    publish(_credited(row, fact))
    _claw_back(row, now)


def keep_parts(row: SaleCredit, parts: Sequence[tuple[int, int]]) -> None:
    """Put the parts of a sale in force instead of the ones before; call in a transaction."""
    assert sum(bps for _, bps in parts) == rules.WHOLE_BPS
    CommissionShare.objects.filter(credit=row).delete()
    CommissionShare.objects.bulk_create(
        CommissionShare(credit=row, associate_id=who, position=position, bps=bps)
        for position, (who, bps) in enumerate(parts)
    )


def write_entries(row: SaleCredit, kind: Kind, at: datetime) -> None:
    """Bring the statement of a sale to what is kept of its commission by its parts, with one line an associate."""
    parts = list(CommissionShare.objects.filter(credit=row).order_by("position"))
    kept = rules.split(row.commission - row.clawed_back, [part.bps for part in parts])
    target = {part.associate_id: amount for part, amount in zip(parts, kept, strict=True)}
    stands = _standing(row)
    moves = {who: target.get(who, 0) - stands.get(who, 0) for who in {*target, *stands}}
    CommissionEntry.objects.bulk_create(
        CommissionEntry(
            house_id=row.house_id,
            credit=row,
            associate_id=who,
            kind=kind,
            amount=amount,
            currency=row.settle_currency,
            at=at,
        )
        for who, amount in sorted(moves.items())
        if amount
    )


def _standing(row: SaleCredit) -> Mapping[int, int]:
    sums = CommissionEntry.objects.filter(credit=row).values_list("associate_id").annotate(sum=Sum("amount"))
    return dict(sums)


def _credit(fact: OrderPaid, terms: AttributionTerms, primary: Touch | None) -> Credit | None:
    return rules.credit_of(
        named=fact.associate_id,
        shared=_shared(fact),
        scene=_scene(fact),
        touches=_touches(fact, terms),
        campaign=fact.campaign,
        paid_at=fact.occurred_at,
        first_contact=_first_contact(fact) if terms.model == "first_contact" else None,
        primary=primary,
        terms=terms,
    )


def _primary(fact: OrderPaid) -> Touch | None:
    if fact.person_id is None:
        return None
    entry = ClientBookEntry.objects.filter(
        house_id=fact.house_id, person_id=fact.person_id, role="primary", ended_at__isnull=True
    ).first()
    return Touch(entry.associate_id, entry.campaign, entry.since) if entry else None


def _first_contact(fact: OrderPaid) -> Touch | None:
    if fact.person_id is None:
        return None
    entry = (
        ClientBookEntry.objects.filter(
            house_id=fact.house_id,
            person_id=fact.person_id,
            ended_at__isnull=True,
            since__lte=fact.occurred_at,
        )
        .order_by("since", "id")
        .first()
    )
    return Touch(entry.associate_id, entry.campaign, entry.since) if entry else None


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


def _touches(fact: OrderPaid, terms: AttributionTerms) -> list[Touch]:
    if fact.person_id is None:
        return []
    since = fact.occurred_at - terms.touch_window
    shares = ProductShare.objects.filter(
        house_id=fact.house_id, person_id=fact.person_id, shared_at__gte=since
    ).order_by("-shared_at")[:20]
    touches = [Touch(share.associate_id, share.campaign, share.shared_at, share.pk) for share in shares]
    return touches + _contacts(fact, fact.person_id, since)


def _contacts(fact: OrderPaid, person_id: int, since: datetime) -> list[Touch]:
    """Contacts within the window. A hand-over is no touch of the taker's and ends none of the giver's."""
    entries = ClientBookEntry.objects.filter(house_id=fact.house_id, person_id=person_id, since__gte=since)
    passed = HandoverClient.objects.filter(
        house_id=fact.house_id, person_id=person_id, state=HandoverClient.State.TAKEN_OVER
    ).values_list("handover__giver_id", "handover__taker_id")
    givers, takers = {giver for giver, _ in passed}, {taker for _, taker in passed}
    return [
        Touch(entry.associate_id, entry.campaign, entry.since)
        for entry in entries
        if entry.associate_id not in takers and (entry.ended_at is None or entry.associate_id in givers)
    ]


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
    """Take commission back in proportion to the money returned, once a refund, by the sale's own split."""
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
    write_entries(row, Kind.RETURNED, now)
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
