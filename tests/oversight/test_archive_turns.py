"""The archive judges in the conversation: pieces sent apart, counts over turns, repeats merged, trials noted."""

from dataclasses import replace
from datetime import timedelta

import pytest

from seta.oversight import queries
from seta.oversight.models import Alert, Hit, ShadowHit
from seta.oversight.operations import pull_archive
from seta.oversight.operations.archive.turns import looking_back
from seta.oversight.policy import shipped
from seta.oversight.rules import Policy, compile_documents, compile_rules
from tests.oversight.archive_server import Archive
from tests.oversight.evidence_world import CLIENT, NOON, OTHER, message

RULE = """rules:
  - id: test.turns
    category: test
    severity: high
    applies: {{sender: [sa, client]}}
    match: {match}
{more}    actions: {{default: hold, archive: flag}}
    message_to_sa: {{zh: 请勿, en: Do not, it: No}}
    tests:
      hit: [鼍齉, 龘麤, 灪爨]
      miss: [您好, 新款, 谢谢]
"""
WINDOW = "    window: {messages: 3, minutes: 30}\n"
TERMS = "{any: [{terms: {words: [鼍齉, 龘麤, 灪爨], tiers: [exact, normalised]}}]}"
NEAR = "{any: [{near: {left: [鼍, 龘, 灪], right: [齉, 麤, 爨], within: 6}}]}"


ALL = "{all: [{terms: {words: [鼍齉]}}, {terms: {words: [龘麤]}}]}"


def policy(match: str = TERMS, more: str = "") -> Policy:
    return compile_documents({"test.yaml": RULE.format(match=match, more=more)})


def say(archive: Archive, *said: str, first: int = 1, apart: int = 0, client: str = CLIENT) -> None:
    """Messages of Lin Yue's, so many minutes apart; one that begins with > is the client's answer."""
    for place, text in enumerate(said):
        told = message(first + place, text.lstrip(">"), client, NOON + timedelta(minutes=place * apart))
        if text.startswith(">"):
            told |= {"from": client, "tolist": ["linyue"]}
        archive.say(first + place, told)


def marked(house: int) -> list[str]:
    """What is marked in the conversation, message by message."""
    view = queries.conversation_view(house_id=house, conversation=f"linyue:{CLIENT}")
    assert view is not None
    return ["".join(piece.text for piece in each.pieces if piece.rules) for each in view.messages]


@pytest.mark.parametrize(("match", "more"), [(TERMS, WINDOW), (NEAR, WINDOW)])
def test_words_that_were_sent_in_pieces_are_judged_together(
    connected: int, archive: Archive, match: str, more: str
) -> None:
    say(archive, "您好，鼍", ">嗯", "齉，谢谢")

    pull_archive(house_id=connected, now=NOON, policy=policy(match, more))

    assert marked(connected) == ["", "", "齉"]
    assert list(Alert.objects.values_list("message__seq", "rule")) == [(3, "test.turns")]


@pytest.mark.parametrize(
    ("said", "apart"),
    [
        (("您好，鼍", ">齉"), 1),
        (("您好，鼍", "齉，谢谢"), 31),
        (("您好，鼍", "好", "嗯", "齉，谢谢"), 1),
        (("您好，鼍", "您看，齉"), 1),
    ],
)
def test_pieces_of_two_people_of_another_hour_too_many_messages_ago_or_apart_are_not_joined(
    connected: int, archive: Archive, said: tuple[str, ...], apart: int
) -> None:
    say(archive, *said, apart=apart)

    pull_archive(house_id=connected, now=NOON, policy=policy(TERMS, WINDOW))

    assert not Hit.objects.exists()


def test_pieces_meet_across_two_pulls_and_not_across_two_conversations(
    connected: int, archive: Archive
) -> None:
    rules = policy(TERMS, WINDOW)
    say(archive, "您好，鼍")
    say(archive, "您好，龘", first=2, client=OTHER)
    pull_archive(house_id=connected, now=NOON, policy=rules)
    say(archive, "齉", "麤", first=3)

    pull_archive(house_id=connected, now=NOON, policy=rules)

    assert list(Hit.objects.values_list("message__seq", flat=True)) == [3]


def test_what_a_rule_needs_may_be_said_by_both_in_turn(connected: int, archive: Archive) -> None:
    say(archive, ">鼍齉有吗", "有龘麤")

    pull_archive(house_id=connected, now=NOON, policy=policy(ALL, WINDOW))

    assert marked(connected) == ["", "龘麤"]


def test_hits_are_counted_over_the_conversation(connected: int, archive: Archive) -> None:
    say(archive, "鼍齉", "您好", "龘麤")

    pull_archive(
        house_id=connected, now=NOON, policy=policy(more="    threshold: {hits: 2, per: conversation}\n")
    )

    assert marked(connected) == ["", "", "龘麤"]


def test_repeats_join_the_alert_that_waits_and_a_judged_one_takes_none(
    connected: int, archive: Archive
) -> None:
    rules = policy(more="    threshold: {dedupe_hours: 24}\n")
    say(archive, "鼍齉", "龘麤", apart=60)
    say(archive, "鼍齉", first=3, client=OTHER)
    first = pull_archive(house_id=connected, now=NOON, policy=rules)
    say(archive, "灪爨", first=4)
    second = pull_archive(house_id=connected, now=NOON, policy=rules)
    Alert.objects.update(state="closed", verdict="true_positive", closed_at=NOON)
    say(archive, "灪爨", first=5)
    third = pull_archive(house_id=connected, now=NOON, policy=rules)

    assert (first.alerts, second.alerts, third.alerts) == (2, 0, 1)
    assert sorted(Alert.objects.values_list("message__seq", flat=True)) == [1, 3, 5]
    assert Hit.objects.count() == 5


def test_a_rule_in_shadow_is_noted_where_it_hits_and_opens_nothing(connected: int, archive: Archive) -> None:
    (rule,) = policy(TERMS, WINDOW).rules
    trial = compile_rules((replace(rule, shadow=True),))
    say(archive, "鼍齉", "您好，鼍", "齉")

    report = pull_archive(house_id=connected, now=NOON, policy=trial)

    noted = ShadowHit.objects.order_by("id").values_list("message__seq", "rule", "start", "end")
    assert list(noted) == [(1, "test.turns", 0, 2), (3, "test.turns", 0, 1)]
    assert report.alerts == 0
    assert not Hit.objects.exists()


def test_the_shipped_rules_ask_for_no_conversation() -> None:
    assert looking_back(shipped()) is None
