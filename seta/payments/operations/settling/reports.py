"""Take a bank's own file: each batch it has paid is confirmed, each it has sent back is returned, once."""

import hashlib
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from seta.payments.models import BankReport, SettlementBatch
from seta.payments.operations.settling.steps import confirm_settlement, return_batch
from seta.payments.rules import bankreport
from seta.payments.rules.bankreport import Entry
from seta.payments.rules.refusals import PaymentRefused, Refusal
from seta.payments.rules.settlement import BatchState


@dataclass(frozen=True)
class ReportCard:
    """What a bank's file said, by the numbers of batches; `is_new` is false when this very file had been before.

    `mismatched` are ours with another amount or currency, or not in a state to be paid: somebody has to look.
    `unknown` counts the file's other transfers.
    """

    confirmed: tuple[str, ...]
    returned: tuple[str, ...]
    mismatched: tuple[str, ...]
    unknown: int
    is_new: bool


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
        entries = bankreport.read(content)
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
    BankReport.objects.create(
        house_id=house_id,
        digest=digest,
        content=content,
        outcome=outcome,
        received_by=received_by,
        received_at=now,
    )
    return card


def _tuples(outcome: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in outcome.items()}


def _apply(house_id: int, entry: Entry, now: datetime) -> str:
    batch = SettlementBatch.objects.filter(house_id=house_id, number=entry.number).first()
    if batch is None:
        return ""
    if (entry.amount, entry.currency) != (batch.total, batch.currency):
        return "mismatched"
    if not entry.is_return and batch.state == BatchState.RETURNED:
        return "confirmed"  # A file that comes late tells of the payment before its return.
    try:
        if entry.is_return:
            return_batch(batch_id=batch.pk, house_id=house_id, reason=entry.reason, now=now)
            return "returned"
        confirm_settlement(batch_id=batch.pk, house_id=house_id, now=now)
    except PaymentRefused:
        return "mismatched"
    return "confirmed"
