"""What is heard without a list: honest about its weights, marked where it weighed, never harder than a hold."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seta.oversight.policy import shipped
from seta.oversight.rules import Action, PolicyError, Turn, compile_documents, fold, judge, judge_turn
from seta.oversight.rules.intercepts import project
from seta.oversight.rules.learned import (
    STRETCH_CHARS,
    listen,
    read,
    runs_of,
    score,
    stretches,
    weights,
    written,
)

RULE = """
rules:
- id: heard
  category: payment
  severity: high
  match:
    any: [{{learned: {{category: payment, threshold: {threshold}}}}}]
    unless: [{{terms: {{words: [谨防], within: 8}}}}, {{quoted: true}}]
  actions: {{default: {action}, archive: flag}}
  tests: {{hit: [a, b, c], miss: [d, e, f]}}
"""
NUMBERS = {run: number for number, run in enumerate(weights().runs)}
SAID = "柜台人多别去排了，钱转到我手机上，我帮你一块儿付"


def policy(threshold: object = 0.5, action: str = "hold") -> str:
    return RULE.format(threshold=threshold, action=action)


def test_a_breach_that_no_list_has_is_held_and_marked_where_it_weighed() -> None:
    verdict = judge(
        f"您好。{SAID}。祝您愉快",
        channel="composer",
        sender="sa",
        policy=compile_documents({"p.yaml": policy()}),
    )
    (hit,) = verdict.hits
    assert (verdict.action, hit.rule, hit.tier) == (Action.HOLD, "heard", "learned")
    assert "转到我手机上" in f"您好。{SAID}。祝您愉快"[hit.start : hit.end]


@pytest.mark.parametrize(
    "disguised",
    [
        "柜台人多别去排了，錢轉到我手機上，我幫你一塊兒付",
        " ".join(SAID),
        "柜台人多别去排了，钱zhuan到我手机上，我帮你一块儿付",
    ],
)
def test_a_disguise_is_heard_as_well(disguised: str) -> None:
    known = compile_documents({"p.yaml": policy()})
    assert judge(disguised, channel="composer", sender="sa", policy=known).refused


def test_an_excuse_and_a_quotation_count_for_what_is_heard_too() -> None:
    known = compile_documents({"p.yaml": policy()})
    short = "把钱转到我手机上我帮你付"
    assert judge(short, channel="composer", sender="sa", policy=known).refused
    for text in (f"谨防{short}", f"有人说“{short}”"):
        assert not judge(text, channel="composer", sender="sa", policy=known).refused


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (policy(threshold="'much'"), "threshold must be a number from 0 to 20"),
        (policy(threshold=-1), "threshold must be a number from 0 to 20"),
        (policy(threshold="1.0, weight: 2"), "unknown key weight"),
        (policy(action="block"), "never blocks"),
        (policy(action="hold, wecom_intercept: flag"), "leave wecom_intercept out"),
        (
            policy().replace("category: payment, threshold", "category: weather, threshold"),
            "'weather' is none of",
        ),
    ],
)
def test_a_learned_clause_is_read_strictly(document: str, said: str) -> None:
    with pytest.raises(PolicyError, match=said):
        compile_documents({"p.yaml": document})


def test_a_house_may_ask_for_more_before_anything_is_heard() -> None:
    deaf = compile_documents({"p.yaml": policy(threshold=20)})
    assert not judge(SAID, channel="composer", sender="sa", policy=deaf).hits


def test_wecom_is_given_no_word_of_what_is_heard() -> None:
    ours = tuple(rule for rule in shipped().rules if rule.id.startswith("heard."))
    assert len(ours) == len(weights().categories)
    assert not any(rule.actions.get("wecom_intercept") for rule in ours)
    assert project(compile_documents({"p.yaml": policy()})).plans == ()


def test_words_lead_and_what_is_learnt_supports_them() -> None:
    verdict = judge("货款直接转到我个人微信就行", channel="composer", sender="sa", policy=shipped())
    categories = [shipped().rule(hit.rule).category for hit in verdict.hits]
    assert categories.count("payment") == 1
    assert {"heard.payment"} <= {hit.rule for hit in verdict.supporting}
    assert verdict.action == max(hit.action for hit in (*verdict.hits, *verdict.supporting))


def test_one_message_opens_one_alert_a_category() -> None:
    turn = Turn("加我私人微信", "sa", datetime(2027, 3, 1, tzinfo=UTC))
    verdict = judge_turn(turn, [], channel="wecom_1to1", policy=shipped())
    rules = {hit.rule for hit in verdict.hits}
    assert len(rules) == len({shipped().rule(rule).category for rule in rules}) == 1
    assert verdict.supporting


@settings(deadline=None, max_examples=60)
@given(st.text(st.sampled_from("转给我卡钱店微信价款您好，。 zhuan1❤"), max_size=200))
def test_a_score_is_the_sum_of_what_its_runs_weigh_whatever_the_text(text: str) -> None:
    known, folded = weights(), fold(text)
    found = [known.weights[NUMBERS[run]] for run in runs_of(folded) if run in NUMBERS]
    summed = tuple(bias + sum(row[at] for row in found) for at, bias in enumerate(known.biases))
    assert score(folded, -10_000_000, known) == summed


@settings(deadline=None)
@given(st.text(max_size=400), st.lists(st.integers(1, 399), unique=True).map(sorted))
def test_stretches_cover_a_text_and_none_is_long(text: str, ends: list[int]) -> None:
    parts = list(stretches(text, [end for end in ends if end < len(text)]))
    assert all(0 < end - start <= STRETCH_CHARS for start, end in parts) or not text
    assert set(range(len(text))) <= {at for start, end in parts for at in range(start, end)}


@settings(deadline=None, max_examples=60)
@given(st.text(st.sampled_from("转给我卡钱到付手机上帮你价店。，"), min_size=7, max_size=30))
def test_a_lower_threshold_hears_whatever_a_higher_one_does(text: str) -> None:
    folded = fold(text)
    strict = {each.category for each in listen(folded, (), dict.fromkeys(weights().categories, 0.5))}
    loose = {each.category for each in listen(folded, (), dict.fromkeys(weights().categories, 2.0))}
    assert loose <= strict


def test_weights_are_read_back_as_they_were_written() -> None:
    run = next(run for run in weights().runs if "\u0530" <= run[0] < "\u0800")
    packed = written(("a", "b"), (-3, 4), {"转给我": (12, -5), run: (0, 7)}, "sum")
    again = read(packed)
    assert dict(zip(again.runs, again.weights, strict=True)) == {"转给我": (12, -5), run: (0, 7)}
    assert (again.categories, again.biases, again.learnt_from) == (("a", "b"), (-3, 4), "sum")
    assert packed == written(("a", "b"), (-3, 4), {run: (0, 7), "转给我": (12, -5)}, "sum")


def test_the_version_of_a_policy_tells_its_weights_apart() -> None:
    assert (Path(__file__).parents[2] / "seta" / "oversight" / "policies" / "learned.tsv.gz").is_file()
    assert len(weights().digest) == 64
