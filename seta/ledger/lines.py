"""A posted line as others see it."""

from dataclasses import dataclass
from datetime import datetime

from seta.ledger import models


@dataclass(frozen=True)
class PostingLine:
    """One posted line with the journal that holds it; `amount` is debit positive."""

    journal_id: int
    line: int
    idem: str
    kind: str
    ref: str
    at: datetime
    code: str
    currency: str
    amount: int


def line_of(row: models.Posting) -> PostingLine:
    """The line of a row whose journal and account are fetched."""
    return PostingLine(
        journal_id=row.journal_id,
        line=row.line,
        idem=row.journal.idem,
        kind=row.journal.kind,
        ref=row.journal.ref,
        at=row.journal.at,
        code=row.account.code,
        currency=row.currency,
        amount=row.amount,
    )
