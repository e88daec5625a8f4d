"""The city looks at a request for payments, hands it to the acquirer, and enters what the acquirer answers."""

import io
import re
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import msgspec
from django.db import transaction

from seta.events.operations import publish
from seta.guide import operations as guide
from seta.houses.queries import house
from seta.oversight.operations import append_audit
from seta.partners import papers
from seta.partners.events import PartnerPaymentsApproved
from seta.partners.models import PaymentDocument, PaymentRequest, PaymentStep
from seta.partners.operations.onboarding import move
from seta.partners.rules.onboarding import LENGTHS, Document, State, is_account
from seta.partners.rules.onboarding_refusals import OnboardingRefused, Refusal

REASON_MAX = 300
_ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}


@dataclass(frozen=True)
class Paper:
    """A document opened, with the name and type under which a browser may keep it."""

    name: str
    media_type: str
    data: bytes


@transaction.atomic
def want_more(*, house_id: int, user_id: int, request_id: int, reason: str, now: datetime) -> None:
    """Say to the business what is missing; it may change its request again. Raises OnboardingRefused: UNKNOWN,
    NOT_NOW, REASON_MISSING."""
    move(_locked(house_id, request_id), State.MORE_WANTED, now, reason=_words(reason), user_id=user_id)


@transaction.atomic
def refuse_payments(*, house_id: int, user_id: int, request_id: int, reason: str, now: datetime) -> None:
    """End a request with a reason that the business reads; its papers and words are deleted. Raises
    OnboardingRefused: UNKNOWN, NOT_NOW, REASON_MISSING."""
    move(_locked(house_id, request_id), State.REFUSED, now, reason=_words(reason), user_id=user_id)


@transaction.atomic
def correct_bank(
    *, house_id: int, user_id: int, request_id: int, iban: str, holder: str, reason: str, now: datetime
) -> None:
    """Write other bank details than the business did, before they are handed over; whoever does may not approve.

    Raises OnboardingRefused: UNKNOWN, NOT_NOW unless the request is the city's to hand over, REASON_MISSING, BAD_BANK.
    """
    row = _locked(house_id, request_id)
    if row.state != State.ASKED:
        raise OnboardingRefused(Refusal.NOT_NOW)
    why = _words(reason)
    iban, holder = re.sub(r"\s", "", iban).upper(), " ".join(holder.split())
    if not is_account(iban) or not holder or len(holder) > LENGTHS["holder"]:
        raise OnboardingRefused(Refusal.BAD_BANK)
    row.sealed = papers.with_fields(
        row.sealed, {**papers.opened(row.sealed).fields, "iban": iban, "holder": holder}
    )
    row.bank_changed_by_id = user_id
    row.save(update_fields=["sealed", "bank_changed_by"])
    _note(row, "bank", why, user_id, now)


@transaction.atomic
def open_paper(
    *, house_id: int, user_id: int, request_id: int, kind: str, reason: str, now: datetime
) -> Paper:
    """A document of a request, once who opens it and why is in the log. Raises OnboardingRefused: UNKNOWN,
    REASON_MISSING, GONE."""
    row = _locked(house_id, request_id)
    why = _words(reason)
    kept = row.documents.filter(kind=kind).first()
    if kept is None:
        raise OnboardingRefused(Refusal.GONE)
    _note(row, "opened", f"{kind}: {why}"[:REASON_MAX], user_id, now)
    return _opened(row, kept)


@transaction.atomic
def hand_over(*, house_id: int, user_id: int, request_id: int, now: datetime) -> Paper:
    """The whole request as one ZIP for the acquirer's own form; it is made once, and the request is then sent.

    Raises OnboardingRefused: UNKNOWN, NOT_NOW, GONE when a document was deleted for its age.
    """
    row = _locked(house_id, request_id)
    kept = list(row.documents.order_by("kind"))
    if row.state == State.ASKED and len(kept) < len(Document):
        raise OnboardingRefused(Refusal.GONE)
    move(row, State.SENT, now, user_id=user_id)
    made = _zip(row, [_opened(row, each) for each in kept])
    append_audit(house_id=house_id, kind="partner.request.handed", details=_who(row, user_id), now=now)
    return Paper(f"wechatpay-{row.listing}.zip", "application/zip", made)


@transaction.atomic
def approve_payments(
    *, house_id: int, user_id: int, request_id: int, sub_mchid: str, accepts_from: date | None, now: datetime
) -> None:
    """Enter that the acquirer has taken the business on: the guide shows WeChat Pay as confirmed today.

    Raises OnboardingRefused: UNKNOWN (also when the guide has no such business any more), NOT_NOW, BAD_MERCHANT,
    BAD_DAY before the request or after today, OWN_CHANGE for the member who changed the bank details.
    """
    row = _locked(house_id, request_id)
    if not re.fullmatch(r"[0-9]{8,32}", sub_mchid):
        raise OnboardingRefused(Refusal.BAD_MERCHANT)
    zone = ZoneInfo(house(house_id).timezone)
    today = now.astimezone(zone).date()
    if accepts_from is None or not row.begun_at.astimezone(zone).date() <= accepts_from <= today:
        raise OnboardingRefused(Refusal.BAD_DAY)
    if row.bank_changed_by_id == user_id:
        raise OnboardingRefused(Refusal.OWN_CHANGE)
    row.sub_mchid, row.accepts_from = sub_mchid, accepts_from
    move(row, State.APPROVED, now, user_id=user_id)
    known = guide.confirm_payment(house_id=house_id, code=row.listing, method="wechatpay", on=today, now=now)
    if not known:
        raise OnboardingRefused(Refusal.UNKNOWN)
    publish(
        PartnerPaymentsApproved(
            house_id=house_id,
            occurred_at=now,
            request_id=row.pk,
            listing=row.listing,
            accepts_from=accepts_from.isoformat(),
            approved_by=user_id,
        )
    )


def _locked(house_id: int, request_id: int) -> PaymentRequest:
    rows = PaymentRequest.objects.select_for_update(of=("self",)).exclude(state=State.DRAFT)
    row = rows.filter(pk=request_id, house_id=house_id).first()
    if row is None:
        raise OnboardingRefused(Refusal.UNKNOWN)
    return row


def _words(reason: str) -> str:
    words = " ".join(reason.split())[:REASON_MAX]
    if not words:
        raise OnboardingRefused(Refusal.REASON_MISSING)
    return words


def _note(row: PaymentRequest, what: str, about: str, user_id: int, now: datetime) -> None:
    PaymentStep.objects.create(request=row, what=what, about=about, by_id=user_id, at=now)
    details = {**_who(row, user_id), "about": about}
    append_audit(house_id=row.house_id, kind=f"partner.{what}", details=details, now=now)


def _who(row: PaymentRequest, user_id: int) -> dict[str, int]:
    return {"request": row.pk, "user": user_id}


def _opened(row: PaymentRequest, kept: PaymentDocument) -> Paper:
    data = papers.open_document(row.sealed, kept.kind, kept.sealed)
    return Paper(f"{kept.kind}-{row.pk}.{_ENDINGS[kept.media_type]}", kept.media_type, data)


def _zip(row: PaymentRequest, given: list[Paper]) -> bytes:
    said = {
        "listing": row.listing,
        "currency": "EUR",
        **papers.opened(row.sealed).fields,
        "documents": [each.name for each in given],
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("request.json", msgspec.json.format(msgspec.json.encode(said), indent=2))
        for each in given:
            packed.writestr(each.name, each.data)
    return out.getvalue()
