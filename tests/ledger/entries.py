"""The house and the journals that the ledger's tests post."""

from datetime import UTC, datetime

from seta.houses.operations import found_house
from seta.ledger.rules import Journal, credit, debit, journal

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
MERCHANT = "merchant:house"


def make_house(code: str = "serica") -> int:
    """A house to keep books for."""
    return found_house(code=code, name="Serica Milano", kind="maison")


def sale(house_id: int, idem: str, amount: int = 120_000, ref: str = "S1") -> Journal:
    """A payment of EUR with a fee of 1 %."""
    fee = amount // 100
    return journal(
        house_id=house_id,
        idem=idem,
        kind="payment",
        ref=ref,
        lines=[
            debit("receivable:wechatpay", "CNY", amount * 8),
            credit("fx:clearing", "CNY", amount * 8),
            debit("fx:clearing", "EUR", amount),
            credit(MERCHANT, "EUR", amount - fee),
            credit("income:fees", "EUR", fee),
        ],
    )


def payout(house_id: int, idem: str, amount: int) -> Journal:
    """What the merchant is paid."""
    return journal(
        house_id=house_id,
        idem=idem,
        kind="settlement",
        ref="B1",
        lines=[debit(MERCHANT, "EUR", amount), credit("settlement:in_transit", "EUR", amount)],
    )
