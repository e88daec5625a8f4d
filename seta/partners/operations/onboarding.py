"""A business asks to be paid through WeChat Pay: it writes, gives its papers, asks, and may take everything back."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction

from seta.events.operations import publish
from seta.houses.operations import Resealed, seal_anew
from seta.houses.queries import house
from seta.partners import letters, papers, queries
from seta.partners.events import PaymentRequestMoved
from seta.partners.models import PaymentDocument, PaymentRequest, PaymentStep, Seat
from seta.partners.rules.onboarding import (
    BANK,
    EDITABLE,
    KEPT_DAYS,
    OPEN,
    Document,
    State,
    may_go,
    missing,
)
from seta.partners.rules.onboarding_refusals import OnboardingRefused, Refusal

TOLD = frozenset({State.ASKED, State.MORE_WANTED, State.SENT, State.APPROVED, State.REFUSED})


@transaction.atomic
def save_payments(
    *, house_id: int, account_id: int, listing: str, fields: Mapping[str, str], now: datetime
) -> int:
    """Keep what a business says of itself, begun anew when nothing is open; returns the request's id.

    `fields` are as `rules.onboarding.read` gives them, without faults. Raises OnboardingRefused: NOT_YOURS, OTHERS,
    NOT_NOW once the city has it.
    """
    row = _mine(house_id, account_id, listing) or _begin(house_id, account_id, listing, now)
    _editable(row)
    before = papers.opened(row.sealed).fields
    if any(before.get(name) != fields.get(name) for name in BANK):
        row.bank_changed_by_id = None
    row.sealed = papers.with_fields(row.sealed, fields)
    row.save(update_fields=["sealed", "bank_changed_by"])
    return row.pk


@transaction.atomic
def give_document(
    *, house_id: int, account_id: int, listing: str, kind: str, data: bytes, now: datetime
) -> None:
    """Keep a paper, in place of the last of its kind. Raises OnboardingRefused: NOT_YOURS, OTHERS, NOT_NOW,
    BAD_DOCUMENT for what is no PDF, JPEG or PNG by its content."""
    row = _mine(house_id, account_id, listing) or _begin(house_id, account_id, listing, now)
    _editable(row)
    found = papers.type_of(data)
    if found is None or kind not in list(Document):
        raise OnboardingRefused(Refusal.BAD_DOCUMENT)
    kept = {
        "media_type": found,
        "size": len(data),
        "sealed": papers.seal_document(row.sealed, kind, data),
        "given_at": now,
    }
    PaymentDocument.objects.update_or_create(request=row, kind=kind, defaults=kept)


@transaction.atomic
def take_document_back(*, house_id: int, account_id: int, listing: str, kind: str, now: datetime) -> None:
    """Delete a paper that was given. Raises OnboardingRefused: NOT_YOURS, NOT_NOW, UNKNOWN."""
    row = _known(house_id, account_id, listing)
    _editable(row)
    row.documents.filter(kind=kind).delete()


@transaction.atomic
def ask_for_payments(*, house_id: int, account_id: int, listing: str, now: datetime) -> None:
    """Hand a finished request to the city. Raises OnboardingRefused: NOT_YOURS, UNKNOWN, NOT_NOW, NOT_WHOLE."""
    row = _known(house_id, account_id, listing)
    _editable(row)
    given = set(row.documents.values_list("kind", flat=True))
    if missing(papers.opened(row.sealed).fields) or given < set(Document):
        raise OnboardingRefused(Refusal.NOT_WHOLE)
    move(row, State.ASKED, now)


@transaction.atomic
def withdraw_payments(*, house_id: int, account_id: int, listing: str, now: datetime) -> None:
    """Take the request back: its papers, their key and all it said are deleted at once. Raises OnboardingRefused:
    NOT_YOURS, UNKNOWN."""
    row = _known(house_id, account_id, listing)
    move(row, State.WITHDRAWN, now)


def tell_payments(fact: PaymentRequestMoved, now: datetime) -> None:
    """Write to the business what became of its request; a letter may come twice, never not at all."""
    row = PaymentRequest.objects.select_related("account").filter(pk=fact.request_id).first()
    if row is not None and row.state == fact.state and State(row.state) in TOLD:
        letters.send_payments(house(row.house_id), row, queries.name_of(row.house_id, row.listing, now))


def forget_documents(now: datetime) -> int:
    """Delete papers that nobody decided on in time; returns how many."""
    return PaymentDocument.objects.filter(given_at__lt=now - timedelta(days=KEPT_DAYS)).delete()[0]


def reseal_payments(*, now: datetime) -> Resealed:
    """Seal every request anew under the vault's newest key; documents lie under keys that are inside.

    Raises cryptography's InvalidToken for one that none of the keys held opens; what came before stays done.
    """
    done = [_reseal(pk) for pk in PaymentRequest.objects.order_by("id").values_list("pk", flat=True)]
    return Resealed(resealed=sum(done), current=len(done) - sum(done))


def move(
    row: PaymentRequest, after: State, now: datetime, *, reason: str = "", user_id: int | None = None
) -> None:
    """Bring a locked request to another state and tell of it; for this part's own operations.

    When it is over its papers go, and unless it was approved all that it said goes too.
    """
    if not may_go(State(row.state), after):
        raise OnboardingRefused(Refusal.NOT_NOW)
    if after not in OPEN:
        row.documents.all().delete()
        row.sealed = papers.without_key(row.sealed) if after == State.APPROVED else papers.emptied()
    row.state, row.moved_at, row.reason = after, now, reason
    row.save()
    PaymentStep.objects.create(request=row, what=after, about=reason, by_id=user_id, at=now)
    publish(
        PaymentRequestMoved(
            house_id=row.house_id,
            occurred_at=now,
            request_id=row.pk,
            listing=row.listing,
            state=str(after),
        )
    )


@transaction.atomic
def _reseal(request_id: int) -> bool:
    row = PaymentRequest.objects.select_for_update(of=("self",)).filter(pk=request_id).first()
    sealed = seal_anew(bytes(row.sealed)) if row else None
    if row is None or sealed is None:
        return False
    row.sealed = sealed
    row.save(update_fields=["sealed"])
    return True


def _mine(house_id: int, account_id: int, listing: str) -> PaymentRequest | None:
    if not Seat.objects.filter(account_id=account_id, account__house_id=house_id, listing=listing).exists():
        raise OnboardingRefused(Refusal.NOT_YOURS)
    rows = PaymentRequest.objects.select_for_update(of=("self",))
    return rows.filter(house_id=house_id, account_id=account_id, listing=listing, state__in=[*OPEN]).first()


def _known(house_id: int, account_id: int, listing: str) -> PaymentRequest:
    row = _mine(house_id, account_id, listing)
    if row is None:
        raise OnboardingRefused(Refusal.UNKNOWN)
    return row


def _begin(house_id: int, account_id: int, listing: str, now: datetime) -> PaymentRequest:
    others = PaymentRequest.objects.filter(house_id=house_id, listing=listing)
    if others.filter(state__in=[*OPEN, State.APPROVED]).exists():
        raise OnboardingRefused(Refusal.OTHERS)
    return PaymentRequest.objects.create(
        house_id=house_id,
        account_id=account_id,
        listing=listing,
        sealed=papers.new(),
        begun_at=now,
        moved_at=now,
    )


def _editable(row: PaymentRequest) -> None:
    if row.state not in EDITABLE:
        raise OnboardingRefused(Refusal.NOT_NOW)
