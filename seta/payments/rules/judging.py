"""What a signed fact about a payment means for it: a state to go to, or an objection that somebody must look at."""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from seta.payments.rules.matching import Category
from seta.payments.rules.states import Contradiction, Evidence, IntentState, RefundEvidence, advance


@dataclass(frozen=True, slots=True)
class Objection:
    """Why a signed fact changes nothing, in the words of the break that it opens."""

    category: Category
    our_amount: int | None
    detail: str


@dataclass(frozen=True, slots=True)
class Standing:
    """A payment as we have it: its state and what was asked for, in minor units."""

    state: IntentState
    amount: int
    currency: str


def judge(standing: Standing | None, evidence: Evidence) -> IntentState | Objection:
    """The state after a signed fact, or the objection to it; `standing` is None for a payment that is not ours."""
    if standing is None:
        return Objection(Category.MISSING_IN_LEDGER, None, "no such payment here")
    if is_wrong_amount(standing.amount, standing.currency, evidence):
        told = f"signed {evidence.amount} {evidence.currency}"
        return Objection(Category.AMOUNT_MISMATCH, standing.amount, told)
    try:
        return advance(standing.state, evidence.trade)
    except Contradiction as problem:
        return Objection(Category.STATUS_MISMATCH, standing.amount, str(problem))


def is_wrong_amount(amount: int, currency: str, evidence: Evidence | RefundEvidence) -> bool:
    """Whether an amount was signed and it is another than ours."""
    return evidence.amount is not None and (evidence.amount, evidence.currency) != (amount, currency)


def in_rounds(subjects: Sequence[Hashable]) -> list[list[int]]:
    """The places of these in rounds that name no subject twice, so that what is said of one keeps its order."""
    seen: dict[Hashable, int] = defaultdict(int)
    rounds: list[list[int]] = []
    for place, subject in enumerate(subjects):
        if seen[subject] == len(rounds):
            rounds.append([])
        rounds[seen[subject]].append(place)
        seen[subject] += 1
    return rounds
