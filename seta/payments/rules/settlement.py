"""What a house is paid: its payments less its refunds and our fee, up to a cut-off; never by halves."""

from collections.abc import Sequence
from dataclasses import dataclass

from seta.kit.money import convert


@dataclass(frozen=True)
class Due:
    """A payment (positive) or refund (negative) to settle, in minor units of the settlement currency."""

    gross: int
    fee: int
    intent_id: int | None = None
    refund_id: int | None = None

    @property
    def net(self) -> int:
        """What it adds to the batch."""
        return self.gross - self.fee


@dataclass(frozen=True)
class BatchTotals:
    """The sums of a batch's lines; total = gross - refunded - fees, by construction and asserted."""

    gross: int
    refunded: int
    fees: int
    total: int


def totals(lines: Sequence[Due]) -> BatchTotals:
    """Sum a batch's lines; a refund's gross and fee are negative."""
    gross = sum(line.gross for line in lines if line.gross > 0)
    refunded = -sum(line.gross for line in lines if line.gross < 0)
    fees = sum(line.fee for line in lines)
    total = sum(line.net for line in lines)
    assert total == gross - refunded - fees
    return BatchTotals(gross=gross, refunded=refunded, fees=fees, total=total)


@dataclass(frozen=True)
class Converted:
    """A day's net yuan at the provider's own rate: what reaches the bank and what the provider kept."""

    received: int
    fee_value: int


def converted(cny: int, provider_fees: int, scaled: int) -> Converted:
    """Convert a day's net fen less the provider's fees (fen) at its rate, scaled by 10^8."""
    received = convert(cny - provider_fees, scaled)
    return Converted(received=received, fee_value=convert(cny, scaled) - received)
