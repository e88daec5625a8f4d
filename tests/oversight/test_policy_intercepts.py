"""What a policy asks of WeCom's own rules: no more than WeCom can do, told honestly, and kept up to date."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seta.houses.operations import connect_account, found_house
from seta.houses.queries import wecom
from seta.oversight.operations.intercepts import sync_intercepts
from seta.oversight.policy import forget, shipped
from seta.oversight.rules import Action, Rule, compile_rules
from seta.oversight.rules.intercepts import (
    RULES_MAX,
    WORD_CHARS_MAX,
    WORDS_MAX,
    InterceptPlan,
    compare,
    outcome,
    project,
)
from seta.oversight.rules.policy import POINTS, Severity, Terms
from seta.platforms.wecom.supervision import InterceptRule
from tests.sandbox_server import RunningSandbox, sandbox, sandbox_process

__all__ = ["sandbox", "sandbox_process"]

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def make_rule(words: tuple[str, ...], action: Action = Action.BLOCK, **more: object) -> Rule:
    rule = Rule(
        id="test.rule",
        category="test",
        severity=Severity.HIGH,
        senders=frozenset({"sa"}),
        channels=frozenset({"*"}),
        actions={"default": Action.HOLD, "archive": Action.FLAG, "wecom_intercept": action},
        any=(Terms(words),),
    )
    return replace(rule, **more)  # type: ignore[arg-type]


def test_the_shipped_policy_fits_and_says_what_does_not() -> None:
    projection = project(shipped())

    assert 0 < len(projection.plans) <= RULES_MAX
    words = [word for plan in projection.plans for word in plan.words]
    assert len(words) == len(set(words))
    assert all(len(plan.words) <= WORDS_MAX for plan in projection.plans)
    assert all(3 <= len(word) <= WORD_CHARS_MAX for word in words)
    assert {left.what for left in projection.left_out} >= {"near", "unless"}


def test_words_beyond_a_hundred_rules_are_told_and_not_promised() -> None:
    words = tuple(f"第{number:05d}号私人账户" for number in range(30_100))

    projection = project(compile_rules((make_rule(words),)))

    assert sum(len(plan.words) for plan in projection.plans) == RULES_MAX * WORDS_MAX
    assert sum("100 rules" in left.why for left in projection.left_out) == 100


def test_rules_that_somebody_made_by_hand_leave_less_room() -> None:
    words = tuple(f"第{number:05d}号私人账户" for number in range(700))

    projection = project(compile_rules((make_rule(words),)), rules_free=2)

    assert len(projection.plans) == 2


def test_a_word_that_wecom_cannot_stop_is_left_to_the_archive() -> None:
    projection = project(compile_rules((make_rule(("加我", "长" * 33, "私人微信号")),)))

    assert [sorted(plan.words) for plan in projection.plans] == [["私人微信号", "私人微信號"]]
    assert {left.what for left in projection.left_out} == {"加我", "长" * 33}


def test_only_rules_of_our_own_are_changed() -> None:
    plan = InterceptPlan("seta block 01", frozenset({"私人微信号"}), True)
    found = {
        "r1": InterceptPlan("by hand", frozenset({"x"}), True),
        "r2": replace(plan, words=frozenset({"旧词语"})),
        "r3": InterceptPlan("seta block 02", frozenset({"y"}), True),
        "r4": replace(plan, words=frozenset({"再一个"})),
    }

    change = compare([plan, InterceptPlan("seta warn 01", frozenset({"z"}), False)], found)

    assert [each.name for each in change.add] == ["seta warn 01"]
    assert set(change.update) | set(change.delete) == {"r2", "r3", "r4"}
    assert len(change.update) == 1 and change.same == 0


def test_wecom_never_holds_and_a_trial_changes_nothing() -> None:
    for rule in shipped().rules:
        for point in POINTS | {"wecom_1to1"}:
            assert outcome(replace(rule, shadow=True), point).action is Action.ALLOW
            assert outcome(rule, "archive").action <= Action.FLAG
            assert outcome(rule, "wecom_intercept").action is not Action.HOLD


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(shipped().rules), st.sampled_from(sorted(POINTS)), st.data())
def test_a_stricter_rule_is_nowhere_milder(rule: Rule, point: str, data: st.DataObject) -> None:
    harder = {name: Action(data.draw(st.integers(int(action), 3))) for name, action in rule.actions.items()}
    harder["archive"] = min(harder["archive"], Action.FLAG)
    stricter = replace(rule, actions=harder)

    assert outcome(stricter, point).action >= outcome(rule, point).action


@pytest.fixture
def house(db: None, sandbox: RunningSandbox) -> int:
    forget()
    house_id = found_house(code="serica", name="Serica", kind="maison")
    config = sandbox.config["wecom"]
    names = ("agent_secret", "contact_secret", "archive_secret", "agentid", "token", "aes_key")
    secrets = {name: str(config[name]) for name in names}
    secrets |= {
        "archive_private_key": config["archive_private_key"],
        "archive_publickey_ver": str(config["archive_publickey_ver"]),
    }
    connect_account(
        house_id=house_id,
        family="wecom",
        app_id=config["corpid"],
        base_url=sandbox.base_url,
        secrets=secrets,
        now=NOON,
    )
    return house_id


def test_the_policy_stands_at_wecom_and_a_second_run_changes_nothing(house: int) -> None:
    by_hand = InterceptRule("made by hand", frozenset({"别的词"}), frozenset(), frozenset({1}))
    hand_id = wecom(house).add_intercept_rule(by_hand)

    first = sync_intercepts(house_id=house, now=NOON)
    second = sync_intercepts(house_id=house, now=NOON)

    standing = wecom(house).intercept_rules()
    assert first.added == len(standing) - 1 > 0
    assert (second.added, second.updated, second.deleted) == (0, 0, 0)
    assert second.same == first.added
    assert standing[hand_id] == by_hand


def test_a_rule_that_was_changed_or_lost_at_wecom_is_put_right(house: int) -> None:
    sync_intercepts(house_id=house, now=NOON)
    client = wecom(house)
    own = {key: rule for key, rule in client.intercept_rules().items() if rule.name.startswith("seta ")}
    lost, changed = sorted(own)[:2]
    client.del_intercept_rule(lost)
    after = replace(own[changed], words=frozenset({"什么都不拦"}))
    client.update_intercept_rule(changed, before=own[changed], after=after)

    report = sync_intercepts(house_id=house, now=NOON)

    assert (report.added, report.updated, report.deleted) == (1, 1, 0)
    assert client.intercept_rules()[changed] == own[changed]
