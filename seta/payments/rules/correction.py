"""The journal that puts a break right: what the provider did against the account that must explain it."""

from seta.ledger.rules import Journal, Posting, journal
from seta.payments.rules.books import BANK, GAIN_LOSS, PROVIDER_FEES, receivable
from seta.payments.rules.matching import Category

FEE_DIFFERENCES = "expense:fee_differences"


def suspense(provider: str) -> str:
    """Money of a provider that nobody has explained yet; it must come back to zero."""
    return f"suspense:{provider}"


def correction_idem(break_id: int) -> str:
    """The key under which a break's journal stands in the books."""
    return f"break:{break_id}"


def correction(
    *, house_id: int, break_id: int, provider: str, key: str, category: str, gap: int, currency: str
) -> Journal | None:
    """The journal proposed for a break, None where nothing is to be booked.

    `gap` raises what the provider owes. A fee is expensed whole when its day is converted, so that a fee beyond what
    was agreed only moves from the fees to an account of its own, where it can be claimed.
    """
    if not gap:
        return None
    if category == Category.FEE_MISMATCH:
        debited, credited = FEE_DIFFERENCES, PROVIDER_FEES
    elif category == Category.FX_RATE_MISMATCH:
        debited, credited = BANK if key.startswith("B:") else receivable(provider), GAIN_LOSS
    elif key.startswith("B:"):
        debited, credited = BANK, suspense(provider)
    else:
        debited, credited = receivable(provider), suspense(provider)
    return journal(
        house_id=house_id,
        idem=correction_idem(break_id),
        kind="break",
        ref=key,
        lines=[Posting(debited, currency, gap), Posting(credited, currency, -gap)],
    )
