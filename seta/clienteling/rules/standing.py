"""A client's tier, and the one thing to do for them next, with its reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from seta.clienteling.rules.contacting import Contactable

TIER_WINDOW = timedelta(days=730)
TIERS: tuple[tuple[str, int], ...] = (("platinum", 5_000_000), ("gold", 2_000_000), ("silver", 500_000))
"""What makes a tier: minor units of the settlement currency kept within the window."""

ARRIVAL_DAYS = 21
BIRTHDAY_DAYS = 14
AFTER_PURCHASE_FROM, AFTER_PURCHASE_UNTIL = timedelta(days=2), timedelta(days=10)
SILENCE = timedelta(days=90)


def tier_of(spent: int, orders: int) -> str:
    """The tier of a client by what they kept and how often they bought."""
    for tier, least in TIERS:
        if spent >= least:
            return tier
    return "client" if orders else "prospect"


@dataclass(frozen=True, kw_only=True)
class ClientState:
    """What the next step is chosen by; days are on the house's calendar."""

    today: date
    now: datetime
    contactable: Contactable
    arrival_on: date | None = None
    birthday_on: date | None = None
    bought_at: datetime | None = None
    bought: str = ""
    wishes_back: tuple[str, ...] = ()
    last_seen_at: datetime | None = None
    thanked: bool = False


@dataclass(frozen=True)
class NextAction:
    """A step worth taking: its kind, the day it is about, and what it is about."""

    kind: str
    on: date | None = None
    about: str = ""


@dataclass(frozen=True)
class Advice:
    """What to do next; when the client may not be contacted now there is no action and `held` says why."""

    action: NextAction | None
    held: Contactable | None
    others: tuple[NextAction, ...] = ()


def next_best(state: ClientState) -> Advice:
    """The most pressing step: arrival, birthday, a wish back in stock, thanks, a long silence; none without leave."""
    steps = tuple(_steps(state))
    if not state.contactable.allowed:
        return Advice(None, state.contactable, steps)
    return Advice(steps[0] if steps else None, None, steps[1:])


def _steps(state: ClientState) -> Sequence[NextAction]:
    steps: list[NextAction] = []
    if state.arrival_on and 0 <= (state.arrival_on - state.today).days <= ARRIVAL_DAYS:
        steps.append(NextAction("arrival", state.arrival_on))
    if state.birthday_on and 0 <= (state.birthday_on - state.today).days <= BIRTHDAY_DAYS:
        steps.append(NextAction("birthday", state.birthday_on))
    if state.wishes_back:
        steps.append(NextAction("wish_back", None, ", ".join(state.wishes_back)))
    if state.bought_at and not state.thanked:
        age = state.now - state.bought_at
        if AFTER_PURCHASE_FROM <= age <= AFTER_PURCHASE_UNTIL:
            steps.append(NextAction("after_purchase", state.bought_at.date(), state.bought))
    if state.last_seen_at and state.now - state.last_seen_at >= SILENCE:
        steps.append(NextAction("silence", state.last_seen_at.date()))
    return steps


def next_yearly(month: int, day: int, today: date) -> date:
    """The next time a yearly day comes, today included; 29 February is kept on the 28th in other years."""
    for year in (today.year, today.year + 1):
        found = _in_year(year, month, day)
        if found >= today:
            return found
    raise AssertionError("a yearly day comes within two years")


def _in_year(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        return date(year, month, 28)
