"""Take a bank's own file: each batch it has paid is confirmed, each it has sent back is returned, once."""

import hashlib
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from seta.payments.models import BankReport, SettlementBatch
from seta.payments.operations.recon.payouts import BANK, close_banked, hold_banked, open_mismatch
from seta.payments.operations.settling.steps import confirm_settlement, return_batch
from seta.payments.rules import bankreport
from seta.payments.rules.bankreport import Entry
from seta.payments.rules.refusals import PaymentRefused, Refusal
from seta.payments.rules.settlement import BatchState


@dataclass(frozen=True)
class ReportCard:
    """What a bank's file said, by the numbers of batches; `is_new` is false when this very file had been before.

    `mismatched` are ours with another amount or currency, or not in a state to be paid: somebody has to look.
    `unknown` counts the file's other transfers, `agreed` the providers'
    payouts whose credit has come as they said.
    """

    confirmed: tuple[str, ...]
    returned: tuple[str, ...]
    mismatched: tuple[str, ...]
    unknown: int
    is_new: bool
    agreed: int = 0


@transaction.atomic
def take_bank_report(
    *, house_id: int, content: bytes, now: datetime, received_by: int | None = None
) -> ReportCard:
    """Read a camt.053 or camt.054 file, all of it or nothing; the same file again changes nothing.

    Raises PaymentRefused(BAD_BANK_REPORT) for a file that is cut off or of another kind.
    """
    digest = hashlib.sha256(content).hexdigest()
    standing = BankReport.objects.filter(house_id=house_id, digest=digest).first()
    if standing is not None:
        return ReportCard(**_tuples(standing.outcome), is_new=False)
    try:
        entries, credits_ = bankreport.read(content), bankreport.credits_of(content)
    except bankreport.NotAReport as problem:
        raise PaymentRefused(Refusal.BAD_BANK_REPORT, str(problem)) from problem
    done: dict[str, list[str]] = {"confirmed": [], "returned": [], "mismatched": []}
    unknown = 0
    for entry in entries:
        what = _apply(house_id, entry, now)
        if what:
            done[what].append(entry.number)
        else:
            unknown += 1
    card = ReportCard(
        confirmed=tuple(done["confirmed"]),
        returned=tuple(done["returned"]),
        mismatched=tuple(done["mismatched"]),
        unknown=unknown,
        is_new=True,
    )
    outcome = {key: value for key, value in asdict(card).items() if key != "is_new"}
    outcome["credits"] = [[one.references, one.currency, one.amount] for one in credits_]
    report = BankReport.objects.create(
        house_id=house_id,
        digest=digest,
        content=content,
        outcome=outcome,
        received_by=received_by,
        received_at=now,
    )
    card = replace(card, agreed=hold_banked(house_id=house_id, now=now))
    report.outcome["agreed"] = card.agreed
    report.save(update_fields=["outcome"])
    return card


def _tuples(outcome: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in outcome.items() if key != "credits"}
    return {key: tuple(value) if isinstance(value, list) else value for key, value in kept.items()}


def _apply(house_id: int, entry: Entry, now: datetime) -> str:
    batch = SettlementBatch.objects.filter(house_id=house_id, number=entry.number).first()
    if batch is None:
        return ""
    if (entry.amount, entry.currency) != (batch.total, batch.currency):
        if not entry.is_return and entry.currency == batch.currency:
            open_mismatch(
                house_id=house_id,
                number=batch.number,
                ordered=batch.total,
                paid=entry.amount,
                currency=batch.currency,
                on=batch.cutoff_on,
                now=now,
            )
        return "mismatched"
    if not entry.is_return and batch.state == BatchState.RETURNED:
        return "confirmed"  # A file that comes late tells of the payment before its return.
    try:
        if entry.is_return:
            return_batch(batch_id=batch.pk, house_id=house_id, reason=entry.reason, now=now)
            return "returned"
        confirm_settlement(batch_id=batch.pk, house_id=house_id, now=now)
        close_banked(house_id=house_id, provider=BANK, reference=batch.number, now=now)
    except PaymentRefused:
        return "mismatched"
    return "confirmed"
