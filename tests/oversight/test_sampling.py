"""Anyone can draw the same sample again; rules are tried, changed by two and demoted when they cost too much."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from seta.events.models import Event
from seta.oversight import operations, queries
from seta.oversight.models import Alert, SampleDraw, SampleItem
from seta.oversight.rules import sampling
from seta.oversight.rules.measuring import Overspent, overspent, wilson
from seta.oversight.rules.review import Refusal, Refused
from seta.oversight.rules.sampling import Candidate
from tests.oversight.review_floor import BREACH, NOON, RULE, Floor, open_floor

LATER = NOON + timedelta(hours=1)
SEED = "ab" * 32
people = st.lists(
    st.builds(Candidate, st.sampled_from(["lin", "marco", "wang"]), st.integers(0, 500).map(sampling.key_of)),
    unique=True,
    max_size=60,
)


@pytest.fixture
def floor(db: None, settings: Settings) -> Floor:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return open_floor()


def draw(floor: Floor, **more: int) -> SampleDraw:
    made = operations.draw_sample(
        house_id=floor.house, kind="messages", since=NOON - timedelta(1), until=LATER, now=LATER, **more
    )
    return SampleDraw.objects.get(pk=made)


@given(people, st.randoms(), st.integers(0, 5), st.integers(0, 10_000))
def test_a_draw_depends_on_the_seed_and_the_keys_alone(
    candidates: list[Candidate], random: st.DataObject, minimum: int, share_bps: int
) -> None:
    shuffled = list(candidates)
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    drawn = sampling.draw(candidates, seed=SEED, minimum=minimum, share_bps=share_bps)

    assert drawn == sampling.draw(shuffled, seed=SEED, minimum=minimum, share_bps=share_bps)
    assert sampling.population_digest(candidates) == sampling.population_digest(shuffled)
    for stratum, size in sampling.sizes(candidates).items():
        taken = sampling.sizes(drawn).get(stratum, 0)
        assert taken == sampling.quota(size, minimum=minimum, share_bps=share_bps)
        assert min(size, minimum) <= taken <= size


@given(st.integers(0, 300), st.integers(0, 300))
def test_an_interval_holds_its_share(part: int, more: int) -> None:
    interval = wilson(part, part + more)

    assert (interval is None) == (part + more == 0)
    assert interval is None or 0 <= interval.low <= interval.share <= interval.high <= 1


def test_a_rule_is_over_its_budget_only_beyond_chance() -> None:
    budget = {"max_alert_rate": 0.01, "min_precision": 0.6}

    assert overspent(alerts=400, messages=499, right=0, judged=0, **budget) is None
    assert overspent(alerts=12, messages=1000, right=0, judged=0, **budget) is None
    assert overspent(alerts=40, messages=1000, right=0, judged=0, **budget) is Overspent.TOO_MANY
    assert overspent(alerts=1, messages=1000, right=1, judged=9, **budget) is None
    assert overspent(alerts=1, messages=1000, right=2, judged=20, **budget) is Overspent.TOO_WRONG


def test_every_associate_is_looked_at_and_the_choice_is_proved_by_the_log(floor: Floor) -> None:
    for number in range(10):
        floor.say(f"您好 {number}")
    floor.say("您好", userid="marco")

    made = draw(floor, minimum=2, share_bps=0)

    line = queries.announcement(floor.house, made.audit_seq)
    assert line is not None and made.population_sha256 in line[0]
    assert line[1] == made.seed
    again = sampling.draw(
        list(operations.population(floor.house, "messages", made.since, made.until)),
        seed=made.seed,
        minimum=2,
        share_bps=0,
    )
    assert [(each.stratum, each.key) for each in again] == queries.drawn_keys(made.pk)
    assert sampling.sizes(again) == {"linyue": 2, "marco": 1}
    assert queries.verify_audit(floor.house).ok


def test_a_period_is_drawn_once_and_only_when_it_is_over(floor: Floor) -> None:
    draw(floor)

    with pytest.raises(Refused) as again:
        draw(floor)
    with pytest.raises(Refused) as early:
        operations.draw_sample(
            house_id=floor.house, kind="messages", since=NOON, until=LATER + timedelta(1), now=LATER
        )
    assert (again.value.refusal, early.value.refusal) == (Refusal.TOO_EARLY, Refusal.TOO_EARLY)


def test_the_worker_draws_once_a_day(floor: Floor) -> None:
    floor.say("您好")

    drawn = [operations.draw_due(LATER + timedelta(hours=hours)) for hours in (0, 1, 12)]

    assert drawn == [1, 0, 0]
    assert SampleItem.objects.count() == 1


def test_a_rule_is_tried_over_what_was_said_and_alerts_nobody(floor: Floor) -> None:
    floor.say(BREACH)
    floor.say("您好，新款到店")

    operations.try_rule(house_id=floor.house, rule_id=RULE, days=30, user_id=floor.people["anna"], now=LATER)

    (trial,) = queries.trials(floor.house, RULE)
    assert (trial.messages, trial.alerts, len(trial.samples)) == (2, 1, 1)
    assert not Alert.objects.exists()


def test_a_rule_that_is_mostly_wrong_goes_into_shadow_and_its_owner_is_told(floor: Floor) -> None:
    rule = next(each for each in queries.rules_of(floor.house) if each.id == RULE)
    anna = floor.people["anna"]
    operations.plan_queue(
        house_id=floor.house,
        queue=rule.review.queue,
        user_id=anna,
        assignment="manual",
        owner_id=anna,
        now=NOON,
    )
    for _ in range(20):
        floor.alert()
    Alert.objects.update(state="closed", verdict="false_positive", closed_at=NOON)

    assert operations.demote_overspent(LATER) == 1
    assert operations.demote_overspent(LATER) == 0

    assert queries.modes(floor.house) == {RULE: "shadow"}
    fact = Event.objects.get(name="oversight.rule.demoted")
    assert (fact.body["owner_id"], fact.body["why"]) == (anna, "too_imprecise")
    assert queries.changes(floor.house, state="automatic")[0].owner_id == anna
