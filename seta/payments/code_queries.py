"""Reading the printed codes of a house and what was paid at them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from seta.payments.models import StaticCode
from seta.payments.rules.refusals import PaymentRefused, Refusal


@dataclass(frozen=True)
class CodeCard:
    """A printed code: `code` is what the print carries, `title` what the client reads."""

    id: int
    house_id: int
    boutique_code: str
    code: str
    title: str
    settle_currency: str
    is_active: bool
    made_at: datetime


def static_codes(house_id: int, *, boutique_code: str = "") -> Sequence[CodeCard]:
    """A house's printed codes, or one boutique's, those that take payments first."""
    rows = StaticCode.objects.filter(house_id=house_id)
    if boutique_code:
        rows = rows.filter(boutique_code=boutique_code)
    return [code_card(row) for row in rows.order_by("-is_active", "boutique_code", "id")[:200]]


def static_code(house_id: int, code: str, *, boutique_code: str = "") -> CodeCard:
    """One printed code; raises PaymentRefused(NOT_FOUND), also for another house's or another boutique's."""
    rows = StaticCode.objects.filter(house_id=house_id, code=code)
    row = (rows.filter(boutique_code=boutique_code) if boutique_code else rows).first()
    if row is None:
        raise PaymentRefused(Refusal.NOT_FOUND, f"code {code[:16]}")
    return code_card(row)


def house_of_code(code: str) -> CodeCard | None:
    """The code of any house, for the public address that a print carries; None for an unknown or closed one."""
    row = StaticCode.objects.filter(code=code, is_active=True).first()
    return code_card(row) if row else None


def code_card(row: StaticCode) -> CodeCard:
    """The card of a row."""
    return CodeCard(
        row.pk,
        row.house_id,
        row.boutique_code,
        row.code,
        row.title,
        row.settle_currency,
        row.is_active,
        row.made_at,
    )
