"""An associate claims a part of a sale; a supervisor decides with a reason, and both stay on record."""

from datetime import datetime

from django.db import IntegrityError, transaction

from seta.clienteling import rules
from seta.clienteling.models import (
    Associate,
    AttributionPolicy,
    CommissionDispute,
    CommissionEntry,
    CommissionShare,
    SaleCredit,
)
from seta.clienteling.operations.contacting import must_supervise
from seta.clienteling.operations.credits import keep_parts, write_entries
from seta.clienteling.rules import WHOLE_BPS, AttributionTerms, Refusal, Refused
from seta.houses.queries import member_of
from seta.oversight.operations import append_audit

State = CommissionDispute.State
TEXT_CHARS_MAX = 500


@transaction.atomic
def open_dispute(
    *, house_id: int, associate_id: int, order_number: str, claimed_bps: int, reason: str, now: datetime
) -> int:
    """Claim a part (basis points) of a credited sale; returns the dispute's id.

    Raises Refused: UNKNOWN, BAD_SHARE, EMPTY, TOO_LONG, DISPUTED.
    """
    text = _text(reason)
    if not 0 < claimed_bps <= WHOLE_BPS:
        raise Refused(Refusal.BAD_SHARE)
    sale = SaleCredit.objects.filter(house_id=house_id, number=order_number).first()
    if sale is None or not Associate.objects.filter(pk=associate_id, house_id=house_id).exists():
        raise Refused(Refusal.UNKNOWN)
    try:
        with transaction.atomic():
            row = CommissionDispute.objects.create(
                house_id=house_id,
                credit=sale,
                claimant_id=associate_id,
                claimed_bps=claimed_bps,
                reason=text,
                opened_at=now,
            )
    except IntegrityError as problem:
        raise Refused(Refusal.DISPUTED) from problem
    details = {"dispute": row.pk, "sale": sale.pk, "associate": associate_id, "bps": claimed_bps}
    append_audit(house_id=house_id, kind="dispute.opened", details=details, now=now)
    return row.pk


def _text(text: str) -> str:
    plain = text.strip()
    if not plain:
        raise Refused(Refusal.EMPTY)
    if len(plain) > TEXT_CHARS_MAX:
        raise Refused(Refusal.TOO_LONG)
    return plain


@transaction.atomic
def decide_dispute(
    *, house_id: int, dispute_id: int, user_id: int, is_upheld: bool, decision: str, now: datetime
) -> None:
    """Uphold a claim, which moves commission at once, or reject it; by a supervisor who is not part of it.

    Raises Refused: SUPERVISOR_ONLY, UNKNOWN, DECIDED, OWN_DISPUTE, EMPTY, TOO_LONG.
    """
    must_supervise(house_id, user_id)
    text = _text(decision)
    row = _open(house_id, dispute_id)
    sale = SaleCredit.objects.select_for_update(of=("self",)).get(pk=row.credit_id)
    before = _parts(sale)
    concerned = Associate.objects.filter(pk__in=[row.claimant_id, *dict(before)], user_id=user_id)
    if concerned.exists():
        raise Refused(Refusal.OWN_DISPUTE)
    after = rules.parts_after_claim(before, row.claimant_id, row.claimed_bps) if is_upheld else before
    if is_upheld:
        keep_parts(sale, after)
        write_entries(sale, CommissionEntry.Kind.MOVED, now)
    row.state = State.UPHELD if is_upheld else State.REJECTED
    row.decided_by, row.decided_at, row.decision = user_id, now, text
    row.shares_before = {str(who): bps for who, bps in before}
    row.shares_after = {str(who): bps for who, bps in after}
    row.save()
    details = {"dispute": row.pk, "user": user_id, "upheld": is_upheld, "parts": row.shares_after}
    append_audit(house_id=house_id, kind="dispute.decided", details=details, now=now)


@transaction.atomic
def withdraw_dispute(*, house_id: int, dispute_id: int, associate_id: int, now: datetime) -> None:
    """Take one's own claim back; raises Refused (UNKNOWN, DECIDED, NOT_YOURS)."""
    row = _open(house_id, dispute_id)
    if row.claimant_id != associate_id:
        raise Refused(Refusal.NOT_YOURS)
    row.state, row.decided_at = State.WITHDRAWN, now
    row.save(update_fields=["state", "decided_at"])
    append_audit(house_id=house_id, kind="dispute.withdrawn", details={"dispute": row.pk}, now=now)


def _open(house_id: int, dispute_id: int) -> CommissionDispute:
    rows = CommissionDispute.objects.select_for_update(of=("self",)).filter(pk=dispute_id, house_id=house_id)
    row = rows.first()
    if row is None:
        raise Refused(Refusal.UNKNOWN)
    if row.state != State.OPEN:
        raise Refused(Refusal.DECIDED)
    return row


def _parts(sale: SaleCredit) -> tuple[tuple[int, int], ...]:
    rows = CommissionShare.objects.filter(credit=sale).order_by("position")
    return tuple(rows.values_list("associate_id", "bps"))


@transaction.atomic
def set_attribution(*, house_id: int, user_id: int, terms: AttributionTerms, now: datetime) -> None:
    """Attribute sales paid from now on by these terms; raises Refused (SUPERVISOR_ONLY, BAD_CHOICE, BAD_SHARE)."""
    must_supervise(house_id, user_id)
    if terms.model not in AttributionPolicy.Model.values or not 0 <= terms.touch_window.days <= 365:
        raise Refused(Refusal.BAD_CHOICE)
    if not 0 <= terms.share_window.days <= 365:
        raise Refused(Refusal.BAD_CHOICE)
    if not 0 <= terms.primary_bps <= WHOLE_BPS:
        raise Refused(Refusal.BAD_SHARE)
    member = member_of(user_id)
    values = {
        "model": terms.model,
        "touch_days": terms.touch_window.days,
        "share_days": terms.share_window.days,
        "primary_bps": terms.primary_bps,
        "made_by": member.name if member else "",
    }
    AttributionPolicy.objects.update_or_create(house_id=house_id, valid_from=now, defaults=values)
    details = {"user": user_id, **values}
    append_audit(house_id=house_id, kind="attribution.set", details=details, now=now)
