"""Templates of the policy language, and words that only sound like a term."""

import pytest

from seta.oversight.rules import compile_documents, judge
from seta.oversight.rules.hearing import everyday, plainly_said
from seta.oversight.rules.policy import Near, PolicyError, Terms, parse
from seta.oversight.rules.policy.templates import halved, spelled_out

RULE = """
lists:
  verbs: [转, 打款]
rules:
  - id: t.one
    category: payment
    severity: high
    match:
      any:
        - terms: {words: ["%s"], min_syllables: 4}
    actions: {default: hold, archive: flag}
    tests: {hit: [a, b, c], miss: [d, e, f]}
"""


def _finds(line: str, text: str) -> bool:
    policy = compile_documents({"t.yaml": RULE % line})
    return bool(judge(text, channel="wecom_1to1", sender="sa", policy=policy).hits)


def test_a_line_stands_for_every_phrase_its_choices_make() -> None:
    made = spelled_out("{@verbs}{给|}我", {"verbs": ("转", "打款")}, "here")
    assert made == ("转给我", "转我", "打款给我", "打款我")


@pytest.mark.parametrize("line", ["{转|打我", "转|打}我", "{转{打}}我"])
def test_a_brace_that_stands_alone_is_refused(line: str) -> None:
    with pytest.raises(PolicyError, match="brace"):
        spelled_out(line, {}, "here")


def test_an_unknown_list_is_refused_by_name() -> None:
    with pytest.raises(PolicyError, match="no list named verbz"):
        spelled_out("{@verbz}我", {}, "here")


def test_a_line_for_too_many_phrases_is_refused() -> None:
    choice = "{" + "|".join(f"词{number}" for number in range(150)) + "}"
    with pytest.raises(PolicyError, match="22,500 phrases"):
        spelled_out(choice * 2, {}, "here")


def test_a_line_for_very_many_phrases_is_kept_in_two_halves() -> None:
    left, right = ("|".join(f"{side}边{number}" for number in range(30)) for side in "左右")
    line = f"{{{left}}}{{{right}}}"
    halves = halved(line, {}, "here")
    assert halves is not None and [len(half) for half in halves] == [30, 30]
    (rule,) = parse({"t.yaml": RULE % line})
    assert isinstance(rule.any[0], Near) and rule.any[0].ordered


def test_a_line_for_few_phrases_stays_whole() -> None:
    (rule,) = parse({"t.yaml": RULE % "{转|付}{给|}我本人"})
    assert isinstance(rule.any[0], Terms) and len(rule.any[0].words) == 4


def test_a_template_is_found_however_it_is_hidden() -> None:
    line = "{转|付}{给|}我{个人|私人}{账户|卡}"
    assert _finds(line, "请转给我私人账户")
    assert _finds(line, "请转 给 我 私 人 账 户")
    assert _finds(line, "请 zhuan gei wo si ren zhang hu")
    assert _finds(line, "请赚给我丝人账户")
    assert not _finds(line, "请转给我们公司账户")


def test_ordinary_words_that_sound_like_a_term_are_not_believed() -> None:
    folded = "需要打电话"
    assert plainly_said(folded, [(1, 2), (2, 3), (3, 4)], "要打点")
    assert "电话" in everyday()


def test_a_term_behind_uncommon_characters_is_still_heard() -> None:
    assert not plainly_said("丝仁彰沪", [(0, 1), (1, 2), (2, 3), (3, 4)], "私人账户")


def test_two_short_words_across_a_pause_are_not_one() -> None:
    near = RULE.replace(
        'terms: {words: ["%s"], min_syllables: 4}', "near: {left: [付我], right: [账户], within: 4}"
    )
    policy = compile_documents({"t.yaml": near})
    assert judge("付我个人账户", channel="wecom_1to1", sender="sa", policy=policy).hits
    assert judge("付，我，个，人，账，户", channel="wecom_1to1", sender="sa", policy=policy).hits
    assert not judge("您先付，我个人账户也绑好了", channel="wecom_1to1", sender="sa", policy=policy).hits
