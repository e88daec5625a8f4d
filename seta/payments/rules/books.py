"""What each step of a payment writes into the ledger, in CNY and in the settlement currency."""

from dataclasses import dataclass

from seta.ledger.rules import Journal, Posting, credit, debit, journal

MERCHANT = "merchant:house"
PARTNER_PREFIX = "merchant:partner:"
CLEARING = "fx:clearing"
GAIN_LOSS = "fx:gain_loss"
FEES = "income:fees"
PROVIDER_FEES = "expense:provider_fees"
IN_TRANSIT = "settlement:in_transit"
BANK = "bank"


def owed_to(payee: str) -> str:
    """The account of what a partner is owed, by its code; the house's own for none."""
    return f"{PARTNER_PREFIX}{payee}" if payee else MERCHANT


def receivable(provider: str) -> str:
    """The account of what a provider owes us."""
    return f"receivable:{provider}"


def payment_idem(out_trade_no: str) -> str:
    """The key under which a payment stands in the books, whichever message proved it."""
    return f"payment:{out_trade_no}"


def refund_idem(out_refund_no: str) -> str:
    """The key under which a refund stands in the books."""
    return f"refund:{out_refund_no}"


@dataclass(frozen=True, kw_only=True)
class Moved:
    """A payment or refund as the books see it: fen at the provider, settlement units, our fee within them.

    `rate_gain` is what the clearing account carries beyond `settle_amount`, because the rate of the day is not
    the one that was locked.
    """

    house_id: int
    provider: str
    number: str
    ref: str
    amount: int
    settle_amount: int
    settle_currency: str
    fee: int
    payee: str = ""
    commission: int = 0
    rate_gain: int = 0


def payment(of: Moved) -> Journal:
    """The provider owes us yuan; we owe the house its currency less our fee.

    Of a payment that came after its quote had expired, the yuan are carried at the rate of the day, and the
    difference to what the house was promised is exchange gain or loss.
    """
    return journal(
        house_id=of.house_id,
        idem=payment_idem(of.number),
        kind="payment",
        ref=of.ref,
        lines=[
            debit(receivable(of.provider), "CNY", of.amount),
            credit(CLEARING, "CNY", of.amount),
            debit(CLEARING, of.settle_currency, of.settle_amount + of.rate_gain),
            credit(owed_to(of.payee), of.settle_currency, of.settle_amount - of.fee - of.commission),
            credit(MERCHANT, of.settle_currency, of.commission),
            credit(FEES, of.settle_currency, of.fee),
            Posting(GAIN_LOSS, of.settle_currency, -of.rate_gain),
        ],
    )


def refund(of: Moved) -> Journal:
    """The same way back; our fee on the part is given back too, so that a full refund leaves nothing."""
    return journal(
        house_id=of.house_id,
        idem=refund_idem(of.number),
        kind="refund",
        ref=of.ref,
        lines=[
            debit(owed_to(of.payee), of.settle_currency, of.settle_amount - of.fee - of.commission),
            debit(MERCHANT, of.settle_currency, of.commission),
            debit(FEES, of.settle_currency, of.fee),
            credit(CLEARING, of.settle_currency, of.settle_amount + of.rate_gain),
            Posting(GAIN_LOSS, of.settle_currency, of.rate_gain),
            debit(CLEARING, "CNY", of.amount),
            credit(receivable(of.provider), "CNY", of.amount),
        ],
    )


def refund_day(*, house_id: int, out_refund_no: str, ref: str, currency: str, gain: int) -> Journal:
    """A refund that leaves at the rate of its day: the yuan cost `gain` more than they were carried for."""
    assert gain, "nothing moves when the rate did not"
    return journal(
        house_id=house_id,
        idem=f"{refund_idem(out_refund_no)}:rate_day",
        kind="refund.rate_day",
        ref=ref,
        lines=[Posting(CLEARING, currency, -gain), Posting(GAIN_LOSS, currency, gain)],
    )


@dataclass(frozen=True, kw_only=True)
class Conversion:
    """A day's yuan turned into the settlement currency by the provider, against what we had promised.

    `received` is what reached the bank, `fee_value` what the provider kept, both in the settlement currency.
    """

    house_id: int
    provider: str
    key: str
    cny: int
    promised: int
    currency: str
    received: int
    fee_value: int

    @property
    def gain(self) -> int:
        """What the actual rate gave us over the promised ones; negative is a loss."""
        return self.received + self.fee_value - self.promised


def conversion(of: Conversion) -> Journal:
    """Clears the day's position to zero in both currencies; what is left over is the exchange result."""
    return journal(
        house_id=of.house_id,
        idem=f"conversion:{of.key}",
        kind="conversion",
        ref=f"conversion:{of.key}",
        lines=[
            Posting(CLEARING, "CNY", of.cny),
            Posting(receivable(of.provider), "CNY", -of.cny),
            Posting(BANK, of.currency, of.received),
            Posting(PROVIDER_FEES, of.currency, of.fee_value),
            Posting(CLEARING, of.currency, -of.promised),
            Posting(GAIN_LOSS, of.currency, -of.gain),
        ],
    )


def settlement_idem(number: str) -> str:
    """The key under which a batch stands in the books."""
    return f"settlement:{number}"


def confirmed_idem(number: str) -> str:
    """The key under which the bank's payment of a batch stands in the books."""
    return f"settlement:{number}:confirmed"


def settlement(*, house_id: int, number: str, currency: str, total: int, payee: str = "") -> Journal:
    """What we owed the house, or a partner by its code, is on its way to the bank."""
    return journal(
        house_id=house_id,
        idem=settlement_idem(number),
        kind="settlement",
        ref=number,
        lines=[debit(owed_to(payee), currency, total), credit(IN_TRANSIT, currency, total)],
    )


def settlement_confirmed(*, house_id: int, number: str, currency: str, total: int) -> Journal:
    """The bank has paid it."""
    return journal(
        house_id=house_id,
        idem=confirmed_idem(number),
        kind="settlement.confirmed",
        ref=number,
        lines=[debit(IN_TRANSIT, currency, total), credit(BANK, currency, total)],
    )
