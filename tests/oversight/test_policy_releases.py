"""A house's own rules: agreed to by two, tried first, then judging everything that the house sends and archives."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from pytest_django import DjangoAssertNumQueries

from seta.houses.operations import found_house
from seta.oversight.models import AuditEvent, HousePolicy, RuleSetting
from seta.oversight.operations.policies import (
    ReleaseRefusal,
    ReleaseRefused,
    approve_release,
    propose_release,
    publish_release,
    retire_release,
    set_list,
    try_release,
)
from seta.oversight.operations.scanning import scan_file
from seta.oversight.operations.sending import clear_all_to_send, clear_to_send, judge_draft
from seta.oversight.policy import forget, live, shipped
from seta.oversight.rules import Action, PolicyError

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(days=1)
HOUSE_RULE = """
rules:
- id: house.rival
  category: confidential
  severity: high
  match: {any: [{terms: {words: [隔壁牌子的围巾, {list: house_rivals}]}}]}
  actions: {default: hold, archive: flag}
  tests: {hit: [隔壁牌子的围巾好, 看隔壁牌子的围巾, 买隔壁牌子的围巾吧], miss: [我们的围巾, 您好, 丝巾到店]}
lists:
  house_rivals: [别家的围巾]
"""


@pytest.fixture
def house() -> int:
    forget()
    return found_house(code="serica", name="Serica", kind="maison")


@pytest.fixture
def people() -> tuple[int, int]:
    return tuple(User.objects.create_user(name).pk for name in ("anna", "bruno"))  # type: ignore[return-value]


def publish(house: int, people: tuple[int, int], yaml: str = HOUSE_RULE, now: datetime = NOON) -> int:
    release = propose_release(house_id=house, yaml=yaml, author_id=people[0], now=now)
    approve_release(house_id=house, release_id=release, approver_id=people[1], now=now)
    publish_release(house_id=house, release_id=release, user_id=people[1], now=now)
    return release


def test_a_house_without_rules_of_its_own_is_judged_by_the_shipped_policy(house: int) -> None:
    assert live(house) is shipped()


def test_a_published_release_judges_what_the_house_sends(house: int, people: tuple[int, int]) -> None:
    publish(house, people)

    verdict = clear_to_send(house_id=house, channel="composer", text="隔 壁 牌 子 的 围 巾", now=NOON)

    assert verdict.action is Action.HOLD
    assert [hit.rule for hit in verdict.hits] == ["house.rival"]
    assert not judge_draft(house_id=house + 1, channel="composer", text="隔壁牌子的围巾").hits
    kinds = list(AuditEvent.objects.filter(house_id=house).order_by("seq").values_list("kind", flat=True))
    assert kinds == ["policy.proposed", "policy.approved", "policy.published", "sending.refused"]


def test_many_texts_are_judged_as_each_alone_with_one_read_of_the_policy(
    house: int, people: tuple[int, int], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    publish(house, people)
    texts = ["您好", "隔壁牌子的围巾", "丝巾到店"]
    alone = [judge_draft(house_id=house, channel="composer", text=text) for text in texts]

    with django_assert_num_queries(1):
        clean = clear_all_to_send(house_id=house, channel="composer", texts=["您好", "丝巾到店"], now=NOON)
    verdicts = clear_all_to_send(house_id=house, channel="composer", texts=texts, now=NOON)

    assert [verdict.refused for verdict in clean] == [False, False]
    assert [(one.action, one.hits) for one in verdicts] == [(one.action, one.hits) for one in alone]
    assert AuditEvent.objects.filter(house_id=house, kind="sending.refused").count() == 1


def test_nobody_agrees_to_a_release_of_their_own(house: int, people: tuple[int, int]) -> None:
    release = propose_release(house_id=house, yaml=HOUSE_RULE, author_id=people[0], now=NOON)

    with pytest.raises(ReleaseRefused) as own:
        approve_release(house_id=house, release_id=release, approver_id=people[0], now=NOON)
    with pytest.raises(ReleaseRefused) as early:
        publish_release(house_id=house, release_id=release, user_id=people[1], now=NOON)

    assert (own.value.code, early.value.code) == (ReleaseRefusal.OWN_RELEASE, ReleaseRefusal.NOT_APPROVED)
    assert live(house).version == live(house).version
    assert not judge_draft(house_id=house, channel="composer", text="隔壁牌子的围巾").hits


def test_an_author_neither_publishes_nor_ends_a_release_and_may_withdraw_a_draft(
    house: int, people: tuple[int, int]
) -> None:
    release = propose_release(house_id=house, yaml=HOUSE_RULE, author_id=people[0], now=NOON)
    approve_release(house_id=house, release_id=release, approver_id=people[1], now=NOON)
    with pytest.raises(ReleaseRefused) as own:
        publish_release(house_id=house, release_id=release, user_id=people[0], now=NOON)
    publish_release(house_id=house, release_id=release, user_id=people[1], now=NOON)
    with pytest.raises(ReleaseRefused) as end:
        retire_release(house_id=house, release_id=release, user_id=people[0], now=NOON)
    draft = propose_release(house_id=house, yaml=HOUSE_RULE, author_id=people[0], now=NOON)
    retire_release(house_id=house, release_id=draft, user_id=people[0], now=NOON)

    assert {own.value.code, end.value.code} == {ReleaseRefusal.OWN_RELEASE}
    assert judge_draft(house_id=house, channel="composer", text="隔壁牌子的围巾").hits


def test_a_release_of_another_house_is_unknown(house: int, people: tuple[int, int]) -> None:
    release = propose_release(house_id=house, yaml=HOUSE_RULE, author_id=people[0], now=NOON)
    other = found_house(code="milano", name="Milano", kind="destination")

    with pytest.raises(ReleaseRefused) as refused:
        approve_release(house_id=other, release_id=release, approver_id=people[1], now=NOON)

    assert refused.value.code is ReleaseRefusal.UNKNOWN


def test_a_release_in_shadow_is_noted_and_holds_nothing(house: int, people: tuple[int, int]) -> None:
    release = propose_release(house_id=house, yaml=HOUSE_RULE, author_id=people[0], now=NOON)
    try_release(house_id=house, release_id=release, user_id=people[0], now=NOON)

    verdict = judge_draft(house_id=house, channel="composer", text="隔壁牌子的围巾")

    assert (verdict.action, verdict.hits) == (Action.ALLOW, ())
    assert [hit.rule for hit in verdict.shadow] == ["house.rival"]


def test_a_retired_release_gives_the_shipped_rules_back(house: int, people: tuple[int, int]) -> None:
    release = publish(house, people)

    retire_release(house_id=house, release_id=release, user_id=people[1], now=NOON)

    assert not judge_draft(house_id=house, channel="composer", text="隔壁牌子的围巾").hits


def test_a_second_release_takes_the_place_of_the_first(house: int, people: tuple[int, int]) -> None:
    publish(house, people)
    publish(house, people, HOUSE_RULE.replace("隔壁牌子的围巾", "对面牌子的围巾"), LATER)

    assert not judge_draft(house_id=house, channel="composer", text="隔壁牌子的围巾").hits
    assert judge_draft(house_id=house, channel="composer", text="对面牌子的围巾").hits


def test_a_house_rule_takes_the_place_of_the_shipped_rule_of_its_id(
    house: int, people: tuple[int, int]
) -> None:
    publish(house, people, HOUSE_RULE.replace("house.rival", "tone.rude"))

    assert not judge_draft(house_id=house, channel="composer", text="爱买不买").hits
    assert judge_draft(house_id=house, channel="composer", text="隔壁牌子的围巾").hits


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("severity: high", "severity: high\n  colour: red"), r"release.yaml: rule house.rival .*line 6"),
        (("买隔壁牌子的围巾吧", "什么都没有"), "not found in"),
        (("丝巾到店", "隔壁牌子的围巾"), "found in"),
        (("rules:", "rule:"), "unknown key rule"),
    ],
)
def test_a_release_that_cannot_be_trusted_is_refused(
    house: int, people: tuple[int, int], change: tuple[str, str], says: str
) -> None:
    with pytest.raises(PolicyError, match=says):
        propose_release(house_id=house, yaml=HOUSE_RULE.replace(*change), author_id=people[0], now=NOON)


def test_a_rule_that_is_off_or_on_trial_holds_nothing(house: int) -> None:
    RuleSetting.objects.create(house_id=house, rule="tone.rude", mode="off", reason="x", changed_at=NOON)
    RuleSetting.objects.create(
        house_id=house, rule="pay.personal-transfer", mode="shadow", reason="x", changed_at=NOON
    )
    HousePolicy.objects.create(house_id=house, revision=1, changed_at=NOON)

    assert not judge_draft(house_id=house, channel="composer", text="爱买不买").hits
    trial = judge_draft(house_id=house, channel="composer", text="定金转账给我")
    assert "pay.personal-transfer" in {hit.rule for hit in trial.shadow}
    assert "pay.personal-transfer" not in {hit.rule for hit in trial.hits}


def test_a_house_adds_words_to_a_shipped_list(house: int, people: tuple[int, int]) -> None:
    set_list(house_id=house, name="pay_me", words=["打给小林"], user_id=people[0], now=NOON)

    assert judge_draft(house_id=house, channel="composer", text="货款打給小林吧").refused

    set_list(house_id=house, name="pay_me", words=[], user_id=people[0], now=NOON + timedelta(hours=1))
    assert not judge_draft(house_id=house, channel="composer", text="货款打給小林吧").hits


@pytest.mark.parametrize("words", [["！！"], ["长" * 101], ["词"] * 1 + [f"词{n}" for n in range(50_000)]])
def test_a_list_with_nothing_to_look_for_is_refused(
    house: int, people: tuple[int, int], words: list[str]
) -> None:
    with pytest.raises(ReleaseRefused) as refused:
        set_list(house_id=house, name="pay_me", words=words, user_id=people[0], now=NOON)

    assert refused.value.code is ReleaseRefusal.BAD_LIST


def test_a_file_is_scanned_by_the_policy_of_a_house(
    house: int, people: tuple[int, int], tmp_path: Path
) -> None:
    publish(house, people)
    path = tmp_path / "talk.jsonl"
    path.write_text(json.dumps({"id": 1, "text": "隔壁牌子的围巾"}))

    assert scan_file(path)["results"][0]["hits"] == []
    assert scan_file(path, house_id=house)["results"][0]["hits"][0]["rule"] == "house.rival"
