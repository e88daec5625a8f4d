"""What WeChat's judgement of a visitor does to them, by ranks that are published with the release."""

from dataclasses import dataclass
from enum import StrEnum

from seta.drops.rules.refusals import DropRefused, Refusal

RANK_MAX = 4
"""Ranks go from 0, no risk known, to 4 (`getUserRiskRank`)."""


class Screened(StrEnum):
    """What has become of a person whom WeChat was asked about, from the mildest on."""

    CLEAR = "clear"
    UNKNOWN = "unknown"
    LET_IN = "let_in"
    WAITING = "waiting"
    REFUSED = "refused"
    TURNED_AWAY = "turned_away"


@dataclass(frozen=True, slots=True)
class Ranks:
    """From which rank a person waits for somebody of the house, and from which they are refused; None for never."""

    check: int | None = None
    refuse: int | None = None

    @property
    def are_asked(self) -> bool:
        """Whether WeChat is asked at all."""
        return self.check is not None or self.refuse is not None


NO_RANKS = Ranks()


def check_ranks(ranks: Ranks) -> None:
    """Refuses ranks that are none, and a check that no rank could ever come to."""
    given = [rank for rank in (ranks.check, ranks.refuse) if rank is not None]
    if any(not 1 <= rank <= RANK_MAX for rank in given) or given != sorted(set(given)):
        raise DropRefused(Refusal.WRONG_RANKS)


def screened(rank: int | None, ranks: Ranks) -> Screened:
    """What a rank comes to; an outage of WeChat's, told as None, shuts nobody out and is counted."""
    if rank is None:
        return Screened.UNKNOWN
    if ranks.refuse is not None and rank >= ranks.refuse:
        return Screened.REFUSED
    return Screened.WAITING if ranks.check is not None and rank >= ranks.check else Screened.CLEAR


def refusal_of_screened(state: Screened) -> Refusal | None:
    """Why somebody may not come on, or None."""
    if state == Screened.WAITING:
        return Refusal.RISK_CHECK
    return Refusal.RISK_REFUSED if state in (Screened.REFUSED, Screened.TURNED_AWAY) else None


def may_decide(state: Screened, *, lets_in: bool) -> bool:
    """Whether somebody of the house may decide: nobody who was let in is turned away again."""
    undecided = state in (Screened.WAITING, Screened.REFUSED)
    return undecided or (lets_in and state == Screened.TURNED_AWAY)


def stricter(one: Screened, other: Screened) -> Screened:
    """Which of two judgements stays when their people turn out to be one."""
    order = list(Screened)
    return max(one, other, key=order.index)
