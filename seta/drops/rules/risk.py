"""What WeChat's judgement of a visitor does to them, by ranks that are published with the release."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from seta.drops.rules.refusals import DropRefused, Refusal
from seta.kit.clock import BEIJING

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

_DECIDED: Mapping[str, Mapping[bool, tuple[str, str]]] = {
    "zh": {
        True: ("核实完成，您可以参加", "请于北京时间此刻之前参加"),
        False: ("很抱歉，此次未能通过核实", "如有疑问，请联系您的顾问"),
    },
    "en": {
        True: ("You may take part", "Until then (Beijing)"),
        False: ("Sorry, not this time", "In doubt, ask us"),
    },
    "it": {
        True: ("Può partecipare", "Fino ad allora"),
        False: ("Non questa volta", "Per dubbi ci scriva"),
    },
}
"""What became of it and what to do, by language and by whether the person was let in; 20 characters at most."""


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


def decision_data(*, piece: str, lets_in: bool, at: datetime, language: str) -> dict[str, str]:
    """The notice of a person's decision, in the reader's language: `thing` holds 20 characters, `time` a clock.

    `at` is when the release ends for who may come, and when it was decided for who may not.
    """
    short = language[:2] if language[:2] in _DECIDED else "zh"
    said, todo = _DECIDED[short][lets_in]
    local = at.astimezone(BEIJING)
    when = f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"
    return {"thing1": piece[:20], "thing2": said, "time3": when, "thing4": todo}


def stricter(one: Screened, other: Screened) -> Screened:
    """Which of two judgements stays when their people turn out to be one."""
    order = list(Screened)
    return max(one, other, key=order.index)
