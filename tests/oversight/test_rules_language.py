"""The policy language: what a rule may say, what it may not, and what each of its words does."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seta.oversight.policy import shipped
from seta.oversight.rules import (
    Action,
    Policy,
    PolicyError,
    Turn,
    approved_spans,
    compile_documents,
    fold,
    judge,
    judge_turn,
    merges,
)

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
TALK = Path(__file__).with_name("ordinary_talk.txt").read_text("utf-8").splitlines()
CATEGORIES = {
    "discount",
    "payment",
    "off_platform",
    "grey_market",
    "unapproved",
    "pii",
    "ad_law",
    "rude",
    "confidential",
    "kickback",
    "counterfeit",
    "complaint",
}


def policy(match: str, more: str = "", severity: str = "high") -> Policy:
    return compile_documents(
        {
            "test.yaml": f"rules:\n- id: t.rule\n  category: t\n  severity: {severity}\n  match: {match}\n{more}"
            "  actions: {default: hold, archive: flag}\n"
            "  tests: {hit: [a, b, c], miss: [d, e, f]}\n"
        }
    )


def found(text: str, rules: Policy, **more: object) -> list[str]:
    verdict = judge(text, channel="composer", sender="sa", policy=rules, **more)  # type: ignore[arg-type]
    return [text[hit.start : hit.end] for hit in verdict.hits]


def test_all_twelve_categories_ship() -> None:
    assert {rule.category for rule in shipped().rules} == CATEGORIES


def test_ordinary_service_talk_raises_no_alert() -> None:
    assert len(TALK) > 300

    alerts = [
        (sender, text, hit.rule)
        for text in TALK
        for sender in ("sa", "client")
        for hit in judge(text, channel="wecom_1to1", sender=sender, policy=shipped()).hits
    ]

    assert alerts == []


def test_tiers_say_how_closely_a_term_is_looked_for() -> None:
    exact = policy("{any: [{terms: {words: [私人账户], tiers: [exact]}}]}")
    folded = policy("{any: [{terms: {words: [私人账户], tiers: [exact, normalised]}}]}")
    sound = policy("{any: [{terms: {words: [私人账户]}}]}")
    long = policy("{any: [{terms: {words: [私人账户], min_syllables: 5}}]}")

    texts = ["用私人账户付", "用私.人.账.户付", "用丝人帐户付"]

    assert [[bool(found(text, each)) for text in texts] for each in (exact, folded, sound, long)] == [
        [True, False, False],
        [True, True, False],
        [True, True, True],
        [True, True, False],
    ]


def test_who_mixes_up_zh_and_z_is_heard_for_serious_rules_only() -> None:
    match = "{any: [{terms: {words: [私人账户]}}]}"

    assert found("用施人赞户付", policy(match)) == ["施人赞户"]
    assert found("用施人赞户付", policy(match, severity="low")) == []


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("力口我微亻言吧", "力口我微亻言"),
        ("加我V信", "加我V信"),
        ("加我薇❤", "加我薇"),
        ("➕我微信", "➕我微信"),
        ("加我ｗｅｉ信", "加我ｗｅｉ信"),
        ("jiawoweixin好吗", "jiawoweixin"),
        ("加我vx123", "加我vx"),
    ],
)
def test_a_term_is_found_in_its_disguise_and_marked_where_it_stands(text: str, span: str) -> None:
    assert found(text, policy("{any: [{terms: {words: [加我微信]}}]}"))[0] == span


@pytest.mark.parametrize(
    ("near", "text", "hits"),
    [
        ("{left: [打款], right: [我的卡], within: 2}", "打款到我的卡", True),
        ("{left: [打款], right: [我的卡], within: 0}", "打款到我的卡", False),
        ("{left: [打款], right: [我的卡], within: 4}", "我的卡收打款", True),
        ("{left: [打款], right: [我的卡], within: 4, ordered: true}", "我的卡收打款", False),
        ("{left: [打款], right: [我的卡], within: 4}", "已经打款。我的卡丢了", False),
        ("{left: [pay], right: [my card], within: 3, unit: words}", "pay it all to my card", True),
        ("{left: [pay], right: [my card], within: 2, unit: words}", "pay it all to my card", False),
        ("{left: [打款], right: [我的卡], within: 4}", "搭款到我德卡", True),
    ],
)
def test_near_words_are_found_within_their_distance(near: str, text: str, hits: bool) -> None:
    assert bool(found(text, policy(f"{{any: [{{near: {near}}}]}}"))) is hits


def test_all_clauses_must_hold() -> None:
    rules = policy("{any: [{terms: {words: [定金]}}], all: [{terms: {words: [微信]}}]}")

    assert found("定金", rules) == []
    assert found("定金走微信", rules) == ["定金", "微信"]


@pytest.mark.parametrize(
    ("unless", "text", "hits"),
    [
        ("{terms: {words: [请勿], within: 3, side: before}}", "请勿用私人账户", False),
        ("{terms: {words: [请勿], within: 3, side: before}}", "用私人账户，请勿告诉别人", True),
        ("{terms: {words: [请勿], within: 3, side: before}}", "请勿担心。私人账户", True),
        ("{terms: {words: [是骗子], within: 6, side: after}}", "用私人账户的是骗子", False),
        ("{quoted: true}", "您说的“私人账户”是骗子", False),
        ("{quoted: true}", "「林悦：用私人账户」\n- - - - - - -\n这样不行", False),
        ("{quoted: true}", "“私人账户”给您", True),
    ],
)
def test_a_hit_is_excused_only_where_the_excuse_reaches(unless: str, text: str, hits: bool) -> None:
    rules = policy(f"{{any: [{{terms: {{words: [私人账户]}}}}], unless: [{unless}]}}")

    assert bool(found(text, rules)) is hits


def test_words_of_approved_content_are_excused() -> None:
    rules = policy("{any: [{terms: {words: [私人账户]}}], unless: [{from_asset: approved}]}")
    text = "您好，请看：请勿付到私人账户。付我私人账户"

    spans = approved_spans(text, ["请勿付到私人账户"])

    assert found(text, rules, approved=spans) == ["私人账户"]
    assert judge(text, channel="composer", sender="sa", policy=rules, approved=spans).hits[0].start > 15


def test_a_rule_does_not_look_at_the_roles_it_names() -> None:
    rules = policy(
        "{any: [{terms: {words: [私人账户]}}]}", "  applies: {direction: [out], not_role: [store_finance]}\n"
    )

    assert found("私人账户", rules, role="associate")
    assert not found("私人账户", rules, role="store_finance")
    assert not judge("私人账户", channel="composer", sender="client", policy=rules).hits


def test_numbers_written_in_words_are_read() -> None:
    text = "卡号四一一一 一一一一 一一一一 一一一一"

    hits = judge(text, channel="composer", sender="sa", policy=shipped()).hits

    assert "pii.bank-card" in {hit.rule for hit in hits}


WINDOW = policy(
    "{all: [{terms: {words: [便宜一点]}}, {terms: {words: [转账]}}]}",
    "  applies: {sender: [sa, client]}\n  window: {messages: 3, minutes: 30}\n",
)


@pytest.mark.parametrize(
    ("ages", "hits"),
    [
        ([(1, "便宜一点")], True),
        ([(31, "便宜一点")], False),
        ([(3, "便宜一点"), (2, "好"), (1, "嗯")], False),
    ],
)
def test_evidence_may_lie_in_earlier_messages_of_both_sides(ages: list[tuple[int, str]], hits: bool) -> None:
    before = [Turn(text, "client", NOON - timedelta(minutes=age)) for age, text in ages]

    verdict = judge_turn(Turn("转账吧", "sa", NOON), before, channel="wecom_1to1", policy=WINDOW)

    assert bool(verdict.hits) is hits
    assert judge("转账吧", channel="wecom_1to1", sender="sa", policy=WINDOW).hits == ()


def test_a_threshold_counts_hits_and_how_sure_they_are() -> None:
    twice = policy("{any: [{terms: {words: [私人账户]}}]}", "  threshold: {hits: 2}\n")
    sure = policy("{any: [{terms: {words: [私人账户]}}]}", "  threshold: {score: 0.9}\n")

    assert not found("私人账户", twice) and found("私人账户，私人账户", twice)
    assert found("私人账户", sure) and not found("丝人帐户", sure)


def test_hits_are_counted_over_a_conversation_and_repeats_join_an_alert() -> None:
    rules = policy(
        "{any: [{terms: {words: [私人账户]}}]}",
        "  threshold: {hits: 2, per: conversation, dedupe_hours: 24}\n",
    )
    first = Turn("私人账户", "sa", NOON - timedelta(hours=1))

    assert judge_turn(Turn("私人账户", "sa", NOON), [first], channel="composer", policy=rules).hits
    assert not judge_turn(Turn("私人账户", "sa", NOON), [], channel="composer", policy=rules).hits
    rule = rules.rules[0]
    assert merges(rule, last_opened_at=NOON, at=NOON + timedelta(hours=23))
    assert not merges(rule, last_opened_at=NOON, at=NOON + timedelta(hours=24))
    assert not merges(rule, last_opened_at=None, at=NOON)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("  window: {messages: 1, minutes: 5}\n", "messages must be a whole number"),
        ("  threshold: {per: year}\n", "threshold per 'year'"),
        ("  budget: {max_alert_rate: 2}\n", "share from 0 to 1"),
        ("  applies: {direction: [up]}\n", "'up'"),
        ("  applies: {direction: [in], sender: [sa]}\n", "leave nobody"),
        ("  review: {colour: red}\n", r"rule t.rule \(line 2\): review: unknown key colour \(line 6\)"),
        ("  severity: low\n", "key severity given twice"),
    ],
)
def test_what_the_language_does_not_know_is_refused_with_its_line(line: str, says: str) -> None:
    with pytest.raises(PolicyError, match=says):
        policy("{any: [{terms: {words: [私人账户]}}]}", line)


@pytest.mark.parametrize("pattern", [r"(a+)+\\1", "(?=x)y", "a{1000}{1000}"])
def test_a_catastrophic_expression_is_refused(pattern: str) -> None:
    with pytest.raises(PolicyError, match="linear engine refuses"):
        policy(f'{{any: [{{regex: {{pattern: "{pattern}", prefilter: [a]}}}}]}}')


@pytest.mark.parametrize(
    "text",
    [
        "a" * 100_000,
        "转账" * 50_000,
        "\ud800" * 50_000,
        "\0加我微信\0" * 12_000,
        "力口" * 50_000,
        "wo" * 50_000,
    ],
)
def test_a_hundred_thousand_characters_are_judged(text: str) -> None:
    verdict = judge(text, channel="composer", sender="sa", policy=shipped())

    assert len(verdict.hits) <= 10 * len(shipped().rules)
    assert all(0 <= hit.start < hit.end <= len(text) for hit in verdict.hits)


SEPARATORS = st.sampled_from(["", " ", ".", "丶", "❤️", "\u200b", "~", "*"])


@settings(max_examples=60, deadline=None)
@given(st.lists(SEPARATORS, min_size=7, max_size=7), st.text("您好丝巾到店 ", max_size=8))
def test_what_is_marked_folds_to_the_term(separators: list[str], around: str) -> None:
    rules = policy("{any: [{terms: {words: [加我私人微信号], tiers: [exact, normalised]}}]}")
    text = around + "".join(map("".join, zip("加我私人微信号", separators, strict=True))) + around

    hits = judge(text, channel="composer", sender="sa", policy=rules).hits

    assert [fold(text[hit.start : hit.end]) for hit in hits] == ["加我私人微信号"]
    assert all(hit.action is Action.HOLD for hit in hits)
