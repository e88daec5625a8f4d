"""Policy sees through disguises, marks what was written, and grows only stricter when made stricter."""

from dataclasses import replace

import opencc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seta.oversight.policy import FOLDER, load, shipped
from seta.oversight.rules import (
    Action,
    PolicyError,
    Verdict,
    compile_documents,
    compile_rules,
    fold,
    judge,
    pieces,
)
from seta.oversight.rules.checks import id_card, luhn
from seta.oversight.rules.fold import offsets, speak, speak_offsets
from seta.oversight.rules.policy import Rule

VIOLATION = "这里不方便，加我私人微信吧"
WORDS = [
    "加我私人微信",
    "请勿",
    "转我微信",
    "您好",
    "代购价",
    "买不起别问",
    "丝巾",
    "\ud800",
    " ",
    "❤",
    "官方",
    "4111111111111111",
]
RULE = """
rules:
- id: test.rule
  category: test
  severity: low
  match: {any: [{terms: {words: [私人微信]}}]}
  actions: {default: hold, archive: flag}
  tests: {hit: [a, b, c], miss: [d, e, f]}
"""


def ask(text: str, *, channel: str = "composer", sender: str = "sa") -> Verdict:
    return judge(text, channel=channel, sender=sender, policy=shipped())


@pytest.mark.parametrize(
    "disguise",
    [
        lambda text: text,
        opencc.OpenCC("s2t").convert,
        " ".join,
        "丶".join,
        "❤️".join,
        "\u200b".join,
        ".".join,
        lambda text: text.replace("私", "丝"),
        lambda text: text.replace("私", "si"),
        lambda text: text.replace("加我私人微信", "jia wo si ren wei xin"),
        lambda text: text.replace("加我私人微信", "ＪＩＡＷＯ私人wei信"),
    ],
)
def test_a_disguised_term_is_found_where_it_was_written(disguise) -> None:  # type: ignore[no-untyped-def]
    text = disguise(VIOLATION)

    verdict = ask(text)

    assert verdict.action is Action.HOLD
    hit = next(hit for hit in verdict.hits if hit.rule == "contact.off-platform")
    assert fold(text[: hit.start]) == fold("这里不方便")
    assert fold(text[hit.end :]) == fold("吧")


@pytest.mark.parametrize("rule", shipped().rules, ids=lambda rule: rule.id)
def test_a_shipped_rule_passes_its_own_tests(rule: Rule) -> None:
    channel = sorted(rule.channels - {"*"} or {"wecom_1to1"})[0]
    sender = sorted(rule.senders)[-1]

    found = {
        text: {hit.rule for hit in verdict.hits + verdict.supporting}
        for text in rule.hits + rule.misses
        if (verdict := ask(text[-1], channel=channel, sender=sender))
    }

    assert [text for text in rule.hits if rule.id not in found[text]] == []
    assert [text for text in rule.misses if rule.id in found[text]] == []


def test_ordinary_service_talk_is_allowed() -> None:
    for text in (
        "您好，这款丝巾本周到店",
        "请问退税怎么办理？",
        "The boutique opens at ten",
        "La sciarpa è arrivata",
    ):
        assert ask(text).action is Action.ALLOW


def test_free_chat_is_flagged_and_what_we_send_is_held() -> None:
    assert ask(VIOLATION, channel="wecom_1to1").action is Action.FLAG
    assert ask(VIOLATION, channel="moments").action is Action.HOLD


def test_a_rule_for_associates_does_not_judge_clients() -> None:
    assert ask("我想找代购，比代购价便宜", sender="client").action is Action.ALLOW


def test_a_latin_term_is_found_as_a_word_only() -> None:
    assert ask("please shut up").hits
    assert not ask("the tshut uplift").hits


def test_numbers_are_checked_before_they_are_believed() -> None:
    assert luhn("4111111111111111") and not luhn("4111111111111112")
    assert id_card("11010519491231002X") and not id_card("110105194912310021")


def test_pieces_give_the_text_back_whole_with_its_marks() -> None:
    text = "<script>alert(1)</script>" + VIOLATION

    hits = [hit for hit in ask(text).hits if hit.rule == "contact.off-platform"]
    cut = pieces(text, hits)

    assert "".join(piece.text for piece in cut) == text
    assert [piece.text for piece in cut if piece.rules] == ["加我私人微信"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("severity: low", "severity: low\n  color: red"), "unknown key color"),
        (("hit: [a, b, c]", "hit: [a, b]"), "at least 3 hit"),
        (("archive: flag", "archive: block"), "can only flag"),
        (("severity: low", "severity: loud"), "none of"),
        (
            ("{terms: {words: [私人微信]}}", "{regex: {pattern: '(?<!a)b', prefilter: [b]}}"),
            "linear engine refuses",
        ),
        (("{terms: {words: [私人微信]}}", "{terms: {words: ['！！']}}"), "no letter"),
        (("{terms: {words: [私人微信]}}", "{terms: {words: [{list: nobody}]}}"), "no list named nobody"),
        (("rules:", "rules: ["), "not readable"),
    ],
)
def test_a_policy_that_cannot_be_trusted_is_refused_with_its_reason(
    change: tuple[str, str], says: str
) -> None:
    with pytest.raises(PolicyError, match=says):
        compile_documents({"test.yaml": RULE.replace(*change)})


def test_a_rule_id_used_twice_is_refused() -> None:
    with pytest.raises(PolicyError, match="used twice"):
        compile_documents({"one.yaml": RULE, "two.yaml": RULE})


def test_the_version_follows_the_contents() -> None:
    assert load(FOLDER).version == shipped().version
    assert compile_documents({"a.yaml": RULE}).version != shipped().version


def test_a_poisoned_message_is_judged_in_linear_time() -> None:
    verdict = ask("<b>加我私人微信\ud800</b>" * 6000 + "\0" * 40_000)

    assert verdict.refused
    assert len(verdict.hits) <= 10 * len(shipped().rules)


@settings(deadline=None)
@given(
    st.text(st.characters(exclude_categories=[]), max_size=60) | st.lists(st.sampled_from(WORDS)).map("".join)
)
def test_every_folded_character_knows_where_it_came_from(text: str) -> None:
    folded = fold(text)

    places = offsets(text)
    spoken = speak_offsets(folded)

    assert len(places) == len(folded)
    assert places == sorted(places)
    assert len(spoken) == len(speak(folded))
    assert all(hit.start < hit.end <= len(text) for hit in ask(text).hits)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=8).map("".join), st.data())
def test_a_stricter_policy_never_allows_what_a_looser_one_refused(text: str, data: st.DataObject) -> None:
    # A few of all rules at a time: the wordings of each are kept, so that a subset compiles in a moment.
    some = st.lists(st.sampled_from(shipped().rules), max_size=5, unique_by=lambda rule: rule.id)
    kept = data.draw(some.filter(bool))
    stricter = [
        replace(
            rule,
            unless=(),
            actions={**rule.actions, "default": max(rule.actions["default"], Action.HOLD)},
        )
        if data.draw(st.booleans())
        else rule
        for rule in kept
    ] + [rule for rule in data.draw(some) if rule not in kept]
    stricter = data.draw(st.permutations(stricter))
    channel = data.draw(st.sampled_from(["composer", "wecom_1to1", "moments"]))

    loose = judge(text, channel=channel, sender="sa", policy=compile_rules(tuple(kept)))
    strict = judge(text, channel=channel, sender="sa", policy=compile_rules(tuple(stricter)))

    assert strict.action >= loose.action
