"""Rules go live only when they can be read, pay for nothing forbidden, and a second person says so."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from seta.loyalty.models import RuleSet
from seta.loyalty.rules.bribes import lint
from seta.loyalty.rules.program import TEXT_BYTES_MAX, Unreadable, read
from seta.loyalty.rules.refusals import LoyaltyRefused, Refusal

_State = RuleSet.State


@transaction.atomic
def propose_rules(*, house_id: int, text: str, user_id: int, now: datetime) -> int:
    """Keep a version for a colleague to put live; returns its id.

    What the linter finds does not keep it out, so that two people may look at it together; it can never go live so.
    Raises LoyaltyRefused: UNREADABLE beyond the size of a file, SAME_RULES when they are live or waiting already.
    """
    text = text.replace("\r\n", "\n").strip() + "\n"
    if len(text.encode()) > TEXT_BYTES_MAX or text == "\n":
        raise LoyaltyRefused(Refusal.UNREADABLE)
    rows = RuleSet.objects.filter(house_id=house_id)
    if rows.filter(state__in=(_State.LIVE, _State.PROPOSED), text=text).exists():
        raise LoyaltyRefused(Refusal.SAME_RULES)
    last = rows.aggregate(last=Max("number"))["last"] or 0
    made = RuleSet.objects.create(
        house_id=house_id, number=last + 1, text=text, author_id=user_id, proposed_at=now
    )
    return made.pk


@transaction.atomic
def put_live(*, house_id: int, rule_set_id: int, user_id: int, now: datetime) -> None:
    """Put a colleague's rules in force in the place of those before.

    Raises LoyaltyRefused: UNKNOWN_RULES, NOT_PROPOSED, OWN_PROPOSAL, UNREADABLE, BRIBE.
    """
    found = _proposed(house_id, rule_set_id)
    if found.author_id == user_id:
        raise LoyaltyRefused(Refusal.OWN_PROPOSAL)
    if lint(found.text):
        raise LoyaltyRefused(Refusal.BRIBE)
    try:
        read(found.text)
    except Unreadable as problem:
        raise LoyaltyRefused(Refusal.UNREADABLE, str(problem.problems[0])) from problem
    RuleSet.objects.filter(house_id=house_id, state=_State.LIVE).update(state=_State.RETIRED, retired_at=now)
    found.state, found.decided_by_id, found.decided_at = _State.LIVE, user_id, now
    found.save(update_fields=["state", "decided_by_id", "decided_at"])


@transaction.atomic
def withdraw_rules(*, house_id: int, rule_set_id: int, user_id: int, now: datetime) -> None:
    """Give a proposal up, one's own or a colleague's; raises LoyaltyRefused UNKNOWN_RULES, NOT_PROPOSED."""
    found = _proposed(house_id, rule_set_id)
    found.state, found.decided_by_id, found.decided_at = _State.WITHDRAWN, user_id, now
    found.save(update_fields=["state", "decided_by_id", "decided_at"])


def _proposed(house_id: int, rule_set_id: int) -> RuleSet:
    # All of the house's rows, so that two people who put different versions live follow one another.
    rows = {
        row.pk: row for row in RuleSet.objects.select_for_update().filter(house_id=house_id).order_by("pk")
    }
    found = rows.get(rule_set_id)
    if found is None:
        raise LoyaltyRefused(Refusal.UNKNOWN_RULES, str(rule_set_id))
    if found.state != _State.PROPOSED:
        raise LoyaltyRefused(Refusal.NOT_PROPOSED, found.state)
    return found
