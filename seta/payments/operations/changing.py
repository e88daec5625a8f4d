"""Nobody changes a rate, a spread, a fee or a route alone: one member proposes, another one puts it in force."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from seta.events.operations import publish
from seta.houses.queries import member_of, payment_families
from seta.payments import standing
from seta.payments.events import TermsChanged
from seta.payments.models import Change, ChangeDecision, Rate, Route
from seta.payments.operations.routing import set_route
from seta.payments.operations.terms import set_rate
from seta.payments.rules import changes
from seta.payments.rules.changes import Kind
from seta.payments.rules.quotes import BASE_CURRENCY, DAILY, FIXED, FIXED_SINCE
from seta.payments.rules.refusals import PaymentRefused, Refusal


@transaction.atomic
def propose_change(
    *, house_id: int, kind: str, subject: str = "", after: Any, reason: str, proposed_by: int, now: datetime
) -> int:
    """Keep what a member of finance wants changed, for another to approve; returns its id. Nothing is in force yet.

    `rules.changes.checked` says which values. Raises PaymentRefused: NOT_ALLOWED, BAD_CHANGE, UNSUPPORTED_CURRENCY,
    NOT_CONNECTED.
    """
    _check_member(house_id, proposed_by)
    if kind not in set(Kind):
        raise PaymentRefused(Refusal.BAD_CHANGE, f"{kind[:20]!r} cannot be changed")
    if not reason.strip() or len(reason) > changes.REASON_CHARS_MAX:
        raise PaymentRefused(Refusal.BAD_CHANGE, "say why, in at most 200 characters")
    value = changes.checked(Kind(kind), subject, after)
    if kind == Kind.ROUTE and value and value not in payment_families(house_id):
        raise PaymentRefused(Refusal.NOT_CONNECTED, f"{value}: no account")
    row = Change.objects.create(
        house_id=house_id,
        kind=kind,
        subject=subject,
        before=_current(house_id, Kind(kind), subject),
        after=value,
        reason=reason.strip(),
        proposed_by=proposed_by,
        proposed_at=now,
    )
    return row.pk


def propose_rate(
    *, house_id: int, currency: str, scaled: int, reason: str, proposed_by: int, now: datetime, day: str = ""
) -> int:
    """Propose how many `currency` one yuan buys, scaled by 10^8: the fixed rate, or one ISO day's."""
    return propose_change(
        house_id=house_id,
        kind=Kind.RATE,
        subject=f"{currency} {day}".strip(),
        after=scaled,
        reason=reason,
        proposed_by=proposed_by,
        now=now,
    )


@transaction.atomic
def approve_change(*, house_id: int, change_id: int, approved_by: int, now: datetime) -> None:
    """Put a proposed change in force, by another member than proposed it. Quotes that are locked keep theirs.

    Raises PaymentRefused: NOT_FOUND, NOT_ALLOWED, OWN_CHANGE, ALREADY_DECIDED, or BAD_CHANGE when what was to be
    changed is not what the proposal said any more.
    """
    row = _open(house_id, change_id)
    _check_member(house_id, approved_by)
    if row.proposed_by == approved_by:
        raise PaymentRefused(Refusal.OWN_CHANGE, str(change_id))
    kind = Kind(row.kind)
    if _current(house_id, kind, row.subject) != row.before:
        raise PaymentRefused(Refusal.BAD_CHANGE, "it was changed since this was proposed; propose it anew")
    _decide(row, "approved", approved_by, "", now)
    _put_in_force(row, kind, changes.checked(kind, row.subject, row.after), now)
    publish(
        TermsChanged(
            house_id=house_id,
            occurred_at=now,
            change_id=row.pk,
            kind=row.kind,
            subject=row.subject,
            before="" if row.before is None else str(row.before),
            after=str(row.after),
            proposed_by=row.proposed_by,
            approved_by=approved_by,
        )
    )


@transaction.atomic
def decline_change(*, house_id: int, change_id: int, declined_by: int, note: str = "", now: datetime) -> None:
    """End a proposal that shall not come in force; who proposed it may take it back so."""
    row = _open(house_id, change_id)
    _check_member(house_id, declined_by)
    _decide(row, "declined", declined_by, note[: changes.REASON_CHARS_MAX], now)


def _check_member(house_id: int, user_id: int) -> None:
    member = member_of(user_id)
    if member is None or member.house_id != house_id or member.role not in changes.ROLES:
        raise PaymentRefused(Refusal.NOT_ALLOWED, f"user {user_id}")


def _open(house_id: int, change_id: int) -> Change:
    row = Change.objects.select_for_update().filter(pk=change_id, house_id=house_id).first()
    if row is None:
        raise PaymentRefused(Refusal.NOT_FOUND, f"change {change_id}")
    if ChangeDecision.objects.filter(change=row).exists():
        raise PaymentRefused(Refusal.ALREADY_DECIDED, str(change_id))
    return row


def _decide(row: Change, outcome: str, member: int, note: str, now: datetime) -> None:
    try:
        with transaction.atomic():
            ChangeDecision.objects.create(
                change=row, outcome=outcome, decided_by=member, decided_at=now, note=note
            )
    except IntegrityError:
        raise PaymentRefused(Refusal.ALREADY_DECIDED, str(row.pk)) from None


def _current(house_id: int, kind: Kind, subject: str) -> Any:
    """The value in force now, as a proposal keeps it; None for what is not set."""
    if kind is Kind.RATE:
        currency, day = changes.rate_subject(subject)
        rows = Rate.objects.filter(
            house_id=house_id,
            base=BASE_CURRENCY,
            counter=currency,
            source=DAILY if day else FIXED,
            valid_on=day or FIXED_SINCE,
        )
        return rows.values_list("scaled", flat=True).first()
    if kind is Kind.ROUTE:
        wallet, scene, currency = changes.route_subject(subject)
        routes = Route.objects.filter(house_id=house_id, wallet=wallet, scene=scene, settle_currency=currency)
        return routes.values_list("provider", flat=True).first()
    return getattr(standing.terms_of(house_id), _field(kind, subject))


def _field(kind: Kind, subject: str) -> str:
    return subject if kind is Kind.ACCOUNT else changes.TERMS_FIELD[kind]


def _put_in_force(row: Change, kind: Kind, value: Any, now: datetime) -> None:
    if kind is Kind.RATE:
        currency, day = changes.rate_subject(row.subject)
        set_rate(house_id=row.house_id, currency=currency, scaled=value, valid_on=day, now=now)
    elif kind is Kind.ROUTE:
        wallet, scene, currency = changes.route_subject(row.subject)
        set_route(
            house_id=row.house_id,
            wallet=wallet,
            scene=scene,
            settle_currency=currency,
            provider=value,
            now=now,
        )
    else:
        terms = standing.terms_of(row.house_id)
        setattr(terms, _field(kind, row.subject), value)
        terms.changed_at = now
        terms.save()
