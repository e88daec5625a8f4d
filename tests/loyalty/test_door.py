"""Rules go live by two people, and a client asks where they stand over HTTP."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from seta.loyalty.models import RuleSet
from seta.loyalty.operations import enter_deeds, propose_rules, put_live, withdraw_rules
from seta.loyalty.queries import live_rules, rule_set
from seta.loyalty.rules.refusals import LoyaltyRefused, Refusal
from seta.people.operations import open_session
from tests.loyalty.world import AUTHOR, COLLEAGUE, NOON, RULES, go_live, make_house, make_person, visit

pytestmark = pytest.mark.django_db
BRIBING = RULES.replace("You come often", "Share and earn points")


def refusal_of(call: Any, **given: Any) -> Refusal:
    with pytest.raises(LoyaltyRefused) as refused:
        call(now=NOON, **given)
    assert len({refused.value.text(language) for language in ("zh", "en", "it")}) == 3
    return refused.value.refusal


def test_nobody_puts_their_own_rules_live_and_a_colleague_may() -> None:
    house_id = make_house(rules="")
    made = propose_rules(house_id=house_id, text=RULES, user_id=AUTHOR, now=NOON)
    given = {"house_id": house_id, "rule_set_id": made}

    assert refusal_of(put_live, user_id=AUTHOR, **given) == Refusal.OWN_PROPOSAL
    put_live(user_id=COLLEAGUE, now=NOON, **given)

    live = live_rules(house_id)
    assert live is not None and (live.number, live.since) == (1, NOON)
    assert refusal_of(put_live, user_id=COLLEAGUE, **given) == Refusal.NOT_PROPOSED


@pytest.mark.parametrize(("text", "reason"), [(BRIBING, Refusal.BRIBE), ("tiers: 7", Refusal.UNREADABLE)])
def test_rules_that_bribe_or_cannot_be_read_never_go_live(text: str, reason: Refusal) -> None:
    house_id = make_house(rules="")
    made = propose_rules(house_id=house_id, text=text, user_id=AUTHOR, now=NOON)

    assert refusal_of(put_live, house_id=house_id, rule_set_id=made, user_id=COLLEAGUE) == reason

    card = rule_set(house_id, made)
    assert card is not None and not card.is_sound and (card.problems or card.findings)
    assert live_rules(house_id) is None


def test_new_rules_retire_the_old_and_the_same_are_not_proposed_twice() -> None:
    house_id = make_house()
    first = RuleSet.objects.get(house_id=house_id)

    assert (
        refusal_of(propose_rules, house_id=house_id, text=RULES + "\n", user_id=AUTHOR) == Refusal.SAME_RULES
    )
    go_live(house_id, RULES.replace("from: 50", "from: 60"), at=NOON)

    first.refresh_from_db()
    assert (first.state, first.retired_at) == ("retired", NOON)
    assert RuleSet.objects.filter(house_id=house_id, state="live").count() == 1


def test_a_proposal_may_be_withdrawn_and_a_neighbours_is_unknown() -> None:
    house_id, other = make_house(rules=""), make_house(rules="")
    made = propose_rules(house_id=house_id, text=RULES, user_id=AUTHOR, now=NOON)

    assert refusal_of(withdraw_rules, house_id=other, rule_set_id=made, user_id=1) == Refusal.UNKNOWN_RULES
    withdraw_rules(house_id=house_id, rule_set_id=made, user_id=AUTHOR, now=NOON)

    assert RuleSet.objects.get(pk=made).state == "withdrawn"
    assert refusal_of(propose_rules, house_id=house_id, text=" ", user_id=1) == Refusal.UNREADABLE
    assert refusal_of(propose_rules, house_id=house_id, text="x" * 20_001, user_id=1) == Refusal.UNREADABLE


def asked(house_id: int, person_id: int, path: str, language: str = "en") -> dict[str, Any]:
    token = open_session(house_id=house_id, person_id=person_id, now=datetime.now(UTC))
    answer = Client().get(
        f"/api/mp/v1/loyalty/{path}",
        headers={"authorization": f"Bearer {token}", "accept-language": language},
    )
    assert answer.status_code == 200, answer.content
    body: dict[str, Any] = answer.json()
    return body


def test_a_client_reads_where_they_stand_how_they_earned_it_and_takes_it_along() -> None:
    now = datetime.now(UTC)
    house_id = make_house(rules="")
    go_live(house_id, RULES, at=now - timedelta(days=3))
    person_id = make_person(house_id)
    enter_deeds(visit(house_id, person_id, appointment="appt_y", at=now - timedelta(days=1)), now)

    found = asked(house_id, person_id, "standing")
    assert (found["name"], found["points"], found["next"]["missing"]) == ("Friend", 50, 100)
    assert found["rights"] == [{"code": "early_hour", "name": "An early hour at drops"}]
    assert found["avatar"] == {"level": 2, "levels": 3}
    assert {row["way_name"] for row in asked(house_id, person_id, "earned", "it")["earned"]} == {
        "Visita",
        "Appuntamento",
    }
    assert len(asked(house_id, person_id, "export")["ledger"]) == 2
    ways = asked(house_id, person_id, "program", "zh-hans")
    assert (ways["name"], ways["tiers"][0]["name"], len(ways["ways"])) == ("丝路礼遇", "宾客", 5)


def test_a_house_without_rules_says_so_and_a_stranger_is_turned_away() -> None:
    house_id = make_house(rules="")
    person_id = make_person(house_id)

    assert asked(house_id, person_id, "standing")["is_live"] is False
    assert asked(house_id, person_id, "program") == {"is_live": False, "ways": [], "tiers": []}
    assert Client().get("/api/mp/v1/loyalty/standing").status_code == 401
