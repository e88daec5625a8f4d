"""A house with people and live rules, for tests of loyalty."""

from datetime import UTC, datetime, timedelta
from itertools import count

from seta.boutique.events import OrderPaid
from seta.events.events import Fact
from seta.houses.operations import found_house
from seta.loyalty.operations import propose_rules, put_live
from seta.people.operations import recognise
from seta.people.rules import IdentityKey
from seta.stores.events import VisitCheckedIn

NOON = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
AUTHOR, COLLEAGUE = 11, 12
_numbers = count(1)

RULES = """\
program: {zh: 丝路礼遇, en: The Serica circle, it: Il Cerchio Serica}
points_last_days: 365
earn:
  visit: {points: 20, daily_cap: 20}
  appointment: {points: 30, daily_cap: 60}
  consultation: {points: 25, daily_cap: 25}
  workshop: {points: 80, daily_cap: 80}
  purchase: {points: 1, per: 100, daily_cap: 5000}
rights:
  early_hour: {zh: 提前一小时进入发售, en: An early hour at drops, it: Un'ora prima ai lanci}
  salon: {zh: 预约沙龙包厢, en: The private salon, it: Il salone privato}
tiers:
  - code: guest
    from: 0
    name: {zh: 宾客, en: Guest, it: Ospite}
    rights: []
  - code: friend
    from: 50
    name: {zh: 知己, en: Friend, it: Amico}
    text: {zh: 常来常往, en: You come often, it: Lei viene spesso}
    rights: [early_hour]
  - code: patron
    from: 150
    name: {zh: 雅士, en: Patron, it: Mecenate}
    rights: [early_hour, salon]
"""


def make_house(rules: str = RULES) -> int:
    """A maison of its own, with rules live since a day before NOON unless they are empty."""
    house_id = found_house(code=f"loyal-{next(_numbers)}", name="Loyal", kind="maison")
    if rules:
        go_live(house_id, rules)
    return house_id


def go_live(house_id: int, rules: str, *, at: datetime = NOON - timedelta(days=1)) -> int:
    """Rules that one proposed and another put live."""
    rule_set_id = propose_rules(house_id=house_id, text=rules, user_id=AUTHOR, now=at)
    put_live(house_id=house_id, rule_set_id=rule_set_id, user_id=COLLEAGUE, now=at)
    return rule_set_id


def make_person(house_id: int, name: str = "") -> int:
    """A client known by an openid."""
    key = IdentityKey("openid", "wxmp", name or f"o-{next(_numbers)}")
    return recognise(house_id=house_id, identities=[key], now=NOON)


def visit(
    house_id: int, person_id: int, *, number: int = 0, at: datetime = NOON, appointment: str = ""
) -> Fact:
    """A client was in the store."""
    return VisitCheckedIn(
        house_id=house_id,
        occurred_at=at,
        person_id=person_id,
        visit_id=number or next(_numbers),
        boutique_id=1,
        boutique="brera",
        district="brera",
        means="code",
        appointment_id=appointment,
    )


def paid(
    house_id: int, person_id: int, *, order_id: int = 900, amount: int = 888_800, at: datetime = NOON
) -> OrderPaid:
    """An order's money is proven."""
    return OrderPaid(
        house_id=house_id,
        occurred_at=at,
        person_id=person_id,
        order_id=order_id,
        number=f"S{order_id}",
        amount=amount,
        currency="CNY",
        settle_amount=113_606,
        settle_currency="EUR",
        channel="mini_program",
    )
