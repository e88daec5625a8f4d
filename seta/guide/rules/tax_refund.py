"""Whether a traveller may have the tax of a purchase in Italy back, by the rules of the day it was made.

The rules are a dated table with their sources (`data/tax_refund.csv`): a new law is a new row, no new sentence.
Amounts are cents of euro with tax included; nothing here knows who travels.
"""

import csv
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path

RULES_FILE = Path(__file__).parent.parent / "data" / "tax_refund.csv"
AIRPORT_MINUTES = 180
"""How long before the flight to be at the airport: advice, not law."""

# Where one lives decides, not the passport: residents of the Union have no refund.
# fmt: off
UNION = frozenset({
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU",
    "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
})
# fmt: on


@dataclass(frozen=True, kw_only=True)
class RefundRule:
    """What holds for purchases from a day on: a receipt must be over `over_cents`, in euro cents.

    The goods leave the Union by the end of the `leave_months`-th month after the purchase, and the seller has the
    proof by the end of the `proof_months`-th; `one_validation` when one at the customs serves all operators.
    """

    from_on: date
    over_cents: int
    vat_percent: int
    leave_months: int
    proof_months: int
    one_validation: bool
    source: str
    checked_on: date


class Verdict(StrEnum):
    """What becomes of one receipt."""

    REFUND = "refund"
    BELOW = "below"
    LIVES_IN_UNION = "lives_in_union"
    TOO_LATE = "too_late"
    BOUGHT_LATER = "bought_later"
    NO_RULE = "no_rule"


@dataclass(frozen=True)
class Receipt:
    """A purchase as printed: one shop's receipt of one day."""

    shop: str
    amount: int
    bought_on: date


@dataclass(frozen=True, kw_only=True)
class Assessed:
    """A receipt with its verdict; `short_by` cents are missing to the threshold, `vat` is the tax it contains.

    The traveller gets less than `vat`: the operator keeps a fee that it states itself.
    """

    receipt: Receipt
    verdict: Verdict
    vat: int
    short_by: int
    leave_by: date | None
    proof_by: date | None
    rule: RefundRule | None


class Step(StrEnum):
    """What to do, in order."""

    FORM = "form"
    KEEP = "keep"
    AIRPORT = "airport"
    VALIDATE_ONCE = "validate_once"
    VALIDATE_EACH = "validate_each"
    MONEY = "money"
    PROOF = "proof"


@cache
def refund_rules() -> tuple[RefundRule, ...]:
    """The table, the oldest first."""
    with RULES_FILE.open(encoding="utf-8", newline="") as file:
        rows = [_rule(row) for row in csv.DictReader(file)]
    return tuple(sorted(rows, key=lambda rule: rule.from_on))


def rule_on(day: date, rules: Sequence[RefundRule] | None = None) -> RefundRule | None:
    """The rule in force on a day, None before the table begins."""
    known = refund_rules() if rules is None else rules
    return next((rule for rule in reversed(known) if rule.from_on <= day), None)


def assess(receipt: Receipt, *, lives_in: str, leaves_on: date) -> Assessed:
    """One receipt of somebody who lives in a country (ISO 3166, two letters) and leaves the Union on a day."""
    rule = rule_on(receipt.bought_on)
    if rule is None:
        return Assessed(
            receipt=receipt,
            verdict=Verdict.NO_RULE,
            vat=0,
            short_by=0,
            leave_by=None,
            proof_by=None,
            rule=None,
        )
    leave_by = month_end(receipt.bought_on, rule.leave_months)
    verdict = _verdict(receipt, rule, lives_in.upper(), leaves_on, leave_by)
    refunded = verdict is Verdict.REFUND
    return Assessed(
        receipt=receipt,
        verdict=verdict,
        vat=tax_within(receipt.amount, rule.vat_percent) if refunded else 0,
        short_by=max(0, rule.over_cents + 1 - receipt.amount),
        leave_by=leave_by,
        proof_by=month_end(receipt.bought_on, rule.proof_months),
        rule=rule,
    )


def steps(leaves_on: date) -> tuple[Step, ...]:
    """What to do for somebody who leaves on a day, by the validation in force then."""
    rule = rule_on(leaves_on)
    validate = Step.VALIDATE_ONCE if rule and rule.one_validation else Step.VALIDATE_EACH
    return (Step.FORM, Step.KEEP, Step.AIRPORT, validate, Step.MONEY, Step.PROOF)


def tax_within(amount: int, percent: int) -> int:
    """The tax that an amount contains, in cents, rounded half up."""
    return (2 * amount * percent + 100 + percent) // (2 * (100 + percent))


def month_end(day: date, months: int) -> date:
    """The last day of the month that lies `months` after a day's own."""
    count = day.year * 12 + day.month - 1 + months
    year, month = count // 12, count % 12 + 1
    return date(year, month, monthrange(year, month)[1])


def _verdict(receipt: Receipt, rule: RefundRule, lives_in: str, leaves_on: date, leave_by: date) -> Verdict:
    if lives_in in UNION:
        return Verdict.LIVES_IN_UNION
    if receipt.bought_on > leaves_on:
        return Verdict.BOUGHT_LATER
    if leaves_on > leave_by:
        return Verdict.TOO_LATE
    return Verdict.REFUND if receipt.amount > rule.over_cents else Verdict.BELOW


def _rule(row: dict[str, str]) -> RefundRule:
    return RefundRule(
        from_on=date.fromisoformat(row["from_on"]),
        over_cents=int(row["over_cents"]),
        vat_percent=int(row["vat_percent"]),
        leave_months=int(row["leave_months"]),
        proof_months=int(row["proof_months"]),
        one_validation=row["one_validation"] == "yes",
        source=row["source"],
        checked_on=date.fromisoformat(row["checked_on"]),
    )
